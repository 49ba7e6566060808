/** Python's `'…' % value`: %s, %r, %d, %05.2f, %(name)s and the others. */
import { PlonerunError } from '../../errors/plonerun-error.ts'
import { getItem } from '../../values/dict.ts'
import { isInteger, isNumeric, toNumber } from '../../values/number.ts'
import { repr, str } from '../../values/print.ts'
import { typeName } from '../../values/python.ts'
import { isList, Tuple } from '../../values/tuple.ts'
import type { Value } from '../../values/value.ts'
import { formatValue } from './spec.ts'

const PATTERN = /%(?:\((?<key>[^()]*)\))?(?<flags>[-+ #0]*)(?<width>\d+|\*)?(?<dot>\.(?<precision>\d+|\*)?)?[hlL]?(?<type>[a-zA-Z%])?/g

/** The text with its conversions replaced by the values: a tuple's in order, a dict's by name, or the one value. */
export function formatPercent(format: string, values: Value): string {
  const args: readonly Value[] = values instanceof Tuple ? values : [values]
  let next = 0
  let named = false
  const take = (): Value => {
    if (next >= args.length) throw new PlonerunError('not enough arguments for format string')
    return args[next++]!
  }
  const text = format.replace(PATTERN, (...match: unknown[]) => {
    const groups = match.at(-1) as Readonly<Record<string, string | undefined>>
    if (groups['type'] === '%') return '%'
    if (groups['type'] === undefined) throw new PlonerunError('incomplete format')
    let flags = groups['flags'] ?? ''
    let width = groups['width'] === '*' ? Number(toNumber(take() as number)) : Number(groups['width'] ?? 0)
    if (width < 0) [flags, width] = [`${flags}-`, -width]
    const dot = groups['dot'] !== undefined
    const precision = groups['precision'] === '*' ? Number(toNumber(take() as number)) : groups['precision'] === undefined ? (dot ? 0 : undefined) : Number(groups['precision'])
    if (groups['key'] !== undefined) named = true
    const value = groups['key'] === undefined ? take() : byName(values, groups['key'])
    return convert(groups['type'], flags, width, precision, value)
  })
  // Of what can be asked for items, Python does not mind what is left.
  if (next < args.length && !named && !(values instanceof Map) && (!isList(values) || values instanceof Tuple)) throw new PlonerunError('not all arguments converted during string formatting')
  return text
}

function byName(values: Value, key: string): Value {
  if (!(values instanceof Map)) throw new PlonerunError('format requires a mapping')
  const value = getItem(values, key)
  if (value === undefined) throw new PlonerunError(`the dict has no key ${repr(key)}`)
  return value
}

function convert(type: string, flags: string, width: number, precision: number | undefined, value: Value): string {
  const left = flags.includes('-')
  const align = left ? '<' : flags.includes('0') ? '0=' : '>'
  if (type === 's' || type === 'r' || type === 'a') {
    const text = type === 's' ? str(value) : repr(value)
    return formatValue(text, `${left ? '<' : '>'}${width}${precision === undefined ? '' : `.${precision}`}`)
  }
  if (type === 'c') {
    const character = typeof value === 'string' ? value : isInteger(value) ? String.fromCodePoint(Number(value)) : ''
    if (Array.from(character).length !== 1) throw new PlonerunError('%c requires int or char')
    return formatValue(character, `${left ? '<' : '>'}${width}`)
  }
  const sign = flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : ''
  const alternate = flags.includes('#') ? '#' : ''
  if ('diuxXo'.includes(type)) {
    const integer = asInteger(type, value)
    const spec = 'diu'.includes(type) ? 'd' : type
    if (precision === undefined) return formatValue(integer, `${align}${sign}${alternate}${width}${spec}`)
    const digits = formatValue(integer < 0n ? -integer : integer, `${alternate}${spec}`).padStart(precision, '0')
    return formatValue(`${integer < 0n ? '-' : sign}${digits}`, `${left ? '<' : '>'}${width}`)
  }
  if (!'eEfFgG'.includes(type)) throw new PlonerunError(`unsupported format character '${type}'`)
  if (!isNumeric(value)) throw new PlonerunError(`must be real number, not ${typeName(value)}`)
  const size = Number(toNumber(value))
  return formatValue(Number.isInteger(size) ? BigInt(size) : size, `${align}${sign}${alternate}${width}${precision === undefined ? '' : `.${precision}`}${type}`)
}

function asInteger(type: string, value: Value): bigint {
  if (isNumeric(value) && (isInteger(value) || typeof value === 'boolean' || 'diu'.includes(type))) {
    const number = toNumber(value)
    return typeof number === 'bigint' ? number : BigInt(Math.trunc(number))
  }
  throw new PlonerunError(`%${type} format: ${'xXo'.includes(type) ? 'an integer' : 'a real number'} is required, not ${typeName(value)}`)
}
