/** What a cycle says in plain lines: where a dry run finds each backend, and how each turn went. */
import { STEPS, type CycleEvent, type PlannedBackend, type TurnEnded } from '../cycle/events.ts'
import { closingText, OUTCOMES, stepRows } from './cycle-outcomes.ts'
import type { CycleRecord } from './cycle-record.ts'
import { count, table } from './format.ts'

/** The lines of an event; none for most. A dry run shows what would be done. */
export function cycleLines(event: CycleEvent, check: boolean): string[] {
  if (event.kind === 'cycle-started' && check) return event.backends.map((backend) => planLine(event.site, backend))
  if (event.kind === 'turn-ended') return [turnLine(event)]
  return []
}

function planLine(site: string, { name, endpoint, state, turn, inUse, halfDone }: PlannedBackend): string {
  const now = `${state.enabled ? 'on' : 'off'}, ${state.alive ? 'alive' : 'dead'}, ${count(state.sessions, 'session')}`
  const then = turn === undefined ? 'is left alone' : `would be restarted${halfDone ? ', because a cycle left it half done' : ''}${inUse ? '' : ', and stays off'}`
  return `${site} ${name}  ${endpoint}  ${now}  ${then}`
}

function turnLine({ site, backend, outcome, seconds, inUse }: TurnEnded): string {
  const steps = STEPS.flatMap((step) => (seconds[step] === undefined ? [] : [`${step} ${seconds[step].toFixed(1)} s`]))
  return `${site} ${backend}  ${[OUTCOMES[outcome], ...steps].join(', ')}${inUse ? '' : '; it is out of the balancer'}`
}

/** How every backend of a cycle that has ended fared, in columns. */
export function cycleSummary(record: CycleRecord): string[] {
  const rows = stepRows(record)
  const numbers = rows[0]!.map((_, column) => column).slice(2)
  return [`${record.site}  ${closingText(record)}`, ...table(rows, numbers).map((line) => `  ${line}`)]
}
