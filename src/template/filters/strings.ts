/** Filters of text. */
import { PlonerunError } from '../../errors/plonerun-error.ts'
import { isNumeric, toNumber } from '../../values/number.ts'
import { str } from '../../values/print.ts'
import { tuple } from '../../values/tuple.ts'
import type { Value } from '../../values/value.ts'
import { formatPercent } from '../format/percent.ts'
import { fixed } from '../../values/fixed.ts'
import { characters, length, slice, WHITE } from '../methods/characters.ts'
import { capitalize, splitLines, splitText, strip, stringMethods } from '../methods/string.ts'
import { anything, flag, int, keywords, number, optional, or, rest, string, text } from '../plugins/parameter.ts'
import { call, plugin, type Plugins } from '../plugins/plugin.ts'
import { pprint } from './pprint.ts'
import { wrapText } from './text-wrap.ts'

const value = { value: text }

/** What a word of Jinja's title begins behind. */
const WORD_START = new RegExp(`([-${WHITE}({[<]+)`, 'u')

export const strings: Plugins = {
  upper: plugin(value, ({ value }) => value.toUpperCase()),
  lower: plugin(value, ({ value }) => value.toLowerCase()),
  capitalize: plugin(value, ({ value }) => capitalize(value)),
  title: plugin(value, ({ value }) => value.split(WORD_START).map(capitalize).join('')),
  trim: plugin({ ...value, chars: optional(string) }, ({ value, chars }) => strip(value, chars, 'both')),
  center: plugin({ ...value, width: or(int, 80) }, ({ value, width }, environment) => call(stringMethods['center']!, 'center', [value, width], new Map(), environment)),
  string: plugin(value, ({ value }) => value),
  format: plugin({ ...value, args: rest, kwargs: keywords }, ({ value, args, kwargs }) => {
    if (args.length && kwargs.size) throw new PlonerunError("can't handle positional and keyword arguments at the same time")
    return formatPercent(value, kwargs.size ? new Map<Value, Value>(kwargs) : tuple(...args))
  }),
  replace: plugin({ ...value, old: text, new: text, count: optional(int) }, (args, environment) => call(stringMethods['replace']!, 'replace', [args.value, args.old, args.new, args.count ?? -1], new Map(), environment)),
  indent: plugin({ ...value, width: or(anything, 4), first: or(flag, false), blank: or(flag, false) }, ({ value, width, first, blank }) => {
    if (typeof width !== 'string' && !isNumeric(width)) throw new PlonerunError("'width' must be an int or a str")
    const indention = typeof width === 'string' ? width : ' '.repeat(Math.max(0, Number(toNumber(width))))
    const [head = '', ...others] = splitLines(`${value}\n`)
    const lines = [head, ...others.map((line) => (line || blank ? indention + line : line))]
    return (first ? indention : '') + lines.join('\n')
  }),
  truncate: plugin({ ...value, length: or(int, 255), killwords: or(flag, false), end: or(string, '...'), leeway: or(int, 5) }, (args) => {
    if (args.length < length(args.end)) throw new PlonerunError(`expected length >= ${length(args.end)}, got ${args.length}`)
    const all = characters(args.value)
    if (all.length <= args.length + args.leeway) return args.value
    const kept = slice(all, 0, args.length - length(args.end)).join('')
    return (args.killwords || !kept.includes(' ') ? kept : kept.slice(0, kept.lastIndexOf(' '))) + args.end
  }),
  wordwrap: plugin(
    { ...value, width: or(int, 79), break_long_words: or(flag, true), wrapstring: optional(string), break_on_hyphens: or(flag, true) },
    ({ value, width, break_long_words, wrapstring, break_on_hyphens }) => {
      const newline = wrapstring ?? '\n'
      return splitLines(value)
        .map((line) => wrapText(line, width, { breakLongWords: break_long_words, breakOnHyphens: break_on_hyphens }).join(newline))
        .join(newline)
    },
  ),
  wordcount: plugin(value, ({ value }) => value.match(/[\p{L}\p{N}_]+/gu)?.length ?? 0),
  escape: plugin(value, ({ value }) => escapeHtml(value)),
  e: plugin(value, ({ value }) => escapeHtml(value)),
  forceescape: plugin(value, ({ value }) => escapeHtml(value)),
  safe: plugin(value, ({ value }) => value),
  striptags: plugin(value, ({ value }) => unescapeHtml(value.replace(/<!--[\s\S]*?-->/g, '').replace(/<[^>]*>/g, '')).split(/\s+/u).filter(Boolean).join(' ')),
  xmlattr: plugin({ value: anything, autospace: or(flag, true) }, ({ value, autospace }) => attributes(value, autospace)),
  split: plugin({ value: string, sep: optional(string), maxsplit: or(int, -1) }, ({ value, sep, maxsplit }) => splitText(value, sep, maxsplit)),
  splitlines: plugin(value, ({ value }) => splitLines(value)),
  quote: plugin({ value: anything }, ({ value }) => quoteForShell(value === null ? '' : str(value))),
  comment: plugin({ ...value, style: or(text, 'plain'), options: keywords }, ({ value, style, options }) => comment(value, style, options)),
  pprint: plugin({ value: anything }, ({ value }) => pprint(value)),
  filesizeformat: plugin({ value: anything, binary: or(flag, false) }, ({ value, binary }) => fileSize(typeof value === 'string' ? Number(value) : number.convert(value, 'value'), binary)),
}

