/** What --diff shows: unified diffs. */
import { createTwoFilesPatch, FILE_HEADERS_ONLY } from 'diff'
import type { TaskEnded } from '../engine/events.ts'
import { linesOf } from './format.ts'
import type { Style } from './style.ts'

type Diff = TaskEnded['diffs'][number]

/** The lines of a unified diff with three lines of context; none when both sides are equal. */
export function diffLines({ before, after, beforeHeader = 'before', afterHeader = 'after' }: Diff, style: Style): string[] {
  if (before === after) return []
  const patch = createTwoFilesPatch(beforeHeader, afterHeader, before, after, undefined, undefined, { context: 3, headerOptions: FILE_HEADERS_ONLY })
  return linesOf(patch).map((line, index) => (index < 2 ? style.bold(line) : colourLine(line, style)))
}

function colourLine(line: string, style: Style): string {
  if (line.startsWith('@@')) return style.cyan(line)
  if (line.startsWith('+')) return style.green(line)
  if (line.startsWith('-')) return style.red(line)
  return line
}
