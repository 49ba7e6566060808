/** Tuples, and what counts as a list. */
import type { Value } from './value.ts'

/** A Python tuple: a list that prints with parentheses and equals no list. Outside of templates it becomes a list. */
export class Tuple extends Array<Value> {
  /** What map, filter and slice of a tuple give: a list. */
  static override get [Symbol.species](): ArrayConstructor {
    return Array
  }
}

/** The tuple of these values. */
export function tuple(...values: readonly Value[]): Tuple {
  const made = new Tuple()
  for (const value of values) made.push(value)
  return made
}

/** A tuple whose items have names too. */
export class NamedTuple extends Tuple {
  names: readonly string[] = []
}

/** The named tuple of an object's values, in order. */
export function namedTuple(items: Readonly<Record<string, Value>>): NamedTuple {
  const made = new NamedTuple()
  made.push(...Object.values(items))
  made.names = Object.keys(items)
  return made
}

/** A list or a tuple. */
export function isList(value: Value): value is Value[] {
  return Array.isArray(value)
}
