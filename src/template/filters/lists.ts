/** Filters of lists: order, choice, grouping and sets. */
import { PlonerunError } from '../../errors/plonerun-error.ts'
import { str } from '../../values/print.ts'
import { compare, equal, iterate, truth, typeName } from '../../values/python.ts'
import { isList, namedTuple } from '../../values/tuple.ts'
import { Undefined } from '../../values/undefined.ts'
import { Unknown } from '../../values/unknown.ts'
import type { Value } from '../../values/value.ts'
import { operate } from '../evaluate/operators.ts'
import { NoElse } from '../evaluate/no-else.ts'
import { Range } from '../evaluate/range.ts'
import { characters, length } from '../methods/characters.ts'
import { anything, flag, int, list, listIfAny, optional, or, rest, string, text } from '../plugins/parameter.ts'
import { plugin, type Accepts, type Environment, type Plugins } from '../plugins/plugin.ts'
import { compareVersions } from '../versions/compare.ts'
import { folded, getter, sortKey } from './attribute.ts'

const value = { value: list }
/** Filters that choose or order items but do not look into them. */
const STRUCTURE: Accepts = { secrets: true, unknown: 'inside', templates: true }
/** Those of them that touch single items only. */
const SINGLE: Accepts = { ...STRUCTURE, undefined: 'inside' }

function size(value: Value): number {
  if (value instanceof Map) return value.size
  if (isList(value)) return value.length
  if (typeof value === 'string') return length(value)
  if (value instanceof Range) return value.length
  if (value instanceof NoElse) return 0
  throw new PlonerunError(`object of type '${typeName(value)}' has no len()`)
}

const counting = plugin({ value: anything }, ({ value }) => size(value), { undefined: 'inside', unknown: 'inside', templates: true })

function ends(last: boolean) {
  return plugin(
    value,
    ({ value }) => {
      const item = value.at(last ? -1 : 0)
      return item === undefined ? new Undefined(`No ${last ? 'last' : 'first'} item, sequence was empty.`) : item
    },
    SINGLE,
  )
}

/** Filters that look at one attribute of an item, and leave the templates in all others alone; what is undefined they hand on or leave out. */
const LAZY: Accepts = { undefined: 'inside', templates: true }

/** The least or greatest item, the first of those that are equal. */
function extreme(sign: 1 | -1) {
  return plugin({ ...value, case_sensitive: or(flag, false), attribute: optional(anything) }, ({ value, case_sensitive, attribute }, environment) => {
    const get = getter(environment, attribute)
    const key = (item: Value): Value => folded(get(item), case_sensitive)
    if (!value.length) return new Undefined('No aggregated item, sequence was empty.')
    return value.reduce((best, item) => (sign * compare(key(item), key(best)) < 0 ? item : best))
  })
}

/** Items whose own value, or attribute, passes a test; `keep` says whether those stay or go. */
function selecting(byAttribute: boolean, keep: boolean) {
  return plugin(
    { value: listIfAny, args: rest },
    ({ value, args }, environment) => {
      const attribute = byAttribute ? args[0] : undefined
      const others = byAttribute ? args.slice(1) : args
      if (byAttribute && attribute === undefined) throw new PlonerunError('the name of an attribute is missing')
      const get = getter(environment, attribute)
      const [name, ...testArgs] = others
      const kept: Value[] = []
      for (const item of value) {
        const passed = name === undefined ? get(item) : environment.test(str(name), get(item), testArgs)
        if (passed instanceof Unknown) return passed
        if (truth(passed) === keep) kept.push(item)
      }
      return kept
    },
    byAttribute ? LAZY : { undefined: 'inside' },
  )
}

function mapped(items: readonly Value[], args: readonly Value[], options: ReadonlyMap<string, Value>, environment: Environment): Value[] {
  const [name, ...filterArgs] = args
  if (name === undefined) {
    const attribute = options.get('attribute')
    if (attribute === undefined) throw new PlonerunError('map: the name of a filter or an attribute is missing')
    const unknown = [...options.keys()].find((key) => key !== 'attribute' && key !== 'default')
    if (unknown) throw new PlonerunError(`map: unknown argument '${unknown}'`)
    return items.map(getter(environment, attribute, options.get('default')))
  }
  return items.map((item) => environment.filter(str(name), item, filterArgs, options))
}

function grouped(items: readonly Value[], attribute: Value, fallback: Value | undefined, caseSensitive: boolean, environment: Environment): Value[] {
  const get = getter(environment, attribute, fallback)
  const keyed = items.map((item) => ({ item, own: get(item), key: folded(get(item), caseSensitive) }))
  keyed.sort((a, b) => compare(a.key, b.key))
  const groups: { own: Value; key: Value; members: Value[] }[] = []
  for (const { item, own, key } of keyed) {
    const last = groups.at(-1)
    if (last && equal(last.key, key)) last.members.push(item)
    else groups.push({ own, key, members: [item] })
  }
  return groups.map(({ own, members }) => namedTuple({ grouper: own, list: members }))
}

