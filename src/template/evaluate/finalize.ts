/** The last step: a result as a variable may hold it. */
import { PlonerunError } from '../../errors/plonerun-error.ts'
import { Instance, type Value } from '../../values/value.ts'
import { Omit } from '../../values/omit.ts'
import { placeLike } from '../../values/positions.ts'
import { typeName, undefinedError } from '../../values/python.ts'
import { Template } from '../../values/template.ts'
import { isList } from '../../values/tuple.ts'
import { Undefined } from '../../values/undefined.ts'
import { isPlainDict } from './boundary.ts'
import type { Evaluation } from './evaluation.ts'
import { NoElse } from './no-else.ts'
import { guarded, shallow } from './resolve.ts'

/**
 * Evaluates what is left, makes lists of tuples and leaves out omitted items.
 * Raises for what is undefined (unless `undefinedAllowed` and it is the whole), and for a range, a method or a macro.
 */
export function finalize(value: Value, evaluation: Evaluation, undefinedAllowed: boolean): Value {
  const resolved = shallow(value, evaluation)
  if (resolved instanceof Undefined && undefinedAllowed) return resolved
  if (!(value instanceof Template)) return storable(resolved, evaluation)
  evaluation.at = { node: START, origin: value.position }
  return guarded(value, evaluation, undefined, () => storable(resolved, evaluation))
}

const START = { lineno: 0, colno: 0 }

function storable(value: Value, evaluation: Evaluation): Value {
  if (typeof value === 'function') throw unstorable(value)
  if (typeof value !== 'object' || value === null) return value
  if (value instanceof Undefined) throw undefinedError(value)
  if (isList(value)) {
    const items = Array.from(value, (item) => finalize(item, evaluation, false))
    return items.some((item) => item instanceof Omit) ? items.filter((item) => !(item instanceof Omit)) : placeLike(items, value)
  }
  if (isPlainDict(value)) {
    const entries = [...value].map(([key, item]) => [storableKey(key), finalize(item, evaluation, false)] as const)
    return placeLike(new Map(entries.filter(([, item]) => !(item instanceof Omit))), value)
  }
  if (value instanceof Instance && !value.storable) throw unstorable(value)
  return value
}

function storableKey(key: Value): Value {
  if (isList(key)) throw new PlonerunError('a tuple cannot be the key of a dict that a variable holds')
  return key
}

function unstorable(value: Value): PlonerunError {
  const type = typeName(value)
  if (value instanceof NoElse) return value.error()
  const hint = type === 'range' ? 'make it a list: … | list' : value instanceof Instance && type.startsWith('builtin') ? 'call it: …()' : undefined
  return new PlonerunError(`the result is of type '${type}', which no variable can hold`, hint ? { hint } : {})
}
