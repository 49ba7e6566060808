/** The lock of a site on its machine, and beside it what a cycle that was killed has left half done. */
import { PlonerunError } from '../errors/plonerun-error.ts'
import type { Box } from './box.ts'

/** What is half done. It lives in /run, because a start of the machine undoes what it tells of. */
export interface Progress {
  /** The backend in hand: to be put back into the balancer. */
  readonly hand?: string
  /** Backends whose turn had not come. */
  readonly left: readonly string[]
}

/** Exit code of the script for a lock that somebody holds. */
const HELD = 9

/** A holder is there as long as its shell on the machine is; mv lets only one of several successors clear the lock away. */
const ACQUIRE = `
lock=$1
if [ -d "$lock" ] && read -r pid since <"$lock/holder" && [ "$(cut -d ' ' -f 22 "/proc/$pid/stat" 2>/dev/null)" != "$since" ]; then
  if mv "$lock" "$lock.$$" 2>/dev/null; then rm -rf "$lock.$$"; fi
fi
mkdir "$lock" 2>/dev/null || { cat "$lock/owner"; exit ${HELD}; }
printf '%s\\n' "$3, since $(date '+%Y-%m-%d %H:%M:%S')" >"$lock/owner"
printf '%s\\n' "$2" >"$lock/holder"`

/**
 * Does some work with the lock of a site in hand.
 * @param owner who holds it and why, for whoever comes second
 * @param closing the machine as it is reached for the release, which an interrupt must not keep back
 * @throws PlonerunError of kind `task` that says who holds it
 */
export async function withLock(box: Box, closing: Box, site: string, owner: string, work: () => Promise<void>): Promise<void> {
  const lock = `/run/${site}-cycle.lock`
  const holder = (await box.look(`echo "$$ $(cut -d ' ' -f 22 /proc/$$/stat)"`)).trim()
  const held = await box.run(`lock ${site}`, ['/bin/sh', '-c', `(${ACQUIRE}\n) || [ $? = ${HELD} ]`, 'sh', lock, holder, owner])
  if (held !== '') throw new PlonerunError(`${site} is locked by ${held.trim()}`, { kind: 'task', hint: `a run that is no more and still counts as running has left a shell on the host, whose number is in ${lock}/holder` })
  try {
    await work()
  } finally {
    await closing.run(`unlock ${site}`, ['rm', '-rf', lock])
  }
}

/** What an earlier cycle has left half done. */
export async function readProgress(box: Box, site: string): Promise<Progress | undefined> {
  const text = await box.look(`cat ${progressFile(site)}`)
  return text === '' ? undefined : (JSON.parse(text) as Progress)
}

/** Keeps what would be half done if the run ended now; undefined when nothing would. */
export async function writeProgress(box: Box, site: string, progress: Progress | undefined): Promise<void> {
  const file = progressFile(site)
  if (progress === undefined) await box.run('nothing is half done', ['rm', '-f', file])
  else await box.run('keep what is half done', ['/bin/sh', '-c', 'printf %s "$1" >"$2.new" && mv "$2.new" "$2"', 'sh', JSON.stringify(progress), file])
}

function progressFile(site: string): string {
  return `/run/${site}-cycle.json`
}
