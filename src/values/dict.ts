/** Keys of dicts as Python compares them: 1, 1.0 and True are one key. */
import { keyOf } from './python.ts'
import type { Dict, Value } from './value.ts'

/** The value of a key, or undefined when the dict does not have it. */
export function getItem(dict: Dict, key: Value): Value | undefined {
  return dict.get(keyOf(dict, key))
}

/** Sets the value of a key, keeping the key that is there already. */
export function setItem(dict: Dict, key: Value, value: Value): void {
  dict.set(keyOf(dict, key), value)
}

/** Whether a value is a dict; narrows it without losing the types of its items. */
export function isDict(value: unknown): value is Dict {
  return value instanceof Map
}

/** One dict laid over another, dicts within them too; what else the upper one has replaces what the lower one has. */
export function mergedDicts(lower: Dict, upper: Dict): Dict {
  const merged: Dict = new Map(lower)
  for (const [key, value] of upper) {
    const below = merged.get(key)
    merged.set(key, isDict(below) && isDict(value) ? mergedDicts(below, value) : value)
  }
  return merged
}
