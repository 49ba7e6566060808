/** Ends a host's turn at a task: keeps what it set, tells of it, and moves the host on. */
import type { Statement, Task } from '../load/tree/task.ts'
import type { ActionResult } from '../modules/contract/module.ts'
import { isDict } from '../values/dict.ts'
import { NotKnown, Unknown } from '../values/unknown.ts'
import type { Dict } from '../values/value.ts'
import { afterFailure, afterInclude, afterSuccess, isFailing, type Cursor } from './cursor.ts'
import type { TaskInfo, TaskStatus } from './events.ts'
import type { Errand } from './frame.ts'
import { isInclude, isMeta } from './control.ts'
import { addFacts } from './gather.ts'
import { notify } from './handlers.ts'
import { factOwner } from './fact-owner.ts'
import type { HostState } from './host.ts'
import { inventoryLayers } from './inventory-change.ts'
import { factsWrittenIn } from './names-set.ts'
import type { TaskOutcome } from './outcome.ts'
import { evaluateFlag, viewTask } from './task-view.ts'
import { warnOfReserved } from './reserved-names.ts'
import { tellOutcome } from './tell.ts'
import type { Place } from './place.ts'

/** What the strategy needs to know of a turn. */
export interface Turn {
  readonly host: HostState
  /** Where it stood. */
  readonly from: Cursor
  readonly status: TaskStatus | 'unreachable'
  readonly outcome?: TaskOutcome
}

/** The outcome has come: keeps it, tells it, and moves the host on. */
export function conclude(errand: Errand, info: TaskInfo, outcome: TaskOutcome, began: number, nodes?: readonly Statement[]): Turn {
  const { place, task, cursor } = errand
  const { host } = place
  keep(place, task, outcome)
  let failure: Error | undefined = outcome.status === 'failed' ? outcome.error : undefined
  if (outcome.status === 'changed' || outcome.status === 'unknown') {
    try {
      notify(place, task, outcome)
    } catch (error) {
      if (!(error instanceof Error)) throw error
      failure = error
    }
  }
  const told = failure === outcome.error ? outcome : { ...outcome, ...(failure && { error: failure }) }
  if (outcome.status !== 'failed' && failure === undefined) {
    move(host, nodes === undefined ? afterSuccess(cursor) : afterInclude(cursor, nodes))
    return ended(errand, info, told, outcome.status, began)
  }
  if (ignoresErrors(errand)) {
    move(host, afterSuccess(cursor))
    return ended(errand, info, told, 'ignored', began)
  }
  host.failure = { task, result: outcome.result }
  return ended(errand, info, told, failFrom(host, cursor) ? 'rescued' : 'failed', began)
}

/** A failure at that point: the host goes on at the nearest rescue or always, or is lost. @returns whether it is rescued */
export function failFrom(host: HostState, cursor: Cursor): boolean {
  const { cursor: behind, rescued, failed } = afterFailure(cursor)
  if (failed) lose(host)
  else move(host, behind)
  return rescued
}

function ended({ place, task, cursor }: Errand, info: TaskInfo, outcome: TaskOutcome, status: TaskStatus, began: number): Turn {
  if (task.role !== undefined && !task.implicit && status !== 'skipped') place.host.rolesRun.add(task.role.key)
  if (!task.implicit) {
    if (!isMeta(task) || status !== 'skipped') count(place.host, status, outcome)
    // Each file that is included counts.
    if (isInclude(task) && status === 'ok') place.host.counts.ok += outcome.items.filter((item) => item.status === 'ok').length - 1
    tellOutcome(place.run, info, place.host.name, outcome, status, seconds(began))
  }
  return { host: place.host, from: cursor, status, outcome }
}

function count({ counts }: HostState, status: TaskStatus, { result }: TaskOutcome): void {
  if (status === 'changed') {
    counts.ok++
    counts.changed++
  } else if (status === 'ignored') {
    counts.ok++
    counts.ignored++
    if (isDict(result) && result.get('changed') === true) counts.changed++
  } else counts[status]++
}

/** What a task leaves for the tasks behind it: its register, facts and included variables, and the variables of groups that the host has come into. */
export function keep(place: Place, task: Task, outcome: TaskOutcome): void {
  const { play, host, run } = place
  if (task.register !== undefined) host.setFacts.set(task.register, outcome.result)
  for (const item of outcome.items) {
    const target = factOwner(place, task, item)
    if (item.action !== undefined) {
      warnOfReserved([...(item.action.facts?.keys() ?? []), ...(item.action.includedVars?.keys() ?? [])], (message, where) => run.note('warning', message, where), () => task.position)
      keepAction(item.action, target, run, play)
    }
    if (item.result instanceof Unknown) for (const name of factsWrittenIn(task)) target.setFacts.set(name, item.result)
    const facts = item.result instanceof Unknown ? undefined : item.result.get('ansible_facts')
    if (isDict(facts) && item.action?.facts === undefined && item.action?.includedVars === undefined) keepFacts(facts, target)
  }
}

function keepFacts(facts: Dict, host: HostState): void {
  const bare = unprefixed(facts)
  addFacts(host.facts, bare)
  for (const name of bare.keys()) host.told.add(name)
  addFacts(host.moduleFacts, new Map([...facts].filter(([name]) => typeof name === 'string' && !name.startsWith('ansible_'))))
}

/** Facts by the names they are kept under. */
function unprefixed(facts: Dict): Dict {
  const bare: Dict = new Map()
  for (const [name, value] of facts) bare.set(typeof name === 'string' ? name.replace(/^ansible_/, '') : name, value)
  return bare
}

function keepAction({ facts, cacheable, includedVars, addToGroups, stats }: ActionResult, host: HostState, run: Place['run'], play: Place['play']): void {
  for (const [name, value] of facts ?? []) {
    host.setFacts.set(name, value)
    if (cacheable === true) host.cachedFacts.set(name, value)
  }
  if (facts !== undefined && cacheable === true) keepFacts(facts, host)
  for (const [name, value] of includedVars ?? []) host.includedVars.set(name, value)
  if (stats !== undefined) run.stats.keep(host.name, stats)
  if (addToGroups !== undefined) host.inventoryLayers = inventoryLayers(run, host.name, play.play.file)
}

function ignoresErrors({ place, task }: Errand): boolean {
  try {
    return evaluateFlag(viewTask(place, task, new Map()), 'ignore_errors', task.ignoreErrors) === true
  } catch (error) {
    if (error instanceof NotKnown) return false
    throw error
  }
}

/** Moves a host on; one whose block failed without rescue is lost when its `always` is through. */
export function move(host: HostState, cursor: Cursor): void {
  const failing = isFailing(host.cursor)
  host.cursor = cursor
  if (cursor === null && failing) lose(host)
}

/** The host takes no further part in the play. */
function lose(host: HostState): void {
  host.cursor = null
  if (host.status === 'running') host.status = 'failed'
}

export function seconds(began: number): number {
  return (performance.now() - began) / 1000
}
