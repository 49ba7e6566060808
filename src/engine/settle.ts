/** One task on one host, from its loop to its outcome. */
import type { CycleEvent } from '../cycle/events.ts'
import type { Task } from '../load/tree/task.ts'
import { NotKnown, Unknown } from '../values/unknown.ts'
import { str } from '../values/print.ts'
import type { Value } from '../values/value.ts'
import { runAction } from './actions.ts'
import { factOwner } from './fact-owner.ts'
import type { Errand } from './frame.ts'
import { withFacts } from './facts.ts'
import { findModule } from './module-names.ts'
import { failedOutcome, skippedOutcome, summarise, unknownOutcome, type ItemOutcome, type TaskOutcome } from './outcome.ts'
import { isItems, loopItems, type Item } from './loop.ts'
import { prepareItem } from './prepare.ts'
import { isStateWork } from './reads.ts'
import { retryUntil } from './retry.ts'
import { sleep } from './sleep.ts'
import { settleStates } from './states.ts'
import { evaluateConditions, evaluateNumber, viewTask, viewWith } from './task-view.ts'
import { isFatal, PlonerunError } from '../errors/plonerun-error.ts'

/** What the engine tells and keeps while items settle, one after the other. */
export interface Listener {
  readonly item: (outcome: ItemOutcome) => void
  /** What a command prints while it runs. */
  readonly output: (stream: 'stdout' | 'stderr', text: string) => void
  /** Where a cycle stands. */
  readonly cycle: (event: CycleEvent) => void
}

/**
 * Settles a task on a host. Failures are outcomes.
 * @throws PlonerunError of kind `unreachable` or `interrupted` only
 */
export async function settleTask(errand: Errand, listener: Listener): Promise<TaskOutcome> {
  const { place, task } = errand
  const view = viewTask(place, task, new Map())
  const whole: Item = { index: 0, view, names: new Map() }
  try {
    const items = await withFacts(errand, () => loopItems(view))
    if (items instanceof Unknown) return summarise([told(listener, unknownOutcome(whole, items))], false)
    if (!isItems(items)) return summarise([told(listener, skippedOutcome(whole, items.skipped))], false)
    const outcomes = await settleItems(errand, items, listener)
    return summarise(outcomes, task.loop !== undefined)
  } catch (error) {
    if (!(error instanceof Error) || isFatal(error)) throw error
    if (error instanceof NotKnown) return summarise([told(listener, unknownOutcome(whole, error.unknown))], false)
    return summarise([told(listener, failedOutcome(whole, error, false))], false)
  }
}

/** Tells an item's outcome; one whose label cannot be evaluated has failed, whatever it was. */
function told(listener: Listener, outcome: ItemOutcome): ItemOutcome {
  try {
    listener.item(outcome)
    return outcome
  } catch (error) {
    if (!(error instanceof PlonerunError)) throw error
    const { item, noLog } = outcome
    const failed = failedOutcome({ ...item, ...(item.value !== undefined && { label: () => str(item.value!) }) }, error, noLog)
    listener.item(failed)
    return failed
  }
}

async function settleItems(errand: Errand, items: readonly Item[], listener: Listener): Promise<readonly ItemOutcome[]> {
  if (items.length === 0) return []
  if (goesOneByOne(errand)) return settleOneByOne(errand, items, listener)
  const prepared = await withFacts(errand, () => items.map(prepareItem))
  const outcomes: ItemOutcome[] = []
  while (outcomes.length < prepared.length) {
    for (const outcome of await settleStates(errand, prepared.slice(outcomes.length), listener.output, outcomes.every(({ status }) => status !== 'failed'))) outcomes.push(told(listener, outcome))
  }
  return outcomes
}

/** Items of an action see what the item before did (set_fact); retries, pauses and break_when come between items. */
function goesOneByOne({ place, task }: Errand): boolean {
  if (task.until !== undefined || task.retries !== undefined || task.loopControl.pause !== undefined || task.loopControl.breakWhen !== undefined || task.moduleTemplate !== undefined) return true
  try {
    return findModule(place.run.modules, task).shape === 'action'
  } catch {
    return false
  }
}

async function settleOneByOne(errand: Errand, items: readonly Item[], listener: Listener): Promise<readonly ItemOutcome[]> {
  const { task, place } = errand
  const outcomes: ItemOutcome[] = []
  for (const item of items) {
    const pause = outcomes.length > 0 ? evaluateNumber(item.view, 'pause', task.loopControl.pause) : undefined
    if (pause !== undefined && pause > 0) await sleep(pause, place.run.signal)
    const outcome = await retryUntil(errand, item, (each) => settleOne(errand, each, listener))
    outcomes.push(told(listener, outcome))
    keepForNextItem(errand, outcome)
    if (breaks(task, item, outcome)) break
  }
  return outcomes
}

async function settleOne(errand: Errand, item: Item, listener: Listener): Promise<ItemOutcome> {
  const prepared = await withFacts(errand, () => prepareItem(item))
  if (prepared.kind !== 'work' || isStateWork(prepared)) return (await settleStates(errand, [prepared], listener.output, errand.task.loop === undefined))[0]!
  return runAction(errand, prepared, listener)
}

function keepForNextItem({ place, task }: Errand, outcome: ItemOutcome): void {
  const { action } = outcome
  const { setFacts } = factOwner(place, task, outcome)
  for (const [name, value] of action?.facts ?? []) setFacts.set(name, value)
  for (const [name, value] of action?.includedVars ?? []) place.host.includedVars.set(name, value)
}

function breaks(task: Task, item: Item, { result }: ItemOutcome): boolean {
  if (task.loopControl.breakWhen === undefined) return false
  const names = new Map<Value, Value>(task.register === undefined ? [] : [[task.register, result]])
  return evaluateConditions(viewWith(item.view, names), task.loopControl.breakWhen).holds === true
}
