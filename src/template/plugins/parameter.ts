/** What a plugin's arguments may be: each parameter converts its argument or raises Python's TypeError. */
import { PlonerunError } from '../../errors/plonerun-error.ts'
import { isInteger, isNumeric, toNumber } from '../../values/number.ts'
import { str } from '../../values/print.ts'
import { iterate, truth, typeName, undefinedError } from '../../values/python.ts'
import { Undefined } from '../../values/undefined.ts'
import type { Dict, Value } from '../../values/value.ts'

export interface Parameter<T> {
  /** One argument, all further positional ones (`*args`), or all further keywords (`**kwargs`). */
  readonly kind: 'one' | 'rest' | 'keywords'
  /** What stands for an argument that is not given; without it the argument is required. */
  readonly fallback?: { readonly value: T }
  convert(value: Value, name: string): T
}

function parameter<T>(convert: (value: Value, name: string) => T): Parameter<T> {
  return { kind: 'one', convert }
}

function wrong(name: string, expected: string, value: Value): never {
  if (value instanceof Undefined) throw undefinedError(value)
  throw new PlonerunError(`'${name}' must be ${expected}, not ${typeName(value)}`)
}

/** Anything. */
export const anything = parameter((value) => value)

/** Anything, as text. */
export const text = parameter(str)

/** A str. */
export const string = parameter((value, name) => (typeof value === 'string' ? value : wrong(name, 'a str', value)))

/** An int that fits a JavaScript number; True and False count as 1 and 0. */
export const int = parameter((value, name) => {
  if (typeof value === 'boolean' || isInteger(value)) return Number(value)
  return wrong(name, 'an int', value)
})

/** An int or a float. */
export const number = parameter((value, name) => (isNumeric(value) ? Number(toNumber(value)) : wrong(name, 'a number', value)))

/** Anything, as true or false. */
export const flag = parameter(truth)

/** Anything that can be iterated, as a list. */
export const list = parameter((value, name): Value[] => {
  const items = iterate(value)
  if (items === undefined && !(value instanceof Undefined)) throw new PlonerunError(`'${typeName(value)}' object is not iterable`)
  return items ? [...items] : wrong(name, 'iterable', value)
})

/** A list; what counts as false, such as None, is an empty one. */
export const listIfAny = parameter((value, name): Value[] => (value instanceof Undefined || truth(value) ? list.convert(value, name) : []))

export const dict = parameter((value, name): Dict => (value instanceof Map ? value : wrong(name, 'a dict', value)))

/** May be left out or None. */
export function optional<T>(inner: Parameter<T>): Parameter<T | undefined> {
  return { kind: 'one', fallback: { value: undefined }, convert: (value, name) => (value === null ? undefined : inner.convert(value, name)) }
}

/** May be left out and is `fallback` then. */
export function or<T>(inner: Parameter<T>, fallback: T): Parameter<T> {
  return { ...inner, fallback: { value: fallback } }
}

/** All further positional arguments. */
export const rest: Parameter<readonly Value[]> = { kind: 'rest', fallback: { value: [] }, convert: (value) => value as Value[] }

/** All further keyword arguments. */
export const keywords: Parameter<ReadonlyMap<string, Value>> = { kind: 'keywords', fallback: { value: new Map() }, convert: (value) => value as unknown as ReadonlyMap<string, Value> }
