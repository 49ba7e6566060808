/** From Python's regular expressions to JavaScript's, with the same matches. */
import { PlonerunError } from '../../errors/plonerun-error.ts'
import { WHITE } from '../methods/characters.ts'

export interface RegexFlags {
  readonly ignoreCase?: boolean
  readonly multiline?: boolean
  readonly dotAll?: boolean
}

const WORD = '\\p{L}\\p{N}_'
/** Classes that hold more characters in Python than in JavaScript, as they stand inside brackets. */
const CLASSES: Readonly<Record<string, string>> = { d: '\\p{Nd}', w: WORD, s: WHITE }
const BOUNDARY = `(?:(?<=[${WORD}])(?![${WORD}])|(?<![${WORD}])(?=[${WORD}]))`
const NO_BOUNDARY = `(?:(?<=[${WORD}])(?=[${WORD}])|(?<![${WORD}])(?![${WORD}]))`
const CONTROL: Readonly<Record<string, string>> = { a: '\\x07', f: '\\f', n: '\\n', r: '\\r', t: '\\t', v: '\\v' }
const SYNTAX = /[\\^$.*+?()[\]{}|/]/

/** A compiled pattern. Throws a PlonerunError when Python would not take it, or JavaScript cannot say it. */
export function compileRegex(pattern: string, flags: RegexFlags = {}, sticky = false): RegExp {
  const { source, ignoreCase } = new Translator(pattern, flags).translate()
  try {
    return new RegExp(source, `u${sticky ? 'y' : 'g'}${ignoreCase ? 'i' : ''}`)
  } catch (error) {
    throw new PlonerunError(`the regular expression '${pattern}' is not valid`, { why: (error as Error).message.replace(/^.*\/[gimsuy]*: /s, '').replace(/^./, (first) => first.toLowerCase()) })
  }
}

class Translator {
  readonly #pattern: string
  #index = 0
  #ignoreCase: boolean
  #multiline: boolean
  #dotAll: boolean
  #verbose = false

  constructor(pattern: string, { ignoreCase = false, multiline = false, dotAll = false }: RegexFlags) {
    this.#pattern = pattern
    this.#ignoreCase = ignoreCase
    this.#multiline = multiline
    this.#dotAll = dotAll
  }

