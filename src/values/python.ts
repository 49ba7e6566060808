/** What Python's operators say about values: truth, equality, order, and the names of types. */
import { PlonerunError } from '../errors/plonerun-error.ts'
import { Float } from './float.ts'
import { Instance, type Value } from './value.ts'
import { isFloat, isNumeric, toNumber } from './number.ts'
import { Secret } from './secret.ts'
import { Template } from './template.ts'
import { isList, Tuple } from './tuple.ts'
import { Undefined } from './undefined.ts'

/** The name of the value's type as Python prints it. */
export function typeName(value: Value): string {
  if (value === null) return 'NoneType'
  if (typeof value === 'boolean') return 'bool'
  if (typeof value === 'string' || value instanceof Secret || value instanceof Template) return 'str'
  if (isNumeric(value)) return isFloat(value) ? 'float' : 'int'
  if (isList(value)) return value instanceof Tuple ? 'tuple' : 'list'
  if (value instanceof Map) return 'dict'
  if (value instanceof Instance) return value.typeName
  if (typeof value === 'function') return 'function'
  return value.constructor.name
}

/** The error that using an undefined value raises. Its cause is the Undefined. */
export function undefinedError(value: Undefined): PlonerunError {
  return new PlonerunError(value.hint, { ...(value.position && { where: value.position }), cause: value })
}

/** Python's bool(). Raises for Undefined; an Unknown must be handled before. */
export function truth(value: Value): boolean {
  switch (typeof value) {
    case 'boolean':
      return value
    case 'string':
      return value !== ''
    case 'number':
      return value !== 0
    case 'bigint':
      return value !== 0n
    case 'function':
      return true
    default:
      break
  }
  if (value === null) return false
  if (isList(value)) return value.length > 0
  if (value instanceof Map) return value.size > 0
  if (value instanceof Float) return value.value !== 0
  if (value instanceof Secret) return value.reveal() !== ''
  if (value instanceof Undefined) throw undefinedError(value)
  if (value instanceof Instance) return value.truth()
  return true
}

/** Python's `==`: 1, 1.0 and True are equal, '1' and 1 are not; lists and dicts by content. Raises for Undefined. */
export function equal(left: Value, right: Value): boolean {
  if (left instanceof Undefined) throw undefinedError(left)
  if (right instanceof Undefined) throw undefinedError(right)
  if (left === right) return true
  if (left === null || right === null) return false
  if (isNumeric(left)) return isNumeric(right) && toNumber(left) == toNumber(right)
  if (left instanceof Secret) return equal(left.reveal(), right)
  if (right instanceof Secret) return equal(left, right.reveal())
  if (isList(left)) {
    if (!isList(right) || left.length !== right.length || left instanceof Tuple !== right instanceof Tuple) return false
    return left.every((item, index) => equal(item, right[index]!))
  }
  if (left instanceof Map) {
    if (!(right instanceof Map) || left.size !== right.size) return false
    for (const [key, value] of left) {
      const other = right.get(keyOf(right, key))
      if (other === undefined || !equal(value, other)) return false
    }
    return true
  }
  return left instanceof Instance && left.equals(right)
}

/** The key of the dict that equals `key`, or `key` itself when none does. */
export function keyOf(dict: ReadonlyMap<Value, Value>, key: Value): Value {
  if (typeof key === 'string' || key === null || dict.has(key)) return key
  if (!isNumeric(key) && !isList(key)) return key
  for (const candidate of dict.keys()) if (equal(candidate, key)) return candidate
  return key
}

/** Which of two comes first: negative, zero or positive, and NaN when no order holds. Raises Python's TypeError for types that have no order. */
export function compare(left: Value, right: Value, operator = '<'): number {
  if (left instanceof Undefined) throw undefinedError(left)
  if (right instanceof Undefined) throw undefinedError(right)
  if (typeof left === 'string' && typeof right === 'string') return compareText(left, right)
  if (isNumeric(left) && isNumeric(right)) {
    const [a, b] = [toNumber(left), toNumber(right)]
    return a < b ? -1 : a > b ? 1 : a == b ? 0 : Number.NaN
  }
  if (left instanceof Secret) return compare(left.reveal(), right, operator)
  if (right instanceof Secret) return compare(left, right.reveal(), operator)
  if (isList(left) && isList(right) && left instanceof Tuple === right instanceof Tuple) {
    for (let index = 0; index < Math.min(left.length, right.length); index++) {
      if (!equal(left[index]!, right[index]!)) return compare(left[index]!, right[index]!, operator)
    }
    return left.length - right.length
  }
  const order = left instanceof Instance ? left.compare(right) : undefined
  if (order !== undefined) return order
  throw new PlonerunError(`'${operator}' not supported between instances of '${typeName(left)}' and '${typeName(right)}'`)
}

/** Strings in the order of their code points, which JavaScript's `<` gets wrong beyond the basic plane. */
function compareText(left: string, right: string): number {
  if (left === right) return 0
  const length = Math.min(left.length, right.length)
  for (let index = 0; index < length; index++) {
    const [a, b] = [left.charCodeAt(index), right.charCodeAt(index)]
    if (a !== b) return isSurrogate(a) === isSurrogate(b) ? a - b : isSurrogate(a) ? 1 : -1
  }
  return left.length - right.length
}

function isSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdfff
}

/** The items of a value as Python iterates it (the keys of a dict, the characters of a str), or undefined when it cannot be iterated. */
export function iterate(value: Value): Iterable<Value> | undefined {
  if (isList(value)) return value
  if (value instanceof Map) return value.keys()
  // Never the text itself: an empty one would look like nothing to iterate.
  if (typeof value === 'string') return Array.from(value)
  if (value instanceof Secret) return Array.from(value.reveal(), (character) => new Secret(character))
  if (value instanceof Undefined) throw undefinedError(value)
  return value instanceof Instance ? value.iterate() : undefined
}

/** Whether a value is what Ansible calls a bool: `yes`, `on`, `true`, `1` and the opposites; undefined when it is neither. */
export function asBool(value: Value): boolean | undefined {
  const plain = value instanceof Secret ? value.reveal() : value
  if (typeof plain === 'boolean') return plain
  if (isNumeric(plain)) return toNumber(plain) == 1 ? true : toNumber(plain) == 0 ? false : undefined
  if (typeof plain !== 'string') return undefined
  const word = plain.trim().toLowerCase()
  if (['y', 'yes', 'on', '1', 'true', 't', '1.0'].includes(word)) return true
  return ['n', 'no', 'off', '0', 'false', 'f', '0.0'].includes(word) ? false : undefined
}

