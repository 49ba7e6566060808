/** What a task will do on a host, worked out from its variables alone: its loop, conditions and arguments. */
import { PlonerunError } from '../errors/plonerun-error.ts'
import { positionOf } from '../values/positions.ts'
import type { Task } from '../load/types.ts'
import { decodeArguments, type Locate } from '../modules/contract/decode.ts'
import type { Controller, Module } from '../modules/contract/module.ts'
import type { Become } from '../transport/connection.ts'
import { str } from '../values/print.ts'
import { Omit } from '../values/omit.ts'
import { hasTemplateMarks, Template } from '../values/template.ts'
import { Undefined } from '../values/undefined.ts'
import { NotKnown, Unknown } from '../values/unknown.ts'
import { Pending, type Dict, type Value } from '../values/value.ts'
import { addressOf, becomeOf, taskKeywords } from './connect.ts'
import { createController } from './controller.ts'
import { notInBackground } from './jobs.ts'
import type { Machine } from './machine.ts'
import { findModule } from './module-names.ts'
import { withoutOmitted } from './omit.ts'
import { evaluate, evaluateConditions, evaluateFlag, evaluateNumber, evaluateText, keywordPosition, viewWith, type TaskView } from './task-view.ts'
import { taskScope } from './variables.ts'

/** One item of a task's loop, or the task itself when it has none. */
export interface Item {
  readonly index: number
  readonly view: TaskView
  /** Undefined without a loop. */
  readonly value?: Value
  /** How the item is shown; may use its own result under the task's register. */
  readonly label?: (result: Value) => string
  /** Which try of `until` this is, the first being 1. */
  readonly attempt?: number
  /** For the result: item, ansible_loop_var and the like. */
  readonly names: Dict
}

/** An item that is to be done. */
export interface Work {
  readonly kind: 'work'
  readonly item: Item
  readonly module: Module
  readonly input: Record<string, unknown>
  readonly rest: Dict
  /** What the module's `prepare` gave. */
  readonly prepared: unknown
  readonly controller: Controller
  readonly machine: Machine
  readonly delegatedTo?: string
  readonly become: Become | undefined
  readonly environment: Readonly<Record<string, string>>
  readonly check: boolean
  readonly diff: boolean
  readonly noLog: boolean
  /** Seconds. */
  readonly timeout?: number
  /** async with poll: 0: seconds that its changes may go on in the background. */
  readonly background?: number
}

export type Prepared =
  | Work
  | { readonly kind: 'skipped'; readonly item: Item; readonly condition: string | boolean }
  /** check mode: a condition or an argument cannot be known. */
  | { readonly kind: 'unknown'; readonly item: Item; readonly of: Unknown }
  | { readonly kind: 'failed'; readonly item: Item; readonly error: Error; readonly noLog: boolean; /** In the result, instead of the error's message. */ readonly msg?: string }

/** Seconds. */
const LONGEST_TIMEOUT = 100_000_000

/** The task's items; one without a value when it has no loop. Skipped as a whole when its loop cannot be evaluated but its conditions do not hold. */
export function loopItems(view: TaskView): readonly Item[] | { readonly skipped: string | boolean } | Unknown {
  const { task, place } = view
  if (task.loop === undefined) return [{ index: 0, view, names: new Map() }]
  let values: readonly Value[] | Unknown
  try {
    values = loopValues(view)
  } catch (error) {
    if (error instanceof Pending) throw error
    const verdict = quietly(() => evaluateConditions(view, task.when))
    if (verdict?.holds === false) return { skipped: verdict.failing ?? '' }
    throw error
  }
  if (values instanceof Unknown) return values
  const control = task.loopControl
  const loopVar = evaluateText(view, control.loopVar) ?? 'item'
  const indexVar = evaluateText(view, control.indexVar)
  const extended = evaluateFlag(view, 'extended', control.extended) === true
  const allItems = evaluateFlag(view, 'extended_allitems', control.extendedAllitems) !== false
  if (place.foreseen === undefined && view.scope.lookup(loopVar) !== undefined && loopVar === 'item')
    place.run.note('warning', `The loop variable '${loopVar}' is already in use. Set loop_control.loop_var to another name.`, task.loop.position)
  return values.map((value, index) => {
    const names: Dict = new Map<Value, Value>([[loopVar, value], ['ansible_loop_var', loopVar]])
    if (indexVar !== undefined) names.set(indexVar, index).set('ansible_index_var', indexVar)
    if (extended) names.set('ansible_loop', extendedLoop(values, index, allItems))
    // Lookups that act do so once for each item.
    const itemView = viewWith({ ...view, context: { ...view.context, once: new Map() } }, names)
    return { index, view: itemView, value, names, label: (result) => {
      if (control.label === undefined) return str(value)
      return str(evaluate(task.register === undefined ? itemView : viewWith(itemView, new Map([[task.register, result]])), control.label))
    } }
  })
}

