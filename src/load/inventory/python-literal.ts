/** Values of an INI inventory, which are read as Python literals: numbers, strings, lists, dicts; anything else is text. */
import { toFloat } from '../../values/float.ts'
import type { Value } from '../../values/value.ts'

/** The literal that a text is, or undefined when it is none. Tuples and sets become lists. */
export function pythonLiteral(text: string): Value | undefined {
  const scanner = new Scanner(text)
  try {
    const value = scanner.value()
    const items = [value]
    while (scanner.take(',')) {
      if (scanner.atEnd()) return scanner.finish(items)
      items.push(scanner.value())
    }
    return scanner.finish(items.length > 1 ? items : value)
  } catch (error) {
    if (error instanceof NoLiteral) return undefined
    throw error
  }
}

class NoLiteral extends Error {}

const NUMBER = /[-+]?(?:0[xX][\da-fA-F_]+|0[oO][0-7_]+|0[bB][01_]+|(?:\d[\d_]*)?\.?\d[\d_]*\.?(?:[eE][-+]?\d+)?)/y
/** An ellipsis or a complex number: no value of playbooks, so it stays text. */
const ODD = /\.\.\.|[-+]?(?:\d[\d_]*\.?\d*|\.\d+)(?:[eE][-+]?\d+)?[jJ]/y
const EMPTY_SET = /set\(\s*\)/y
const STRING = /([rRuUbB]{0,2})('''|"""|'|")/y
const WORD = /[A-Za-z_]\w*/y
const WORDS: ReadonlyMap<string, Value> = new Map<string, Value>([
  ['True', true],
  ['False', false],
  ['None', null],
])
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', a: '\x07', b: '\b', f: '\f', v: '\v', '\\': '\\', "'": "'", '"': '"', '\n': '' }

class Scanner {
  readonly #text: string
  #offset = 0

  constructor(text: string) {
    this.#text = text
  }

  value(): Value {
    this.#space()
    const next = this.#text[this.#offset]
    if (next === '[') return this.#list('[', ']')
    if (next === '(') return this.#tuple()
    if (next === '{') return this.#dictOrSet()
    if (this.#peek(STRING)) return this.#strings()
    const odd = this.#match(ODD)?.[0]
    if (odd !== undefined) return odd
    if (this.#match(EMPTY_SET)) return []
    if (this.#peek(NUMBER)) return this.#number()
    const word = this.#match(WORD)?.[0] ?? ''
    const known = WORDS.get(word)
    if (known === undefined) throw new NoLiteral()
    return known
  }

  take(mark: string): boolean {
    this.#space()
    if (!this.#text.startsWith(mark, this.#offset)) return false
    this.#offset += mark.length
    return true
  }

  /** Nothing is left but white space and a comment. */
  atEnd(): boolean {
    return /^\s*(?:#.*)?$/s.test(this.#text.slice(this.#offset))
  }

  finish(value: Value): Value | undefined {
    return this.atEnd() ? value : undefined
  }

  #list(open: string, close: string): Value[] {
    this.take(open)
    const items: Value[] = []
    while (!this.take(close)) {
      items.push(this.value())
      if (!this.take(',') && !this.#text.startsWith(close, this.#spaced())) throw new NoLiteral()
    }
    return items
  }

  /** A value in parentheses is the value itself; only a comma makes a tuple. */
  #tuple(): Value {
    const start = this.#offset
    const items = this.#list('(', ')')
    const inside = this.#text.slice(start, this.#offset - 1).trimEnd()
    return items.length === 1 && !inside.endsWith(',') ? items[0]! : items
  }

  #dictOrSet(): Value {
    this.take('{')
    if (this.take('}')) return new Map()
    const start = this.#offset
    const first = this.value()
    if (!this.take(':')) {
      this.#offset = start
      return this.#list('', '}')
    }
    const dict = new Map([[first, this.value()]])
    while (!this.take('}')) {
      if (!this.take(',')) throw new NoLiteral()
      if (this.take('}')) break
      const key = this.value()
      if (!this.take(':')) throw new NoLiteral()
      dict.set(key, this.value())
    }
    return dict
  }

  /** Strings next to each other are one. */
  #strings(): string {
    let text = ''
    while (this.#peek(STRING)) {
      text += this.#string()
      this.#space()
    }
    return text
  }

  #string(): string {
    const [, prefix = '', quote = ''] = this.#match(STRING)!
    const raw = /r/i.test(prefix)
    let text = ''
    while (!this.#text.startsWith(quote, this.#offset)) {
      const char = this.#text[this.#offset]
      if (char === undefined || (char === '\n' && quote.length === 1)) throw new NoLiteral()
      text += char === '\\' ? this.#escape(raw) : char
      if (char !== '\\') this.#offset++
    }
    this.#offset += quote.length
    return text
  }

  #escape(raw: boolean): string {
    if (raw) {
      this.#offset += 2
      return this.#text.slice(this.#offset - 2, this.#offset)
    }
    const numeric = /^\\(?:x[\da-fA-F]{2}|u[\da-fA-F]{4}|U[\da-fA-F]{8}|[0-7]{1,3})/.exec(this.#text.slice(this.#offset, this.#offset + 10))?.[0]
    if (numeric !== undefined) {
      this.#offset += numeric.length
      return String.fromCodePoint(/^\\[xuU]/.test(numeric) ? Number.parseInt(numeric.slice(2), 16) : Number.parseInt(numeric.slice(1), 8))
    }
    const kind = this.#text[this.#offset + 1] ?? ''
    this.#offset += 2
    return ESCAPES[kind] ?? `\\${kind}`
  }

  #number(): Value {
    const text = this.#match(NUMBER)![0]
    if (/[\w.]/.test(this.#text[this.#offset] ?? '')) throw new NoLiteral()
    const digits = text.replaceAll('_', '')
    const unsigned = digits.replace(/^[-+]/, '')
    if (/^0\d/.test(unsigned) && !/[.eE]/.test(unsigned) && !/^0+$/.test(unsigned)) throw new NoLiteral()
    if (/^0[xXoObB]/.test(unsigned) || /^\d+$/.test(unsigned)) {
      const size = BigInt(unsigned)
      const value = text.startsWith('-') ? -size : size
      return Number.isSafeInteger(Number(value)) ? Number(value) : value
    }
    const value = Number(digits)
    if (Number.isNaN(value)) throw new NoLiteral()
    return toFloat(value)
  }

  #space(): void {
    this.#offset = this.#spaced()
  }

  #spaced(): number {
    return this.#offset + /^\s*/.exec(this.#text.slice(this.#offset))![0].length
  }

  #peek(pattern: RegExp): boolean {
    pattern.lastIndex = this.#offset
    return pattern.test(this.#text)
  }

  #match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#offset
    const match = pattern.exec(this.#text)
    if (match !== null) this.#offset = pattern.lastIndex
    return match
  }
}
