/** Breaks a line into lines of a width, as Python's textwrap.wrap does. */
import { characters, length, slice } from '../methods/characters.ts'
import { strip } from '../methods/string.ts'

interface WrapOptions {
  readonly breakLongWords: boolean
  readonly breakOnHyphens: boolean
}

/** The lines of a text, none wider than `width` characters unless a word is and must not be broken. */
export function wrapText(text: string, width: number, { breakLongWords, breakOnHyphens }: WrapOptions): string[] {
  const chunks = chunksOf(text, breakOnHyphens).reverse()
  const lines: string[] = []
  while (chunks.length) {
    let line: string[] = []
    let used = 0
    if (lines.length && isBlank(chunks.at(-1)!)) chunks.pop()
    while (chunks.length && used + length(chunks.at(-1)!) <= width) {
      const chunk = chunks.pop()!
      line.push(chunk)
      used += length(chunk)
    }
    if (chunks.length && length(chunks.at(-1)!) > width) line = withLongWord(chunks, line, width, used, breakLongWords, breakOnHyphens)
    if (line.length && isBlank(line.at(-1)!)) line.pop()
    if (line.length) lines.push(line.join(''))
  }
  return lines
}

function isBlank(chunk: string): boolean {
  return strip(chunk, undefined, 'both') === ''
}

/** Adds to a line what fits of a word that fits on no line. */
function withLongWord(chunks: string[], line: string[], width: number, used: number, breakLongWords: boolean, breakOnHyphens: boolean): string[] {
  if (!breakLongWords) return line.length ? line : [chunks.pop()!]
  const word = chunks.pop()!
  let room = Math.max(1, width - used)
  if (width < 1) room = 1
  const head = slice(characters(word), 0, room).join('')
  const hyphen = breakOnHyphens ? head.lastIndexOf('-') : -1
  const cut = hyphen > 0 && /[^-]/.test(head.slice(0, hyphen)) && length(word) > room ? hyphen + 1 : head.length
  chunks.push(word.slice(cut))
  return [...line, word.slice(0, cut)]
}

/** Words and the spaces between them; a word is cut after a hyphen between letters, where that is allowed. */
function chunksOf(text: string, breakOnHyphens: boolean): string[] {
  const pieces = text.split(/([\t\n\v\f\r ]+)/).filter(Boolean)
  if (!breakOnHyphens) return pieces
  return pieces.flatMap((piece) => piece.split(/(?<=[^\d\W]-)(?=\w)|(?<=\w)(?=-{2,}\w)|(?<=-{2,})(?=\w)/).filter(Boolean))
}
