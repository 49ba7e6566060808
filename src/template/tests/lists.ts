/** Tests of lists and numbers that Ansible adds. */
import { truth } from '../../values/python.ts'
import type { Value } from '../../values/value.ts'
import { contains } from '../evaluate/operators.ts'
import { anything, list } from '../plugins/parameter.ts'
import { plugin, type Plugins } from '../plugins/plugin.ts'

const two = { a: list, b: list }
const within = (items: readonly Value[], others: Value[]): boolean => items.every((item) => contains(others, item))

const subset = plugin(two, ({ a, b }) => within(a, b))
const superset = plugin(two, ({ a, b }) => within(b, a))
const nan = plugin({ value: anything }, ({ value }) => Number.isNaN(value))

export const listTests: Plugins = {
  any: plugin({ value: list }, ({ value }) => value.some(truth)),
  all: plugin({ value: list }, ({ value }) => value.every(truth)),
  subset,
  issubset: subset,
  superset,
  issuperset: superset,
  nan,
  isnan: nan,
}
