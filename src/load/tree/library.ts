/** A module of the person's own. */

/** A script that answers with JSON. */
export interface LibraryModule {
  readonly name: string
  readonly file: string
  readonly content: string
  /** Words of the program that runs it. */
  readonly interpreter: readonly string[]
  /** It reads its arguments as JSON, and not as words of the form k=v. */
  readonly wantsJson: boolean
  /** It looks whether it is to change nothing, so it can be run in check mode. */
  readonly checks: boolean
  /** Why plonerun cannot run it. */
  readonly refusal?: string
}
