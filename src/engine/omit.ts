/** Arguments whose value is `omit` count as not given. */
import { Omit } from '../values/omit.ts'
import { isDict } from '../values/dict.ts'
import { placeLike } from '../values/positions.ts'
import { isList } from '../values/tuple.ts'
import type { Value } from '../values/value.ts'

/** The value without omitted items of lists and dicts. */
export function withoutOmitted(value: Value): Value {
  if (isList(value)) {
    if (!value.some(mayHoldOmit)) return value
    const items = value.filter((item) => !(item instanceof Omit)).map(withoutOmitted)
    return items.length === value.length ? placeLike(items, value) : items
  }
  if (isDict(value) && [...value.values()].some(mayHoldOmit))
    return placeLike(new Map([...value].filter(([, item]) => !(item instanceof Omit)).map(([key, item]) => [key, withoutOmitted(item)])), value)
  return value
}

function mayHoldOmit(value: Value): boolean {
  return value instanceof Omit || isList(value) || isDict(value)
}
