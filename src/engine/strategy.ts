/** Strategies: in which order the hosts of a batch take their turns. */
import pLimit, { type LimitFunction } from 'p-limit'
import { PlonerunError } from '../errors/plonerun-error.ts'
import { quietly } from '../errors/quietly.ts'
import type { Value } from '../values/value.ts'
import type { Task } from '../load/tree/task.ts'
import { comparePlaces, currentTask, placeOf, afterSuccess } from './cursor.ts'
import type { TaskInfo } from './events.ts'
import { gatherEarly } from './facts.ts'
import { errandOf } from './frame.ts'
import { taskName } from './handlers.ts'
import type { HostState } from './host.ts'
import { keep, move, type Turn } from './conclude.ts'
import { perform } from './perform.ts'
import type { PlayState } from './play-state.ts'
import { passesSilently } from './selection.ts'
import { taskInfo } from './tell.ts'
import { asNumber, evaluateFlag, evaluateKeyword, keywordPosition, viewTask, type TaskView } from './task-view.ts'
import type { Place } from './place.ts'
import type { RunContext } from './context.ts'
import { isControl, isInclude, isMeta } from './control.ts'
import { isForAll } from './meta.ts'
import { findModule } from './module-names.ts'
import type { Module } from '../modules/contract/module.ts'

/** What a batch shares while its hosts take turns. */
export interface Walk {
  readonly run: RunContext
  readonly play: PlayState
  /** Numbers tasks for events. */
  readonly nextId: () => number
  /** Called after every task with the turns it took. */
  readonly afterTask: (task: Task, turns: readonly Turn[]) => void
  /** Of tasks with a throttle: lets so many hosts at once do it. */
  readonly throttles: Map<Task, LimitFunction>
  /** --start-at-task: nothing runs before it. */
  readonly startAt: { reached: boolean }
  /** --step: the person is asked before each task. */
  readonly step: { asks: boolean }
}

/** All hosts do a task before any begins the next one. */
export async function linear(walk: Walk): Promise<void> {
  for (;;) {
    const group = furthestBehind(walk.play.batch)
    if (group.length === 0) return
    await takeTurns(walk, group)
  }
}

/** Every host goes at its own pace. */
export async function free(walk: Walk): Promise<void> {
  const limit = pLimit(walk.run.forks)
  await Promise.all(
    walk.play.batch.map((host) =>
      limit(async () => {
        while (isActive(host)) await takeTurns(walk, [host])
      }),
    ),
  )
}

function isActive(host: HostState): boolean {
  return host.status === 'running' && host.cursor !== null
}

/** The hosts that stand before the earliest task anyone has still to do. */
function furthestBehind(batch: readonly HostState[]): readonly HostState[] {
  let group: HostState[] = []
  for (const host of batch) {
    if (!isActive(host)) continue
    const order = group.length === 0 ? -1 : comparePlaces(host.cursor, group[0]!.cursor)
    if (order < 0) group = [host]
    else if (order === 0 && currentTask(host.cursor) === currentTask(group[0]!.cursor)) group.push(host)
  }
  return group
}

async function takeTurns(walk: Walk, group: readonly HostState[]): Promise<void> {
  const { run, play } = walk
  const task = currentTask(group[0]!.cursor)!
  const placeFor = (host: HostState): Place => ({ run, play, host })
  const first = placeFor(group[0]!)
  if (isHeldBack(walk, first, task)) { group.forEach(pass); return; }
  const acting = group.filter((host) => !isPassed(placeFor(host), task))
  for (const host of group) if (!acting.includes(host)) pass(host)
  if (acting.length === 0) return
  await gatherEarly(errandOf(placeFor(acting[0]!), task))
  const info = taskInfo(placeFor(acting[0]!), task, walk.nextId())
  if (!task.implicit && !isMeta(task) && !(await isWanted(walk, info))) { acting.forEach(pass); return }
  if (!task.implicit && !isMeta(task)) run.emit({ type: 'task-started', task: info })
  const once = play.strategy === 'linear' && isRunOnce(placeFor(acting[0]!), task)
  const turns = once ? await takeTurnForAll(walk, acting, task, info) : await takeTurnEach(walk, acting, task, info)
  walk.afterTask(task, turns)
}

