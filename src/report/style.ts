/** Colours and words of a task's status. */
import picocolors from 'picocolors'
import type { TaskStatus } from '../engine/events.ts'

export type Style = ReturnType<typeof picocolors.createColors>

/** @param colours whether escape sequences may be written */
export function createStyle(colours: boolean): Style {
  return picocolors.createColors(colours)
}

export type Status = TaskStatus | 'unreachable'

/** The word for a status: in check mode nothing changes, it would. */
export function statusWord(status: Status, check: boolean): string {
  return check && status === 'changed' ? 'would change' : status
}

/** A text in the colour of a status. */
export function paint(style: Style, status: Status, text: string): string {
  switch (status) {
    case 'ok':
      return style.green(text)
    case 'changed':
      return style.yellow(text)
    case 'skipped':
      return style.dim(text)
    case 'unknown':
      return style.magenta(text)
    case 'ignored':
    case 'rescued':
      return style.cyan(text)
    case 'failed':
    case 'unreachable':
      return style.red(text)
  }
}