function chunks(items: readonly Value[], count: number): Value[][] {
  const parts: Value[][] = []
  for (let index = 0; index < items.length; index += count) parts.push(items.slice(index, index + count))
  return parts
}

function sliced(items: readonly Value[], slices: number, fill: Value | undefined): Value[][] {
  const perSlice = Math.floor(items.length / slices)
  const longer = items.length % slices
  let start = 0
  return Array.from({ length: slices }, (_, index) => {
    const end = start + perSlice + (index < longer ? 1 : 0)
    const part = items.slice(start, end)
    start = end
    // Also where all parts are of one length, as Jinja does it.
    if (fill !== undefined && index >= longer) part.push(fill)
    return part
  })
}

export const lists: Plugins = {
  length: counting,
  count: counting,
  first: ends(false),
  last: ends(true),
  list: plugin(value, ({ value }) => value, STRUCTURE),
  min: extreme(1),
  max: extreme(-1),
  join: plugin({ ...value, d: or(text, ''), attribute: optional(anything) }, ({ value, d, attribute }, environment) => value.map(getter(environment, attribute)).map(str).join(d)),
  sort: plugin({ ...value, reverse: or(flag, false), case_sensitive: or(flag, false), attribute: optional(anything) }, ({ value, reverse, case_sensitive, attribute }, environment) => {
    const key = sortKey(environment, attribute, case_sensitive)
    const keyed = value.map((item) => ({ item, key: key(item) }))
    keyed.sort((a, b) => (reverse ? compare(b.key, a.key) : compare(a.key, b.key)))
    return keyed.map(({ item }) => item)
  }),
  version_sort: plugin({ ...value, reverse: or(flag, false) }, ({ value, reverse }) => [...value].sort((one, other) => (reverse ? -1 : 1) * compareVersions(str(one), str(other), 'loose'))),
  reverse: plugin({ value: anything }, ({ value }) => {
    if (typeof value === 'string') return [...characters(value)].reverse().join('')
    const items = iterate(value)
    if (!items) throw new PlonerunError('argument must be iterable')
    return [...items].reverse()
  }),
  map: plugin({ value: listIfAny, args: rest, options: { kind: 'keywords', fallback: { value: new Map() }, convert: (given) => given as unknown as ReadonlyMap<string, Value> } }, ({ value, args, options }, environment) => mapped(value, args, options, environment), LAZY),
  select: selecting(false, true),
  reject: selecting(false, false),
  selectattr: selecting(true, true),
  rejectattr: selecting(true, false),
  groupby: plugin({ ...value, attribute: anything, default: or<Value | undefined>(anything, undefined), case_sensitive: or(flag, false) }, (args, environment) => grouped(args.value, args.attribute, args.default, args.case_sensitive, environment)),
  batch: plugin({ ...value, linecount: int, fill_with: optional(anything) }, ({ value, linecount, fill_with }) => {
    const parts = chunks(value, linecount)
    const last = parts.at(-1)
    if (last && fill_with !== undefined) while (last.length < linecount) last.push(fill_with)
    return parts
  }),
  slice: plugin({ ...value, slices: int, fill_with: optional(anything) }, ({ value, slices, fill_with }) => sliced(value, slices, fill_with)),
  sum: plugin({ ...value, attribute: optional(anything), start: or(anything, 0) }, ({ value, attribute, start }, environment) => {
    if (typeof start === 'string') throw new PlonerunError("sum() can't sum strings [use ''.join(seq) instead]")
    return value.map(getter(environment, attribute)).reduce((total, item) => operate('Add', total, item), start)
  }),
  rekey_on_member: plugin({ data: anything, key: string, duplicates: or(string, 'error') }, ({ data, key, duplicates }) => rekeyed(data, key, duplicates)),
}

function rekeyed(data: Value, key: string, duplicates: string): Value {
  if (!['error', 'overwrite'].includes(duplicates)) throw new PlonerunError(`duplicates parameter to rekey_on_member has unknown value: ${duplicates}`)
  const items = data instanceof Map ? [...data.values()] : isList(data) ? data : undefined
  if (items === undefined) throw new PlonerunError('Type is not a valid list, set, or dict')
  const made = new Map<Value, Value>()
  for (const item of items) {
    if (!(item instanceof Map)) throw new PlonerunError('List item is not a valid dict')
    const own = item.get(key)
    if (own === undefined) throw new PlonerunError(`Key ${key} was not found`)
    if (made.has(own) && duplicates === 'error') throw new PlonerunError(`Key ${str(own)} is not unique, cannot convert to dict`)
    made.set(own, item)
  }
  return made
}