/** --step: whether the person wants the task; who wants all that follow is not asked again. */
async function isWanted({ run, step }: Walk, { name }: TaskInfo): Promise<boolean> {
  if (!step.asks) return true
  const answer = await run.ask(`Perform task: ${name} (N)o/(y)es/(c)ontinue: `)
  if (run.signal.aborted) throw new PlonerunError('stopped at a question', { kind: 'interrupted' })
  if (answer === null) throw new PlonerunError('--step asks before each task, and there is no terminal to ask at')
  const word = answer.trim().toLowerCase()
  if (['c', 'continue'].includes(word)) step.asks = false
  return ['y', 'yes', 'c', 'continue'].includes(word)
}

async function takeTurnEach(walk: Walk, hosts: readonly HostState[], task: Task, info: TaskInfo): Promise<readonly Turn[]> {
  const { run, play } = walk
  const forks = pLimit(run.forks)
  const throttle = throttleFor(walk, { run, play, host: hosts[0]! }, task)
  return Promise.all(hosts.map((host) => forks(() => throttle(() => perform({ run, play, host }, task, info)))))
}

/** Hosts of the free strategy come one by one to the same task, so its limit is kept. */
function throttleFor({ run, throttles }: Walk, place: Place, task: Task): LimitFunction {
  const number = throttleOf(place, task)
  if (number === undefined || number < 1) return pLimit(run.forks)
  const limit = throttles.get(task) ?? pLimit(number)
  throttles.set(task, limit)
  return limit
}

/** Without it no task can be told how many may go at once, so what is wrong with it ends the run. */
function throttleOf(place: Place, task: Task): number | undefined {
  if (task.throttle === undefined) return undefined
  let view: TaskView
  let given: Value
  try {
    view = viewTask(place, task, new Map())
    given = evaluateKeyword(view, task.throttle) ?? null
  } catch (error) {
    if (!(error instanceof PlonerunError)) throw error
    throw new PlonerunError(`Failed to convert the throttle value to an integer: ${error.message}`, { where: keywordPosition(task, 'throttle'), hint: error.hint })
  }
  return asNumber(view, 'throttle', given)
}

/** run_once, pause and what steers the play: the first host does it, and all of them keep what came of it. */
async function takeTurnForAll({ run, play }: Walk, hosts: readonly HostState[], task: Task, info: TaskInfo): Promise<readonly Turn[]> {
  const [first, ...others] = hosts as [HostState, ...HostState[]]
  const before = first.cursor
  const turn = await perform({ run, play, host: first }, task, info)
  const failed = turn.status === 'failed' || turn.status === 'rescued' || turn.status === 'unreachable'
  const turns = [turn]
  for (const host of others) {
    // A failure is theirs, where they stood.
    if (failed) turns.push({ host, from: host.cursor, status: turn.status })
    if (turn.outcome) keep({ run, play, host }, task, turn.outcome)
    host.notified.delete(task as never)
    // What an include brings is for the one host; a failure or lost connection is everyone's.
    host.cursor = !(isInclude(task) && turn.status === 'ok') && placeOf(host.cursor).join() === placeOf(before).join() ? first.cursor : afterSuccess(host.cursor)
    if (turn.status === 'failed' || turn.status === 'unreachable') host.status = first.status === 'running' ? host.status : 'failed'
  }
  return turns
}

function isRunOnce(place: Place, task: Task): boolean {
  if (quietly(() => (isMeta(task) ? isForAll(task) : !isControl(task) && isOnce(findModule(place.run.modules, task)))) === true) return true
  if (task.runOnce === undefined) return false
  try {
    return evaluateFlag(viewTask(place, task, new Map()), 'run_once', task.runOnce) === true
  } catch (error) {
    // Who is to do it has to be known before anybody does.
    if (error instanceof PlonerunError) throw new PlonerunError(`Error processing keyword 'run_once': ${error.message}`, { where: keywordPosition(task, 'run_once'), hint: error.hint })
    return false
  }
}

function isOnce(module: Module): boolean {
  return module.shape === 'action' && module.once === true
}

function isPassed(place: Place, task: Task): boolean {
  if (task.kind === 'handler' && task.included !== true && !place.host.notified.has(task as never)) return true
  return passesSilently(place, task)
}

function isHeldBack({ run, startAt }: Walk, place: Place, task: Task): boolean {
  if (run.startAtTask === undefined || startAt.reached || task.implicit) return false
  const name = taskName(place, task)
  const full = task.role ? `${task.role.name} : ${name}` : name
  startAt.reached = [name, full].some((each) => matchesGlob(each, run.startAtTask ?? ''))
  return !startAt.reached
}

function matchesGlob(text: string, pattern: string): boolean {
  const escaped = pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*').replaceAll('?', '.')
  return new RegExp(`^${escaped}$`, 's').test(text)
}

function pass(host: HostState): void {
  move(host, afterSuccess(host.cursor))
}
