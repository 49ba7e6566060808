/** A host's turn at a task: settles it, or brings what it includes. */
import { isFatal, PlonerunError } from '../errors/plonerun-error.ts'
import type { Statement, Task } from '../load/tree/task.ts'
import { dictOf } from '../values/convert.ts'
import { Unknown } from '../values/unknown.ts'
import { Pending } from '../values/value.ts'
import { conclude, seconds, type Turn } from './conclude.ts'
import { adopt, include, isInclude, isMeta } from './control.ts'
import { afterSuccess } from './cursor.ts'
import type { TaskInfo } from './events.ts'
import { withFacts } from './facts.ts'
import { errandOf, type Errand } from './frame.ts'
import { mask } from './mask.ts'
import { performMeta } from './meta.ts'
import { failedOutcome, skippedOutcome, summarise, unknownOutcome, type ItemOutcome } from './outcome.ts'
import { withLines } from './plan.ts'
import { askLateFacts } from './late-facts.ts'
import { isItems, loopItems, type Item } from './loop.ts'
import { settleTask, type Listener } from './settle.ts'
import { evaluateConditions, evaluateFlag, viewTask } from './task-view.ts'
import { errorInfo, tellOutcome } from './tell.ts'
import type { Place } from './place.ts'

/** Lets one host do the task it stands before. */
export async function perform(place: Place, task: Task, info: TaskInfo): Promise<Turn> {
  const { host } = place
  const began = performance.now()
  const errand = errandOf(place, task)
  const doubtful = task.kind === 'handler' && host.notified.get(task as never) === false
  if (task.kind === 'handler') host.notified.delete(task as never)
  try {
    await withFacts(errand, () => askLateFacts(place, task))
    if (isMeta(task)) return await performMeta(errand, info)
    if (isInclude(task)) return await performInclude(errand, info, began, doubtful)
    const listener: Listener = {
      item: (outcome) => {
        if (task.loop !== undefined && outcome.item.names.size > 0) tellOutcome(place.run, info, host.name, outcome, outcome.status, seconds(began), outcome.item.label?.(outcome.result))
      },
      output: (stream, text) => place.run.emit({ type: 'output', task: info, host: host.name, stream, text }),
      cycle: (event) => place.run.emit(mask({ type: 'cycle' as const, task: info, host: host.name, event }, place.run.secrets)),
    }
    const outcome = await settleTask(errand, listener)
    return conclude(errand, info, doubtful && outcome.status === 'changed' ? { ...outcome, status: 'unknown', result: new Unknown(`whether '${info.name}' is notified`) } : outcome, began)
  } catch (error) {
    if (error instanceof PlonerunError && error.kind === 'unreachable') return unreachable(errand, info, error)
    throw error
  }
}

function unreachable({ place, task, cursor }: Errand, info: TaskInfo, error: PlonerunError): Turn {
  const { host, run } = place
  const ignored = ignoresUnreachable(place, task)
  if (ignored) {
    if (task.register !== undefined) host.setFacts.set(task.register, dictOf({ unreachable: true, changed: false, msg: error.message }))
    host.counts.ok++
    host.counts.ignored++
    host.cursor = afterSuccess(cursor)
  } else {
    host.counts.unreachable++
    // Where it goes on after clear_host_errors.
    host.cursor = afterSuccess(cursor)
    host.status = 'unreachable'
  }
  run.emit({ type: 'host-unreachable', task: info, host: host.name, error: errorInfo(error), ignored })
  return { host, from: cursor, status: 'unreachable' }
}

/** Facts of a host that was never reached do not tell. Of a loop each item has to say so. */
function ignoresUnreachable(place: Place, task: Task): boolean {
  if (task.ignoreUnreachable === undefined) return false
  try {
    const items = loopItems(viewTask(place, task, new Map()))
    return isItems(items) && items.every(({ view }) => evaluateFlag(view, 'ignore_unreachable', task.ignoreUnreachable) === true)
  } catch (error) {
    if (!(error instanceof Pending)) throw error
    return false
  }
}

/** include_tasks and include_role: the host walks what they bring next. */
async function performInclude(errand: Errand, info: TaskInfo, began: number, doubtful: boolean): Promise<Turn> {
  const { place, task } = errand
  const view = viewTask(place, task, new Map())
  const whole: Item = { index: 0, view, names: new Map() }
  const nodes: Statement[] = []
  const outcomes: ItemOutcome[] = []
  try {
    const items = await withFacts(errand, () => loopItems(view))
    if (items instanceof Unknown) outcomes.push(unknownOutcome(whole, items))
    else if (!isItems(items)) outcomes.push(skippedOutcome(whole, items.skipped))
    else
      for (const item of items) {
        const verdict = await withFacts(errand, () => evaluateConditions(item.view, task.when))
        if (verdict.holds === false) outcomes.push(skippedOutcome(item, verdict.failing ?? ''))
        else if (verdict.holds instanceof Unknown) outcomes.push(unknownOutcome(item, verdict.holds))
        else {
          const included = await withFacts(errand, () => include(place, task, item))
          adopt(place, included)
          nodes.push(...included.tasks)
          if (doubtful) for (const node of included.tasks) place.host.notified.set(node as never, false)
          outcomes.push({ item, status: 'ok', result: dictOf(withLines({ changed: false, failed: false, include: included.what })), changes: [], diffs: [], noLog: false })
        }
      }
  } catch (error) {
    if (!(error instanceof Error) || isFatal(error)) throw error
    return conclude(errand, info, summarise([failedOutcome(whole, error, false)], false), began)
  }
  return conclude(errand, info, summarise(outcomes, task.loop !== undefined), began, nodes)
}
