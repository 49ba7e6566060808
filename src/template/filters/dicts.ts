/** Filters of dicts. */
import { PlonerunError } from '../../errors/plonerun-error.ts'
import { getItem, isDict, setItem } from '../../values/dict.ts'
import { str } from '../../values/print.ts'
import { compare, equal, typeName } from '../../values/python.ts'
import { isList, tuple } from '../../values/tuple.ts'
import { Undefined } from '../../values/undefined.ts'
import type { Dict, Value } from '../../values/value.ts'
import { contains } from '../evaluate/operators.ts'
import { anything, dict, flag, list, optional, or, rest, string } from '../plugins/parameter.ts'
import { plugin, type Accepts, type Plugins } from '../plugins/plugin.ts'
import { folded } from './attribute.ts'

/** Filters that move values about without looking into them. */
const STRUCTURE: Accepts = { secrets: true, unknown: 'inside' }

type ListMerge = (old: readonly Value[], added: readonly Value[]) => Value[]

const absentFrom = (items: readonly Value[], others: readonly Value[]): Value[] => items.filter((item) => !others.some((other) => equal(other, item)))

const LIST_MERGES: Readonly<Record<string, ListMerge>> = {
  replace: (_, added) => [...added],
  keep: (old) => [...old],
  append: (old, added) => [...old, ...added],
  prepend: (old, added) => [...added, ...old],
  append_rp: (old, added) => [...absentFrom(old, added), ...added],
  prepend_rp: (old, added) => [...added, ...absentFrom(old, added)],
}

/** The dicts as one: a later one wins; with `recursive` dicts in them are merged, and lists as `mergeLists` says. */
function merge(old: Dict, added: Dict, recursive: boolean, mergeLists: ListMerge | undefined): Dict {
  const merged: Dict = new Map(old)
  for (const [key, value] of added) {
    const present = getItem(merged, key)
    if (recursive && isDict(present) && isDict(value)) setItem(merged, key, merge(present, value, recursive, mergeLists))
    else if (mergeLists && isList(present ?? null) && isList(value)) setItem(merged, key, mergeLists(present as Value[], value))
    else setItem(merged, key, value)
  }
  return merged
}

/** @returns undefined for `replace`, which needs no look at what was there */
function listMerge(filter: string, name: string): ListMerge | undefined {
  if (!Object.hasOwn(LIST_MERGES, name)) throw new PlonerunError(`${filter}: 'list_merge' must be one of ${Object.keys(LIST_MERGES).join(', ')}, not '${name}'`)
  return name === 'replace' ? undefined : LIST_MERGES[name]
}

/** A list of lists stands for the lists in it. */
function listsIn(value: Value): readonly (readonly Value[])[] {
  if (!isList(value)) throw new PlonerunError(`lists_mergeby: lists are needed, not a '${typeName(value)}'`)
  return value.every(isList) ? value : [value]
}

/** The dicts of all lists that have the key, those with the same value there as one, in the order of these values. */
function mergedBy(index: string, lists: readonly (readonly Value[])[], recursive: boolean, mergeLists: ListMerge | undefined): Value[] {
  const [only, ...more] = lists
  if (only === undefined || more.length === 0) return [...(only ?? [])]
  const found: Dict = new Map()
  for (const item of lists.flat()) {
    if (!isDict(item)) throw new PlonerunError(`lists_mergeby: the lists hold dicts, not a '${typeName(item)}'`)
    const own = getItem(item, index)
    if (own !== undefined) setItem(found, own, merge((getItem(found, own) as Dict | undefined) ?? new Map<Value, Value>(), item, recursive, mergeLists))
  }
  return [...found].sort(([one], [other]) => compare(one, other)).map(([, item]) => item)
}

function dictsOf(items: readonly Value[]): Dict[] {
  return items.flatMap((item) => {
    if (isList(item)) return dictsOf(item)
    if (isDict(item)) return [item]
    if (item instanceof Undefined) throw new PlonerunError(item.hint, { cause: item })
    throw new PlonerunError(`failed to combine variables, expected dicts but got a '${typeName(item)}'`)
  })
}

