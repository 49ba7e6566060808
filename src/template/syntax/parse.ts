/** From a template's text to its tree: the options, the `#jinja2:` header, and errors with their place. */
import { PlonerunError } from '../../errors/plonerun-error.ts'
import type { Position } from '../../errors/position.ts'
import type { At, Body, Expression } from './ast.ts'
import { JinjaLexer, type LexerOptions } from './lexer.ts'
import { TemplateParser } from './template-parser.ts'

export interface SyntaxOptions extends LexerOptions {
  /** Whether a newline at the very end belongs to the text. */
  readonly keepTrailingNewline: boolean
}

export const DEFAULT_SYNTAX: SyntaxOptions = {
  blockStart: '{%',
  blockEnd: '%}',
  variableStart: '{{',
  variableEnd: '}}',
  commentStart: '{#',
  commentEnd: '#}',
  trimBlocks: true,
  lstripBlocks: false,
  newline: '\n',
  rawStrings: false,
  keepTrailingNewline: false,
}

/** The place of a node, when its source starts at `origin`. */
export function positionOf(at: At, origin: Position): Position {
  return { file: origin.file, line: origin.line + at.lineno, column: origin.column + at.colno }
}

/** Parses a template whose text starts at `origin`. Throws a PlonerunError with the place of what is wrong. */
export function parseTemplate(text: string, origin: Position, options: SyntaxOptions = DEFAULT_SYNTAX): Body {
  const { body, settings, from } = withHeader(normalise(text), origin, options)
  const source = !settings.keepTrailingNewline && body.endsWith('\n') ? body.slice(0, -1) : body
  const fail = failAt(from)
  return new TemplateParser(new JinjaLexer(source, settings, fail), fail).parseTemplate()
}

/** Parses a bare expression, as `when` holds one. Throws a PlonerunError with the place of what is wrong. */
export function parseExpression(text: string, origin: Position): Expression {
  const fail = failAt(origin)
  return new TemplateParser(new JinjaLexer(normalise(text), DEFAULT_SYNTAX, fail, 'expression'), fail).parseWhole()
}

function normalise(text: string): string {
  return text.includes('\r') ? text.replaceAll('\r\n', '\n').replaceAll('\r', '\n') : text
}

function failAt(origin: Position) {
  return (message: string, lineno: number, colno: number): never => {
    throw new PlonerunError(`template: ${message}`, { where: positionOf({ lineno, colno }, origin) })
  }
}

const HEADER = '#jinja2:'
const HEADER_KEYS: Readonly<Record<string, keyof SyntaxOptions>> = {
  block_start_string: 'blockStart',
  block_end_string: 'blockEnd',
  variable_start_string: 'variableStart',
  variable_end_string: 'variableEnd',
  comment_start_string: 'commentStart',
  comment_end_string: 'commentEnd',
  trim_blocks: 'trimBlocks',
  lstrip_blocks: 'lstripBlocks',
  newline_sequence: 'newline',
  keep_trailing_newline: 'keepTrailingNewline',
}

/** The options of a `#jinja2: key:value, …` first line, and the text below it. */
function withHeader(text: string, origin: Position, options: SyntaxOptions): { body: string; settings: SyntaxOptions; from: Position } {
  if (!text.startsWith(HEADER)) return { body: text, settings: options, from: origin }
  const end = text.indexOf('\n')
  if (end < 0) throw new PlonerunError(`template: nothing follows the ${HEADER} line`, { where: origin })
  const settings: Record<string, unknown> = { ...options }
  for (const pair of text.slice(HEADER.length, end).split(',')) {
    if (!pair.includes(':')) throw new PlonerunError(`template: Missing key-value separator ':' in the ${HEADER} line: '${pair.trim()}'`, { where: origin })
    const [name, value] = [pair.slice(0, pair.indexOf(':')).trim(), pair.slice(pair.indexOf(':') + 1).trim()]
    const key = Object.hasOwn(HEADER_KEYS, name) ? HEADER_KEYS[name] : undefined
    if (!key) throw new PlonerunError(`template: unknown option '${pair.trim()}' in the ${HEADER} line`, { where: origin, hint: `known are ${Object.keys(HEADER_KEYS).join(', ')}` })
    settings[key] = headerValue(value)
  }
  return { body: text.slice(end + 1), settings: settings as unknown as SyntaxOptions, from: { ...origin, line: origin.line + 1 } }
}

function headerValue(text: string): string | boolean {
  if (/^(?:True|true)$/.test(text)) return true
  if (/^(?:False|false)$/.test(text)) return false
  return text.replace(/^(['"])(.*)\1$/, '$2').replaceAll('\\n', '\n').replaceAll('\\r', '\r')
}
