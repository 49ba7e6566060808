/** A change: what would be done to a host, as data. The engine decides whether it is done. */
import type { Imagined } from '../../probe/read.ts'
import type { Resource } from '../../probe/resource.ts'
import type { Plain } from '../../values/value.ts'

/** One command of an apply. Its words are never parsed by a shell; use `sh` for a text. */
export interface Step {
  readonly argv: readonly string[]
  readonly stdin?: string | Uint8Array
  readonly cwd?: string
  readonly environment?: Readonly<Record<string, string>>
  readonly umask?: string
  /** The person's own command: gets the login environment, and its output is shown while it runs. */
  readonly user?: boolean
  /** Seconds until it is ended. */
  readonly timeout?: number
}

/** A text run by /bin/sh with positional parameters, so that values need no quoting: `sh('mv -f -- "$1" "$2"', a, b)`. */
export function sh(script: string, ...parameters: readonly string[]): Step {
  return { argv: ['/bin/sh', '-c', script, 'sh', ...parameters] }
}

/** What --diff shows: whole texts before and after (the report makes the unified diff), or a ready-made text. */
export interface Diff {
  readonly before: string
  readonly after: string
  readonly beforeHeader?: string
  readonly afterHeader?: string
}

export interface Change {
  /** One line for the person: `mode 0644 -> 0600`, `install varnish 7.7.0`. Never holds a secret. */
  readonly summary: string
  readonly diff?: Diff
  /** What it writes: decides which reads are stale after it. */
  readonly writes: readonly Resource[]
  /** Run in order; the first that fails ends the change and the task. */
  readonly steps: readonly Step[]
  /** check mode: what it would leave behind, as far as that is known. */
  readonly leaves?: readonly Imagined[]
}

/** What a plan says: the changes to make (none: ok), or more. */
export interface Plan {
  readonly changes?: readonly Change[]
  /** The task cannot succeed; nothing is applied. */
  readonly fail?: string
  /** Return values of a task that cannot succeed, besides `msg`. */
  readonly result?: Readonly<Record<string, Plain>>
  /** Not done, and why (`skipped, since /x exists`); counts as ok. */
  readonly note?: string
  readonly warnings?: readonly string[]
  /** What a real run stumbles over unless a task before it sees to it. Told in check mode. */
  readonly doubts?: readonly string[]
  /** Of an effect: the host was asked, and it is needed. In check mode it counts as changed then, and only what it prints is unknown. */
  readonly needed?: boolean
}

/** A plan whose changes are spelt out, also when there are none. */
export type FullPlan = Plan & { readonly changes: readonly Change[] }