export const dicts: Plugins = {
  combine: plugin(
    { value: anything, terms: rest, recursive: or(flag, false), list_merge: or(string, 'replace') },
    ({ value, terms, recursive, list_merge }) => {
      const mergeLists = listMerge('combine', list_merge)
      return dictsOf([value, ...terms]).reduce((merged, added) => merge(merged, added, recursive, mergeLists), new Map<Value, Value>())
    },
    STRUCTURE,
  ),
  lists_mergeby: plugin(
    { value: list, terms: rest, recursive: or(flag, false), list_merge: or(string, 'replace') },
    ({ value, terms, recursive, list_merge }) => {
      const [index, ...others] = [...terms].reverse()
      if (typeof index !== 'string') throw new PlonerunError('lists_mergeby: the last argument is the name of a key')
      return mergedBy(index, [value, ...others.reverse()].flatMap(listsIn), recursive, listMerge('lists_mergeby', list_merge))
    },
    STRUCTURE,
  ),
  dict2items: plugin(
    { value: dict, key_name: or(string, 'key'), value_name: or(string, 'value') },
    ({ value, key_name, value_name }) => [...value].map(([key, item]) => new Map<Value, Value>([[key_name, key], [value_name, item]])),
    STRUCTURE,
  ),
  items2dict: plugin(
    { value: list, key_name: or(string, 'key'), value_name: or(string, 'value') },
    ({ value, key_name, value_name }) => {
      const made: Dict = new Map()
      for (const item of value) {
        const pair = dict.convert(item, 'item')
        const [key, own] = [pair.get(key_name), pair.get(value_name)]
        if (key === undefined || own === undefined) throw new PlonerunError(`items2dict requires each dictionary in the list to contain the keys '${key_name}' and '${value_name}'`)
        setItem(made, key, own)
      }
      return made
    },
    STRUCTURE,
  ),
  items: plugin({ value: anything }, ({ value }) => {
    if (value instanceof Undefined) return []
    return [...dict.convert(value, 'value')].map(([key, item]) => tuple(key, item))
  }, { ...STRUCTURE, undefined: true }),
  dictsort: plugin({ value: dict, case_sensitive: or(flag, false), by: or(string, 'key'), reverse: or(flag, false) }, ({ value, case_sensitive, by, reverse }) => {
    if (by !== 'key' && by !== 'value') throw new PlonerunError('You can only sort by either "key" or "value"')
    const key = ([own, item]: [Value, Value]): Value => folded(by === 'key' ? own : item, case_sensitive)
    return [...value].sort((a, b) => (reverse ? compare(key(b), key(a)) : compare(key(a), key(b)))).map(([own, item]) => tuple(own, item))
  }),
  extract: plugin({ item: anything, container: anything, morekeys: optional(anything) }, ({ item, container, morekeys }, environment) => {
    const keys = morekeys === undefined ? [item] : isList(morekeys) ? [item, ...morekeys] : [item, morekeys]
    return keys.reduce((value, key) => environment.item(environment.resolve(value), key), container)
  }, { ...STRUCTURE, templates: true }),
  keep_keys: plugin({ data: anything, target: anything, matching_parameter: or(string, 'equal') }, ({ data, target, matching_parameter }) => keepKeys(data, target, matching_parameter, true)),
  remove_keys: plugin({ data: anything, target: anything, matching_parameter: or(string, 'equal') }, ({ data, target, matching_parameter }) => keepKeys(data, target, matching_parameter, false)),
  dict_kv: plugin({ value: anything, key: anything }, ({ value, key }) => new Map([[key, value]]), STRUCTURE),
  attr: plugin({ obj: anything, name: string }, ({ obj, name }, environment) => environment.item(obj, name)),
  dict: plugin({ value: list }, ({ value }) => new Map(value.map((pair) => (isList(pair) ? [pair[0]!, pair[1]!] : [pair, null]))), STRUCTURE),
  counter: plugin({ value: list }, ({ value }) => {
    const counts: Dict = new Map()
    for (const item of value) setItem(counts, item, ((getItem(counts, item) as number | undefined) ?? 0) + 1)
    return counts
  }),
}

function keepKeys(data: Value, target: Value, matching: string, keep: boolean): Value {
  const targets = (isList(target) ? target : [target]).map(str)
  const matches = (key: string): boolean => {
    switch (matching) {
      case 'starts_with':
        return targets.some((prefix) => key.startsWith(prefix))
      case 'ends_with':
        return targets.some((suffix) => key.endsWith(suffix))
      case 'regex':
        return targets.some((pattern) => new RegExp(pattern).test(key))
      default:
        return contains(targets, key)
    }
  }
  const one = (item: Value): Value => (item instanceof Map ? new Map([...item].filter(([key]) => matches(str(key)) === keep)) : item)
  return isList(data) ? data.map(one) : one(data)
}
