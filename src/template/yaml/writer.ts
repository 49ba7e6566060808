/** Writes the marks and scalars of YAML, minding columns, as libyaml's emitter does. */
import { BREAK, isPrintable, type Style } from './scalar-style.ts'

const ESCAPES: Readonly<Record<string, string>> = {
  '\0': '0',
  '\x07': 'a',
  '\b': 'b',
  '\t': 't',
  '\n': 'n',
  '\v': 'v',
  '\f': 'f',
  '\r': 'r',
  '\x1b': 'e',
  '"': '"',
  '\\': '\\',
  '\x85': 'N',
  '\xa0': '_',
  '\u2028': 'L',
  '\u2029': 'P',
}

export class Writer {
  text = ''
  column = 0
  /** Nothing but indentation and `-` stands on the line yet. */
  indention = true
  /** The newlines at the end of the last scalar belong to it, so the document needs an end mark. */
  openEnded = false
  readonly width: number
  #whitespace = true

  constructor(width: number) {
    this.width = width
  }

  raw(text: string): void {
    this.text += text
    this.column += Array.from(text).length
  }

  line(): void {
    if (this.column === 0) return
    this.#newline()
  }

  #newline(): void {
    this.text += '\n'
    this.column = 0
    this.#whitespace = true
    this.indention = true
  }

  /** A mark such as `-`, `:` or `[`, with a space before it when asked for and none is there. */
  indicator(mark: string, needsSpace: boolean, isSpace = false, isIndention = false): void {
    this.raw(needsSpace && !this.#whitespace ? ` ${mark}` : mark)
    this.#whitespace = isSpace
    this.indention = this.indention && isIndention
    this.openEnded = false
  }

  /** To the column of an indentation, on a new line unless the line holds nothing but what may stand before it. */
  toIndent(indent: number): void {
    const column = Math.max(0, indent)
    if (!this.indention || this.column > column || (this.column === column && !this.#whitespace)) this.#newline()
    if (this.column < column) this.raw(' '.repeat(column - this.column))
    this.#whitespace = true
    this.indention = true
  }

  /** A scalar in its style; further lines are indented by `indent`. `mayBreak`: it may go on over lines. */
  scalar(text: string, style: Style, indent: number, mayBreak: boolean, step: number): void {
    this.openEnded = false
    switch (style) {
      case 'plain':
        this.#plain(text, indent, mayBreak)
        break
      case 'single':
        this.indicator("'", true)
        this.#folding(text.replaceAll("'", "''"), indent, mayBreak)
        this.indicator("'", false)
        break
      case 'double':
        this.#double(text, indent, mayBreak)
        break
      default:
        this.#block(text, style, indent, step)
    }
    this.#whitespace = false
    this.indention = false
  }

  #plain(text: string, indent: number, mayBreak: boolean): void {
    if (text === '') return
    if (!this.#whitespace) this.raw(' ')
    this.#folding(text, indent, mayBreak)
  }

  /** Text in which a line break is written twice, and a long line is broken at a single space. */
  #folding(text: string, indent: number, mayBreak: boolean): void {
    const characters = Array.from(text)
    let [spaces, breaks] = [false, false]
    characters.forEach((character, index) => {
      if (character === ' ') {
        const isInner = index > 0 && index < characters.length - 1
        if (mayBreak && !spaces && this.column > this.width && isInner && characters[index + 1] !== ' ') this.toIndent(indent)
        else this.raw(character)
        spaces = true
      } else if (BREAK.test(character)) {
        if (!breaks && character === '\n') this.#newline()
        this.#break(character)
        this.indention = true
        breaks = true
      } else {
        if (breaks) this.toIndent(indent)
        this.raw(character)
        this.indention = false
        ;[spaces, breaks] = [false, false]
      }
    })
    if (breaks) this.toIndent(indent)
  }

  #break(character: string): void {
    if (character === '\n') this.#newline()
    else {
      this.text += character
      this.column = 0
    }
  }

  #double(text: string, indent: number, mayBreak: boolean): void {
    this.indicator('"', true)
    const characters = Array.from(text)
    let spaces = false
    characters.forEach((character, index) => {
      if (!isPrintable(character) || BREAK.test(character) || character === '"' || character === '\\') {
        this.raw(escaped(character))
        spaces = false
      } else if (character === ' ') {
        if (mayBreak && !spaces && this.column > this.width && index > 0 && index < characters.length - 1) {
          this.toIndent(indent)
          if (characters[index + 1] === ' ') this.raw('\\')
        } else this.raw(character)
        spaces = true
      } else {
        this.raw(character)
        spaces = false
      }
    })
    this.indicator('"', false)
  }

  /** `|` or `>` with the text below it. */
  #block(text: string, style: 'literal' | 'folded', indent: number, step: number): void {
    const hint = /^[ \n]/.test(text) ? String(step) : ''
    const end = text.endsWith('\n') ? (text === '\n' || text.endsWith('\n\n') ? '+' : '') : '-'
    this.indicator((style === 'literal' ? '|' : '>') + hint + end, true)
    const lines = text.replace(/\n$/, '').split('\n')
    this.#newline()
    lines.forEach((line, index) => {
      if (line !== '') {
        this.toIndent(indent || step)
        if (style === 'literal') this.raw(line)
        else this.#folding(line, indent || step, !line.startsWith(' '))
      }
      if (index === lines.length - 1) return
      this.text += '\n'
      this.column = 0
      this.indention = true
      if (style === 'folded' && line !== '' && !line.startsWith(' ') && lines[index + 1] !== undefined && !/^ |^$/.test(lines[index + 1]!)) this.text += '\n'
    })
    this.openEnded = end === '+'
  }
}

function escaped(character: string): string {
  const short = ESCAPES[character]
  if (short !== undefined) return `\\${short}`
  const code = character.codePointAt(0)!
  const hex = (size: number): string => code.toString(16).toUpperCase().padStart(size, '0')
  return code <= 0xff ? `\\x${hex(2)}` : code <= 0xffff ? `\\u${hex(4)}` : `\\U${hex(8)}`
}
