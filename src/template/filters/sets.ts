/** Filters that combine lists: as sets, as products, side by side. */
import { PlonerunError } from '../../errors/plonerun-error.ts'
import { str } from '../../values/print.ts'
import { isDict } from '../../values/dict.ts'
import { equal, iterate, typeName, undefinedError } from '../../values/python.ts'
import { isList, tuple } from '../../values/tuple.ts'
import { Undefined } from '../../values/undefined.ts'
import type { Value } from '../../values/value.ts'
import { contains } from '../evaluate/operators.ts'
import { anything, flag, int, list, optional, or, rest } from '../plugins/parameter.ts'
import { plugin, type Plugins } from '../plugins/plugin.ts'
import { folded, getter } from './attribute.ts'

const value = { value: list }

/** The items without those that equal an earlier one. */
export function distinct(items: Iterable<Value>, key: (item: Value) => Value = (item) => item): Value[] {
  const seenScalars = new Set<Value>()
  const seen: Value[] = []
  const kept: Value[] = []
  for (const item of items) {
    const own = key(item)
    if (typeof own === 'string') {
      if (seenScalars.has(own)) continue
      seenScalars.add(own)
    } else {
      if (seen.some((other) => equal(other, own))) continue
      seen.push(own)
    }
    kept.push(item)
  }
  return kept
}

function setOperation(run: (left: Value[], right: Value[]) => Value[]) {
  return plugin({ a: list, b: list }, ({ a, b }) => run(a, b))
}

const without = (items: Value[], others: Value[]): Value[] => items.filter((item) => !contains(others, item))

function flatten(items: Iterable<Value>, levels: number | undefined, skipNulls: boolean): Value[] {
  const flat: Value[] = []
  for (const item of items) {
    if (skipNulls && (item === null || item === 'None' || item === 'null')) continue
    if (!isList(item) || levels === 0) flat.push(item)
    else flat.push(...flatten(item, levels === undefined ? undefined : levels - 1, skipNulls))
  }
  return flat
}

/** Every choice of one item from each list, the last list's items changing fastest. */
export function cartesian(lists: readonly (readonly Value[])[]): Value[][] {
  return lists.reduce<Value[][]>((rows, items) => rows.flatMap((row) => items.map((item) => [...row, item])), [[]])
}

/** Rows of the lists' items at the same index. A number: so long; `fill` stands for what a shorter list lacks. */
export function rowsOf(lists: readonly (readonly Value[])[], count: number, fill: Value): Value[][] {
  return Array.from({ length: count }, (_, index) => lists.map((items) => (index < items.length ? items[index]! : fill)))
}

function combinations(items: readonly Value[], count: number): Value[][] {
  if (count === 0) return [[]]
  return items.flatMap((item, index) => combinations(items.slice(index + 1), count - 1).map((others) => [item, ...others]))
}

function permutations(items: readonly Value[], count: number): Value[][] {
  if (count === 0) return [[]]
  return items.flatMap((item, index) => permutations([...items.slice(0, index), ...items.slice(index + 1)], count - 1).map((others) => [item, ...others]))
}

/** Each of the dicts with each item of the list that `path` finds in it. */
export function subelements(items: Iterable<Value>, path: Value, skipMissing: boolean): Value[] {
  const keys = isList(path) ? path : str(path).split('.')
  const pairs: Value[] = []
  for (const item of items) {
    const elements = elementsAt(item, keys, skipMissing)
    for (const element of elements) pairs.push(tuple(item, element))
  }
  return pairs
}

function elementsAt(item: Value, keys: readonly Value[], skipMissing: boolean): readonly Value[] {
  let value = item
  for (const key of keys) {
    const next = value instanceof Map ? value.get(key) : undefined
    if (next === undefined) {
      if (skipMissing) return []
      throw new PlonerunError(value instanceof Map ? `could not find '${str(key)}' key in iterated item` : `the key '${str(key)}' should point to a dictionary`)
    }
    value = next
  }
  if (isList(value)) return value
  throw new PlonerunError(`the key '${str(keys.at(-1)!)}' should point to a list`)
}

export const sets: Plugins = {
  unique: plugin({ ...value, case_sensitive: optional(flag), attribute: optional(anything) }, ({ value, case_sensitive, attribute }, environment) => {
    const get = getter(environment, attribute)
    const keys = value.map(get)
    const unhashable = keys.find((key) => isDict(key) || isList(key))
    if (unhashable === undefined) return distinct(value, (item) => folded(get(item), case_sensitive ?? false))
    if (case_sensitive === false || (attribute ?? null) !== null) throw new PlonerunError(`unique() takes no ${typeName(unhashable)} where case_sensitive=false or attribute is given, and cannot fall back to comparing`)
    return distinct(value)
  }),
  union: setOperation((a, b) => distinct([...a, ...b])),
  intersect: setOperation((a, b) => distinct(a.filter((item) => contains(b, item)))),
  difference: setOperation((a, b) => distinct(without(a, b))),
  symmetric_difference: setOperation((a, b) => distinct([...without(a, b), ...without(b, a)])),
  flatten: plugin({ ...value, levels: optional(int), skip_nulls: or(flag, true) }, ({ value, levels, skip_nulls }) => flatten(value, levels, skip_nulls)),
  product: plugin({ ...value, lists: rest, repeat: or(int, 1) }, ({ value, lists: others, repeat }) => cartesian(Array.from({ length: repeat }, () => [value, ...others.map(asList)]).flat()).map((row) => tuple(...row))),
  combinations: plugin({ ...value, count: int }, ({ value, count }) => combinations(value, count).map((row) => tuple(...row))),
  permutations: plugin({ ...value, count: optional(int) }, ({ value, count }) => permutations(value, count ?? value.length).map((row) => tuple(...row))),
  zip: plugin({ ...value, lists: rest, strict: or(flag, false) }, ({ value, lists: others, strict }) => {
    const all = [value, ...others.map(asList)]
    const sizes = all.map((items) => items.length)
    if (strict && new Set(sizes).size > 1) throw new PlonerunError('zip: the lists do not have the same length')
    return rowsOf(all, Math.min(...sizes), null).map((row) => tuple(...row))
  }),
  zip_longest: plugin({ ...value, lists: rest, fillvalue: or(anything, null) }, ({ value, lists: others, fillvalue }) => {
    const all = [value, ...others.map(asList)]
    return rowsOf(all, Math.max(...all.map((items) => items.length)), fillvalue).map((row) => tuple(...row))
  }),
  subelements: plugin({ obj: anything, subelements: anything, skip_missing: or(flag, false) }, (args) => {
    if (args.obj instanceof Undefined) throw undefinedError(args.obj)
    const items = args.obj instanceof Map ? args.obj.values() : isList(args.obj) ? args.obj : undefined
    if (!items) throw new PlonerunError('obj must be a list of dicts or a nested dict')
    return subelements(items, args.subelements, args.skip_missing)
  }),
}

function asList(value: Value): Value[] {
  const items = iterate(value)
  if (!items) throw new PlonerunError(`'${typeName(value)}' object is not iterable`)
  return [...items]
}

