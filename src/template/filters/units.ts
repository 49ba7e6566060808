/** Filters between sizes for people and numbers of bytes. */
import { PlonerunError } from '../../errors/plonerun-error.ts'
import { isNumeric, toNumber } from '../../values/number.ts'
import { str } from '../../values/print.ts'
import { LETTERS, limitOf, readableSize } from '../../values/size.ts'
import type { Value } from '../../values/value.ts'
import { anything, flag, optional, or, string } from '../plugins/parameter.ts'
import { plugin, type Plugins } from '../plugins/plugin.ts'
import { parseFloatText } from './numbers.ts'

const NAMES: Readonly<Record<string, string>> = { Y: 'yotta', Z: 'zetta', E: 'exa', P: 'peta', T: 'tera', G: 'giga', M: 'mega', K: 'kilo', B: '' }

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
    readableSize(sizeOf(size), isbits ? 'bits' : 'Bytes', unit),
  ),
  human_to_bytes: plugin({ size: anything, default_unit: optional(string), isbits: or(flag, false) }, ({ size, default_unit, isbits }) => bytes(size, default_unit, isbits)),
}
