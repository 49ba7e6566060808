/** The names that are always there: range, dict, namespace, lookup, now, omit and the others. */
import { PlonerunError } from '../errors/plonerun-error.ts'
import { setItem } from '../values/dict.ts'
import { omit } from '../values/omit.ts'
import { iterate, typeName } from '../values/python.ts'
import { isList } from '../values/tuple.ts'
import { Undefined } from '../values/undefined.ts'
import type { Dict, Value } from '../values/value.ts'
import { Cycler, Joiner } from './evaluate/cycler.ts'
import { Namespace } from './evaluate/namespace.ts'
import { Range } from './evaluate/range.ts'
import { DateTime } from './dates/datetime.ts'
import { lipsum } from './lipsum.ts'
import { anything, flag, int, keywords, optional, or, rest, string } from './plugins/parameter.ts'
import { plugin, type Accepts, type Plugins } from './plugins/plugin.ts'

const HANDS_ON: Accepts = { undefined: true, unknown: 'anywhere', secrets: true, templates: true }

function dictOf(source: Value | undefined, entries: ReadonlyMap<string, Value>): Dict {
  const made: Dict = new Map()
  if (source instanceof Map) for (const [key, value] of source) setItem(made, key, value)
  else if (source !== undefined) {
    const pairs = iterate(source)
    if (!pairs) throw new PlonerunError(`'${typeName(source)}' object is not iterable`)
    for (const pair of pairs) {
      const parts = isList(pair) ? pair : typeof pair === 'string' ? Array.from(pair) : []
      if (parts.length !== 2) throw new PlonerunError('dict: each item must be a pair of key and value')
      setItem(made, parts[0]!, parts[1]!)
    }
  }
  for (const [key, value] of entries) setItem(made, key, value)
  return made
}

/** What `lookup` gives of a lookup's list: the one item, several texts joined by commas, else the list. */
function lookupResult(items: Value[]): Value {
  if (items.length === 1) return items[0]!
  return items.length && items.every((item) => typeof item === 'string') ? items.join(',') : items
}

/** A lookup with its generic options: wantlist, and errors: strict, warn or ignore. */
const lookup = (alwaysList: boolean) =>
  plugin({ name: string, terms: rest, options: keywords }, ({ name, terms, options }, environment) => {
    const { wantlist = alwaysList, errors = 'strict', ...own } = Object.fromEntries(options) as Record<string, Value>
    const asList = alwaysList || wantlist === true
    const missing = [...terms, ...Object.values(own)].find((given) => given instanceof Undefined)
    if (missing && !environment.plugin('lookup', name).accepts.undefined) return missing
    try {
      const items = environment.lookup(name, terms, new Map(Object.entries(own)))
      return asList ? items : lookupResult(items)
    } catch (error) {
      if (!(error instanceof PlonerunError) || (errors !== 'warn' && errors !== 'ignore')) throw error
      if (errors === 'warn') environment.warn(`lookup '${name}': ${error.message}`)
      return asList ? [] : null
    }
  }, HANDS_ON)

export const functions: Plugins = {
  range: plugin({ start: int, stop: optional(int), step: or(int, 1) }, ({ start, stop, step }) => (stop === undefined ? new Range(0, start, 1) : new Range(start, stop, step))),
  dict: plugin({ source: or<Value | undefined>(anything, undefined), entries: keywords }, ({ source, entries }) => dictOf(source, entries)),
  namespace: plugin({ source: or<Value | undefined>(anything, undefined), entries: keywords }, ({ source, entries }) => new Namespace([...dictOf(source, entries)].map(([key, value]) => [key as string, value])), HANDS_ON),
  cycler: plugin({ items: rest }, ({ items }) => new Cycler(items), HANDS_ON),
  joiner: plugin({ sep: or(string, ', ') }, ({ sep }) => new Joiner(sep)),
  lookup: lookup(false),
  query: lookup(true),
  q: lookup(true),
  now: plugin({ utc: or(flag, false), fmt: optional(string) }, ({ utc, fmt }, { once }) => {
    const time = once(`now ${utc}`, () => DateTime.now(utc)) as DateTime
    return fmt === undefined ? time : time.format(fmt)
  }),
  lipsum: plugin({ n: or(int, 5), html: or(flag, true), min: or(int, 20), max: or(int, 100) }, (wanted, { once }) => once(`lipsum ${JSON.stringify(wanted)}`, () => lipsum(wanted))),
  undef: plugin({ hint: optional(string) }, ({ hint }) => new Undefined(hint ?? 'a value must be given for this variable')),
}

export const constants: ReadonlyMap<string, Value> = new Map<string, Value>([['omit', omit]])
