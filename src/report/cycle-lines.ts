/** What a cycle says in plain lines: where a dry run finds each backend, and how each turn went. */
import type { CycleEvent, PlannedBackend, TurnEnded, TurnOutcome } from '../cycle/events.ts'
import { STEPS } from '../cycle/events.ts'
import { count } from './format.ts'

const OUTCOMES: Readonly<Record<TurnOutcome, string>> = {
  restarted: 'restarted',
  'not-left': 'left as it is',
  'not-drained': 'not drained, and not restarted',
  'not-back': 'does not come back',
  interrupted: 'interrupted',
  lost: 'not followed to its end, because the connection broke',
}

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
