/** Between plain data of the program and values of the playbook language. */
import { Float } from './float.ts'
import { Instance, type Dict, type Plain, type Value } from './value.ts'
import { Omit } from './omit.ts'
import { str } from './print.ts'
import { Secret } from './secret.ts'
import { Template } from './template.ts'
import { Unknown } from './unknown.ts'

/** Plain program data as a Value: objects become dicts, keys with an undefined value are left out. */
export function fromPlain(plain: Plain): Value {
  if (plain === undefined) return null
  if (plain === null || typeof plain !== 'object') return plain
  if (plain instanceof Map || plain instanceof Float || plain instanceof Secret || plain instanceof Unknown) return plain
  if (Array.isArray(plain)) return (plain as readonly Plain[]).map(fromPlain)
  return dictOf(plain as { readonly [key: string]: Plain })
}

/** An object as a dict; keys with an undefined value are left out. */
export function dictOf(object: { readonly [key: string]: Plain }): Dict {
  const dict: Dict = new Map()
  for (const [key, value] of Object.entries(object)) if (value !== undefined) dict.set(key, fromPlain(value))
  return dict
}

/** A value as it stands in a result: without what no result holds. Secrets stay what they are; who tells the result masks them. */
export function asResult(value: Value): Plain {
  if (value instanceof Map) return new Map([...value].map(([key, item]): [Value, Value] => [key, fromPlain(asResult(item))]))
  if (Array.isArray(value)) return value.map(asResult)
  return value instanceof Float || value instanceof Secret || value instanceof Unknown ? value : (toPlain(value) as Plain)
}

/** A value as JSON-able data for output: dicts become objects, secrets and unknowns their masks, templates their source. */
export function toPlain(value: Value): unknown {
  if (value instanceof Map) return Object.fromEntries([...value].map(([key, item]) => [typeof key === 'string' ? key : str(key), toPlain(item)]))
  if (Array.isArray(value)) return value.map(toPlain)
  if (value instanceof Float) return value.value
  if (value instanceof Template) return value.source
  if (value instanceof Instance) return value.toJSON()
  if (value instanceof Secret || value instanceof Unknown || value instanceof Omit) return value.toString()
  if (typeof value === 'bigint') return Number(value)
  if (typeof value === 'function') return '<function>'
  return value
}
