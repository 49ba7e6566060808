/** What blockinfile does to a text. */
import { endLastLine, searcher, splitLines } from './lines.ts'

export interface BlockWish {
  /** The lines between the markers; without any the block goes. */
  readonly block: string
  readonly begin: string
  readonly end: string
  /** EOF or a regular expression. */
  readonly insertafter?: string | undefined
  /** BOF or a regular expression. */
  readonly insertbefore?: string | undefined
  readonly append_newline: boolean
  readonly prepend_newline: boolean
}

/** Puts the block where it stands already, or where it is to be inserted. An absent block is an empty one without blank lines around. */
export function ensureBlock(text: string, wish: BlockWish, present: boolean): string {
  const lines = splitLines(text, /\r\n|\n|\r(?!\n)/)
  const [begin, end] = [`${wish.begin}\n`, `${wish.end}\n`]
  const block = present && wish.block !== '' ? [begin, ...splitLines(wish.block.endsWith('\n') ? wish.block : `${wish.block}\n`), end] : []
  const [from, to] = [lines.lastIndexOf(begin), lines.lastIndexOf(end)]
  let at: number
  if (from === -1 || to === -1) at = placeOf(text, lines, wish)
  else {
    at = Math.min(from, to)
    lines.splice(at, Math.abs(to - from) + 1)
  }
  if (at > 0) {
    const above = lines.slice(0, at)
    endLastLine(above)
    lines.splice(0, at, ...above)
  }
  if (present && wish.prepend_newline && at > 0 && lines[at - 1] !== '\n') lines.splice(at++, 0, '\n')
  lines.splice(at, 0, ...block)
  const behind = at + block.length
  if (present && wish.append_newline && behind < lines.length && lines[behind] !== '\n') lines.splice(behind, 0, '\n')
  return lines.join('')
}

/** The index of the line that a new block goes in front of. */
function placeOf(text: string, lines: readonly string[], { insertafter, insertbefore }: BlockWish): number {
  const after = insertbefore === undefined
  const pattern = after ? insertafter : insertbefore
  if (pattern === undefined || (after && pattern === 'EOF')) return lines.length
  if (!after && pattern === 'BOF') return 0
  const search = searcher(pattern)
  let found = -1
  if (/^\(\?[a-z]*m/.test(pattern)) {
    // A pattern over several lines looks at the whole text.
    const match = search(text)
    if (match) found = text.slice(0, after ? match.index + match[0].length : match.index).split('\n').length - 1
  } else found = lines.findLastIndex((line) => search(line) !== null)
  if (found === -1) return lines.length
  return after ? found + 1 : found
}
