/** The methods of str. */
import { PlonerunError } from '../../errors/plonerun-error.ts'
import { iterate, typeName } from '../../values/python.ts'
import { isList, tuple } from '../../values/tuple.ts'
import type { Value } from '../../values/value.ts'
import { formatBraces } from '../format/braces.ts'
import { anything, flag, int, keywords, optional, or, rest, string } from '../plugins/parameter.ts'
import { plugin, type Plugins } from '../plugins/plugin.ts'
import { characters, length, slice, WHITE } from './characters.ts'

const self = { self: string }
const range = { start: optional(int), end: optional(int) }

/** A method without arguments. */
function simple(run: (text: string) => Value) {
  return plugin(self, ({ self }) => run(self))
}

/** A question that every character must answer with yes, and there must be one. */
function every(pattern: RegExp) {
  return simple((text) => pattern.test(text))
}

/** Whether the text has cased letters and all of them are in this case. */
function cased(text: string, convert: (text: string) => string): boolean {
  return text === convert(text) && text.toLowerCase() !== text.toUpperCase()
}

/** Whitespace of Python's str.split and strip. */
const SPACE = new RegExp(`[${WHITE}]+`, 'u')

function splitWhitespace(text: string, limit: number): string[] {
  let remainder = strip(text, undefined, 'left')
  const parts: string[] = []
  while (remainder !== '' && parts.length !== limit) {
    const gap = SPACE.exec(remainder)
    parts.push(remainder.slice(0, gap?.index))
    remainder = gap ? remainder.slice(gap.index + gap[0].length) : ''
  }
  return remainder === '' ? parts : [...parts, remainder]
}

/** Python's str.split with a separator. */
export function splitText(text: string, separator: string | undefined, limit: number): string[] {
  if (separator === undefined) return splitWhitespace(text, limit)
  if (separator === '') throw new PlonerunError('empty separator')
  const parts = text.split(separator)
  return limit < 0 || parts.length <= limit + 1 ? parts : [...parts.slice(0, limit), parts.slice(limit).join(separator)]
}

/** Python's str.rsplit: splits from the right. */
function rsplit(text: string, separator: string | undefined, limit: number): string[] {
  const reverse = (part: string): string => Array.from(part).reverse().join('')
  return splitText(reverse(text), separator === undefined ? undefined : reverse(separator), limit).map(reverse).reverse()
}

/** Python's strip, lstrip and rstrip: whitespace, or any of the given characters. */
export function strip(text: string, chars: string | undefined, side: 'left' | 'right' | 'both'): string {
  const isStripped = chars === undefined ? (character: string) => SPACE.test(character) : (character: string) => chars.includes(character)
  const all = characters(text)
  let [start, end] = [0, all.length]
  if (side !== 'right') while (start < end && isStripped(all[start]!)) start++
  if (side !== 'left') while (end > start && isStripped(all[end - 1]!)) end--
  return slice(all, start, end).join('')
}

/** Python's str.title(): a capital after everything that is no letter. */
function title(text: string): string {
  return text.replace(/\p{L}[\p{L}\p{M}]*/gu, (word) => capitalize(word))
}

/** First character in upper case, the rest in lower. */
export function capitalize(text: string): string {
  const [first = '', ...others] = text
  return first.toUpperCase() + others.join('').toLowerCase()
}

/** The lines of a text, at every line boundary that Python knows. */
export function splitLines(text: string, keepEnds = false): string[] {
  const lines = text.match(/[^\n\r\v\f\x1c-\x1e\x85\u2028\u2029]*(?:\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029])|[^\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+$/g) ?? []
  return keepEnds ? lines : lines.map((line) => line.replace(/(?:\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029])$/, ''))
}

/** The texts of an argument that is one str or a tuple of them. */
function alternatives(value: Value, method: string): string[] {
  const texts = isList(value) ? value : [value]
  if (texts.every((text) => typeof text === 'string')) return texts
  throw new PlonerunError(`${method} first arg must be str or a tuple of str, not ${typeName(value)}`)
}

function part(text: string, start: number | undefined, end: number | undefined): string {
  return start === undefined && end === undefined ? text : slice(characters(text), start, end).join('')
}

