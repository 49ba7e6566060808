/** What lineinfile does to a text. */
import { replacer } from '../../template/regex/replace.ts'
import { endLastLine, searcher, splitLines, stripNewline } from './lines.ts'

export interface LineWish {
  readonly line: string
  readonly regexp?: string | undefined
  readonly search_string?: string | undefined
  /** BOF, EOF or a regular expression. */
  readonly insertafter?: string | undefined
  readonly insertbefore?: string | undefined
  readonly backrefs: boolean
  readonly firstmatch: boolean
}

/** Makes the line be there: in the place of the line that matches, or where it is to be inserted. */
export function ensureLine(text: string, wish: LineWish): { readonly text: string; readonly message: '' | 'line added' | 'line replaced' } {
  const lines = splitLines(text)
  const found = findLine(lines, wish)
  if (found) {
    const line = wish.backrefs && found.match ? replacer(wish.line)(found.match) : wish.line
    return replaceLine(lines, found.index, line)
  }
  const { same, index } = findPlace(lines, wish)
  if (same !== undefined) return replaceLine(lines, same, wish.line)
  // Without a match there is nothing that the references could stand for.
  if (wish.backrefs) return { text, message: '' }
  return insertLine(lines, index, wish)
}

function replaceLine(lines: string[], index: number, line: string): ReturnType<typeof ensureLine> {
  const ended = line.endsWith('\n') ? line : `${line}\n`
  const message = lines[index] === ended ? '' : 'line replaced'
  return { text: lines.with(index, ended).join(''), message }
}

/** The last line that matches regexp or holds search_string; the first with firstmatch. */
function findLine(lines: readonly string[], { regexp, search_string, firstmatch }: LineWish): { readonly index: number; readonly match?: RegExpExecArray } | undefined {
  const search = regexp === undefined ? undefined : searcher(regexp)
  let found: { index: number; match?: RegExpExecArray } | undefined
  for (const [index, line] of lines.entries()) {
    const match = search?.(line)
    if (!match && !(search_string !== undefined && line.includes(search_string))) continue
    found = { index, ...(match && { match }) }
    if (firstmatch) break
  }
  return found
}

/** The line that is already the same, and the place that insertafter or insertbefore means. */
function findPlace(lines: readonly string[], { line: wanted, insertafter, insertbefore, firstmatch }: LineWish): { readonly same?: number; readonly index?: number } {
  const pattern = insertafter === undefined || insertafter === 'BOF' || insertafter === 'EOF' ? (insertbefore === 'BOF' ? undefined : insertbefore) : insertafter
  const search = pattern === undefined ? undefined : searcher(pattern)
  let same: number | undefined
  let index: number | undefined
  for (const [at, line] of lines.entries()) {
    if (stripNewline(line) === wanted) same = at
    else if (search?.(line)) {
      index = insertafter === undefined ? at : at + 1
      if (firstmatch) break
    }
  }
  return { ...(same !== undefined && { same }), ...(index !== undefined && { index }) }
}

function insertLine(lines: string[], index: number | undefined, { line, insertafter, insertbefore }: LineWish): ReturnType<typeof ensureLine> {
  const ended = `${line}\n`
  const at = insertbefore === 'BOF' || insertafter === 'BOF' ? 0 : (index ?? lines.length)
  if (insertafter !== undefined && index !== undefined) {
    // It may stand there already, with an end of its own that makes it another line.
    const neighbour = lines[index] ?? lines.at(-1)
    if (neighbour !== undefined && stripNewline(neighbour) === line) return { text: lines.join(''), message: '' }
  }
  if (at === lines.length) endLastLine(lines)
  return { text: lines.toSpliced(at, 0, ended).join(''), message: 'line added' }
}

/** Takes every line away that matches regexp, holds search_string, or is the line. */
export function removeLines(text: string, { line, regexp, search_string }: Pick<LineWish, 'regexp' | 'search_string'> & { readonly line?: string | undefined }): { readonly text: string; readonly found: number } {
  const search = regexp === undefined ? undefined : searcher(regexp)
  const matches = (each: string): boolean => {
    if (search) return search(each) !== null
    return search_string === undefined ? stripNewline(each) === line : each.includes(search_string)
  }
  const lines = splitLines(text)
  const kept = lines.filter((each) => !matches(each))
  return { text: kept.join(''), found: lines.length - kept.length }
}
