/** What a live view shows: where each host of the current play stands, followed from the events. */
import { stripVTControlCharacters } from 'node:util'
import type { RunEvent, TaskInfo } from '../engine/events.ts'
import { followCycle, type CycleRecord } from './cycle-record.ts'
import type { Status } from './style.ts'

/** Lines of a command's output that are kept. */
const TAIL = 5

export interface LiveHost {
  readonly name: string
  /** Settled tasks; items of loops are not counted. */
  readonly counts: Map<Status, number>
  /** The task that it is at. */
  task?: TaskInfo
  /** Seconds on the clock when it came to that task. */
  since: number
  /** Last lines that the task's command printed; the last one may be unfinished. */
  tail: string[]
  /** It takes part no more. */
  lost?: 'failed' | 'unreachable'
}

export interface LiveState {
  play: string
  check: boolean
  readonly started: number
  readonly hosts: Map<string, LiveHost>
  /** Those of the play. */
  readonly cycles: CycleRecord[]
  /** The task that began last. */
  latest?: TaskInfo
}

export function createLiveState(now: number): LiveState {
  return { play: '', check: false, started: now, hosts: new Map(), cycles: [] }
}

/** Brings the state up to date with an event. `now` in seconds, of the same clock as `since`. */
export function follow(state: LiveState, event: RunEvent, now: number): void {
  switch (event.type) {
    case 'run-started':
      state.check = event.check
      break
    case 'play-started':
      state.play = event.name
      delete state.latest
      state.hosts.clear()
      state.cycles.length = 0
      for (const name of event.hosts) hostOf(state, name, now)
      break
    case 'task-started':
      state.latest = event.task
      for (const host of state.hosts.values()) if (!host.lost && !host.task) moveTo(host, event.task, now)
      break
    case 'output': {
      const host = hostOf(state, event.host, now)
      moveTo(host, event.task, now)
      host.tail = extendTail(host.tail, event.text)
      break
    }
    case 'task-ended': {
      if (event.item !== undefined) break
      const host = hostOf(state, event.host, now)
      host.counts.set(event.status, (host.counts.get(event.status) ?? 0) + 1)
      if (event.status === 'failed') host.lost = 'failed'
      leave(host, now)
      // Others have begun the next one already.
      if (!host.lost && state.latest && state.latest.id !== event.task.id) moveTo(host, state.latest, now)
      break
    }
    case 'host-unreachable': {
      const host = hostOf(state, event.host, now)
      if (!event.ignored) host.lost = 'unreachable'
      leave(host, now)
      break
    }
    case 'cycle':
      followCycle(state.cycles, event.host, event.event, now)
      break
    case 'probed':
    case 'note':
    case 'steered':
    case 'run-ended':
      break
  }
}

/** The tail after more output came: carriage returns and newlines both start a line, control sequences are dropped. */
export function extendTail(tail: readonly string[], text: string): string[] {
  const [first = '', ...rest] = stripVTControlCharacters(text).replaceAll('\t', ' ').split(/\r?\n|\r/)
  const lines = [...tail.slice(0, -1), (tail.at(-1) ?? '') + first, ...rest]
  // The last one stays although it is empty: what comes next belongs to it.
  return lines.filter((line, index) => line.trim() !== '' || index === lines.length - 1).slice(-TAIL - 1)
}

function hostOf(state: LiveState, name: string, now: number): LiveHost {
  const known = state.hosts.get(name)
  if (known) return known
  const host: LiveHost = { name, counts: new Map(), since: now, tail: [] }
  state.hosts.set(name, host)
  return host
}

function moveTo(host: LiveHost, task: TaskInfo, now: number): void {
  if (host.task?.id === task.id) return
  host.task = task
  host.since = now
  host.tail = []
}

function leave(host: LiveHost, now: number): void {
  delete host.task
  host.since = now
  host.tail = []
}
