/** An error as a person reads it: what, where, the lines around it with a mark, why, and what to do. */
import { readFileSync } from 'node:fs'
import type { PlonerunError } from './plonerun-error.ts'
import { formatPosition, type Position } from './position.ts'

export interface ErrorStyle {
  /** Paths below it are shown without it. */
  readonly from?: string
  /** Columns of the terminal; lines are not cut without it. */
  readonly width?: number
  /** How many lines to show before and after; 2 unless set. */
  readonly context?: number
  /** How many lines to show after, if not as many as before. */
  readonly after?: number
  /** Colours for the message, for what is secondary, and for the mark. */
  readonly bad?: (text: string) => string
  readonly dim?: (text: string) => string
}

/** The whole text of an error, without a line break at its end. */
export function renderError(error: PlonerunError, style: ErrorStyle = {}): string {
  const { bad = same, dim = same, from } = style
  const parts = [bad(error.message)]
  if (error.where !== undefined && error.where.file !== '') parts.push(dim(formatPosition(error.where, from)), ...excerpt(error.where, { width: 100, ...style }))
  if (error.why !== undefined) parts.push(`why: ${error.why}`)
  if (error.hint !== undefined) parts.push(`hint: ${error.hint}`)
  return parts.join('\n')
}

/** The line of a position with those before and after it, and a mark below its column. Empty when the file cannot be read or is encrypted. */
export function excerpt({ file, line, column }: Position, { context = 2, after = context, width = Infinity, bad = same, dim = same }: ErrorStyle = {}): string[] {
  const lines = linesOf(file)
  if (line < 1 || line > lines.length) return []
  const first = Math.max(1, line - context)
  const last = Math.min(lines.length, line + after)
  const gutter = String(last).length
  const space = Math.max(20, width - gutter - 3)
  // A long line is shown from where its place is in sight.
  const skip = column > space - 10 ? column - Math.floor(space / 2) : 0

  const rows: string[] = []
  for (let number = first; number <= last; number++) {
    const text = cut(lines[number - 1]!, number === line ? skip : 0, space)
    rows.push(`${dim(`${String(number).padStart(gutter)} |`)}${text === '' ? '' : ` ${text}`}`)
    if (number === line) rows.push(`${dim(`${' '.repeat(gutter)} |`)} ${' '.repeat(Math.max(0, column - 1 - skip))}${bad('^')}`)
  }
  return rows
}

function linesOf(file: string): string[] {
  try {
    const text = readFileSync(file, 'utf8')
    return text.startsWith('$ANSIBLE_VAULT') ? [] : text.replace(/\n$/, '').split(/\r?\n/)
  } catch {
    return []
  }
}

/** A part of a line, with dots where it goes on. Tabs become one space each, so that columns stay. */
function cut(line: string, skip: number, space: number): string {
  const text = line.replaceAll('\t', ' ').trimEnd()
  const part = text.slice(skip, skip + space)
  return `${skip > 0 ? '…' : ''}${part.slice(skip > 0 ? 1 : 0, text.length > skip + space ? -1 : undefined)}${text.length > skip + space ? '…' : ''}`
}

function same(text: string): string {
  return text
}
