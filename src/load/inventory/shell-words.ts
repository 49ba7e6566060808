/** A line of an INI inventory as words, split as a shell would. */
import { PlonerunError } from '../../errors/plonerun-error.ts'
import type { Position } from '../../errors/position.ts'

export interface ShellWord {
  readonly text: string
  /** Where it starts in the line. */
  readonly offset: number
}

/** Quotes and backslashes are taken off; an unquoted # starts a comment, also within a word. */
export function shellWords(line: string, where: Position): ShellWord[] {
  const words: ShellWord[] = []
  let text = ''
  let start = -1
  let quote = ''
  const finish = (): void => {
    if (start !== -1) words.push({ text, offset: start })
    text = ''
    start = -1
  }
  for (let index = 0; index < line.length; index++) {
    const char = line[index]!
    if (quote === '' && /\s/.test(char)) {
      finish()
      continue
    }
    if (quote === '' && char === '#') break
    if (start === -1) start = index
    if (char === quote) quote = ''
    else if (quote === '' && (char === '"' || char === "'")) quote = char
    else if (char === '\\' && (quote === '' || (quote === '"' && /["\\]/.test(line[index + 1] ?? '')))) text += line[++index] ?? ''
    else text += char
  }
  if (quote !== '') throw new PlonerunError(`a quote is not closed: ${quote} is missing`, { where })
  finish()
  return words
}
