/** The methods of list and tuple. */
import { PlonerunError } from '../../errors/plonerun-error.ts'
import { compare, equal } from '../../values/python.ts'
import { isList } from '../../values/tuple.ts'
import type { Value } from '../../values/value.ts'
import { anything, flag, int, list, optional, or, type Parameter } from '../plugins/parameter.ts'
import { plugin, type Accepts, type Plugins } from '../plugins/plugin.ts'

/** The list itself, not a copy: its methods change it. */
const sequence: Parameter<Value[]> = {
  kind: 'one',
  convert: (value) => {
    if (isList(value)) return value
    throw new PlonerunError('expected a list')
  },
}
const self = { self: sequence }
/** A method that stores its argument as it is. */
const STORES: Accepts = { undefined: true, unknown: 'anywhere', secrets: true, templates: true }

function indexOf(items: readonly Value[], value: Value, start = 0, end = items.length): number {
  const from = start < 0 ? Math.max(0, start + items.length) : start
  const to = end < 0 ? end + items.length : Math.min(end, items.length)
  for (let index = from; index < to; index++) if (equal(items[index]!, value)) return index
  return -1
}

const reading: Plugins = {
  count: plugin({ ...self, value: anything }, ({ self, value }) => self.filter((item) => equal(item, value)).length),
  index: plugin({ ...self, value: anything, start: optional(int), end: optional(int) }, ({ self, value, start, end }) => {
    const index = indexOf(self, value, start, end)
    if (index < 0) throw new PlonerunError('the list does not contain the value')
    return index
  }),
}

export const tupleMethods: Plugins = reading

export const listMethods: Plugins = {
  ...reading,
  append: plugin({ ...self, object: anything }, ({ self, object }) => (self.push(object), null), STORES),
  clear: plugin(self, ({ self }) => ((self.length = 0), null), STORES),
  copy: plugin(self, ({ self }) => [...self], STORES),
  extend: plugin({ ...self, iterable: list }, ({ self, iterable }) => (self.push(...iterable), null), STORES),
  insert: plugin({ ...self, index: int, object: anything }, ({ self, index, object }) => (self.splice(index, 0, object), null), STORES),
  pop: plugin(
    { ...self, index: or(int, -1) },
    ({ self, index }) => {
      if (!self.length) throw new PlonerunError('pop from empty list')
      const at = index < 0 ? index + self.length : index
      if (at < 0 || at >= self.length) throw new PlonerunError('pop index out of range')
      return self.splice(at, 1)[0]!
    },
    STORES,
  ),
  remove: plugin(
    { ...self, value: anything },
    ({ self, value }) => {
      const index = indexOf(self, value)
      if (index < 0) throw new PlonerunError('list.remove(x): x not in list')
      self.splice(index, 1)
      return null
    },
    STORES,
  ),
  reverse: plugin(self, ({ self }) => (self.reverse(), null), STORES),
  sort: plugin({ ...self, reverse: or(flag, false) }, ({ self, reverse }) => (self.sort((a, b) => (reverse ? compare(b, a) : compare(a, b))), null), STORES),
}
