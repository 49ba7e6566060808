/** What is a number to Python, and ints that may be larger than a JavaScript number holds. */
import { Float } from './float.ts'
import type { Value } from './value.ts'

/** Any value that Python counts as a number; True is 1. */
export type Numeric = number | bigint | Float | boolean

export function isNumeric(value: Value): value is Numeric {
  return typeof value === 'number' || value instanceof Float || typeof value === 'boolean' || typeof value === 'bigint'
}

/** An int (not a bool). */
export function isInteger(value: Value): value is number | bigint {
  return typeof value === 'bigint' || (typeof value === 'number' && Number.isInteger(value))
}

export function isFloat(value: Value): value is number | Float {
  return value instanceof Float || (typeof value === 'number' && !Number.isInteger(value))
}

/** The number as JavaScript has it, for arithmetic of floats and for comparing. */
export function toNumber(value: Numeric): number | bigint {
  if (value instanceof Float) return value.value
  return typeof value === 'boolean' ? Number(value) : value
}

/** An int of any size as a Value: a number while that is exact. */
export function toInteger(value: bigint): number | bigint {
  return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : value
}
