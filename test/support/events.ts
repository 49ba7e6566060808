/** Builds event lists for tests of the renderers: short calls, everything else defaulted. */
import type { ErrorInfo, HostRecap, HostUnreachable, Note, Output, PlayStarted, RunEnded, RunStarted, TaskEnded, TaskInfo, TaskStarted, TaskStatus } from '../../src/engine/events.ts'
import type { Position } from '../../src/errors/position.ts'

export function at(file: string, line = 1, column = 1): Position {
  return { file, line, column }
}

export function runStarted(more: Partial<RunStarted> = {}): RunStarted {
  return { type: 'run-started', playbooks: ['playbooks/site.yml'], inventory: ['inventory/demo'], check: false, diff: false, ...more }
}

export function playStarted(name: string, hosts: readonly string[]): PlayStarted {
  return { type: 'play-started', name, hosts, position: at('example/site.yml') }
}

export function task(id: number, name: string, more: Partial<TaskInfo> = {}): TaskInfo {
  return { id, name, module: 'ansible.builtin.command', handler: false, position: at('example/zope/tasks/main.yml', 10 + id, 3), ...more }
}

export function taskStarted(of: TaskInfo): TaskStarted {
  return { type: 'task-started', task: of }
}

export function ended(of: TaskInfo, host: string, status: TaskStatus, more: Partial<TaskEnded> = {}): TaskEnded {
  return { type: 'task-ended', task: of, host, status, changes: [], diffs: [], result: { changed: status === 'changed' }, seconds: 0.1, ...more }
}

export function output(of: TaskInfo, host: string, text: string, stream: Output['stream'] = 'stdout'): Output {
  return { type: 'output', task: of, host, stream, text }
}

export function unreachable(host: string, error: Partial<ErrorInfo> = {}, more: Partial<HostUnreachable> = {}): HostUnreachable {
  return { type: 'host-unreachable', host, error: { kind: 'unreachable', message: `cannot connect to ${host}`, ...error }, ignored: false, ...more }
}

export function note(message: string, more: Partial<Note> = {}): Note {
  return { type: 'note', level: 'warning', message, ...more }
}

export function recap(host: string, more: Partial<HostRecap> = {}): HostRecap {
  const none = { ok: 0, changed: 0, unknown: 0, unreachable: 0, failed: 0, skipped: 0, rescued: 0, ignored: 0 }
  return { host, ...none, roundTrips: 2, sessions: 1, bytesSent: 4096, bytesReceived: 1_500_000, ...more }
}

export function runEnded(hosts: readonly HostRecap[], more: Partial<RunEnded> = {}): RunEnded {
  return { type: 'run-ended', hosts, seconds: 2.9, slowest: [], interrupted: false, stats: {}, ...more }
}
