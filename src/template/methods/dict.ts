/** The methods of dict. */
import { PlonerunError } from '../../errors/plonerun-error.ts'
import { getItem, setItem } from '../../values/dict.ts'
import { repr } from '../../values/print.ts'
import { iterate, keyOf, typeName } from '../../values/python.ts'
import { isList, tuple } from '../../values/tuple.ts'
import type { Dict, Value } from '../../values/value.ts'
import { anything, dict, keywords, optional, or } from '../plugins/parameter.ts'
import { plugin, type Accepts, type Plugins } from '../plugins/plugin.ts'

const self = { self: dict }
/** A method that hands values on as they are: each is evaluated when it is used. */
const HANDS_ON: Accepts = { undefined: true, unknown: 'anywhere', secrets: true, templates: true }

/** Adds the keys of a dict or of a list of pairs. */
function add(target: Dict, source: Value): void {
  if (source instanceof Map) for (const [key, value] of source) setItem(target, key, value)
  else {
    const pairs = iterate(source)
    if (!pairs) throw new PlonerunError(`'${typeName(source)}' object is not iterable`)
    for (const pair of pairs) {
      if (!isList(pair) || pair.length !== 2) throw new PlonerunError('a dict can be updated from a dict or from pairs of key and value')
      setItem(target, pair[0]!, pair[1]!)
    }
  }
}

export const dictMethods: Plugins = {
  clear: plugin(self, ({ self }) => (self.clear(), null), HANDS_ON),
  copy: plugin(self, ({ self }) => new Map(self), HANDS_ON),
  fromkeys: plugin({ ...self, keys: anything, value: or(anything, null) }, (args) => new Map([...(iterate(args.keys) ?? [])].map((key) => [key, args.value]))),
  get: plugin(
    { ...self, key: anything, default: or(anything, null) },
    (args) => {
      const value = getItem(args.self, args.key)
      return value === undefined ? args.default : value
    },
    HANDS_ON,
  ),
  items: plugin(self, ({ self }) => [...self].map(([key, value]) => tuple(key, value)), HANDS_ON),
  keys: plugin(self, ({ self }) => [...self.keys()], HANDS_ON),
  pop: plugin(
    { ...self, key: anything, default: or<Value | undefined>(anything, undefined) },
    (args) => {
      const key = keyOf(args.self, args.key)
      const value = args.self.has(key) ? args.self.get(key) : args.default
      if (value === undefined) throw new PlonerunError(`the dict has no key ${repr(args.key)}`)
      args.self.delete(key)
      return value
    },
    HANDS_ON,
  ),
  popitem: plugin(
    self,
    ({ self }) => {
      const last = [...self].at(-1)
      if (!last) throw new PlonerunError('popitem(): dictionary is empty')
      self.delete(last[0])
      return tuple(...last)
    },
    HANDS_ON,
  ),
  setdefault: plugin(
    { ...self, key: anything, default: or(anything, null) },
    (args) => {
      const value = getItem(args.self, args.key)
      if (value !== undefined) return value
      setItem(args.self, args.key, args.default)
      return args.default
    },
    HANDS_ON,
  ),
  update: plugin(
    { ...self, other: optional(anything), entries: keywords },
    ({ self, other, entries }) => {
      if (other !== undefined) add(self, other)
      for (const [key, value] of entries) setItem(self, key, value)
      return null
    },
    HANDS_ON,
  ),
  values: plugin(self, ({ self }) => [...self.values()], HANDS_ON),
}
