/** meta: flush_handlers, end_play and the other steering words. */
import { PlonerunError } from '../errors/plonerun-error.ts'
import { suggest } from '../errors/suggest.ts'
import type { Task } from '../load/tree/task.ts'
import { dictOf } from '../values/convert.ts'
import { conclude, move, type Turn } from './conclude.ts'
import { isFlush, isMeta, metaAction } from './control.ts'
import { afterInclude, afterSuccess, currentTask, isFailing, withoutFailures } from './cursor.ts'
import type { TaskInfo } from './events.ts'
import { withFacts } from './facts.ts'
import type { Errand } from './frame.ts'
import type { HostState } from './host.ts'
import { failedOutcome, skippedOutcome, summarise, type TaskOutcome } from './outcome.ts'
import { refreshInventory } from './inventory-change.ts'
import type { Item } from './loop.ts'
import type { Place } from './place.ts'
import { evaluateConditions, viewTask } from './task-view.ts'
import { callNotified } from './handlers.ts'

type Meta = (errand: Errand) => void | Promise<void>

const ACTIONS: ReadonlyMap<string, Meta> = new Map<string, Meta>([
  ['noop', () => undefined],
  ['role_complete', completeRole],
  ['end_host', ({ place: { run, host } }) => {
    end(host)
    host.left = true
    run.emit({ type: 'steered', host: host.name, message: `ending play for ${host.name}` })
  }],
  ['end_play', ({ place }) => {
    place.play.over = true
    endBatch(place, 'ending play')
  }],
  ['end_batch', ({ place }) => endBatch(place, 'ending batch')],
  ['end_role', endRole],
  ['clear_facts', ({ place: { run, host } }) => {
    host.facts.clear()
    host.gathers = false
    host.gathered.clear()
    host.told.clear()
    host.moduleFacts.clear()
    host.cachedFacts.clear()
    if (!run.check) run.factCache?.forget(host.name)
  }],
  ['clear_host_errors', ({ place: { play } }) => {
    for (const host of play.batch) {
      if (host.status === 'failed' || host.status === 'unreachable') host.status = 'running'
      host.cursor = withoutFailures(host.cursor)
    }
  }],
  ['refresh_inventory', ({ place: { run } }) => refreshInventory(run)],
  ['reset_connection', async ({ place: { run, host } }) => {
    await Promise.all(run.machines.all().filter(({ hosts }) => hosts.has(host.name)).map((machine) => machine.disconnect()))
  }],
])

function completeRole({ place: { host }, task }: Errand): void {
  // One that was skipped whole, or done by another host for all of them (run_once), may still be done here.
  if (task.role && host.rolesRun.has(task.role.key)) host.rolesDone.add(task.role.key)
}

/** The host goes on behind the role, whether it may run again or not. */
function endRole({ place: { host }, task, cursor }: Errand): void {
  const outside = task.kind === 'handler' ? 'a handler' : task.role === undefined ? 'outside of a role' : undefined
  if (outside !== undefined) throw new PlonerunError(`Cannot execute 'end_role' from ${outside}`, { where: task.modulePosition })
  host.rolesDone.add(task.role!.key)
  let at = afterSuccess(cursor)
  while (at !== null && !completes(currentTask(at), task.role)) at = afterSuccess(at)
  host.cursor = at
}

function completes(task: Task | undefined, role: Task['role']): boolean {
  return task !== undefined && task.role === role && isMeta(task) && metaAction(task) === 'role_complete'
}

/** Whether it is about the play: what the first host makes of its conditions holds for all. */
export function isForAll(task: Task): boolean {
  return FOR_ALL.has(metaAction(task))
}

const FOR_ALL: ReadonlySet<string> = new Set(['end_play', 'end_batch', 'clear_host_errors', 'refresh_inventory'])

/** A host whose block has failed on the way here has failed. */
function end(host: HostState): void {
  host.status = isFailing(host.cursor) ? 'failed' : 'ended'
}

/** The first host that comes to it ends the batch for all. */
function endBatch({ run, play, host }: Place, message: string): void {
  if (host.status === 'ended') return
  for (const each of play.batch) if (each.status === 'running') end(each)
  run.emit({ type: 'steered', host: host.name, message })
}

/** Does what a meta task says for one host. */
export async function performMeta(errand: Errand, info: TaskInfo): Promise<Turn> {
  const { place, task, cursor } = errand
  const { host, play } = place
  const began = performance.now()
  const view = viewTask(place, task, new Map())
  const whole: Item = { index: 0, view, names: new Map() }
  const done: TaskOutcome = summarise([{ item: whole, status: 'ok', result: dictOf({ changed: false }), changes: [], diffs: [], noLog: false }], false)
  try {
    // Where nothing is done, Ansible does not ask whether to.
    const when = metaAction(task) === 'noop' ? [] : task.when
    const verdict = await withFacts(errand, () => evaluateConditions(view, when))
    if (verdict.holds === false) {
      const message = `${metaAction(task)} conditional evaluated to False, continuing ${metaAction(task) === 'end_host' ? `execution for ${host.name}` : 'play'}`
      if (!task.implicit) place.run.emit({ type: 'steered', host: host.name, message })
      return conclude(errand, info, summarise([skippedOutcome(whole, verdict.failing ?? '', message)], false), began)
    }
    if (isFlush(task)) {
      move(host, callNotified(place) ? afterInclude(cursor, play.handlers) : afterSuccess(cursor))
      return { host, from: cursor, status: 'ok' }
    }
    const act = ACTIONS.get(metaAction(task))
    if (act === undefined) throw unknownMeta(task)
    await act(errand)
  } catch (error) {
    if (!(error instanceof Error) || (error instanceof PlonerunError && error.kind !== 'input')) throw error
    return conclude(errand, info, summarise([failedOutcome(whole, error, false)], false), began)
  }
  // meta tasks are walked by without a word, as their effect speaks for them.
  move(host, afterSuccess(host.cursor))
  return { host, from: cursor, status: 'ok', outcome: done }
}

/** @throws PlonerunError for a word that means nothing */
export function checkMeta(task: Task): void {
  if (!ACTIONS.has(metaAction(task)) && !isFlush(task)) throw unknownMeta(task)
}

function unknownMeta(task: Task): PlonerunError {
  const similar = suggest(metaAction(task), [...ACTIONS.keys(), 'flush_handlers'])
  return new PlonerunError(`meta has no '${metaAction(task)}'`, { where: task.modulePosition, ...(similar !== undefined && { hint: `Did you mean '${similar}'?` }) })
}
