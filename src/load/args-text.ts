/** Module arguments written as text: `src=a dest="b c"`, and the free form of command and its kin. */
import { PlonerunError } from '../errors/plonerun-error.ts'
import type { Position } from '../errors/position.ts'

/** A word of the text: what it says, and its offsets. */
interface Word {
  readonly text: string
  readonly start: number
  readonly end: number
}

export interface ArgsText {
  readonly options: readonly { readonly name: string; readonly value: string; readonly offset: number }[]
  /** What is left when the options are taken out. */
  readonly rest: string
  /** Where the rest starts. */
  readonly restOffset: number
}

const ESCAPE = /\\(?:U[0-9a-fA-F]{8}|u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|[\\'"abfnrtv])/g
const SHORT_ESCAPES: Readonly<Record<string, string>> = { a: '\x07', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' }

/**
 * Takes the `name=value` words out of a text. Quotes and template braces keep words together.
 * @param known in the free form, only these names are options; undefined takes every name
 * @param position of the text, for the error when a quote or brace is never closed
 */
export function parseArgsText(text: string, known: ReadonlySet<string> | undefined, position: Position | undefined): ArgsText {
  const options: ArgsText['options'][number][] = []
  const kept: Word[] = []
  for (const word of splitWords(text, position)) {
    // set_fact takes names from templates.
    const [, name, value] = /^((?:[^\s=\\{"']|\{\{(?:(?!\}\}).)*\}\})+)=(.*)$/s.exec(word.text) ?? []
    if (name === undefined || value === undefined || (known !== undefined && !known.has(name))) kept.push(word)
    else options.push({ name, value: unquote(unescape(value).trim()), offset: word.start + name.length + (isQuoted(value) ? 2 : 1) })
  }
  if (options.length === 0) return { options, rest: withoutContinuations(text, kept), restOffset: 0 }
  const words = kept.filter((word) => !isContinuation(word))
  const rest = words.map(({ start, end }, index) => text.slice(start, index === words.length - 1 && gapEnd(text, end) < text.length ? end : gapEnd(text, end)))
  return { options, rest: rest.join(''), restOffset: words[0]?.start ?? 0 }
}

/** The first word of `copy src=a dest=b`, and the text behind it. */
export function firstWord(text: string): { readonly word: string; readonly rest: string; readonly restOffset: number } {
  const [whole, word] = /^\s*((?:\{\{.*?\}\}|\S)+)\s*/s.exec(text) ?? ['', '']
  return { word: word ?? '', rest: text.slice(whole.length), restOffset: whole.length }
}

/** Words are separated by spaces and newlines outside of quotes and of {{ }}, {% %} and {# #}. */
function splitWords(text: string, position: Position | undefined): Word[] {
  const words: Word[] = []
  const open: string[] = []
  let quote = ''
  let start = -1
  for (let index = 0; index < text.length; index++) {
    const char = text[index]!
    const pair = text.slice(index, index + 2)
    if (start === -1 && (char === ' ' || char === '\n')) continue
    if (start === -1) start = index
    if (quote !== '') {
      if (char === quote && text[index - 1] !== '\\') quote = ''
    } else if (CLOSING[pair] !== undefined) {
      open.push(CLOSING[pair])
    } else if (pair === open.at(-1)) {
      open.pop()
    } else if ((char === '"' || char === "'") && text[index - 1] !== '\\') {
      quote = char
    } else if ((char === ' ' || char === '\n') && open.length === 0) {
      words.push({ text: text.slice(start, index), start, end: index })
      start = -1
    }
  }
  if (quote !== '' || open.length > 0) {
    throw new PlonerunError(quote === '' ? `a template is not closed: ${open.at(-1)!} is missing` : `a quote is not closed: ${quote} is missing`, { where: position })
  }
  if (start !== -1) words.push({ text: text.slice(start), start, end: text.length })
  return words
}

const CLOSING: Readonly<Record<string, string>> = { '{{': '}}', '{%': '%}', '{#': '#}' }

/** The end of the white space that starts at an offset. */
function gapEnd(text: string, offset: number): number {
  return offset + /^[ \n]*/.exec(text.slice(offset))![0].length
}

/** A backslash of its own joins its line with the next; YAML may have made a space of the line's end by then. */
function isContinuation({ text }: Word): boolean {
  return text === '\\'
}

/** Takes out the continuations, each with the white space that ends its line. */
function withoutContinuations(text: string, words: readonly Word[]): string {
  const cuts = words.filter(isContinuation)
  return [...cuts, undefined].map((cut, index) => text.slice(index === 0 ? 0 : cuts[index - 1]!.end + 1, cut?.start)).join('')
}

function unescape(text: string): string {
  return text.replace(ESCAPE, (escape) => {
    const kind = escape[1]!
    return escape.length > 2 ? String.fromCodePoint(Number.parseInt(escape.slice(2), 16)) : (SHORT_ESCAPES[kind] ?? kind)
  })
}

/** Takes a pair of quotes off that encloses the whole. */
function unquote(text: string): string {
  return isQuoted(text) ? text.slice(1, -1) : text
}

function isQuoted(text: string): boolean {
  const [first, last] = [text[0], text.at(-1)]
  return text.length > 1 && first === last && (first === '"' || first === "'") && text.at(-2) !== '\\'
}
