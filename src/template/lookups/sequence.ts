/** with_sequence: `start=1 end=5 stride=2 format=host%02d`, or `1-5/2:host%02d`. */
import { PlonerunError } from '../../errors/plonerun-error.ts'
import { formatPercent } from '../format/percent.ts'
import { inlineOptions } from './lookup.ts'

interface Bounds {
  readonly start?: number | undefined
  readonly end?: number | undefined
  readonly count?: number | undefined
  readonly stride?: number | undefined
  readonly format?: string | undefined
}

const SHORTCUT = /^(?:(0x[\da-f]+|\d+)-)?(0x[\da-f]+|\d+)(?:\/(0x[\da-f]+|\d+))?(?::(.+))?$/i
const KEYS = ['start', 'end', 'count', 'stride', 'format']

/** The numbers of a sequence, each in its format. */
export function sequence(term: string, given: Bounds): string[] {
  const { start = 1, end, count, stride, format = '%d' } = { ...withoutMissing(given), ...fromTerm(term) }
  if (count !== undefined && end !== undefined) throw new PlonerunError("sequence: can't specify both count and end")
  if (count === undefined && end === undefined) throw new PlonerunError('sequence: must specify count or end')
  if (count === 0) return []
  const step = stride ?? (end !== undefined && end < start ? -1 : 1)
  if (step === 0) return []
  const last = end ?? start + (count! - 1) * step
  if (step > 0 ? last < start : last > start) throw new PlonerunError(step > 0 ? 'to count backwards make stride negative' : 'to count forward do not make stride negative')
  const numbers: string[] = []
  for (let number = start; step > 0 ? number <= last : number >= last; number += step) numbers.push(formatPercent(format, number))
  return numbers
}

function withoutMissing(bounds: Bounds): Bounds {
  return Object.fromEntries(Object.entries(bounds).filter(([key, value]) => value !== undefined && KEYS.includes(key)))
}

function fromTerm(term: string): Bounds {
  const short = SHORTCUT.exec(term.trim())
  if (short) {
    const [, start, end, stride, format] = short
    return withoutMissing({ start: integer(start), end: integer(end), stride: integer(stride), format })
  }
  const { own, options } = inlineOptions(term, KEYS)
  if (own) throw new PlonerunError(`sequence: '${own}' is neither a range nor an option`, { hint: 'write start=1 end=5, or 1-5' })
  return withoutMissing({ start: integer(options.get('start')), end: integer(options.get('end')), count: integer(options.get('count')), stride: integer(options.get('stride')), format: options.get('format') })
}

/** An int in decimal, 0x hexadecimal or 0 octal. */
function integer(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const value = Number(/^0[0-7]+$/.test(text) ? `0o${text.slice(1)}` : text)
  if (!Number.isInteger(value)) throw new PlonerunError(`sequence: can't parse ${text} as an int`)
  return value
}
