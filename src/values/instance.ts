import type { Value } from './value.ts'

/**
 * A value of a type that templates have besides the plain ones: range, namespace, loop, macro, datetime.
 * Only a datetime and a timedelta may be kept in a variable (`storable`).
 */
export abstract class Instance {
  /** The name of the type as Python has it. */
  abstract readonly typeName: string
  readonly storable: boolean = false

  /** Prints as Python's repr() does. */
  abstract repr(): string

  str(): string {
    return this.repr()
  }

  toString(): string {
    return this.str()
  }

  toJSON(): string {
    return this.str()
  }

  truth(): boolean {
    return true
  }

  equals(other: Value): boolean {
    return this === other
  }

  /** Negative, zero or positive; undefined when the two cannot be ordered. */
  compare(_other: Value): number | undefined {
    return undefined
  }

  /** The result of a binary operator with another value (`reflected`: this is its right operand), undefined when it has no meaning. */
  operate(_operator: string, _other: Value, _reflected: boolean): Value | undefined {
    return undefined
  }

  /** The attribute of this name, undefined when there is none. */
  attribute(_name: string): Value | undefined {
    return undefined
  }

  /** The items when it is iterable. */
  iterate(): Iterable<Value> | undefined {
    return undefined
  }
}
