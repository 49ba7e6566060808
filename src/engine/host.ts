/** What the run knows and keeps of one inventory host. */
import type { Handler, Task } from '../load/tree/task.ts'
import type { FullPlan } from '../modules/contract/change.ts'
import type { Reads, State } from '../modules/contract/module.ts'
import type { Reply } from '../shell/fragment.ts'
import type { Layer } from '../vars/scope.ts'
import type { Dict, Value } from '../values/value.ts'
import type { Cursor } from './cursor.ts'
import type { Account } from './machine.ts'

export interface HostState {
  readonly name: string
  /** Variables of the inventory, strongest first. */
  inventoryLayers: readonly Layer[]
  /** Facts without the `ansible_` prefix, as far as gathered. */
  readonly facts: Dict
  /** Facts that modules gave under names without `ansible_` (`getent_passwd`): variables of these names too. */
  readonly moduleFacts: Dict
  /** A play has had the facts of this host gathered: they are read when they are first used, in later plays too. */
  gathers: boolean
  /** Families of facts that were read. */
  readonly gathered: Set<string>
  /** Facts that tasks gave since: what is read later does not replace them. */
  readonly told: Set<Value>
  /** set_fact and register: they last over plays. */
  readonly setFacts: Dict
  readonly includedVars: Dict
  /** set_fact with cacheable: ranks like a fact. */
  readonly cachedFacts: Dict
  readonly account: Account
  readonly counts: Counts
  /** Waits left that probes are sent ahead for: small after a change, doubling while nothing changes. Tasks. */
  window: number

  // Of the play that runs:
  cursor: Cursor
  status: 'running' | 'failed' | 'unreachable' | 'ended'
  /** Left the play by end_host. */
  left: boolean
  /** Handlers that are to run, and whether that is certain: in check mode nobody may know whether the task changes something that would notify. */
  readonly notified: Map<Handler, boolean>
  /** Names and topics that were notified since, which the handlers of the moment answer to when their turn comes. */
  readonly notifications: Map<string, boolean>
  /** Keys of roles of which a task was done here, as a host of its own. */
  readonly rolesRun: Set<string>
  /** Keys of roles that ran to their end on this host. */
  readonly rolesDone: Set<string>
  /** Applies that already travelled in an earlier frame. */
  readonly early: Map<string, EarlyChange>
  /** For rescue: ansible_failed_task and ansible_failed_result. */
  failure: { readonly task: Task; readonly result: Value } | undefined
}

/** What was applied before its task's turn, and what its plan was made from. */
export interface EarlyChange {
  readonly input: unknown
  readonly prepared: unknown
  readonly state: State<Reads>
  readonly plan: FullPlan
  readonly replies: readonly Reply[]
}

export interface Counts {
  ok: number
  changed: number
  unknown: number
  unreachable: number
  failed: number
  skipped: number
  rescued: number
  ignored: number
}

export function createHost(name: string, inventoryLayers: readonly Layer[]): HostState {
  return {
    name,
    inventoryLayers,
    facts: new Map(),
    moduleFacts: new Map(),
    gathers: false,
    gathered: new Set(),
    told: new Set(),
    setFacts: new Map(),
    includedVars: new Map(),
    cachedFacts: new Map(),
    account: { roundTrips: 0 },
    counts: { ok: 0, changed: 0, unknown: 0, unreachable: 0, failed: 0, skipped: 0, rescued: 0, ignored: 0 },
    window: Number.POSITIVE_INFINITY,
    cursor: null,
    status: 'running',
    left: false,
    notified: new Map(),
    notifications: new Map(),
    rolesRun: new Set(),
    rolesDone: new Set(),
    early: new Map(),
    failure: undefined,
  }
}
