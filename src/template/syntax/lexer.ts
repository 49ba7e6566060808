/** Jinja2's tokens, as Nunjucks' parser takes them: text and tags, whitespace control, comments and raw blocks. */
import tokens, { type Token } from 'nunjucks/src/lexer.js'
import { isSpace, scanWord } from './words.ts'

interface Delimiters {
  readonly blockStart: string
  readonly blockEnd: string
  readonly variableStart: string
  readonly variableEnd: string
  readonly commentStart: string
  readonly commentEnd: string
}

export interface LexerOptions extends Delimiters {
  readonly trimBlocks: boolean
  readonly lstripBlocks: boolean
  /** Line ending of the template's own text. */
  readonly newline: string
  /** Backslashes in strings of `{{ }}` stand for themselves, since YAML has had its say already. */
  readonly rawStrings: boolean
}

/** The type of the token that ends every template. */
export const TOKEN_END = 'end'

const CLOSING = { '(': ')', '[': ']', '{': '}' } as const

/** Throws the error with its place: line and column, from 0, within the template. */
export type Fail = (message: string, lineno: number, colno: number) => never

/** Reads a template token by token. `start` says whether it begins in text or, for a bare expression, in code. */
export class JinjaLexer {
  readonly #text: string
  readonly #options: LexerOptions
  readonly #fail: Fail
  #index = 0
  #line = 0
  #lineStart = 0
  #mode: 'text' | 'variable' | 'block' | 'expression'
  #open: string[] = []
  /** Tokens read ahead: a tag that was found while looking for the end of a text. */
  #pending: Token[] = []
  #stripNext = false

  constructor(text: string, options: LexerOptions, fail: Fail, start: 'text' | 'expression' = 'text') {
    this.#text = text
    this.#options = options
    this.#fail = fail
    this.#mode = start
  }

  nextToken(): Token {
    for (;;) {
      const pending = this.#pending.shift()
      if (pending) return pending
      if (this.#mode !== 'text') return this.#code()
      if (this.#index >= this.#text.length) return this.#token(TOKEN_END, 'end of template')
      this.#readText()
    }
  }

  #token(type: string, value: unknown): Token {
    return { type, value, lineno: this.#line, colno: this.#index - this.#lineStart }
  }

  /** Moves to an index ahead, counting lines. */
  #advance(to: number): void {
    for (let at = this.#text.indexOf('\n', this.#index); at >= 0 && at < to; at = this.#text.indexOf('\n', at + 1)) {
      this.#line++
      this.#lineStart = at + 1
    }
    this.#index = to
  }

  /** Text up to the next tag, and the start of that tag. */
  #readText(): void {
    const { blockStart, variableStart, commentStart } = this.#options
    const tag = this.#find([blockStart, variableStart, commentStart])
    const end = tag?.at ?? this.#text.length
    const sign = tag ? this.#sign(end + tag.mark.length) : ''
    this.#emitText(end, sign, tag !== undefined && tag.mark !== variableStart)
    if (!tag) return
    const after = end + tag.mark.length + sign.length
    if (tag.mark === commentStart) {
      this.#skipComment(after)
      return
    }
    if (tag.mark === blockStart && this.#readRaw(after)) return
    const type = tag.mark === variableStart ? tokens.TOKEN_VARIABLE_START : tokens.TOKEN_BLOCK_START
    this.#pending.push(this.#token(type, tag.mark))
    this.#advance(after)
    this.#mode = tag.mark === variableStart ? 'variable' : 'block'
  }

  /** The first of the marks at or after the current place; where two start together, the longer. */
  #find(marks: readonly string[]): { at: number; mark: string } | undefined {
    let found: { at: number; mark: string } | undefined
    for (const mark of marks) {
      const at = this.#text.indexOf(mark, this.#index)
      if (at >= 0 && (!found || at < found.at || (at === found.at && mark.length > found.mark.length))) found = { at, mark }
    }
    return found
  }

