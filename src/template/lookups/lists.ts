/** Lookups over lists and dicts: what the `with_` loops iterate. */
import { PlonerunError } from '../../errors/plonerun-error.ts'
import { isDict } from '../../values/dict.ts'
import { str } from '../../values/print.ts'
import { typeName } from '../../values/python.ts'
import { isList } from '../../values/tuple.ts'
import type { Dict, Value } from '../../values/value.ts'
import { cartesian, rowsOf, subelements } from '../filters/sets.ts'
import { int, optional, or, string } from '../plugins/parameter.ts'
import type { Accepts, Plugins } from '../plugins/plugin.ts'
import { asLists, iterated, lookup, opened } from './lookup.ts'
import { sequence } from './sequence.ts'

/** Lookups that hand items on without looking into them. */
const STRUCTURE: Accepts = { secrets: true, unknown: 'inside' }

function flattened(terms: readonly Value[]): Value[] {
  return terms.flatMap((term) => (isList(term) ? flattened(term) : term === null || term === 'None' || term === 'null' ? [] : [term]))
}

function pairs(terms: readonly Value[]): Dict[] {
  return terms.flatMap((term) => {
    if (isList(term)) return pairs(term)
    if (!isDict(term)) throw new PlonerunError(`the dict lookup plugin expects a dictionary, not a value of type '${typeName(term)}'`)
    return [...term].map(([key, value]): Dict => new Map<Value, Value>([['key', key], ['value', value]]))
  })
}

/** An item without the list that its elements came from, which the filter of this name leaves in. */
function without(item: Value, [key, ...rest]: readonly string[]): Value {
  if (!isDict(item) || key === undefined) return item
  const inner = item.get(key)
  return new Map(rest.length === 0 ? [...item].filter(([name]) => name !== key) : [...item, [key, without(inner ?? null, rest)]])
}

export const listLookups: Plugins = {
  items: lookup({}, opened, STRUCTURE),
  list: lookup({}, (terms) => terms, STRUCTURE),
  flattened: lookup({}, flattened, STRUCTURE),
  dict: lookup({}, pairs, STRUCTURE),
  // Lists inside the rows are opened: twice for nested, once for the others (ansible-core, plugins/lookup).
  nested: lookup({}, (terms) => cartesian(iterated(terms)).map((row) => opened(opened(row))), STRUCTURE),
  cartesian: lookup({}, (terms) => cartesian(asLists(terms)).map(opened), STRUCTURE),
  together: lookup(
    {},
    (terms) => {
      const lists = iterated(terms)
      if (!lists.length) throw new PlonerunError('with_together requires at least one element in each list')
      return rowsOf(lists, Math.max(...lists.map((items) => items.length)), null).map(opened)
    },
    STRUCTURE,
  ),
  indexed_items: lookup({}, (terms) => opened(terms).map((item, index) => [index, item]), STRUCTURE),
  subelements: lookup(
    {},
    (terms) => {
      const [items, path, flags] = terms
      if (items === undefined || path === undefined || terms.length > 3) throw new PlonerunError(`subelements expects a list of two or three items, got ${terms.length}`)
      if (!(isDict(items) || isList(items)) || typeof path !== 'string') throw new PlonerunError(`subelements expects first a dict or a list, second a string, got a ${typeName(items)} and a ${typeName(path)}`)
      if (flags !== undefined && !isDict(flags)) throw new PlonerunError(`subelements: the optional third item must be a dict, got a ${typeName(flags)}`, { hint: 'it takes skip_missing: true' })
      const skip = flags?.get('skip_missing') === true
      if (isDict(items) && items.has('skipped')) return []
      const all = isDict(items) ? [...items.values()] : items
      const usable = all.filter((item) => !(isDict(item) && item.get('skipped') === true))
      return subelements(usable, path, skip).map((pair) => {
        const [item, element] = pair as [Value, Value]
        return [without(item, path.split('.')), element]
      })
    },
    STRUCTURE,
  ),
  sequence: lookup(
    { start: optional(int), end: optional(int), count: optional(int), stride: optional(int), format: or(string, '%d') },
    (terms, options) => {
      const bounded = options.end !== undefined || options.count !== undefined
      return (terms.length === 0 && bounded ? [''] : terms).flatMap((term) => sequence(str(term), options))
    },
  ),
  random_choice: lookup({}, (terms, _, { filter }) => (terms.length ? [filter('random', terms, [])] : [])),
  inventory_hostnames: lookup({}, (terms, _, { context }) => {
    if (!context.selectHosts) throw new PlonerunError('inventory_hostnames: there is no inventory here')
    return [...context.selectHosts(opened(terms).map(str).join(','))]
  }),
}

