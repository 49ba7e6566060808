/** Mappings as they are, or none. */
import type { Dict, Value } from '../values/value.ts'

/** The value when it is a mapping, otherwise an empty one. */
export function mappingOrEmpty(value: Value | undefined): Dict {
  return value instanceof Map ? (value) : new Map<Value, Value>()
}
