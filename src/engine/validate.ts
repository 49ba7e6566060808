/** What can be known to be wrong before any host is touched: modules, parameters, templates, handlers. */
import { PlonerunError } from '../errors/plonerun-error.ts'
import type { Position } from '../errors/position.ts'
import { positionOf } from '../load/positions.ts'
import type { Condition, Play, Playbook, Statement, Task } from '../load/types.ts'
import { checkArgumentNames } from '../modules/contract/decode.ts'
import type { Templating } from '../template/templating.ts'
import { Template } from '../values/template.ts'
import type { Value } from '../values/value.ts'
import type { Modules } from './context.ts'
import { isControl } from './control.ts'
import { findModule } from './module-names.ts'

export interface Validation {
  readonly modules: Modules
  readonly templating: Templating
  /** Modules that Ansible has and plonerun lacks: named now, an error only when their task is reached. */
  readonly warn: (message: string, where: Position) => void
}

/**
 * Checks everything that playbooks say outright.
 * @throws PlonerunError for the first mistake
 */
export function validate(playbooks: readonly Playbook[], validation: Validation): void {
  for (const { plays } of playbooks) for (const play of plays) for (const statement of statementsOf(play)) validateStatement(statement, validation)
}

function statementsOf({ preTasks, roleTasks, tasks, postTasks, handlers }: Play): readonly Statement[] {
  return [...preTasks, ...roleTasks, ...tasks, ...postTasks, ...handlers]
}

function validateStatement(statement: Statement, validation: Validation): void {
  if (statement.kind !== 'block') { validateTask(statement, validation); return; }
  for (const each of [...statement.block, ...statement.rescue, ...statement.always]) validateStatement(each, validation)
}

function validateTask(task: Task, { modules, templating, warn }: Validation): void {
  checkTemplates(task.args, templating)
  for (const value of [task.vars, task.loop?.items, ...task.environment, task.loopControl.label]) checkTemplates(value ?? null, templating)
  for (const condition of conditionsOf(task)) checkCondition(condition, templating)
  if (isControl(task) || task.implicit) return
  const module = known(() => findModule(modules, task), task, warn)
  if (module === undefined || task.argsTemplate !== undefined) return
  const names = [...task.args.keys()].filter((key) => typeof key === 'string')
  checkArgumentNames(module, names, (key) => (key === undefined ? undefined : positionOf(task.args, key)) ?? task.modulePosition)
  if (names.includes('_raw_params') && module.freeForm === undefined)
    throw new PlonerunError(`${task.module} takes no free form`, { where: task.modulePosition, hint: `Write its parameters as a mapping: ${Object.keys(module.options).slice(0, 4).join(', ')} ...` })
}

/** A name with dots belongs to a collection, and may be a module that plonerun does not have. */
function known<Found>(find: () => Found, task: Task, warn: Validation['warn']): Found | undefined {
  try {
    return find()
  } catch (error) {
    if (!(error instanceof PlonerunError) || !task.module.includes('.')) throw error
    warn(`${error.message}: tasks that reach it fail`, task.modulePosition)
    return undefined
  }
}

function conditionsOf({ when, until = [], changedWhen = [], failedWhen = [] }: Task): readonly Condition[] {
  return [...when, ...until, ...changedWhen, ...failedWhen]
}

function checkCondition({ expression, position }: Condition, templating: Templating): void {
  if (expression instanceof Template) templating.check(expression)
  else if (typeof expression === 'string') templating.check({ expression, position })
}

function checkTemplates(value: Value, templating: Templating): void {
  if (value instanceof Template) templating.check(value)
  else if (Array.isArray(value)) for (const item of value) checkTemplates(item as Value, templating)
  else if (value instanceof Map) for (const item of value.values()) checkTemplates(item, templating)
}
