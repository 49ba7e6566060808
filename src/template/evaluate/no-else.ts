/** What `x if condition` gives when the condition is false: false, empty and printed as nothing, but nothing a variable can hold. */
import { PlonerunError } from '../../errors/plonerun-error.ts'
import type { Position } from '../../errors/position.ts'
import { Instance, type Value } from '../../values/value.ts'

export class NoElse extends Instance {
  override readonly typeName = 'Undefined'
  readonly #position: Position

  constructor(position: Position) {
    super()
    this.#position = position
  }

  /** The error of using it as a value. */
  error(): PlonerunError {
    return new PlonerunError("the condition of this 'if' is false, and it has no 'else'", { where: this.#position })
  }

  override truth(): boolean {
    return false
  }

  override str(): string {
    return ''
  }

  override repr(): string {
    return 'Undefined'
  }

  override iterate(): Value[] {
    return []
  }

  override equals(other: Value): boolean {
    return other instanceof NoElse
  }

  override attribute(): never {
    throw this.error()
  }

  override operate(): never {
    throw this.error()
  }

  override compare(): never {
    throw this.error()
  }
}
