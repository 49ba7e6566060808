/** Arguments whose value is `omit` count as not given. */
import { Omit } from '../values/omit.ts'
import { isDict } from '../values/dict.ts'
import { isList } from '../values/tuple.ts'
import type { Value } from '../values/value.ts'

/** The value without omitted items of lists and dicts. */
export function withoutOmitted(value: Value): Value {
  if (isList(value)) return value.some(mayHoldOmit) ? value.filter((item) => !(item instanceof Omit)).map(withoutOmitted) : value
  if (isDict(value) && [...value.values()].some(mayHoldOmit))
    return new Map([...value].filter(([, item]) => !(item instanceof Omit)).map(([key, item]) => [key, withoutOmitted(item)]))
  return value
}

function mayHoldOmit(value: Value): boolean {
  return value instanceof Omit || isList(value) || isDict(value)
}
