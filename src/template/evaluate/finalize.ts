/** The last step: a result as a variable may hold it. */
import { PlonerunError } from '../../errors/plonerun-error.ts'
import { Instance } from '../../values/instance.ts'
import { Omit } from '../../values/omit.ts'
import { typeName, undefinedError } from '../../values/python.ts'
import { isList } from '../../values/tuple.ts'
import { Undefined } from '../../values/undefined.ts'
import type { Value } from '../../values/value.ts'
import { isPlainDict } from './boundary.ts'
import type { Evaluation } from './evaluation.ts'
import { NoElse } from './no-else.ts'
import { deep } from './resolve.ts'

/**
 * Evaluates what is left, makes lists of tuples and leaves out omitted items.
 * Raises for what is undefined (unless `undefinedAllowed` and it is the whole), and for a range, a method or a macro.
 */
export function finalize(value: Value, evaluation: Evaluation, undefinedAllowed: boolean): Value {
  const resolved = deep(value, evaluation)
  return resolved instanceof Undefined && undefinedAllowed ? resolved : storable(resolved)
}

function storable(value: Value): Value {
  if (typeof value === 'function') throw unstorable(value)
  if (typeof value !== 'object' || value === null) return value
  if (value instanceof Undefined) throw undefinedError(value)
  if (isList(value)) return Array.from(value.filter((item) => !(item instanceof Omit)), storable)
  if (isPlainDict(value)) {
    return new Map([...value].filter(([, item]) => !(item instanceof Omit)).map(([key, item]) => [storableKey(key), storable(item)]))
  }
  if (value instanceof Instance && !value.storable) throw unstorable(value)
  return value
}

function storableKey(key: Value): Value {
  if (isList(key)) throw new PlonerunError('a tuple cannot be the key of a dict that a variable holds')
  return storable(key)
}

function unstorable(value: Value): PlonerunError {
  const type = typeName(value)
  if (value instanceof NoElse) return value.error()
  const hint = type === 'range' ? 'make it a list: … | list' : value instanceof Instance && type.startsWith('builtin') ? 'call it: …()' : undefined
  return new PlonerunError(`the result is of type '${type}', which no variable can hold`, hint ? { hint } : {})
}
