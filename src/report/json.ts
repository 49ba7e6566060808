/** --output json: one event a line, as events.ts describes them, each with the time it happened. */
import type { Report } from './report.ts'

/** @param now the time of day; given by tests */
export function json({ write, now = () => new Date() }: { write: (text: string) => void; now?: () => Date }): Report {
  return {
    emit: (event) => write(`${JSON.stringify({ time: now().toISOString(), ...event })}\n`),
  }
}
