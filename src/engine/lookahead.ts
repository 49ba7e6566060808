/**
 * What upcoming tasks will ask of a host, so that their questions travel in a frame that goes out anyway.
 * It walks a copy of the cursor along the path without failures. Only reads come of it, so a wrong guess costs nothing but the read.
 */
import type { Task } from '../load/tree/task.ts'
import type { ActionContext, ActionModule } from '../modules/contract/module.ts'
import type { Read } from '../probe/read.ts'
import type { Resource } from '../probe/resource.ts'
import type { Become } from '../transport/contract.ts'
import { dictOf, fromPlain } from '../values/convert.ts'
import { hasTemplateMarks } from '../values/template.ts'
import { Computing, Pending, type Value } from '../values/value.ts'
import { foreseeControl, isControl } from './control.ts'
import { afterInclude, afterSuccess, currentTask, type Cursor } from './cursor.ts'
import { factsPlace, factsRead } from './gather.ts'
import type { Machine } from './machine.ts'
import { askLateFacts } from './late-facts.ts'
import { isItems, loopItems } from './loop.ts'
import { prepareItem, type Prepared, type Work } from './prepare.ts'
import { answersOf, isStateWork } from './reads.ts'
import { planOf, unchangedResult } from './plan.ts'
import { passesSilently } from './selection.ts'
import { viewTask, type TaskView } from './task-view.ts'
import { NeedsFacts } from './fact-variables.ts'
import { markPending, rememberFacts } from './names-set.ts'
import type { Foreseen, Place } from './place.ts'

export interface AheadRead {
  readonly become: Become | undefined
  readonly read: Read<unknown>
}

/** Tasks that are prepared at most for one frame. */
const LIMIT = 2000

/**
 * @param from where the tasks begin that have not settled; the names that `settling` may set are not known to them
 * @param writes what the frame's own chains write before the reads run
 * @param pause is called between tasks
 */
export async function lookAhead(place: Place, from: Cursor, settling: Task | undefined, machine: Machine, writes: readonly Resource[], pause: () => Promise<void>): Promise<readonly AheadRead[]> {
  const foreseen: Foreseen = { values: new Map(), pending: new Set(), facts: new Map() }
  const ahead: Place = { ...place, foreseen }
  const found: AheadRead[] = []
  const begun = new Set<Promise<void>>()
  if (settling !== undefined) markPending(foreseen, settling, place.run.modules)
  let budget = Math.min(place.host.window, LIMIT)
  let cursor = from
  for (let task = currentTask(cursor); task !== undefined && budget > 0; task = currentTask(cursor)) {
    budget--
    await pause()
    if (passesSilently(ahead, task)) {
      cursor = afterSuccess(cursor)
      continue
    }
    if (isControl(task)) {
      const control = foreseeControl(ahead, task)
      if (control === 'stop') break
      cursor = control === 'pass' || control === 'pending' ? afterSuccess(cursor) : afterInclude(cursor, control)
      continue
    }
    const sight = await unlessItTakesLong(ahead, begun, () => foreseeTask(ahead, task, machine, writes, found))
    foreseeLateFacts(ahead, task, machine, found)
    if (sight === 'stop') break
    if (sight === 'unknown') markPending(foreseen, task, place.run.modules)
    cursor = afterSuccess(cursor)
  }
  return found
}

type Sight = 'known' | 'unknown' | 'stop'

/** Collects the reads of one task. known: its result, too, is foreseen. stop: it will act for certain, and make stale what is read before it. */
function foreseeTask(place: Place, task: Task, machine: Machine, writes: readonly Resource[], found: AheadRead[]): Sight {
  const view = viewTask(place, task, new Map())
  let prepared: readonly Prepared[] | undefined
  try {
    prepared = prepareItems(view)
  } catch (error) {
    if (error instanceof NeedsFacts) {
      if (found.length === 0) found.push(...guessedReads(view, machine, writes))
      wantFacts(place, machine, found, error)
      return 'unknown'
    }
    if (error instanceof Computing) throw error
    // Whatever is wrong with it is said when its turn comes.
    return isVarsTask(task) ? 'stop' : 'unknown'
  }
  if (prepared === undefined) return 'unknown'
  const results: (Value | undefined)[] = []
  for (const item of prepared) {
    if (item.kind === 'skipped') {
      results.push(skippedResult(item.condition))
      continue
    }
    if (item.kind !== 'work' || item.module.shape === 'action') return foreseeAction(place, task, item)
    const sight = foreseeWork(item, machine, writes, found)
    if (sight.acts) return 'stop'
    results.push(sight.result)
  }
  return remember(place, task, results)
}

