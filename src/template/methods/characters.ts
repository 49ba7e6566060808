/** Strings by code point, as Python counts and slices them. */
import { PlonerunError } from '../../errors/plonerun-error.ts'

/** What Python takes for white space, as the inside of a character class; other than in JavaScript a byte order mark is none. */
export const WHITE = '\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000'

const SURROGATE = /[\ud800-\udfff]/

/** The characters of a text; the text itself when indexes of JavaScript and Python agree on it. */
export function characters(text: string): ArrayLike<string> & Iterable<string> {
  return SURROGATE.test(text) ? Array.from(text) : text
}

export function length(text: string): number {
  return characters(text).length
}

/** The elements that `[start:stop:step]` selects, in order. */
export function slice<T>(items: ArrayLike<T>, start: number | undefined, stop: number | undefined, step = 1): T[] {
  if (step === 0) throw new PlonerunError('slice step cannot be zero')
  const size = items.length
  const clamp = (index: number | undefined, otherwise: number): number => {
    if (index === undefined) return otherwise
    const from = index < 0 ? index + size : index
    return step > 0 ? Math.min(Math.max(from, 0), size) : Math.min(Math.max(from, -1), size - 1)
  }
  const first = clamp(start, step > 0 ? 0 : size - 1)
  const last = clamp(stop, step > 0 ? size : -1)
  const selected: T[] = []
  for (let index = first; step > 0 ? index < last : index > last; index += step) selected.push(items[index]!)
  return selected
}
