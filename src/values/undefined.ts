/** A value that is missing. */
import type { Position } from '../errors/position.ts'

/** A name, attribute or item that is not there. Testing it is allowed; using it raises an error with `hint`. */
export class Undefined {
  /** What is missing, as the error shall say it: `'foo' is undefined`, `object of type 'str' has no attribute 'b'`. */
  readonly hint: string
  readonly position: Position | undefined

  constructor(hint: string, position?: Position) {
    this.hint = hint
    this.position = position
  }
}
