/** The `attribute` argument of filters: a dotted path, an index, or several of them. */
import { Undefined } from '../../values/undefined.ts'
import type { Value } from '../../values/value.ts'
import type { Environment } from '../plugins/plugin.ts'

/** What takes an attribute from an item, and looks at nothing else of it; without an attribute the item itself. `fallback` stands for what is missing. */
export function getter(environment: Environment, attribute: Value | undefined, fallback?: Value): (item: Value) => Value {
  if (attribute === undefined || attribute === null) return environment.shallow
  const path: Value[] = typeof attribute === 'string' ? attribute.split('.').map((part) => (/^\d+$/.test(part) ? Number(part) : part)) : [attribute]
  return (item) => {
    let value = item
    for (const key of path) {
      value = environment.shallow(environment.item(environment.shallow(value), key))
      if (fallback !== undefined && value instanceof Undefined) value = fallback
    }
    return value
  }
}

/** What makes the key that a filter sorts or compares by: text without regard to case unless `caseSensitive`. */
export function sortKey(environment: Environment, attribute: Value | undefined, caseSensitive: boolean): (item: Value) => Value[] {
  const getters = typeof attribute === 'string' ? attribute.split(',').map((part) => getter(environment, part)) : [getter(environment, attribute)]
  return (item) => getters.map((get) => folded(get(item), caseSensitive))
}

export function folded(value: Value, caseSensitive: boolean): Value {
  return !caseSensitive && typeof value === 'string' ? value.toLowerCase() : value
}

