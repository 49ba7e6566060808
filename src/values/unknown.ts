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

/** Thrown where an Unknown is found by code that can give nothing for it; the task that meets it is unknown. */
export class NotKnown extends Error {
  override readonly name = 'NotKnown'
  readonly unknown: Unknown

  constructor(unknown: Unknown) {
    super(unknown.toString())
    this.unknown = unknown
  }
}
