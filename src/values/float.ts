/**
 * A float whose value is integral (2.0), which a JavaScript number cannot tell from the integer 2.
 * A number that is not integral is a float as it is; make both with `toFloat`.
 */
export class Float {
  readonly value: number

  constructor(value: number) {
    this.value = value
  }

  valueOf(): number {
    return this.value
  }

  toJSON(): number {
    return this.value
  }
}

/** The float of this value: wrapped when integral, the number itself when not. */
export function toFloat(value: number): number | Float {
  return Number.isInteger(value) ? new Float(value) : value
}
