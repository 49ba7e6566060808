/** Splits a command line into words without a shell. */
import { PlonerunError } from '../errors/plonerun-error.ts'

/**
 * The words of a command line as Python's shlex, and so Ansible, splits them: quotes and backslashes count, nothing is
 * expanded. Within double quotes a backslash only takes the meaning of another one and of the quote.
 * @throws PlonerunError when a quote is not closed
 */
export function splitWords(line: string): string[] {
  const words: string[] = []
  let word: string | undefined
  for (const [piece, quoted] of pieces(line)) {
    if (!quoted && /\s/.test(piece)) {
      if (word !== undefined) words.push(word)
      word = undefined
    } else word = (word ?? '') + piece
  }
  return word === undefined ? words : [...words, word]
}

/** Characters and quoted stretches, in their order. */
function* pieces(line: string): Generator<readonly [piece: string, quoted: boolean]> {
  const token = /'([^']*)'|"((?:[^"\\]|\\[^])*)"|\\([^])|([^])/gu
  for (const [whole, single, double, escaped, plain] of line.matchAll(token)) {
    if (single !== undefined) yield [single, true]
    else if (double !== undefined) yield [double.replace(/\\(["\\])/g, '$1'), true]
    else if (escaped !== undefined) yield [escaped, true]
    else if (plain === '"' || plain === "'" || plain === '\\') throw new PlonerunError(`a ${plain === '\\' ? 'backslash ends' : 'quote is not closed in'} the command line: ${line}`)
    else yield [whole, false]
  }
}
