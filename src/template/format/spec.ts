/** Python's format specification (`>10`, `05d`, `,.2f`, `#x`), as str.format and % formatting use it. */
import { PlonerunError } from '../../errors/plonerun-error.ts'
import { fixed } from '../../values/fixed.ts'
import { isFloat, isInteger, toNumber } from '../../values/number.ts'
import { floatText, str } from '../../values/print.ts'
import { typeName } from '../../values/python.ts'
import type { Value } from '../../values/value.ts'

interface Spec {
  fill: string
  align: string
  sign: string
  alternate: boolean
  width: number
  grouping: string
  precision: number | undefined
  type: string
}

const PATTERN = /^(?:(?<fill>[\s\S])?(?<align>[<>=^]))?(?<sign>[-+ ])?(?<alternate>#)?(?<zero>0)?(?<width>\d+)?(?<grouping>[,_])?(?:\.(?<precision>\d+))?(?<type>[a-zA-Z%])?$/u

function parseSpec(text: string): Spec {
  const groups = PATTERN.exec(text)?.groups
  if (!groups) throw new PlonerunError(`Invalid format specifier '${text}'`)
  const zero = groups['zero'] !== undefined
  return {
    fill: groups['fill'] ?? (zero ? '0' : ' '),
    align: groups['align'] ?? (zero ? '=' : ''),
    sign: groups['sign'] ?? '-',
    alternate: groups['alternate'] !== undefined,
    width: Number(groups['width'] ?? 0),
    grouping: groups['grouping'] ?? '',
    precision: groups['precision'] === undefined ? undefined : Number(groups['precision']),
    type: groups['type'] ?? '',
  }
}

/** Python's format(value, spec). */
export function formatValue(value: Value, specText: string): string {
  if (specText === '') return str(value)
  const spec = parseSpec(specText)
  if (isFloat(value) || ((isInteger(value) || typeof value === 'boolean') && 'eEfFgG%'.includes(spec.type || '!'))) return number(formatFloat(Number(toNumber(value)), spec), spec)
  if (isInteger(value) || typeof value === 'boolean') return formatInteger(BigInt(value), spec)
  if (typeof value !== 'string') throw new PlonerunError(`unsupported format string passed to ${typeName(value)}.__format__`)
  if (spec.type && spec.type !== 's') throw new PlonerunError(`Unknown format code '${spec.type}' for object of type 'str'`)
  const kept = spec.precision === undefined ? value : Array.from(value).slice(0, spec.precision).join('')
  return pad(kept, { ...spec, align: spec.align === '=' ? '<' : spec.align || '<' })
}

function formatInteger(value: bigint, spec: Spec): string {
  const bases: Readonly<Record<string, readonly [radix: number, prefix: string]>> = { b: [2, '0b'], o: [8, '0o'], x: [16, '0x'], X: [16, '0X'] }
  if (spec.type === 'c') return pad(String.fromCodePoint(Number(value)), { ...spec, align: spec.align || '<' })
  const base = bases[spec.type]
  if (!base && !['', 'd', 'n'].includes(spec.type)) throw new PlonerunError(`Unknown format code '${spec.type}' for object of type 'int'`)
  let digits = (value < 0n ? -value : value).toString(base?.[0] ?? 10)
  if (spec.type === 'X') digits = digits.toUpperCase()
  return number({ negative: value < 0n, prefix: base && spec.alternate ? base[1] : '', digits, groupBy: base ? 4 : 3 }, spec)
}

interface Parts {
  readonly negative: boolean
  readonly prefix?: string
  readonly digits: string
  readonly groupBy?: number
}

function formatFloat(value: number, spec: Spec): Parts {
  const negative = value < 0 || Object.is(value, -0)
  const size = Math.abs(value)
  if (!Number.isFinite(size)) return { negative, digits: Number.isNaN(value) ? 'nan' : 'inf' }
  return { negative, digits: floatDigits(size, spec) }
}

/** The digits of a float that is not negative. */
function floatDigits(size: number, { type, precision, alternate }: Spec): string {
  switch (type) {
    case 'f':
    case 'F':
      return fixed(size, precision ?? 6)
    case '%':
      return `${fixed(size * 100, precision ?? 6)}%`
    case 'e':
    case 'E': {
      const text = exponential(size, precision ?? 6)
      return type === 'E' ? text.toUpperCase() : text
    }
    case 'g':
    case 'G': {
      const text = general(size, precision ?? 6, alternate)
      return type === 'G' ? text.toUpperCase() : text
    }
    case '':
      return precision === undefined ? floatText(size) : withPoint(general(size, precision, alternate))
    default:
      throw new PlonerunError(`Unknown format code '${type}' for object of type 'float'`)
  }
}

function withPoint(text: string): string {
  return /[.e]/.test(text) ? text : `${text}.0`
}

function exponential(size: number, precision: number): string {
  return size.toExponential(Math.min(precision, 100)).replace(/e([+-])(\d)$/, 'e$10$2')
}

function general(size: number, precision: number, alternate: boolean): string {
  const figures = precision || 1
  const exponent = size === 0 ? 0 : Number(size.toExponential(figures - 1).split('e')[1])
  const text = exponent < -4 || exponent >= figures ? exponential(size, figures - 1) : fixed(size, figures - 1 - exponent)
  if (alternate || !text.includes('.')) return text
  const [digits, power] = text.split('e')
  return digits!.replace(/\.?0+$/, '') + (power === undefined ? '' : `e${power}`)
}

/** Sign, prefix, grouping and padding of a number. */
function number({ negative, prefix = '', digits, groupBy = 3 }: Parts, spec: Spec): string {
  const sign = negative ? '-' : spec.sign === '-' ? '' : spec.sign
  const head = sign + prefix
  const grouped = spec.grouping ? group(digits, spec.grouping, groupBy) : digits
  const align = spec.align || '>'
  if (align !== '=') return pad(head + grouped, { ...spec, align })
  if (spec.grouping && spec.fill === '0') {
    let padded = digits
    while (head.length + group(padded, spec.grouping, groupBy).length < spec.width) padded = `0${padded}`
    return head + group(padded, spec.grouping, groupBy)
  }
  return head + spec.fill.repeat(Math.max(0, spec.width - head.length - grouped.length)) + grouped
}

function group(digits: string, separator: string, size: number): string {
  const whole = /^[\da-fA-F]+/.exec(digits)?.[0] ?? ''
  return whole.replace(new RegExp(`\\B(?=(?:[\\da-fA-F]{${size}})+$)`, 'g'), separator) + digits.slice(whole.length)
}

function pad(text: string, { fill, align, width }: Spec): string {
  const missing = width - Array.from(text).length
  if (missing <= 0) return text
  const before = align === '<' ? 0 : align === '^' ? Math.floor(missing / 2) : missing
  return fill.repeat(before) + text + fill.repeat(missing - before)
}