  translate(): { source: string; ignoreCase: boolean } {
    let source = ''
    while (this.#index < this.#pattern.length) source += this.#next()
    return { source, ignoreCase: this.#ignoreCase }
  }

  #next(): string {
    const character = this.#pattern[this.#index]!
    switch (character) {
      case '\\':
        return this.#escape()
      case '[':
        return this.#brackets()
      case '(':
        return this.#group()
      case '.':
        this.#index++
        return this.#dotAll ? '[\\s\\S]' : '[^\\n]'
      case '^':
        this.#index++
        return this.#multiline ? '(?<![^\\n])' : '^'
      case '$':
        this.#index++
        return this.#multiline ? '(?=\\n|(?![\\s\\S]))' : '(?=\\n?(?![\\s\\S]))'
      case '{':
        return this.#braces()
      case '}':
      case ']':
        this.#index++
        return `\\${character}`
      case '*':
      case '+':
      case '?':
        return this.#quantifier(character)
      default:
        return this.#literal(character)
    }
  }

  #literal(character: string): string {
    if (this.#verbose && /\s/.test(character)) {
      this.#index++
      return ''
    }
    if (this.#verbose && character === '#') {
      const end = this.#pattern.indexOf('\n', this.#index)
      this.#index = end < 0 ? this.#pattern.length : end + 1
      return ''
    }
    const whole = String.fromCodePoint(this.#pattern.codePointAt(this.#index)!)
    this.#index += whole.length
    return whole === '/' ? '\\/' : whole
  }

  #quantifier(character: string): string {
    this.#index++
    if (this.#pattern[this.#index] === '+') this.#fail('possessive quantifiers are not supported')
    return character
  }

  /** `{2,5}`, `{,5}`, or braces that stand for themselves. */
  #braces(): string {
    const match = /^\{(\d*)(,?)(\d*)\}/.exec(this.#pattern.slice(this.#index, this.#index + 40))
    if (!match || (match[1] === '' && match[3] === '')) {
      this.#index++
      return '\\{'
    }
    this.#index += match[0].length
    return `{${match[1] || '0'}${match[2]!}${match[3]!}}`
  }

  #escape(): string {
    const letter = this.#pattern[this.#index + 1]
    if (letter === undefined) this.#fail('a backslash ends it')
    const number = /^(?:0[0-7]{0,2}|[1-9]\d?)/.exec(this.#pattern.slice(this.#index + 1, this.#index + 4))?.[0]
    if (number) {
      this.#index += 1 + number.length
      return number.startsWith('0') ? `\\x${Number.parseInt(number, 8).toString(16).padStart(2, '0')}` : `(?:\\${number})`
    }
    const shared = this.#sharedEscape(letter)
    if (shared !== undefined) return shared
    this.#index += 2
    switch (letter) {
      case 'A':
        return '(?<![\\s\\S])'
      case 'Z':
        return '(?![\\s\\S])'
      case 'b':
        return BOUNDARY
      case 'B':
        return NO_BOUNDARY
      default:
        if (/[dws]/.test(letter)) return `[${CLASSES[letter]!}]`
        if (/[DWS]/.test(letter)) return `[^${CLASSES[letter.toLowerCase()]!}]`
        if (/[a-zA-Z]/.test(letter)) this.#fail(`\\${letter} means nothing in it`)
        return SYNTAX.test(letter) ? `\\${letter}` : letter
    }
  }

  /** Escapes that mean the same inside and outside of brackets. */
  #sharedEscape(letter: string): string | undefined {
    if (CONTROL[letter]) {
      this.#index += 2
      return CONTROL[letter]
    }
    const hex = /^(?:x[\da-fA-F]{2}|u[\da-fA-F]{4}|U[\da-fA-F]{8})/.exec(this.#pattern.slice(this.#index + 1, this.#index + 10))?.[0]
    if (!hex) return undefined
    this.#index += 1 + hex.length
    return `\\u{${hex.slice(1)}}`
  }

  #brackets(): string {
    this.#index++
    const negated = this.#pattern[this.#index] === '^'
    if (negated) this.#index++
    let content = ''
    for (let first = true; first || this.#pattern[this.#index] !== ']'; first = false) {
      if (this.#index >= this.#pattern.length) this.#fail('a ] is missing')
      content += this.#classItem()
    }
    this.#index++
    return `[${negated ? '^' : ''}${content}]`
  }

  #classItem(): string {
    const character = this.#pattern[this.#index]!
    if (character !== '\\') {
      const whole = String.fromCodePoint(this.#pattern.codePointAt(this.#index)!)
      this.#index += whole.length
      return /[[\]^\\/]/.test(whole) ? `\\${whole}` : this.#hyphen(whole)
    }
    const letter = this.#pattern[this.#index + 1]
    if (letter === undefined) this.#fail('a backslash ends it')
    const octal = /^[0-7]{1,3}/.exec(this.#pattern.slice(this.#index + 1, this.#index + 4))?.[0]
    if (octal) {
      this.#index += 1 + octal.length
      return `\\x${Number.parseInt(octal, 8).toString(16).padStart(2, '0')}`
    }
    const shared = this.#sharedEscape(letter)
    if (shared !== undefined) return shared
    this.#index += 2
    if (letter === 'b') return '\\x08'
    if (/[dws]/.test(letter)) return CLASSES[letter]!
    if (letter === 'D') return '\\P{Nd}'
    if (letter === 'S') return '\\S'
    if (letter === 'W') return '\\W'
    if (/[a-zA-Z]/.test(letter)) this.#fail(`\\${letter} means nothing in it`)
    return SYNTAX.test(letter) || letter === '-' ? `\\${letter}` : letter
  }

  /** A hyphen beside a class is a character for Python and an error for JavaScript. */
  #hyphen(character: string): string {
    if (character !== '-') return character
    const before = this.#pattern.slice(this.#index - 3, this.#index - 1)
    const after = this.#pattern.slice(this.#index, this.#index + 2)
    return /\\[dwsDWS]$/.test(before) || /^\\[dwsDWS]/.test(after) ? '\\-' : '-'
  }

  #group(): string {
    const rest = this.#pattern.slice(this.#index)
    const take = (match: RegExpExecArray, translated: string): string => {
      this.#index += match[0].length
      return translated
    }
    const named = /^\(\?P<([^>]+)>/.exec(rest)
    if (named) return take(named, `(?<${named[1]!}>`)
    const reference = /^\(\?P=([^)]+)\)/.exec(rest)
    if (reference) return take(reference, `\\k<${reference[1]!}>`)
    const comment = /^\(\?#[^)]*\)/.exec(rest)
    if (comment) return take(comment, '')
    const flags = /^\(\?([aiLmsux]+)\)/.exec(rest)
    if (flags) {
      if (this.#index > 0) this.#fail('flags such as (?i) must stand at its start')
      this.#set(flags[1]!)
      return take(flags, '')
    }
    const scoped = /^\(\?([aimsux]*)(?:-[imsx]+)?:/.exec(rest)
    if (scoped) {
      this.#set(scoped[1]!)
      return take(scoped, '(?:')
    }
    const look = /^\((?:\?(?:=|!|<=|<!))?/.exec(rest)!
    if (look[0] === '(' && rest[1] === '?') this.#fail(`${rest.slice(0, 4)} is not supported`)
    return take(look, look[0])
  }

  #set(flags: string): void {
    this.#ignoreCase ||= flags.includes('i')
    this.#multiline ||= flags.includes('m')
    this.#dotAll ||= flags.includes('s')
    this.#verbose ||= flags.includes('x')
  }

  #fail(why: string): never {
    throw new PlonerunError(`the regular expression '${this.#pattern}' is not valid`, { why })
  }
}
