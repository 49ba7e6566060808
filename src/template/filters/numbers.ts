/** Filters of numbers. */
import { PlonerunError } from '../../errors/plonerun-error.ts'
import { Float, toFloat } from '../../values/float.ts'
import { isFloat, isNumeric, toInteger, toNumber } from '../../values/number.ts'
import { typeName } from '../../values/python.ts'
import type { Value } from '../../values/value.ts'
import { fixed } from '../../values/fixed.ts'
import { anything, int, or, string, type Parameter } from '../plugins/parameter.ts'
import { plugin, type Plugins } from '../plugins/plugin.ts'

/** What mathematics takes: an int or a float. */
function operand(filter: string): Parameter<number> {
  return {
    kind: 'one',
    convert(value) {
      if (!isNumeric(value)) throw new PlonerunError(`${filter} can only be used on numbers: must be real number, not ${typeName(value)}`)
      return Number(toNumber(value))
    },
  }
}

/** The int that a text spells in a base, undefined when it spells none. */
function parseInteger(text: string, base: number): Value | undefined {
  const match = /^\s*([+-]?)(0[xX]_?|0[oO]_?|0[bB]_?)?([\da-zA-Z]+(?:_[\da-zA-Z]+)*)\s*$/.exec(text)
  if (!match) return undefined
  const prefixBase = { x: 16, o: 8, b: 2 }[match[2]?.[1]?.toLowerCase() ?? '']
  const usesPrefix = prefixBase !== undefined && (base === 0 || base === prefixBase)
  const digits = ((usesPrefix ? '' : (match[2] ?? '')) + match[3]!).replaceAll('_', '').toLowerCase()
  const radix = usesPrefix ? prefixBase : base || 10
  let total = 0n
  for (const digit of digits) {
    const size = Number.parseInt(digit, 36)
    if (Number.isNaN(size) || size >= radix) return undefined
    total = total * BigInt(radix) + BigInt(size)
  }
  return toInteger(match[1] === '-' ? -total : total)
}

/** The float that a text spells, undefined when it spells none. */
export function parseFloatText(text: string): number | undefined {
  const word = text.trim().toLowerCase()
  const special = /^([+-]?)(?:(inf|infinity)|nan)$/.exec(word)
  if (special) return special[2] ? (special[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY) : Number.NaN
  return /^[+-]?(?:\d+(?:_\d+)*\.?(?:\d+(?:_\d+)*)?|\.\d+(?:_\d+)*)(?:e[+-]?\d+)?$/.test(word) ? Number(word.replaceAll('_', '')) : undefined
}

function truncated(value: number): Value {
  return toInteger(BigInt(Math.trunc(value)))
}

function toInt(value: Value, fallback: Value, base: number): Value {
  if (typeof value === 'string') {
    const whole = parseInteger(value, base)
    if (whole !== undefined) return whole
    const real = parseFloatText(value)
    return real === undefined || !Number.isFinite(real) ? fallback : truncated(real)
  }
  if (!isNumeric(value)) return fallback
  const plain = toNumber(value)
  return typeof plain === 'bigint' ? plain : Number.isFinite(plain) ? truncated(plain) : fallback
}

function asFloat(value: Value, fallback: Value): Value {
  const real = typeof value === 'string' ? parseFloatText(value) : isNumeric(value) ? Number(toNumber(value)) : undefined
  return real === undefined ? fallback : toFloat(real)
}

function rounded(value: Value, precision: number, method: string): Value {
  if (!['common', 'ceil', 'floor'].includes(method)) throw new PlonerunError('method must be common, ceil or floor')
  if (!isNumeric(value)) throw new PlonerunError(`type ${typeName(value)} doesn't define __round__ method`)
  if (method !== 'common') {
    const scale = 10 ** precision
    const scaled = Number(toNumber(value)) * scale
    return toFloat((method === 'ceil' ? Math.ceil(scaled) : Math.floor(scaled)) / scale)
  }
  if (!isFloat(value)) return precision >= 0 ? (typeof value === 'boolean' ? Number(value) : value) : roundedInteger(BigInt(value), 10n ** BigInt(-precision))
  const real = Number(toNumber(value))
  if (!Number.isFinite(real)) return value
  const size = precision >= 0 ? Number(fixed(Math.abs(real), precision)) : Number(roundedInteger(BigInt(Math.trunc(Math.abs(real))), 10n ** BigInt(-precision)))
  return toFloat(real < 0 ? -size : size)
}

/** To the nearest multiple, halves to the even one. */
function roundedInteger(value: bigint, unit: bigint): number | bigint {
  const remainder = ((value % unit) + unit) % unit
  const floor = value - remainder
  const up = remainder * 2n > unit || (remainder * 2n === unit && (floor / unit) % 2n !== 0n)
  return toInteger(up ? floor + unit : floor)
}

export const numbers: Plugins = {
  int: plugin({ value: anything, default: or(anything, 0), base: or(int, 10) }, ({ value, default: fallback, base }) => toInt(value, fallback, base)),
  float: plugin({ value: anything, default: or(anything, new Float(0)) }, ({ value, default: fallback }) => asFloat(value, fallback)),
  abs: plugin({ value: anything }, ({ value }) => {
    if (!isNumeric(value)) throw new PlonerunError(`bad operand type for abs(): '${typeName(value)}'`)
    if (isFloat(value)) return toFloat(Math.abs(Number(toNumber(value))))
    const plain = BigInt(toNumber(value))
    return toInteger(plain < 0n ? -plain : plain)
  }),
  round: plugin({ value: anything, precision: or(int, 0), method: or(string, 'common') }, ({ value, precision, method }) => rounded(value, precision, method)),
  log: plugin({ value: operand('log()'), base: or(operand('log()'), Math.E) }, ({ value, base }) => {
    if (value <= 0) throw new PlonerunError('math domain error')
    return toFloat(base === 10 ? Math.log10(value) : base === 2 ? Math.log2(value) : base === Math.E ? Math.log(value) : Math.log(value) / Math.log(base))
  }),
  pow: plugin({ value: operand('pow()'), power: operand('pow()') }, ({ value, power }) => toFloat(value ** power)),
  root: plugin({ value: operand('root()'), base: or(operand('root()'), 2) }, ({ value, base }) => {
    if (value < 0) throw new PlonerunError('math domain error')
    return toFloat(base === 2 ? Math.sqrt(value) : value ** (1 / base))
  }),
}

