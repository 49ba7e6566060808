/** What every renderer is made from, and what it gives. */
import type { Emit } from '../engine/events.ts'
import type { Style } from './style.ts'

export interface Report {
  readonly emit: Emit
  /** Frees the terminal for a question to the person; what it gives takes the terminal again. */
  suspend?(): Promise<() => void>
  /** Called once after the last event, also when the run broke off. */
  end?(): Promise<void>
}

export interface ReportOptions {
  /** Takes finished text, newlines included. */
  readonly write: (text: string) => void
  readonly style: Style
  /** How often -v was given. */
  readonly verbosity: number
  readonly stats: boolean
}
