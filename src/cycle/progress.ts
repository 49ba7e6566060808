/** What a cycle that was ended has left half done, kept on the balancer's machine while it runs. */
import type { Command } from './box.ts'

/** A backend that is out for its restart. */
export interface Hand {
  readonly name: string
  /** To be put back into the balancer. */
  readonly inUse: boolean
  /** The run of its unit that is to be ended (systemd's InvocationID); empty when it was down. */
  readonly invocation: string
}

/** It lives in /run, because a start of the machine undoes what it tells of. */
export interface Progress {
  readonly hands: readonly Hand[]
  /** Backends whose turn had not come. */
  readonly left: readonly string[]
}

/** A shell text that prints what readProgress reads. */
export function progressScript(site: string): string {
  return `cat ${progressFile(site)}`
}

/** What progressScript printed; nothing is half done when that is nothing. */
export function readProgress(printed: string): Progress {
  return printed === '' ? { hands: [], left: [] } : (JSON.parse(printed) as Progress)
}

/** Keeps what would be half done if the run ended now. */
export function writeProgress(site: string, progress: Progress): Command {
  const file = progressFile(site)
  if (progress.hands.length + progress.left.length === 0) return { summary: 'note that nothing is half done', argv: ['rm', '-f', file] }
  return { summary: 'note what is half done', argv: ['/bin/sh', '-c', 'printf %s "$1" >"$2.new" && mv "$2.new" "$2"', 'sh', JSON.stringify(progress), file] }
}

function progressFile(site: string): string {
  return `/run/${site}-cycle.json`
}
