/** The rows of the live view: one for each host while they fit the terminal, else a summary. */
import { cycleRows } from './cycle-rows.ts'
import { count, formatSeconds } from './format.ts'
import type { LiveHost, LiveState } from './live-state.ts'
import { paint, statusWord, type Status, type Style } from './style.ts'

export interface Row {
  readonly title: string
  /** Last lines of what its command prints. */
  readonly output: readonly string[]
}

interface Size {
  /** Rows that may be used. */
  readonly height: number
  readonly now: number
  readonly style: Style
}

const COUNTED: readonly Status[] = ['ok', 'changed', 'unknown', 'failed', 'ignored', 'rescued']

/** Seconds after which a task's time is worth showing. */
const SLOW = 2

/** Rows that hosts have at least, however many backends there are. */
const LEAST = 2

/** A title row, hosts, and backends of cycles that are under way, as far as they fit; at most `height` lines, outputs included. */
export function liveRows(state: LiveState, size: Size): Row[] {
  const hosts = [...state.hosts.values()]
  const title = { title: `${size.style.bold(state.play || 'starting')}${state.check ? ' (check mode)' : ''}  ${formatSeconds(size.now - state.started)}`, output: [] }
  const cycles = cycleRows(state.cycles, size.now, size.style).slice(0, Math.max(0, size.height - 1 - LEAST)).map((row) => ({ title: row, output: [] }))
  const room = size.height - 1 - cycles.length
  return [title, ...(hosts.length <= room ? hostRows(hosts, room, state.check, size) : summaryRows(hosts, room, state.check, size)), ...cycles]
}

/** A row for each host; what room is left goes to the output of running commands, shared out evenly. */
function hostRows(hosts: readonly LiveHost[], room: number, check: boolean, { now, style }: Size): Row[] {
  const width = Math.max(0, ...hosts.map(({ name }) => name.length))
  const printing = hosts.filter(({ tail }) => tailOf(tail).length > 0).length
  const share = printing === 0 ? 0 : Math.min(hosts.length === 1 ? 5 : 2, Math.floor((room - hosts.length) / printing))
  return hosts.map((host) => ({
    title: [host.name.padEnd(width), countsOf([host], check, style), doing(host, now, style)].filter((part) => part !== '').join('  '),
    output: share === 0 ? [] : tailOf(host.tail).slice(-share),
  }))
}

/** Counts over all hosts, the tasks that most of them are at, and the hosts that take longest. */
function summaryRows(hosts: readonly LiveHost[], room: number, check: boolean, { now, style }: Size): Row[] {
  const lost = hosts.filter((host) => host.lost)
  const busy = hosts.filter((host) => host.task && !host.lost)
  const head = [
    count(hosts.length, 'host'),
    `${busy.length} at work`,
    ...(['failed', 'unreachable'] as const).flatMap((status) => {
      const number = lost.filter((host) => host.lost === status).length
      return number === 0 ? [] : [paint(style, status, `${number} ${status}`)]
    }),
  ].join(', ')
  const totals = `tasks: ${countsOf(hosts, check, style) || 'none settled yet'}`
  const left = Math.max(0, room - 2)
  const tasks = busiestTasks(busy).slice(0, Math.min(5, Math.floor(left / 2)))
  const slowest = [...busy].sort((a, b) => a.since - b.since).slice(0, Math.min(5, left - tasks.length))
  return [
    { title: head, output: [] },
    { title: totals, output: [] },
    ...tasks.map(([task, number]) => ({ title: `${task}  ${style.dim(`on ${count(number, 'host')}`)}`, output: [] })),
    ...slowest.map((host) => ({ title: `slowest: ${host.name}  ${doing(host, now, style)}`, output: [] })),
  ]
}

function busiestTasks(hosts: readonly LiveHost[]): [string, number][] {
  const numbers = new Map<string, number>()
  for (const { task } of hosts) if (task) numbers.set(task.name, (numbers.get(task.name) ?? 0) + 1)
  return [...numbers].sort((a, b) => b[1] - a[1])
}

function countsOf(hosts: readonly LiveHost[], check: boolean, style: Style): string {
  return COUNTED.flatMap((status) => {
    const number = hosts.reduce((sum, { counts }) => sum + (counts.get(status) ?? 0), 0)
    return number === 0 ? [] : [paint(style, status, `${number} ${statusWord(status, check)}`)]
  }).join(' ')
}

function doing({ task, since, lost }: LiveHost, now: number, style: Style): string {
  if (lost) return paint(style, lost, lost)
  if (!task) return style.dim('waiting')
  return now - since < SLOW ? task.name : `${task.name}  ${formatSeconds(now - since)}`
}

function tailOf(tail: readonly string[]): readonly string[] {
  return tail.filter((line) => line.trim() !== '')
}