  #sign(at: number): '' | '-' | '+' {
    const character = this.#text[at]
    return character === '-' || character === '+' ? character : ''
  }

  /** Emits the text up to `end`, without what whitespace control takes from it. `block`: what follows is not a variable. */
  #emitText(end: number, sign: string, block: boolean): void {
    if (this.#stripNext) this.#advance(this.#skipSpace(this.#index))
    this.#stripNext = false
    if (this.#index >= end) {
      this.#advance(end)
      return
    }
    let text = this.#text.slice(this.#index, end)
    if (sign === '-') text = text.trimEnd()
    else if (sign === '' && block && this.#options.lstripBlocks) text = this.#stripIndent(text)
    if (this.#options.newline !== '\n') text = text.replaceAll('\n', this.#options.newline)
    if (text) this.#pending.push(this.#token(tokens.TOKEN_DATA, text))
    this.#advance(end)
  }

  /** The text without the indentation of its last line, when that line has nothing else. */
  #stripIndent(text: string): string {
    const lineStart = text.lastIndexOf('\n') + 1
    const startsLine = lineStart > 0 || this.#index === this.#lineStart
    return startsLine && text.slice(lineStart).trim() === '' ? text.slice(0, lineStart) : text
  }

  #skipSpace(at: number): number {
    while (at < this.#text.length && isSpace(this.#text.charCodeAt(at))) at++
    return at
  }

  /** After the closing mark of a block or a comment: `-` takes the space that follows, trim_blocks one newline unless `+` says no. */
  #close(after: number, sign: string): void {
    const newline = this.#options.trimBlocks && sign === '' && this.#text[after] === '\n' ? 1 : 0
    this.#advance(after + newline)
    this.#stripNext = sign === '-'
  }

  #skipComment(from: number): void {
    const { commentEnd } = this.#options
    const end = this.#text.indexOf(commentEnd, from)
    if (end < 0) this.#failHere(`this comment is never closed: '${commentEnd}' is missing`)
    this.#close(end + commentEnd.length, end > from ? this.#sign(end - 1) : '')
  }

  /** A raw block whose tag's name would start at `from`; false when it is another tag. */
  #readRaw(from: number): boolean {
    const opened = this.#tagNamed('raw', from)
    if (!opened) return false
    const start = [this.#line, this.#index - this.#lineStart] as const
    this.#advance(opened.after)
    this.#stripNext = opened.sign === '-'
    const { blockStart } = this.#options
    for (let at = this.#text.indexOf(blockStart, this.#index); at >= 0; at = this.#text.indexOf(blockStart, at + 1)) {
      const sign = this.#sign(at + blockStart.length)
      const closed = this.#tagNamed('endraw', at + blockStart.length + sign.length)
      if (!closed) continue
      this.#emitText(at, sign, true)
      this.#close(closed.after, closed.sign)
      return true
    }
    return this.#fail('this raw block is never closed: {% endraw %} is missing', ...start)
  }

  /** A tag that consists of nothing but this name. */
  #tagNamed(name: string, from: number): { after: number; sign: string } | undefined {
    const start = this.#skipSpace(from)
    if (!this.#text.startsWith(name, start)) return undefined
    const end = this.#skipSpace(start + name.length)
    const sign = this.#sign(end)
    if (!this.#text.startsWith(this.#options.blockEnd, end + sign.length)) return undefined
    return { after: end + sign.length + this.#options.blockEnd.length, sign }
  }

  #code(): Token {
    this.#advance(this.#skipSpace(this.#index))
    if (this.#index >= this.#text.length) return this.#token(TOKEN_END, this.#mode === 'expression' ? 'end of expression' : 'end of template')
    const closing = this.#open.length === 0 ? this.#closingTag() : undefined
    if (closing) return closing
    const { type, value, end } = scanWord(this.#text, this.#index, this.#options.rawStrings && this.#mode === 'variable', (message) => this.#failHere(message))
    if (type !== tokens.TOKEN_STRING) this.#matchBracket(value)
    const token = this.#token(type, value)
    this.#advance(end)
    return token
  }

  /** Every bracket is closed by its own kind; while one is open, no tag ends. */
  #matchBracket(value: unknown): void {
    if (value === '(' || value === '[' || value === '{') this.#open.push(CLOSING[value])
    else if (value === ')' || value === ']' || value === '}') {
      const expected = this.#open.pop()
      if (expected !== value) this.#failHere(expected ? `unexpected '${value}', expected '${expected}'` : `unexpected '${value}'`)
    }
  }

  #failHere(message: string): never {
    return this.#fail(message, this.#line, this.#index - this.#lineStart)
  }

  #closingTag(): Token | undefined {
    if (this.#mode === 'expression') return undefined
    const variable = this.#mode === 'variable'
    const mark = variable ? this.#options.variableEnd : this.#options.blockEnd
    const sign = this.#text.startsWith(mark, this.#index) ? '' : this.#sign(this.#index)
    if ((variable && sign === '+') || !this.#text.startsWith(mark, this.#index + sign.length)) return undefined
    const token = this.#token(variable ? tokens.TOKEN_VARIABLE_END : tokens.TOKEN_BLOCK_END, mark)
    const after = this.#index + sign.length + mark.length
    if (variable) {
      this.#advance(after)
      this.#stripNext = sign === '-'
    } else this.#close(after, sign)
    this.#mode = 'text'
    return token
  }
}
