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
  if (count !== undefined && end !== undefined) throw new PlonerunError("can't specify both count and end in with_sequence")
  if (count === undefined && end === undefined) throw new PlonerunError('must specify count or end in with_sequence')
  if (count === 0) return []
  const step = stride ?? (end !== undefined && end < start ? -1 : 1)
  if (step === 0) return []
  // With a negative stride this is beyond the last of `count` numbers: Ansible has it so, and people count on it.
  const last = end ?? start + count! * step - 1
  if (step > 0 ? last < start : last > start) throw new PlonerunError(step > 0 ? 'to count backwards make stride negative' : "to count forward don't make stride negative")
  const numbers: string[] = []
  for (let number = start; step > 0 ? number <= last : number >= last; number += step) numbers.push(formatted(format, number))
  return numbers
}

function formatted(format: string, number: number): string {
  try {
    return formatPercent(format, number)
  } catch (cause) {
    throw new PlonerunError(`bad formatting string: ${format}`, { why: (cause as Error).message, hint: 'it takes one number, as in host%02d', cause })
  }
}

function withoutMissing(bounds: Bounds): Bounds {
  return Object.fromEntries(Object.entries(bounds).filter(([key, value]) => value !== undefined && KEYS.includes(key)))
}

function fromTerm(term: string): Bounds {
  const short = SHORTCUT.exec(term.trim())
  if (short) {
    const [, start, end, stride, format] = short
    return withoutMissing({ start: integer('start', start), end: integer('end', end), stride: integer('stride', stride), format })
  }
  const words = term.match(/(?:"[^"]*"|'[^']*'|\S)+/g) ?? []
  const unknown = words.filter((word) => !KEYS.includes(word.split('=', 1)[0]!))
  if (words.length > 0 && !term.includes('=')) throw new PlonerunError(`sequence: the range '${term}' has an invalid value`, { hint: 'write start=1 end=5, or 1-5' })
  if (unknown.length > 0) throw new PlonerunError(`unrecognized arguments to with_sequence: ${unknown.join(', ')}`, { hint: `known are ${KEYS.join(', ')}` })
  const { options } = inlineOptions(term, KEYS)
  const number = (key: string): number | undefined => integer(key, options.get(key))
  return withoutMissing({ start: number('start'), end: number('end'), count: number('count'), stride: number('stride'), format: options.get('format') })
}

/** An int in decimal, 0x hexadecimal or 0 octal. */
function integer(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const value = Number(/^0[0-7]+$/.test(text) ? `0o${text.slice(1)}` : text)
  if (!Number.isInteger(value)) throw new PlonerunError(`sequence: '${option}' has an invalid value: '${text}' is no whole number`)
  return value
}
