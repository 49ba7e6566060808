/** Words that the host expands. */
import { quote } from '../../shell/quote.ts'

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

/** Whether a path has wildcards. */
export function isPattern(path: string): boolean {
  return /[*?[]/.test(path)
}

/** The pattern for sh: wildcards stay bare, everything else is quoted. */
export function patternWord(pattern: string): string {
  return pattern
    .split(/(\*|\?|\[[!^]?[\w.-]+\])/)
    .map((part, index) => (index % 2 === 1 ? part : part === '' ? '' : expandedWord(part)))
    .join('')
}
