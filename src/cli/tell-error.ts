/** Tells the person what went wrong, and what it was good for as an exit code. */
import { renderError } from '../errors/excerpt.ts'
import { PlonerunError } from '../errors/plonerun-error.ts'
import { formatPosition } from '../errors/position.ts'
import type { Warning } from '../load/warning.ts'
import { createStyle } from '../report/style.ts'
import { wantsColours } from './colours.ts'
import type { Outcome } from './exit-codes.ts'
import { version } from './version.ts'

/** Writes a warning to stderr, for commands without reports. */
export function tellWarning({ message, position }: Warning): void {
  process.stderr.write(`warning  ${message}${position ? `  ${formatPosition(position)}` : ''}\n`)
}

/** Writes the error to stderr. An error that is not made for the person is a fault of plonerun's own, and said to be one. */
export function tellError(error: unknown): Outcome {
  const style = createStyle(wantsColours(process.stderr))
  if (error instanceof PlonerunError) {
    process.stderr.write(`${renderError(error, { bad: style.red, dim: style.dim, width: process.stderr.columns })}\n`)
    return { input: 'input', task: 'failed', unreachable: 'unreachable', interrupted: 'interrupted' }[error.kind] as Outcome
  }
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
  process.stderr.write(`${style.red('fault')}  plonerun ${version} on Node ${process.versions.node} met an error that it did not foresee\n${text}\nThis should not happen: please report it with the text above.\n`)
  return 'fault'
}
