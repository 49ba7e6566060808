/**
 * Changes of following tasks that travel in the frame of the task at hand, each only if the one before succeeded.
 * Only where nobody can tell: the same machine and user, tasks that concern this host alone, and nothing that
 * the changes before them could have made stale or that another host's failure could stop.
 */
import { isDeepStrictEqual } from 'node:util'
import { tentatively } from '../errors/quietly.ts'
import type { Imagined } from '../probe/read.ts'
import { makesStale, type Resource } from '../probe/resource.ts'
import type { Reply } from '../shell/fragment.ts'
import type { Task } from '../load/tree/task.ts'
import { fromPlain } from '../values/convert.ts'
import type { Value } from '../values/value.ts'
import type { Planned } from './applied.ts'
import { foreseeControl, isControl, isFlush } from './control.ts'
import { afterInclude, afterSuccess, currentTask, placeOf, type Cursor } from './cursor.ts'
import type { Errand } from './frame.ts'
import { mayMissHandler } from './handlers.ts'
import { markPending, rememberFacts } from './names-set.ts'
import { planOf, unchangedResult } from './plan.ts'
import { isItems, loopItems } from './loop.ts'
import { prepareItem } from './prepare.ts'
import { answersOf, isStateWork, lookedAtAgain, type StateWork } from './reads.ts'
import { passesSilently } from './selection.ts'
import { viewTask } from './task-view.ts'
import type { Foreseen, Place } from './place.ts'

/** Work of a later task whose plan is made, under the key of its turn. */
export interface EarlyPlan extends Planned {
  readonly key: string
}

/** Changes that go ahead in one frame at most. */
const LIMIT = 100

/** @param own what the frame does before */
export function foreseeApplies({ place, task, next }: Errand, own: Planned): readonly EarlyPlan[] {
  const { work: like, plan: { changes } } = own
  const { play, host, run } = place
  if (like.check || run.step === true || task.delegateTo !== undefined || changes.some(({ writes }) => writes.includes('anything'))) return []
  if (play.play.keywords.anyErrorsFatal !== undefined || run.defaults?.anyErrorsFatal === true || play.play.maxFailPercentage !== undefined || like.machine.hosts.size > 1) return []
  if (!concernsOneHost(task) || mayMissHandler(place, task)) return []
  const foreseen: Foreseen = { values: new Map(), pending: new Set(), facts: new Map() }
  markPending(foreseen, task, place.run.modules)
  const ahead: Place = { ...place, foreseen }
  const found: EarlyPlan[] = []
  const written = changes.flatMap((change) => change.writes)
  const left = changes.flatMap((change) => change.leaves ?? [])
  const lookedAt = [...lookedAtAgain(like, own.state)]
  let budget = host.window
  let cursor = next
  for (let following = currentTask(cursor); following !== undefined && budget-- > 0 && found.length < LIMIT; following = currentTask(cursor)) {
    if (isControl(following)) {
      const control = foreseeControl(ahead, following)
      // Handlers that are notified meanwhile come first.
      if (control === 'stop' || control === 'pending' || isFlush(following)) break
      cursor = control === 'pass' ? afterSuccess(cursor) : afterInclude(cursor, control)
      continue
    }
    if (passesSilently(ahead, following)) {
      cursor = afterSuccess(cursor)
      continue
    }
    if (!concernsOneHost(following)) break
    const plans = tentatively(() => planTask(ahead, foreseen, following, cursor, like, written, left))
    if (plans === undefined) break
    // What was changed before is looked at when the whole frame is done.
    const writes = plans.flatMap(({ plan }) => plan.changes.flatMap((change) => change.writes))
    if (makesStale(writes, lookedAt)) break
    for (const plan of plans) {
      found.push(plan)
      written.push(...plan.plan.changes.flatMap((change) => change.writes))
      left.push(...plan.plan.changes.flatMap((change) => change.leaves ?? []))
      lookedAt.push(...lookedAtAgain(plan.work, plan.state))
    }
    if (written.includes('anything') || mayMissHandler(ahead, following)) break
    cursor = afterSuccess(cursor)
  }
  return found
}

