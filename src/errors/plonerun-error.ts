/** An error that is for the person: what is wrong, where, why, and what to do next. */
import type { Position } from './position.ts'

/** What kind of failure this is; the command line maps each to an exit code. */
export type ErrorKind =
  /** Bad input: a file, an option, a name. Nothing was touched. */
  | 'input'
  /** A task failed on a host. */
  | 'task'
  /** A host could not be reached, or the connection to it broke. */
  | 'unreachable'
  /** The person stopped the run. */
  | 'interrupted'

export interface ErrorDetails {
  readonly kind?: ErrorKind
  /** Where in the person's files. */
  readonly where?: Position | undefined
  /** The cause, when the message alone does not say it. */
  readonly why?: string | undefined
  /** What to do next; computed only for an error that is told. */
  readonly hint?: string | (() => string | undefined) | undefined
  readonly cause?: unknown
}

/** An error made for the person who reads it: what (the message), where, why, and what to do next. */
export class PlonerunError extends Error {
  override readonly name = 'PlonerunError'
  readonly kind: ErrorKind
  readonly where: Position | undefined
  readonly why: string | undefined
  readonly #hint: ErrorDetails['hint']

  constructor(what: string, { kind = 'input', where, why, hint, cause }: ErrorDetails = {}) {
    super(what, { cause })
    this.kind = kind
    this.where = where
    this.why = why
    this.#hint = hint
  }

  /** What to do next. */
  get hint(): string | undefined {
    return typeof this.#hint === 'function' ? this.#hint() : this.#hint
  }
}

/** Whether there is no going on with the host: it cannot be reached, or the person stopped the run. No task's failure. */
export function isFatal(error: unknown): error is PlonerunError {
  return error instanceof PlonerunError && (error.kind === 'unreachable' || error.kind === 'interrupted')
}