/** The items of a loop, not the reason why there are none. */
export function isItems(items: readonly Item[] | { readonly skipped: string | boolean }): items is readonly Item[] {
  return Array.isArray(items)
}

function loopValues(view: TaskView): readonly Value[] | Unknown {
  const { loop } = view.task
  const { run } = view.place
  if (loop === undefined) return []
  if (loop.lookup === null) {
    const values = evaluate(view, loop.items)
    if (values instanceof Unknown) return values
    if (!Array.isArray(values))
      throw new PlonerunError(`'loop' takes a list, got ${values instanceof Map ? 'a mapping' : `'${str(values)}'`}`, {
        where: loop.position,
        hint: values instanceof Map ? 'To loop over a mapping write "{{ the_mapping | dict2items }}".' : 'A single value loops when it is written as a list: ["{{ value }}"].',
      })
    return values
  }
  const given = evaluate(view, loop.items)
  if (given instanceof Unknown) return given
  return run.templating.lookup(loop.lookup, Array.isArray(given) ? given : [given], new Map(), view.scope, view.context)
}

function extendedLoop(values: readonly Value[], index: number, allItems: boolean): Dict {
  const last = values.length - 1
  const names: [Value, Value][] = [
    ['index', index + 1], ['index0', index], ['first', index === 0], ['last', index === last],
    ['length', values.length], ['revindex', values.length - index], ['revindex0', last - index],
  ]
  if (allItems) names.push(['allitems', [...values]])
  if (index > 0) names.push(['previtem', values[index - 1]!])
  if (index < last) names.push(['nextitem', values[index + 1]!])
  return new Map(names)
}

/** Works out one item. Only Pending is thrown; every other error is the item's outcome. */
export function prepareItem(item: Item): Prepared {
  let noLog = false
  try {
    const { view } = item
    const verdict = evaluateConditions(view, view.task.when)
    if (verdict.holds === false) return { kind: 'skipped', item, condition: verdict.failing ?? '' }
    if (verdict.holds instanceof Unknown) return { kind: 'unknown', item, of: verdict.holds }
    noLog = (evaluateFlag(view, 'no_log', view.task.noLog) ?? view.place.run.defaults?.noLog) === true
    return prepareWork(item, noLog)
  } catch (error) {
    if (error instanceof Pending || !(error instanceof Error)) throw error
    if (error instanceof NotKnown) return { kind: 'unknown', item, of: error.unknown }
    return { kind: 'failed', item, error, noLog }
  }
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
    return { kind: 'failed', item, error, noLog, msg: `Task failed: Finalization of task args for '${module.name}' failed: ${error.message}` }
  }
  const decoded = decodeArguments(module, args, locate)
  for (const secret of decoded.secrets) run.secrets.add(secret)
  if (decoded.unknown !== undefined) return { kind: 'unknown', item, of: decoded.unknown }
  const target = reach(view)
  const diff = evaluateFlag(view, 'diff', task.diff) ?? run.diff
  const controller = createController(view, diff)
  // An async task that is polled for is one that may take so long.
  const async = evaluateNumber(view, 'async', task.async) ?? 0
  const timeout = evaluateNumber(view, 'timeout', task.timeout) ?? async
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
    check: evaluateFlag(view, 'check_mode', task.checkMode) ?? run.check,
    diff,
    noLog,
    ...(timeout > 0 && { timeout }),
    ...(background && { background: async }),
  }
}

