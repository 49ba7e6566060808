/** A cycle as events with the seconds they came at: three Zopes, of which the second takes its time and the third does not come back. */
import type { CycleEvent, PlannedBackend, SeenBackend, Step, TurnEnded } from '../../src/cycle/events.ts'
import type { CycleTold } from '../../src/engine/events.ts'
import { task } from './events.ts'

const SITE = 'demo'
const NAMES = ['zope0', 'zope1', 'zope2'] as const

export function planned(name: string, more: Partial<PlannedBackend> = {}): PlannedBackend {
  const index = Number(name.slice(4))
  return { name, endpoint: `127.0.0.1:${8080 + index}`, state: { enabled: true, alive: true, sessions: 4 }, turn: index + 1, inUse: true, halfDone: false, ...more }
}

export function cycleStarted(more: Partial<CycleEvent & { kind: 'cycle-started' }> = {}): CycleEvent {
  return { kind: 'cycle-started', site: SITE, balancer: 'pound 4', backends: NAMES.map((name) => planned(name)), minimum: 2, ...more }
}

export function step(backend: string, name: Step): CycleEvent {
  return { kind: 'step-started', site: SITE, backend, step: name }
}

/** A look at the backend in hand; the others have 3 and 5 connections. */
export function seen(name: string, open: number, sessions: number, more: Partial<SeenBackend> = {}): CycleEvent {
  const others = NAMES.filter((each) => each !== name).map((each, index) => ({ name: each, open: 3 + 2 * index, listening: true, state: { enabled: true, alive: true, sessions: 4 } }))
  return { kind: 'backends-seen', site: SITE, backends: [{ name, open, listening: true, state: { enabled: false, alive: true, sessions }, ...more }, ...others] }
}

export function turnEnded(backend: string, seconds: TurnEnded['seconds'], more: Partial<TurnEnded> = {}): CycleEvent {
  return { kind: 'turn-ended', site: SITE, backend, outcome: 'restarted', seconds, inUse: true, ...more }
}

export function cycleEnded(seconds: number, left: readonly string[] = []): CycleEvent {
  return { kind: 'cycle-ended', site: SITE, left, seconds }
}

export const STORY: readonly (readonly [number, CycleEvent])[] = [
  [0, cycleStarted()],
  [0.1, step('zope0', 'leave')],
  [0.2, step('zope0', 'drain')],
  [0.3, seen('zope0', 8, 4)],
  [1.2, seen('zope0', 3, 1)],
  [2.4, seen('zope0', 0, 0)],
  [2.5, step('zope0', 'stop')],
  [2.9, step('zope0', 'start')],
  [3, step('zope0', 'listen')],
  [6.8, step('zope0', 'wake')],
  [8, step('zope0', 'return')],
  [8.4, turnEnded('zope0', { leave: 0.1, drain: 2.3, stop: 0.4, start: 0.1, listen: 3.8, wake: 1.2, return: 0.4 })],
  [8.5, step('zope1', 'leave')],
  [8.6, step('zope1', 'drain')],
  [8.7, seen('zope1', 6, 5)],
  [20, seen('zope1', 1, 0)],
  [28, seen('zope1', 0, 0)],
  [28.1, step('zope1', 'stop')],
  [28.5, step('zope1', 'start')],
  [28.6, step('zope1', 'listen')],
  [32, step('zope1', 'wake')],
  [33, step('zope1', 'return')],
  [33.2, turnEnded('zope1', { leave: 0.1, drain: 19.5, stop: 0.4, start: 0.1, listen: 3.4, wake: 1, return: 0.2 })],
  [33.3, step('zope2', 'leave')],
  [33.4, step('zope2', 'drain')],
  [33.5, seen('zope2', 2, 2)],
  [34.5, seen('zope2', 0, 0)],
  [34.6, step('zope2', 'stop')],
  [35, step('zope2', 'start')],
  [35.1, step('zope2', 'listen')],
  [44, turnEnded('zope2', { leave: 0.1, drain: 1.2, stop: 0.4, start: 0.1, listen: 8.9 }, { outcome: 'not-back', inUse: false })],
  [44.1, cycleEnded(44.2)],
]

/** An event as a run tells it. */
export function told(event: CycleEvent, host = 'web1'): CycleTold {
  return { type: 'cycle', task: task(2, 'cycle', { module: 'plonerun.cycle' }), host, event }
}