export function escapeHtml(value: string): string {
  return value.replaceAll('&', '&amp;').replaceAll('>', '&gt;').replaceAll('<', '&lt;').replaceAll("'", '&#39;').replaceAll('"', '&#34;')
}

function unescapeHtml(value: string): string {
  const named: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: '\xa0' }
  return value.replace(/&(?:#(\d+)|#[xX]([\da-fA-F]+)|(\w+));/g, (whole, decimal?: string, hex?: string, name?: string) => {
    if (decimal) return String.fromCodePoint(Number(decimal))
    if (hex) return String.fromCodePoint(Number.parseInt(hex, 16))
    return named[name!] ?? whole
  })
}

function attributes(value: Value, autospace: boolean): string {
  if (!(value instanceof Map)) throw new PlonerunError('xmlattr: a dict is needed')
  const pairs = [...value].filter(([, item]) => item !== null).map(([key, item]) => `${escapeHtml(str(key))}="${escapeHtml(str(item))}"`)
  return (autospace && pairs.length ? ' ' : '') + pairs.join(' ')
}

/** A word as the shell reads it back, as Python's shlex.quote writes it. */
export function quoteForShell(word: string): string {
  if (word === '') return "''"
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'"'"'`)}'`
}

const COMMENT_STYLES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  plain: { decoration: '# ' },
  erlang: { decoration: '% ' },
  c: { decoration: '// ' },
  cblock: { beginning: '/*', decoration: ' * ', end: ' */' },
  xml: { beginning: '<!--', decoration: ' - ', end: '-->' },
}

/** A text as a comment in the style of a language, each part of which can be given. */
function comment(value: string, style: string, options: ReadonlyMap<string, Value>): string {
  const defaults = Object.hasOwn(COMMENT_STYLES, style) ? COMMENT_STYLES[style]! : undefined
  if (!defaults) throw new PlonerunError(`Invalid style '${style}'`, { hint: `known are ${Object.keys(COMMENT_STYLES).join(', ')}` })
  const option = (name: string, otherwise: string): string => str(options.get(name) ?? defaults[name] ?? otherwise)
  const [newline, decoration, beginning, end] = [option('newline', '\n'), option('decoration', ''), option('beginning', ''), option('end', '')]
  const bare = decoration.trimEnd()
  const [prefix, postfix] = [option('prefix', bare), option('postfix', bare)]
  const head = prefix === '' ? '' : (prefix === newline ? newline : prefix + newline).repeat(Number(option('prefix_count', '1')))
  const lines = (decoration + value.replaceAll(newline, newline + decoration)).replaceAll(decoration + newline, bare + newline)
  const tail = (newline + postfix).repeat(Number(option('postfix_count', '1')))
  return (beginning && beginning + newline) + head + lines + tail + (end && newline + end)
}

function fileSize(bytes: number, binary: boolean): string {
  const base = binary ? 1024 : 1000
  const units = binary ? ['KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB', 'ZiB', 'YiB'] : ['kB', 'MB', 'GB', 'TB', 'PB', 'EB', 'ZB', 'YB']
  if (bytes === 1) return '1 Byte'
  if (bytes < base) return `${Math.trunc(bytes)} Bytes`
  const index = units.findIndex((_, power) => bytes < base ** (power + 2))
  const power = index < 0 ? units.length - 1 : index
  return `${fixed(bytes / base ** (power + 1), 1)} ${units[power]!}`
}