/** Nor what decides only behind the change whether the task has failed. */
function concernsOneHost(task: Task): boolean {
  const { until, retries, changedWhen, failedWhen, runOnce, delegateTo, throttle, anyErrorsFatal, async, loopControl } = task
  return (
    [until, retries, failedWhen, runOnce, delegateTo, throttle, anyErrorsFatal, async, loopControl.pause, loopControl.breakWhen].every((each) => each === undefined) &&
    (changedWhen ?? []).every(({ expression }) => typeof expression === 'boolean')
  )
}

/** The changes of one task; undefined when it cannot be foreseen, or must wait for its turn. */
function planTask(place: Place, foreseen: Foreseen, task: Task, cursor: Cursor, like: StateWork, written: readonly Resource[], left: readonly Imagined[]): readonly EarlyPlan[] | undefined {
  const items = loopItems(viewTask(place, task, new Map()))
  if (!isItems(items)) return undefined
  const plans: EarlyPlan[] = []
  const writes = [...written]
  const leaves = [...left]
  let result: Value | undefined
  for (const item of items) {
    const work = prepareItem(item)
    if (work.kind === 'skipped') continue
    if (work.kind !== 'work' || !isStateWork(work) || work.module.effect === true || work.module.beyond === true) return undefined
    if (work.check || work.machine !== like.machine || work.become?.user !== like.become?.user || work.become?.method !== like.become?.method) return undefined
    const answers = answersOf(work, writes, leaves)
    if (!answers.complete) return undefined
    const plan = planOf(work, answers.state)
    if (plan.fail !== undefined) return undefined
    if (plan.changes.length === 0) {
      // What was only expected is looked at before it is called settled.
      if (answers.expected) return undefined
      result = fromPlain(unchangedResult(work, answers.state, plan))
      continue
    }
    const writing = plan.changes.flatMap((change) => change.writes)
    // The same thing changed twice: the second change is planned from what the first has really left.
    if (writing.some((write) => writes.includes(write))) return undefined
    plans.push({ key: workKey(task, placeOf(cursor), item.index), work, state: answers.state, plan })
    writes.push(...writing)
    leaves.push(...plan.changes.flatMap((change) => change.leaves ?? []))
  }
  markPending(foreseen, task, place.run.modules)
  if (plans.length === 0) rememberFacts(foreseen, result)
  if (plans.length === 0 && task.register !== undefined && task.loop === undefined && task.changedWhen === undefined && result !== undefined) {
    foreseen.pending.delete(task.register)
    foreseen.values.set(task.register, result)
  }
  return plans
}

/** Notes what was applied, for the task's turn. What was skipped, because something before it failed, is planned again then. */
export function keepEarly({ place: { host } }: Errand, plans: readonly EarlyPlan[], replies: readonly (readonly Reply[])[]): void {
  plans.forEach(({ key, work, state, plan }, index) => {
    const own = replies[index] ?? []
    if (own[0]?.skipped !== true) host.early.set(key, { input: work.input, prepared: work.prepared, state, plan, replies: own })
  })
}

/** What came of work that was applied before its turn, if it was and its arguments are still the same. */
export function takeEarly({ place: { host }, task, cursor }: Errand, work: StateWork): { readonly planned: Planned; readonly replies: readonly Reply[] } | undefined {
  if (host.early.size === 0) return undefined
  const key = workKey(task, placeOf(cursor), work.item.index)
  const early = host.early.get(key)
  if (early === undefined) return undefined
  host.early.delete(key)
  const { input, prepared, state, plan, replies } = early
  if (!isDeepStrictEqual(input, work.input) || !isDeepStrictEqual(prepared, work.prepared)) return undefined
  return { planned: { work, state, plan }, replies }
}

/** The task, told apart from the same task at another point of the run. */
function workKey(task: Task, place: readonly number[], index: number): string {
  return `${task.position.file}:${task.position.line}:${place.join('.')}#${index}`
}