/** What takes long to compute is waited for by the next frame, not by the one that it begins with: that has the reads that it does not decide about. */
async function unlessItTakesLong({ run }: Place, begun: Set<Promise<void>>, foresee: () => Sight): Promise<Sight> {
  for (;;) {
    try {
      return run.templating.waiting(foresee)
    } catch (error) {
      if (!(error instanceof Computing)) throw error
      if (error.begun) begun.add(error.ready)
      if (begun.has(error.ready)) {
        run.templating.guessing(foresee)
        return 'unknown'
      }
      await error.ready
    }
  }
}

/** Collects facts that are asked for only when the task has run. */
function foreseeLateFacts(place: Place, task: Task, machine: Machine, found: AheadRead[]): void {
  try {
    askLateFacts(place, task)
  } catch (error) {
    if (error instanceof NeedsFacts) wantFacts(place, machine, found, error)
    else if (!(error instanceof Pending)) throw error
  }
}

/** Only facts of the host itself, from the machine that the frame goes to. */
function wantFacts(place: Place, machine: Machine, found: AheadRead[], { host, family }: NeedsFacts): void {
  const facts = factsPlace(place)
  if (facts.machine === machine && host === place.host) found.push({ become: facts.become, read: factsRead(place, family) })
}

/** What each item of a task is to do; undefined when there are none to tell. */
function prepareItems(view: TaskView): readonly Prepared[] | undefined {
  const items = loopItems(view)
  return isItems(items) ? items.map(prepareItem) : undefined
}

/**
 * What a task will ask if its conditions hold, which want facts: most often those of the first task do, and it then needs no
 * frame of its own.
 */
function guessedReads(view: TaskView, machine: Machine, writes: readonly Resource[]): readonly AheadRead[] {
  const reads: AheadRead[] = []
  try {
    for (const prepared of prepareItems({ ...view, task: { ...view.task, when: [] } }) ?? []) {
      if (prepared.kind === 'work') foreseeWork(prepared, machine, writes, reads)
    }
  } catch {
    // Its arguments want facts, too.
  }
  return reads
}

/** What is foreseen of one item: its result when nothing will change, or that it will act for certain. */
interface Foresight {
  readonly result?: Value
  readonly acts?: true
}

function foreseeWork(work: Work, machine: Machine, writes: readonly Resource[], found: AheadRead[]): Foresight {
  if (!isStateWork(work) || work.machine !== machine || work.module.beyond === true) return {}
  try {
    const answers = answersOf(work, writes)
    if (!answers.complete) {
      for (const read of answers.missing) found.push({ become: work.become, read })
      return {}
    }
    const plan = planOf(work, answers.state)
    if (plan.changes.length === 0 && plan.fail === undefined) return { result: fromPlain(unchangedResult(work, answers.state, plan)) }
    return work.module.effect === true && !work.check ? { acts: true } : {}
  } catch {
    // An argument that its questions or its plan have no use for: said when its turn comes.
    return {}
  }
}

/** Nobody knows which names it sets. */
function isVarsTask({ module, moduleTemplate, args }: Task): boolean {
  return moduleTemplate !== undefined || /(^|\.)include_vars$/.test(module) || (/(^|\.)set_fact$/.test(module) && [...args.keys()].some((key) => typeof key === 'string' && hasTemplateMarks(key)))
}

/** What an action that only computes will set. */
function foreseeAction({ foreseen }: Place, task: Task, prepared: Prepared): Sight {
  const blind = isVarsTask(task) ? 'stop' : 'unknown'
  // In a loop, each item sees what the one before has set.
  if (prepared.kind !== 'work' || foreseen === undefined || task.loop !== undefined || task.register !== undefined) return blind
  const module = prepared.module as ActionModule
  if (module.pure !== true) return blind
  try {
    const outcome = module.run(prepared.input, foreseeingContext(prepared), prepared.rest)
    if (outcome instanceof Promise) return blind
    for (const [name, value] of [...(outcome.facts ?? []), ...(outcome.includedVars ?? [])]) {
      foreseen.pending.delete(name as string)
      foreseen.values.set(name, value)
    }
    return 'known'
  } catch {
    return blind
  }
}

/** An action that only computes needs nothing of a host. */
function foreseeingContext({ controller }: Work): ActionContext {
  return controller as ActionContext
}

function remember({ foreseen }: Place, task: Task, results: readonly (Value | undefined)[]): Sight {
  if (foreseen === undefined || results.some((result) => result === undefined)) return 'unknown'
  for (const result of results) rememberFacts(foreseen, result)
  if (task.register === undefined) return 'known'
  // changed_when, failed_when and until may turn the result over: leave those to the task's turn.
  if ([task.loop, task.changedWhen, task.failedWhen, task.until, task.retries].some((each) => each !== undefined)) return 'unknown'
  foreseen.values.set(task.register, results[0]!)
  foreseen.pending.delete(task.register)
  return 'known'
}

function skippedResult(condition: string | boolean): Value {
  return dictOf({ changed: false, skipped: true, skip_reason: 'Conditional result was False', false_condition: condition })
}
