/** What a session is asked to do: fragments, many of them in a frame, and a reply for each. */

/** One piece of work in a frame. */
export type Fragment = ProbeFragment | CommandFragment

/**
 * Shell text that plonerun wrote itself, to read something. It runs in a subshell of the session with LC_ALL=C and
 * the sbin folders on PATH, with its stdin closed, and costs no process of its own. It must leave no child behind.
 */
export interface ProbeFragment {
  readonly kind: 'probe'
  readonly script: string
}

/** A program to run, in a process group of its own. Its words are never parsed by the session's shell. */
export interface CommandFragment {
  readonly kind: 'command'
  readonly argv: readonly string[]
  /** Nothing (an empty stdin) when left out. */
  readonly stdin?: string | Uint8Array
  /** Where the session started when left out: the login user's home. */
  readonly cwd?: string
  readonly umask?: string
  readonly environment?: Readonly<Record<string, string>>
  /** Seconds; past it the process group is ended and the reply says so. */
  readonly timeout?: number
  /** Skipped unless the fragment before it in this frame exited 0. */
  readonly onlyIf?: 'previous-succeeded'
  /** plonerun's own: LC_ALL=C and the sbin folders on PATH, as for probes. The user's commands get the login environment. */
  readonly clean?: boolean
  /** What it prints, from the second second on, while it runs, decoded. Not called for a command that was quicker. */
  readonly onOutput?: (stream: 'stdout' | 'stderr', chunk: string) => void
}

/** What came of a fragment; stdout and stderr are the exact bytes. */
export interface Reply {
  readonly stdout: Buffer
  readonly stderr: Buffer
  /** As the shell has it: 128 + n for a signal n. null when the fragment has not run, or nobody knows how it ended. */
  readonly code: number | null
  /** `onlyIf` said no: it has not run. */
  readonly skipped?: boolean
  readonly timedOut?: boolean
  /** When it began and ended, by this machine's clock, in milliseconds; the way to the host and back counts in. */
  readonly time?: { readonly started: number; readonly ended: number }
  /** Why there is no answer: the shell was killed, the connection broke, the output limit was passed. */
  readonly lost?: string
  /** With `lost`: the connection itself broke. */
  readonly unreachable?: boolean
}

/** Nothing came of a fragment. */
export const NOTHING: Reply = { stdout: Buffer.alloc(0), stderr: Buffer.alloc(0), code: null }