/** Where a text occurs, counted in characters; -1 when it does not. */
function find(text: string, wanted: string, start: number | undefined, end: number | undefined, last: boolean): number {
  const searched = part(text, start, end)
  const at = last ? searched.lastIndexOf(wanted) : searched.indexOf(wanted)
  if (at < 0) return -1
  const size = length(text)
  const offset = start === undefined ? 0 : start < 0 ? Math.max(0, start + size) : start
  return offset + length(searched.slice(0, at))
}

function found(index: number): number {
  if (index < 0) throw new PlonerunError('substring not found')
  return index
}

function justify(text: string, width: number, fill: string, side: 'left' | 'right' | 'center'): string {
  if (length(fill) !== 1) throw new PlonerunError('The fill character must be exactly one character long')
  const missing = Math.max(0, width - length(text))
  const before = side === 'left' ? 0 : side === 'right' ? missing : Math.floor(missing / 2) + (missing & width & 1)
  return fill.repeat(before) + text + fill.repeat(missing - before)
}

function partition(text: string, separator: string, last: boolean): Value {
  if (separator === '') throw new PlonerunError('empty separator')
  const at = last ? text.lastIndexOf(separator) : text.indexOf(separator)
  if (at < 0) return last ? tuple('', '', text) : tuple(text, '', '')
  return tuple(text.slice(0, at), separator, text.slice(at + separator.length))
}

function replace(text: string, from: string, to: string, count: number): string {
  if (count < 0) return text.replaceAll(from, () => to)
  let rest = text
  let result = ''
  for (let done = 0; done < count; done++) {
    const at = rest.indexOf(from)
    if (at < 0 || (from === '' && rest === '')) break
    const skip = from === '' ? 1 : 0
    result += rest.slice(0, at) + to + rest.slice(at, at + skip)
    rest = rest.slice(at + from.length + skip)
  }
  return result + rest
}

const side = { ...self, width: int, fillchar: or(string, ' ') }
const separated = { ...self, sep: optional(string), maxsplit: or(int, -1) }
const trimmed = { ...self, chars: optional(string) }
const searched = { ...self, sub: string, ...range }

