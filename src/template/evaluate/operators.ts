/** Python's operators on values. They raise Python's errors, without a place. */
import { PlonerunError } from '../../errors/plonerun-error.ts'
import { getItem } from '../../values/dict.ts'
import { Float, toFloat } from '../../values/float.ts'
import { Instance, type Value } from '../../values/value.ts'
import { isFloat, isInteger, isNumeric, toInteger, toNumber, type Numeric } from '../../values/number.ts'
import { str } from '../../values/print.ts'
import { compare, equal, iterate, typeName } from '../../values/python.ts'
import { isList, Tuple, tuple } from '../../values/tuple.ts'
import { formatPercent } from '../format/percent.ts'
import type { BinaryName, Comparison } from '../syntax/ast.ts'

const SYMBOLS: Readonly<Record<BinaryName, string>> = { Add: '+', Sub: '-', Mul: '*', Div: '/', FloorDiv: '//', Mod: '%', Pow: '** or pow()', Concat: '~' }

/** The result of a binary operator. */
export function operate(name: BinaryName, left: Value, right: Value): Value {
  if (name === 'Concat') return str(left) + str(right)
  if (isNumeric(left) && isNumeric(right)) return calculate(name, left, right)
  const result = name === 'Add' ? concatenate(left, right) : name === 'Mul' ? (repeat(left, right) ?? repeat(right, left)) : undefined
  if (result !== undefined) return result
  if (name === 'Mod' && typeof left === 'string') return formatPercent(left, right)
  const special = left instanceof Instance ? left.operate(SYMBOLS[name], right, false) : undefined
  const reflected = special ?? (right instanceof Instance ? right.operate(SYMBOLS[name], left, true) : undefined)
  if (reflected !== undefined) return reflected
  throw new PlonerunError(`unsupported operand type(s) for ${SYMBOLS[name]}: '${typeName(left)}' and '${typeName(right)}'`)
}

function concatenate(left: Value, right: Value): Value | undefined {
  if (typeof left === 'string') {
    if (typeof right === 'string') return left + right
    throw new PlonerunError(`can only concatenate str (not "${typeName(right)}") to str`, { hint: 'use ~ to join anything as text' })
  }
  if (!isList(left)) return undefined
  if (isList(right) && left instanceof Tuple === right instanceof Tuple) return left instanceof Tuple ? tuple(...left, ...right) : [...left, ...right]
  throw new PlonerunError(`can only concatenate ${typeName(left)} (not "${typeName(right)}") to ${typeName(left)}`)
}

function repeat(sequence: Value, times: Value): Value | undefined {
  if (typeof times !== 'boolean' && !isInteger(times)) return undefined
  const count = Math.max(0, Number(times))
  if (typeof sequence === 'string') return sequence.repeat(count)
  if (!isList(sequence)) return undefined
  const items = Array.from({ length: count }, () => [...sequence]).flat()
  return sequence instanceof Tuple ? tuple(...items) : items
}

function calculate(name: BinaryName, left: Numeric, right: Numeric): Value {
  if (isFloat(left) || isFloat(right) || name === 'Div') return toFloat(withFloats(name, Number(toNumber(left)), Number(toNumber(right))))
  const [a, b] = [toNumber(left), toNumber(right)]
  if (typeof a === 'number' && typeof b === 'number') {
    const result = withSafeIntegers(name, a, b)
    if (result !== undefined && Number.isSafeInteger(result)) return result + 0
  }
  return withIntegers(name, BigInt(a), BigInt(b))
}

function withFloats(name: BinaryName, a: number, b: number): number {
  if (b === 0 && (name === 'Div' || name === 'FloorDiv' || name === 'Mod')) throw new PlonerunError('division by zero')
  switch (name) {
    case 'Add':
      return a + b
    case 'Sub':
      return a - b
    case 'Mul':
      return a * b
    case 'Div':
      return a / b
    case 'FloorDiv': {
      // What is left over is exact, other than the quotient: 2.5 // 0.1 is 24.
      const quotient = (a - (a % b)) / b - (floatModulo(a, b) === a % b ? 0 : 1)
      const whole = Math.floor(quotient)
      return quotient - whole > 0.5 ? whole + 1 : whole
    }
    case 'Mod':
      return floatModulo(a, b)
    default:
      if (a === 0 && b < 0) throw new PlonerunError('0.0 cannot be raised to a negative power')
      return a ** b
  }
}

/** What is left over, with the sign of the divisor. */
function floatModulo(a: number, b: number): number {
  const remainder = a % b
  return remainder !== 0 && remainder < 0 !== b < 0 ? remainder + b : remainder
}

/** The result while it is exact, undefined when ints of any size are needed. */
function withSafeIntegers(name: BinaryName, a: number, b: number): number | undefined {
  switch (name) {
    case 'Add':
      return a + b
    case 'Sub':
      return a - b
    case 'Mul':
      return a * b
    default:
      return undefined
  }
}

function withIntegers(name: BinaryName, a: bigint, b: bigint): Value {
  if (b === 0n && (name === 'FloorDiv' || name === 'Mod')) throw new PlonerunError('integer division or modulo by zero')
  switch (name) {
    case 'Add':
      return toInteger(a + b)
    case 'Sub':
      return toInteger(a - b)
    case 'Mul':
      return toInteger(a * b)
    case 'FloorDiv':
      return toInteger((a - modulo(a, b)) / b)
    case 'Mod':
      return toInteger(modulo(a, b))
    default:
      return b < 0n ? toFloat(withFloats('Pow', Number(a), Number(b))) : power(a, b)
  }
}

function modulo(a: bigint, b: bigint): bigint {
  const remainder = a % b
  return remainder !== 0n && remainder < 0n !== b < 0n ? remainder + b : remainder
}

function power(a: bigint, b: bigint): Value {
  if (b > 1_000_000n) throw new PlonerunError('the result of ** is too large')
  return toInteger(a ** b)
}

/** `-value` or `+value`. */
export function unary(name: 'Neg' | 'Pos', value: Value): Value {
  if (!isNumeric(value)) throw new PlonerunError(`bad operand type for unary ${name === 'Neg' ? '-' : '+'}: '${typeName(value)}'`)
  if (value instanceof Float) return name === 'Neg' ? toFloat(-value.value) : value
  if (typeof value === 'bigint') return name === 'Neg' ? toInteger(-value) : value
  const number = Number(value)
  return name === 'Neg' ? (Number.isInteger(number) ? 0 - number : -number) : number
}

/** Whether a comparison holds. */
export function holds(comparison: Comparison, left: Value, right: Value): boolean {
  switch (comparison) {
    case '==':
      return equal(left, right)
    case '!=':
      return !equal(left, right)
    case 'in':
      return contains(right, left)
    case 'not in':
      return !contains(right, left)
    case '<':
      return compare(left, right, '<') < 0
    case '<=':
      return compare(left, right, '<=') <= 0
    case '>':
      return compare(left, right, '>') > 0
    default:
      return compare(left, right, '>=') >= 0
  }
}

/** Python's `item in container`. */
export function contains(container: Value, item: Value): boolean {
  if (typeof container === 'string') {
    if (typeof item === 'string') return container.includes(item)
    throw new PlonerunError(`'in <string>' requires string as left operand, not ${typeName(item)}`)
  }
  if (container instanceof Map) return getItem(container, item) !== undefined
  const items = iterate(container)
  if (!items) throw new PlonerunError(`argument of type '${typeName(container)}' is not iterable`)
  for (const candidate of items) if (equal(candidate, item)) return true
  return false
}
