/** Filters between sizes for people and numbers of bytes. */
import { PlonerunError } from '../../errors/plonerun-error.ts'
import { isNumeric, toNumber } from '../../values/number.ts'
import { str } from '../../values/print.ts'
import type { Value } from '../../values/value.ts'
import { fixed } from '../format/spec.ts'
import { anything, flag, optional, or, string } from '../plugins/parameter.ts'
import { plugin, type Plugins } from '../plugins/plugin.ts'
import { parseFloatText } from './numbers.ts'

/** Powers of 1024, largest first. */
const LETTERS = ['Y', 'Z', 'E', 'P', 'T', 'G', 'M', 'K', 'B'] as const
const NAMES: Readonly<Record<string, string>> = { Y: 'yotta', Z: 'zetta', E: 'exa', P: 'peta', T: 'tera', G: 'giga', M: 'mega', K: 'kilo', B: '' }

function limitOf(letter: string): number | undefined {
  const index = LETTERS.indexOf(letter as 'B')
  return index < 0 ? undefined : 1024 ** (LETTERS.length - 1 - index)
}

function readable(size: number, isBits: boolean, unit: string | undefined): string {
  const letter = LETTERS.find((candidate) => (unit === undefined ? size >= limitOf(candidate)! : unit.toUpperCase() === candidate)) ?? 'B'
  const base = isBits ? 'bits' : 'Bytes'
  const scaled = size / limitOf(letter)!
  return `${scaled < 0 ? '-' : ''}${fixed(Math.abs(scaled), 2)} ${letter === 'B' ? base : letter + base[0]!}`
}

function sizeOf(given: Value): number {
  const size = typeof given === 'string' ? parseFloatText(given) : isNumeric(given) ? Number(toNumber(given)) : undefined
  if (size === undefined) throw new PlonerunError(`human_readable() failed on bad input: '${str(given)}' is no number`)
  return size
}

function bytes(value: Value, defaultUnit: string | undefined, isBits: boolean): number {
  const match = /^(\d*\.?\d+)(?:\s*([A-Za-z]+))?\s*$/.exec(str(value))
  if (!match) throw new PlonerunError(`human_to_bytes() can't interpret following string: ${str(value)}`)
  const size = Number(match[1])
  const unit = match[2] ?? defaultUnit
  if (unit === undefined) return roundHalfEven(size)
  const letter = unit[0]!.toUpperCase()
  const limit = limitOf(letter)
  if (limit === undefined) throw new PlonerunError(`human_to_bytes() failed to convert ${str(value)} (unit = ${unit}). The suffix must be one of ${LETTERS.join(', ')}`)
  const [word, short] = isBits ? ['bit', 'b'] : ['byte', 'B']
  const abbreviated = letter === 'B' ? short : letter + short
  const isKnown = unit.length === 1 || unit.toLowerCase() === NAMES[letter]! + word || unit === abbreviated
  if (!isKnown) throw new PlonerunError(`human_to_bytes() failed to convert ${str(value)}. Value is not a valid string (expect ${abbreviated} or ${letter === 'B' ? word : letter})`)
  return roundHalfEven(size * limit)
}

function roundHalfEven(value: number): number {
  const floor = Math.floor(value)
  if (value - floor !== 0.5) return Math.round(value)
  return floor % 2 === 0 ? floor : floor + 1
}

export const units: Plugins = {
  human_readable: plugin({ size: anything, isbits: or(flag, false), unit: optional(string) }, ({ size, isbits, unit }) =>
    readable(sizeOf(size), isbits, unit),
  ),
  human_to_bytes: plugin({ size: anything, default_unit: optional(string), isbits: or(flag, false) }, ({ size, default_unit, isbits }) => bytes(size, default_unit, isbits)),
}
