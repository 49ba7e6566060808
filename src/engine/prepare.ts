/** What a task will do on a host, worked out from its variables alone: whether its conditions hold, its module, arguments and target. */
import { PlonerunError } from '../errors/plonerun-error.ts'
import type { Task } from '../load/tree/task.ts'
import { decodeArguments, type Locate } from '../modules/contract/decode.ts'
import type { Controller, Module } from '../modules/contract/module.ts'
import { Omit } from '../values/omit.ts'
import { positionOf } from '../values/positions.ts'
import { str } from '../values/print.ts'
import { Template } from '../values/template.ts'
import { NotKnown, Unknown } from '../values/unknown.ts'
import { Pending, type Dict } from '../values/value.ts'
import { ArgumentError, moduleArguments } from './arguments.ts'
import { createController } from './controller.ts'
import type { Item } from './loop.ts'
import { findModule } from './module-names.ts'
import { reach, type Reached } from './reach.ts'
import { evaluate, evaluateConditions, evaluateFlag, evaluateKeyword, evaluateNumber, isChecked, isDiffed, keywordPosition, type TaskView } from './task-view.ts'

/** An item that is to be done. */
export interface Work extends Reached {
  readonly kind: 'work'
  readonly item: Item
  readonly module: Module
  readonly input: Record<string, unknown>
  readonly rest: Dict
  /** What the module's `prepare` gave. */
  readonly prepared: unknown
  readonly controller: Controller
  readonly environment: Readonly<Record<string, string>>
  readonly check: boolean
  readonly diff: boolean
  readonly noLog: boolean
  /** Seconds. */
  readonly timeout?: number
  /** async with poll: 0: seconds that its changes may go on in the background. */
  readonly background?: number
  /** async with a poll that is not 0. */
  readonly polled: boolean
}

export type Prepared =
  | Work
  | { readonly kind: 'skipped'; readonly item: Item; readonly condition: string | boolean }
  /** check mode: a condition or an argument cannot be known. */
  | { readonly kind: 'unknown'; readonly item: Item; readonly of: Unknown }
  | { readonly kind: 'failed'; readonly item: Item; readonly error: Error; readonly noLog: boolean; /** In the result, instead of the error's message. */ readonly msg?: string }

/** Seconds. */
const LONGEST_TIMEOUT = 100_000_000

/** Works out one item. Only Pending is thrown; every other error is the item's outcome. */
export function prepareItem(item: Item): Prepared {
  let noLog = false
  try {
    const { view } = item
    const verdict = evaluateConditions(view, view.task.when)
    if (verdict.holds === false) return { kind: 'skipped', item, condition: verdict.failing ?? '' }
    if (verdict.holds instanceof Unknown) return { kind: 'unknown', item, of: verdict.holds }
    noLog = (evaluateFlag(view, 'no_log', view.task.noLog) ?? view.place.run.defaults?.noLog) === true
    const wrong = wrongNotify(view)
    if (wrong !== undefined) return { kind: 'failed', item, error: wrong, noLog, msg: `Task failed: Error processing keyword 'notify': ${wrong.message}` }
    return prepareWork(item, noLog)
  } catch (error) {
    if (error instanceof Pending || !(error instanceof Error)) throw error
    if (error instanceof NotKnown) return { kind: 'unknown', item, of: error.unknown }
    return { kind: 'failed', item, error, noLog }
  }
}

/** What is wrong with whom the task notifies: it is told before anything is changed. */
function wrongNotify(view: TaskView): PlonerunError | undefined {
  try {
    for (const name of view.task.notify ?? []) if (name instanceof Template) evaluateKeyword(view, name)
  } catch (error) {
    if (error instanceof PlonerunError) return error
    if (!(error instanceof NotKnown)) throw error
  }
  return undefined
}

function prepareWork(item: Item, noLog: boolean): Prepared {
  const { view } = item
  const { place, task } = view
  const { run } = place
  const module = findModule(run.modules, task.moduleTemplate === undefined ? task : { ...task, module: str(evaluate(view, task.moduleTemplate)).trim() })
  const locate: Locate = (key) => (key === undefined ? undefined : positionOf(task.args, key)) ?? task.modulePosition
  let args: Dict
  try {
    args = moduleArguments(view, module)
  } catch (error) {
    if (!(error instanceof PlonerunError)) throw error
    const of = error instanceof ArgumentError ? `Error while resolving value for '${str(error.argument)}': ` : ''
    return { kind: 'failed', item, error, noLog, msg: `Task failed: Finalization of task args for '${module.name}' failed: ${of}${error.message}` }
  }
  const decoded = decodeArguments(module, args, locate)
  for (const secret of decoded.secrets) run.secrets.add(secret)
  if (decoded.unknown !== undefined) return { kind: 'unknown', item, of: decoded.unknown }
  const target = reach(view)
  const diff = isDiffed(view)
  const controller = createController(view, diff)
  // An async task that is polled for is one that may take so long.
  const async = evaluateNumber(view, 'async', task.async) ?? 0
  const timeout = evaluateNumber(view, 'timeout', task.timeout) ?? (async > 0 ? async : (run.defaults?.taskTimeout ?? 0))
  if (timeout < 0 || timeout > LONGEST_TIMEOUT) throw new PlonerunError(`Timeout ${timeout} is invalid, it must be between 0 and ${LONGEST_TIMEOUT}`, { where: keywordPosition(task, 'timeout') })
  const background = async > 0 && evaluateNumber(view, 'poll', task.poll) === 0
  if (background && module.shape === 'action') throw notInBackground(task, module)
  return {
    kind: 'work',
    item,
    module,
    input: decoded.input,
    rest: decoded.rest,
    prepared: module.shape === 'state' && module.prepare ? module.prepare(decoded.input, controller) : undefined,
    controller,
    ...target,
    environment: evaluateEnvironment(view),
    check: isChecked(view),
    diff,
    noLog,
    ...(timeout > 0 && { timeout }),
    ...(background && { background: async }),
    polled: async > 0 && !background && module.shape === 'state',
  }
}

export function notInBackground(task: Task, { name }: Module): PlonerunError {
  return new PlonerunError(`${name} cannot go on in the background`, { where: keywordPosition(task, 'poll'), hint: "It does its work on this machine, or step by step: leave out 'async' and 'poll'." })
}

function evaluateEnvironment(view: TaskView): Record<string, string> {
  const environment: Record<string, string> = {}
  for (const layer of view.task.environment) {
    const given = evaluate(view, layer)
    if (given === null || given === '' || given instanceof Omit) continue
    if (!(given instanceof Map)) throw new PlonerunError(`'environment' takes a mapping, got '${str(given)}'`, { where: keywordPosition(view.task, 'environment') })
    for (const [key, value] of given) if (!(value instanceof Omit)) environment[str(key)] = str(value)
  }
  return environment
}