/** The evaluated arguments: module_defaults, then `args:`, then the task's own. */
function moduleArguments(view: TaskView, module: Module): Dict {
  const { task } = view
  const args: Dict = new Map()
  const short = module.name.slice(module.name.lastIndexOf('.') + 1)
  for (const defaults of task.moduleDefaults)
    for (const name of [short, module.name, task.module]) {
      const given = defaults.get(name)
      if (given !== undefined && given !== null) merge(args, evaluate(view, given))
    }
  if (task.argsTemplate !== undefined) merge(args, evaluate(view, task.argsTemplate))
  const splat = module.freeForm === undefined ? task.args.get('_raw_params') : undefined
  if (splat !== undefined) merge(args, evaluate(view, splat))
  for (const [key, value] of task.args) {
    if (key === '_raw_params' && splat !== undefined) continue
    const name = argumentName(view, module, key)
    if (typeof name === 'string' && module.options[name]?.unevaluated === true) args.set(name, value)
    else {
      const given = evaluate(view, value)
      if (given instanceof Omit) args.delete(name)
      else args.set(name, withoutOmitted(given))
    }
  }
  return args
}

/** The name of an argument as the module takes it: where any name is taken, a template may give it. */
function argumentName(view: TaskView, module: Module, key: Value): Value {
  if (key === '_raw_params') return module.freeForm ?? key
  const isOpen = module.shape === 'action' && module.open === true
  return isOpen && typeof key === 'string' && hasTemplateMarks(key) ? evaluate(view, new Template(key, positionOf(view.task.args, key) ?? view.task.modulePosition)) : key
}

function merge(into: Dict, from: Value): void {
  if (!(from instanceof Map)) throw new PlonerunError(`arguments are a mapping, got '${str(from)}'`)
  for (const [key, value] of from) if (!(value instanceof Omit)) into.set(key, withoutOmitted(value))
}

/**
 * The machine and user that the item acts on.
 * @param delegatedTo the host, when it is not the one whose turn it is
 */
export function reach(view: TaskView, delegatedTo = evaluateText(view, view.task.delegateTo)): Pick<Work, 'machine' | 'become' | 'delegatedTo'> {
  const { place, task } = view
  const { run, play, host } = place
  const written = taskKeywords(task)
  const keywords = Object.fromEntries(Object.entries(written).map(([key, value]) => [key, evaluate(view, value)])) as typeof written
  const name = delegatedTo ?? host.name
  const there = delegatedTo === undefined ? view.scope : taskScope({ run, play, host: play.hostState(delegatedTo) ?? host }, undefined)
  const variable = (variableName: string): Value | undefined => {
    // A host that is not in the inventory has no variables of its own.
    if (delegatedTo !== undefined && run.inventory.host(delegatedTo) === undefined) return undefined
    const value = there.lookup(variableName)
    const given = value === undefined ? undefined : run.templating.resolve(value, there, view.context)
    return given instanceof Undefined || given instanceof Omit ? undefined : given
  }
  const known = run.inventory.host(name)
  const address = addressOf(run, name, known?.implicit ?? true, variable, keywords)
  const machine = run.machines.machine(address)
  machine.hosts.add(name)
  return {
    machine,
    become: becomeOf(run, variable, keywords),
    ...(delegatedTo !== undefined && { delegatedTo }),
  }
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

function quietly<Result>(compute: () => Result): Result | undefined {
  try {
    return compute()
  } catch (error) {
    if (error instanceof Pending) throw error
    return undefined
  }
}

/** The task, told apart from the same task at another point of the run. */
export function workKey(task: Task, place: readonly number[], index: number): string {
  return `${task.position.file}:${task.position.line}:${place.join('.')}#${index}`
}