export const stringMethods: Plugins = {
  capitalize: simple(capitalize),
  casefold: simple((text) => text.toLowerCase().replaceAll('ß', 'ss')),
  center: plugin(side, ({ self, width, fillchar }) => justify(self, width, fillchar, 'center')),
  count: plugin(searched, ({ self, sub, start, end }) => (sub === '' ? length(part(self, start, end)) + 1 : part(self, start, end).split(sub).length - 1)),
  endswith: plugin({ ...self, suffix: anything, ...range }, ({ self, suffix, start, end }) => alternatives(suffix, 'endswith').some((text) => part(self, start, end).endsWith(text))),
  expandtabs: plugin({ ...self, tabsize: or(int, 8) }, ({ self, tabsize }) => expandTabs(self, tabsize)),
  find: plugin(searched, ({ self, sub, start, end }) => find(self, sub, start, end, false)),
  format: plugin({ ...self, args: rest, kwargs: keywords }, ({ self, args, kwargs }, { item }) => formatBraces(self, { positional: args, named: kwargs, item })),
  format_map: plugin({ ...self, mapping: anything }, ({ self, mapping }, { item }) => {
    const named = new Map<string, Value>()
    if (mapping instanceof Map) for (const [key, value] of mapping) if (typeof key === 'string') named.set(key, value)
    return formatBraces(self, { positional: [], named, item })
  }),
  index: plugin(searched, ({ self, sub, start, end }) => found(find(self, sub, start, end, false))),
  isalnum: every(/^[\p{L}\p{N}]+$/u),
  isalpha: every(/^\p{L}+$/u),
  isascii: simple((text) => /^[\x00-\x7f]*$/.test(text)),
  isdecimal: every(/^\p{Nd}+$/u),
  isdigit: every(/^[\p{Nd}\xb2\xb3\xb9\u2070\u2074-\u2079\u2080-\u2089]+$/u),
  isidentifier: every(/^[\p{L}_][\p{L}\p{N}\p{M}_]*$/u),
  islower: simple((text) => cased(text, (part) => part.toLowerCase())),
  isnumeric: every(/^\p{N}+$/u),
  isprintable: simple((text) => !/[^\P{C}]|[\p{Zl}\p{Zp}]|(?! )\p{Zs}/u.test(text)),
  isspace: every(new RegExp(`^[${WHITE}]+$`, 'u')),
  istitle: simple((text) => cased(text, title)),
  isupper: simple((text) => cased(text, (part) => part.toUpperCase())),
  join: plugin({ ...self, iterable: anything }, ({ self, iterable }) => join(self, iterable)),
  ljust: plugin(side, ({ self, width, fillchar }) => justify(self, width, fillchar, 'left')),
  lower: simple((text) => text.toLowerCase()),
  lstrip: plugin(trimmed, ({ self, chars }) => strip(self, chars, 'left')),
  partition: plugin({ ...self, sep: string }, ({ self, sep }) => partition(self, sep, false)),
  removeprefix: plugin({ ...self, prefix: string }, ({ self, prefix }) => (self.startsWith(prefix) ? self.slice(prefix.length) : self)),
  // Bytes are not told from text here: they print and hash alike.
  encode: plugin({ ...self, encoding: or(string, 'utf-8'), errors: or(string, 'strict') }, ({ self }) => self),
  removesuffix: plugin({ ...self, suffix: string }, ({ self, suffix }) => (suffix && self.endsWith(suffix) ? self.slice(0, -suffix.length) : self)),
  replace: plugin({ ...self, old: string, new: string, count: or(int, -1) }, ({ self, old, new: to, count }) => replace(self, old, to, count)),
  rfind: plugin(searched, ({ self, sub, start, end }) => find(self, sub, start, end, true)),
  rindex: plugin(searched, ({ self, sub, start, end }) => found(find(self, sub, start, end, true))),
  rjust: plugin(side, ({ self, width, fillchar }) => justify(self, width, fillchar, 'right')),
  rpartition: plugin({ ...self, sep: string }, ({ self, sep }) => partition(self, sep, true)),
  rsplit: plugin(separated, ({ self, sep, maxsplit }) => rsplit(self, sep, maxsplit)),
  rstrip: plugin(trimmed, ({ self, chars }) => strip(self, chars, 'right')),
  split: plugin(separated, ({ self, sep, maxsplit }) => splitText(self, sep, maxsplit)),
  splitlines: plugin({ ...self, keepends: or(flag, false) }, ({ self, keepends }) => splitLines(self, keepends)),
  startswith: plugin({ ...self, prefix: anything, ...range }, ({ self, prefix, start, end }) => alternatives(prefix, 'startswith').some((text) => part(self, start, end).startsWith(text))),
  strip: plugin(trimmed, ({ self, chars }) => strip(self, chars, 'both')),
  swapcase: simple((text) => Array.from(text, (character) => (character === character.toUpperCase() ? character.toLowerCase() : character.toUpperCase())).join('')),
  title: simple(title),
  upper: simple((text) => text.toUpperCase()),
  zfill: plugin({ ...self, width: int }, ({ self, width }) => {
    const sign = /^[+-]/.test(self) ? self[0]! : ''
    return sign + self.slice(sign.length).padStart(width - sign.length, '0')
  }),
}

/** Python's separator.join(items): every item must be a str. */
function join(separator: string, value: Value): string {
  const items = iterate(value)
  if (!items) throw new PlonerunError('can only join an iterable')
  return [...items]
    .map((item, index) => {
      if (typeof item === 'string') return item
      throw new PlonerunError(`sequence item ${index}: expected str instance, ${typeName(item)} found`)
    })
    .join(separator)
}

function expandTabs(text: string, size: number): string {
  let column = 0
  return text.replace(/\t|[\r\n]|[^\t\r\n]+/g, (piece) => {
    if (piece === '\t') {
      const spaces = size > 0 ? size - (column % size) : 0
      column += spaces
      return ' '.repeat(spaces)
    }
    column = piece === '\n' || piece === '\r' ? 0 : column + length(piece)
    return piece
  })
}
