/** The words of code in a template: names, strings, numbers and operators. */
import tokens from 'nunjucks/src/lexer.js'
import { toFloat } from '../../values/float.ts'
import { toInteger } from '../../values/number.ts'
import type { Value } from '../../values/value.ts'
import { unescapeString } from './escapes.ts'

/** A token without its place. */
interface Word {
  readonly type: string
  readonly value: Value
  /** Index of what follows it. */
  readonly end: number
}

const OPERATORS = ['**', '//', '==', '!=', '<=', '>=', '+', '-', '/', '*', '%', '~', '[', ']', '(', ')', '{', '}', '<', '>', '=', '.', ':', '|', ',', ';']
const TYPES: Readonly<Record<string, string>> = {
  '(': tokens.TOKEN_LEFT_PAREN,
  ')': tokens.TOKEN_RIGHT_PAREN,
  '[': tokens.TOKEN_LEFT_BRACKET,
  ']': tokens.TOKEN_RIGHT_BRACKET,
  '{': tokens.TOKEN_LEFT_CURLY,
  '}': tokens.TOKEN_RIGHT_CURLY,
  ',': tokens.TOKEN_COMMA,
  ':': tokens.TOKEN_COLON,
  '~': tokens.TOKEN_TILDE,
  '|': tokens.TOKEN_PIPE,
}

/**
 * The word that begins at an index where there is no space.
 * @param rawStrings backslashes in strings stand for themselves
 * @param fail throws what is wrong with the word
 */
export function scanWord(text: string, at: number, rawStrings: boolean, fail: (message: string) => never): Word {
  const code = text.charCodeAt(at)
  if (code === 0x22 || code === 0x27) return scanString(text, at, rawStrings, fail)
  if (isDigit(code)) return scanNumber(text, at)
  if (isNameStart(code)) return scanName(text, at)
  const operator = OPERATORS.find((candidate) => text.startsWith(candidate, at))
  if (!operator) return fail(`unexpected character '${String.fromCodePoint(text.codePointAt(at)!)}'`)
  return { type: TYPES[operator] ?? tokens.TOKEN_OPERATOR, value: operator, end: at + operator.length }
}

function scanName(text: string, at: number): Word {
  let end = at + 1
  while (end < text.length && isNamePart(text.charCodeAt(end))) end++
  return { type: tokens.TOKEN_SYMBOL, value: text.slice(at, end), end }
}

function scanString(text: string, at: number, raw: boolean, fail: (message: string) => never): Word {
  const quote = text[at]!
  let end = at + 1
  while (end < text.length && text[end] !== quote) end += text[end] === '\\' ? 2 : 1
  if (end >= text.length) return fail(`this string is never closed: ${quote} is missing`)
  const body = text.slice(at + 1, end)
  return { type: tokens.TOKEN_STRING, value: raw ? body : unescapeString(body), end: end + 1 }
}

/** An int (decimal, 0x, 0o, 0b, with underscores) or a float. After a dot it is an index: `a.0.1`. */
function scanNumber(text: string, at: number): Word {
  const rest = text.slice(at, at + 400)
  const based = /^0(?:[xX](?:_?[\da-fA-F])+|[oO](?:_?[0-7])+|[bB](?:_?[01])+)/.exec(rest)
  const whole = based?.[0] ?? /^\d+(?:_\d+)*/.exec(rest)![0]
  const afterDot = text[at - 1] === '.'
  const fraction = based || afterDot ? '' : (/^(?:\.\d+(?:_\d+)*)?(?:[eE][+-]?\d+(?:_\d+)*)?/.exec(rest.slice(whole.length))?.[0] ?? '')
  const digits = (whole + fraction).replaceAll('_', '')
  const value = fraction ? toFloat(Number(digits)) : toInteger(BigInt(digits))
  return { type: fraction ? tokens.TOKEN_FLOAT : tokens.TOKEN_INT, value, end: at + whole.length + fraction.length }
}

/** What Python's regular expressions call white space. */
export function isSpace(code: number): boolean {
  return code === 0x20 || (code >= 0x09 && code <= 0x0d) || (code >= 0x1c && code <= 0x1f) || code === 0x85 || code === 0xa0
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39
}

function isNameStart(code: number): boolean {
  return (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a) || code === 0x5f || (code >= 0x80 && !isSpace(code))
}

function isNamePart(code: number): boolean {
  return isNameStart(code) || isDigit(code)
}
