/** Warnings and words to the person, said once each. */
import type { Position } from '../errors/position.ts'
import type { RunContext } from './context.ts'
import type { Emit } from './events.ts'

/** What was said of a line before is not said of it again, however many hosts and tasks come by. */
export function noteOnce(emit: Emit): RunContext['note'] {
  const said = new Set<string>()
  return (level, message, where?: Position) => {
    const key = `${level} ${message} ${where ? `${where.file}:${where.line}` : ''}`
    if (said.has(key)) return
    said.add(key)
    emit({ type: 'note', level, message, ...(where && { where }) })
  }
}
