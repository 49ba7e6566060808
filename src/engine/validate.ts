/** What can be known to be wrong before any host is touched: modules, parameters, templates, handlers. */
import { dirname, join } from 'node:path'
import { PlonerunError } from '../errors/plonerun-error.ts'
import type { Position } from '../errors/position.ts'
import { positionOf } from '../values/positions.ts'
import type { Condition } from '../load/tree/keywords.ts'
import type { Play, Playbook } from '../load/tree/play.ts'
import type { Statement, Task } from '../load/tree/task.ts'
import { checkArgumentNames, checkLiteralArguments, type Locate } from '../modules/contract/decode.ts'
import type { Templating } from '../template/templating.ts'
import { Template } from '../values/template.ts'
import type { Value } from '../values/value.ts'
import type { Modules } from './context.ts'
import { builtinName } from '../load/module-call.ts'
import { isControl, isMeta } from './control.ts'
import { findFile } from './find-file.ts'
import { checkMeta } from './meta.ts'
import { findModule } from './module-names.ts'
import { notInBackground } from './prepare.ts'
import { warnOfReservedInPlay } from './reserved-names.ts'
import { searchPath } from './search-path.ts'

export interface Validation {
  readonly modules: Modules
  readonly templating: Templating
  /** Modules that Ansible has and plonerun lacks, and mistakes that need not be reached: named now, an error only when their task is reached. Misleading names, too. */
  readonly warn: (message: string, where: Position) => void
}

/**
 * Checks everything that playbooks say outright.
 * @throws PlonerunError for the first mistake
 */
export function validate(playbooks: readonly Playbook[], validation: Validation): void {
  const plays = playbooks.flatMap((playbook) => playbook.plays)
  for (const play of plays) warnOfReservedInPlay(play, statementsOf(play), validation.warn)
  const tasks = plays.flatMap((play) => statementsOf(play).flatMap(tasksIn).map((task) => ({ play, task })))
  // A task that works on this machine may still make the files that others take from it.
  const filesMayCome = plays.some(({ keywords }) => keywords.connection !== undefined) || tasks.some(({ task }) => task.delegateTo !== undefined || task.connection !== undefined)
  for (const { play, task } of tasks) {
    if (mayFail(task)) continue
    try {
      validateTask(task, validation)
      if (!filesMayCome) checkTemplateFile(play, task)
    } catch (error) {
      if (!(error instanceof PlonerunError) || !mayBePassedOver(play, task)) throw error
      validation.warn(`${error.message}: tasks that reach it fail`, error.where ?? task.modulePosition)
    }
  }
}

/** The tasks of a statement, without those whose failure a rescue is there for: they are judged at their turn. */
function tasksIn(statement: Statement): readonly Task[] {
  if (statement.kind !== 'block') return [statement]
  const { block, rescue, always } = statement
  return [...(rescue.length > 0 ? [] : block), ...rescue, ...always].flatMap(tasksIn)
}

/** Whoever lets a task fail, or says himself when it has, is told at its turn. */
function mayFail({ ignoreErrors, failedWhen }: Task): boolean {
  return (ignoreErrors !== undefined && ignoreErrors !== false) || failedWhen !== undefined
}

/** Roles that others wrote carry branches that nobody takes here, and mistakes in them that their authors never met. One's own are in roles/ beside the playbook. */
function mayBePassedOver({ file }: Play, { role, when, loop }: Task): boolean {
  return role !== undefined && !role.path.startsWith(join(dirname(file), 'roles', '/')) && (when.length > 0 || loop !== undefined)
}

/** The template of a task that runs whatever happens and names it outright must be there. */
function checkTemplateFile(play: Play, task: Task): void {
  const source = task.args.get('src')
  if (builtinName(task.module) !== 'template' || typeof source !== 'string' || task.when.length > 0 || task.loop !== undefined) return
  findFile('templates', source, { searchPath: searchPath(play, task) }, task)
}

function statementsOf({ preTasks, roleTasks, tasks, postTasks, handlers }: Play): readonly Statement[] {
  return [...preTasks, ...roleTasks, ...tasks, ...postTasks, ...handlers]
}

function validateTask(task: Task, { modules, templating, warn }: Validation): void {
  checkTemplates(task.args, templating)
  for (const value of [task.vars, task.loop?.items, ...task.environment, task.loopControl.label]) checkTemplates(value ?? null, templating)
  for (const condition of conditionsOf(task)) checkCondition(condition, templating)
  if (task.moduleTemplate !== undefined) templating.check(task.moduleTemplate)
  if (isMeta(task)) checkMeta(task)
  if (isControl(task) || task.implicit || task.moduleTemplate !== undefined) return
  const module = known(() => findModule(modules, task), task, warn)
  if (module?.shape === 'action' && task.poll === 0 && typeof task.async === 'number' && task.async > 0) throw notInBackground(task, module)
  if (module === undefined || task.argsTemplate !== undefined) return
  const names = [...task.args.keys()].filter((key) => typeof key === 'string')
  const locate: Locate = (key) => (key === undefined ? undefined : positionOf(task.args, key)) ?? task.modulePosition
  checkArgumentNames(module, names, locate)
  checkLiteralArguments(module, task.args, locate)
  // A template in place of the arguments may give a mapping of them.
  if (names.includes('_raw_params') && module.freeForm === undefined && !(task.args.get('_raw_params') instanceof Template))
    throw new PlonerunError(`${task.module} takes no free form`, { where: task.modulePosition, hint: `Write its parameters as a mapping: ${Object.keys(module.options).slice(0, 4).join(', ')} ...` })
}

/** A misspelt name was an error when the task was read; what is left are modules that plonerun does not have. */
function known<Found>(find: () => Found, task: Task, warn: Validation['warn']): Found | undefined {
  try {
    return find()
  } catch (error) {
    if (!(error instanceof PlonerunError)) throw error
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
  else if (Array.isArray(value)) for (const item of value) checkTemplates(item, templating)
  else if (value instanceof Map) for (const item of value.values()) checkTemplates(item, templating)
}
