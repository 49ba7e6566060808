/** Command lines taken apart as Python's shlex does, and words that the host expands. */
import { PlonerunError } from '../../errors/plonerun-error.ts'
import { quote } from '../../shell/quote.ts'

/**
 * The words of a command line: split at blanks outside of quotes, quotes and backslashes taken away; nothing is expanded.
 * @throws PlonerunError when a quote is not closed or a backslash stands last
 */
export function splitWords(line: string): string[] {
  const words: string[] = []
  let word: string | undefined
  let quoted: '"' | "'" | undefined
  for (let at = 0; at < line.length; at++) {
    const char = line[at]!
    if (quoted === undefined && /\s/.test(char)) {
      if (word !== undefined) words.push(word)
      word = undefined
    } else if (char === quoted) quoted = undefined
    else if (quoted === undefined && (char === '"' || char === "'")) {
      quoted = char
      word ??= ''
    } else if (char === '\\' && quoted !== "'") {
      const next = line[++at]
      if (next === undefined) throw new PlonerunError('the command ends in a backslash', { kind: 'task', why: line })
      // Within double quotes a backslash only takes the meaning of another one and of the quote.
      word = (word ?? '') + (quoted === '"' && next !== '"' && next !== '\\' ? `\\${next}` : next)
    } else word = (word ?? '') + char
  }
  if (quoted !== undefined) throw new PlonerunError(`the command has a quote (${quoted}) that is not closed`, { kind: 'task', why: line })
  if (word !== undefined) words.push(word)
  return words
}

/** Whether the host has to expand something in a word: `~` at its start, `$NAME`, `${NAME}`. */
export function needsExpansion(word: string): boolean {
  return word.startsWith('~') || /\$(?:\w|\{\w+\})/.test(word)
}

/** The word for sh, with `~`, `$NAME` and `${NAME}` expanded; names that are not set stay as written. */
export function expandedWord(word: string): string {
  const home = /^~[A-Za-z0-9._-]*(?=\/|$)/.exec(word)?.[0] ?? ''
  const parts = word.slice(home.length).split(/(\$[A-Za-z_]\w*|\$\{[A-Za-z_]\w*\})/)
  const rest = parts.map((part, index) => {
    if (index % 2 === 0) return part === '' ? '' : quote(part)
    return `"\${${part.replace(/[${}]/g, '')}-${part.replace(/[$}]/g, '\\$&')}}"`
  })
  return home + rest.join('') || "''"
}
