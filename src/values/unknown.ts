/**
 * A value that only a skipped command could tell (check mode). Shown as unknown, never taken for ok;
 * attributes of an Unknown are Unknown, and a condition over one is unknown.
 */
export class Unknown {
  /** What would have to run to know it, e.g. `the output of "id zope"`. */
  readonly of: string

  constructor(of: string) {
    this.of = of
  }

  toString(): string {
    return `(unknown until run: ${this.of})`
  }

  toJSON(): string {
    return this.toString()
  }
}
