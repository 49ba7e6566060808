/** What the engine tells while it runs. Reports render these; they never influence the run. Plain data: secrets are masked before. */
import type { CycleEvent } from '../cycle/events.ts'
import type { ErrorKind } from '../errors/plonerun-error.ts'
import type { Position } from '../errors/position.ts'

export type RunEvent =
  | RunStarted
  | PlayStarted
  | TaskStarted
  | Output
  | TaskEnded
  | HostUnreachable
  | CycleTold
  | Probed
  | Steered
  | Note
  | RunEnded

export interface RunStarted {
  readonly type: 'run-started'
  readonly playbooks: readonly string[]
  /** Plays of each playbook. */
  readonly plays?: readonly number[]
  readonly inventory: readonly string[]
  readonly check: boolean
  readonly diff: boolean
}

export interface PlayStarted {
  readonly type: 'play-started'
  readonly name: string
  readonly position: Position
  /** The hosts of this batch (all hosts without `serial`). */
  readonly hosts: readonly string[]
}

/** The first host begins the task. Events of one task carry the same id. */
export interface TaskStarted {
  readonly type: 'task-started'
  readonly task: TaskInfo
}

export interface TaskInfo {
  readonly id: number
  /** As Ansible shows it, with the role in front: `zope : configuration of zope0`. */
  readonly name: string
  readonly module: string
  readonly position: Position
  readonly handler: boolean
  readonly role?: string
}

/** Something a command printed while it runs. */
export interface Output {
  readonly type: 'output'
  readonly task: TaskInfo
  readonly host: string
  readonly stream: 'stdout' | 'stderr'
  readonly text: string
}

/**
 * ok: nothing to do. changed: done (in check mode: would be done). unknown: only a real run could tell.
 * ignored: failed, and ignore_errors let it pass. rescued: failed, and a rescue takes over.
 */
export type TaskStatus = 'ok' | 'changed' | 'skipped' | 'unknown' | 'failed' | 'ignored' | 'rescued'

/** A task is settled on a host; for a loop, one event an item (with `item`) and one for the whole (without). */
export interface TaskEnded {
  readonly type: 'task-ended'
  readonly task: TaskInfo
  readonly host: string
  /** The machine it was delegated to. */
  readonly delegatedTo?: string
  /** Label of the loop item this event is about. */
  readonly item?: string
  readonly status: TaskStatus
  /** What changed, one line each. */
  readonly changes: readonly string[]
  readonly diffs: readonly { readonly before: string; readonly after: string; readonly beforeHeader?: string; readonly afterHeader?: string }[]
  /** The result as JSON-able data (Ansible's return values); masked when no_log. */
  readonly result: Readonly<Record<string, unknown>>
  /** For failed: the error, made for the person. */
  readonly error?: ErrorInfo
  /** Seconds since the task began on this host. */
  readonly seconds: number
}

export interface ErrorInfo {
  readonly kind: ErrorKind
  readonly message: string
  readonly where?: Position
  readonly why?: string
  readonly hint?: string
}

export interface HostUnreachable {
  readonly type: 'host-unreachable'
  readonly task?: TaskInfo
  readonly host: string
  readonly error: ErrorInfo
  readonly ignored: boolean
}

/** A step of a cycle, or something it saw. */
export interface CycleTold {
  readonly type: 'cycle'
  readonly task: TaskInfo
  /** The host whose balancer it is. */
  readonly host: string
  readonly event: CycleEvent
}

/** The front of a site was asked while a run went on: `cycle --probe`. It is the command that tells this, and not the engine. */
export interface Probed {
  readonly type: 'probed'
  readonly url: string
  /** Absent when no answer began. */
  readonly status?: number
  /** Until the last byte, or until it was clear that there is none. */
  readonly seconds: number
  /** What is wrong with the answer. */
  readonly failed?: string
}

/** What a meta task has done to the run, or why it has not. */
export interface Steered {
  readonly type: 'steered'
  readonly host: string
  readonly message: string
}

/** A warning or a word to the person, once each. */
export interface Note {
  readonly type: 'note'
  readonly level: 'warning' | 'deprecated' | 'info'
  readonly message: string
  readonly where?: Position
}

export interface HostRecap {
  readonly host: string
  readonly ok: number
  readonly changed: number
  readonly unknown: number
  readonly unreachable: number
  readonly failed: number
  readonly skipped: number
  readonly rescued: number
  readonly ignored: number
  /** It could not go on to the end, and why; a failure that was ignored, rescued or cleared is none. */
  readonly lost?: 'failed' | 'unreachable'
  /** Waits for this host; opening a session is counted apart. */
  readonly roundTrips: number
  readonly sessions: number
  readonly bytesSent: number
  readonly bytesReceived: number
}

export interface RunEnded {
  readonly type: 'run-ended'
  readonly hosts: readonly HostRecap[]
  readonly seconds: number
  /** The slowest tasks over all hosts, slowest first. */
  readonly slowest: readonly { readonly task: TaskInfo; readonly seconds: number }[]
  readonly interrupted: boolean
  /** Data of set_stats. */
  readonly stats: Readonly<Record<string, unknown>>
}

/** Where events go. A listener must not throw. */
export type Emit = (event: RunEvent) => void
