/** What can be known to be wrong in a task before any host is touched: its module, its parameters, its templates. */
import { PlonerunError } from '../../errors/plonerun-error.ts'
import type { Condition } from '../../load/tree/keywords.ts'
import type { Task } from '../../load/tree/task.ts'
import { checkArgumentNames, checkLiteralArguments, type Locate } from '../../modules/contract/decode.ts'
import type { Module } from '../../modules/contract/module.ts'
import { positionOf, valuePositionOf } from '../../values/positions.ts'
import { Template } from '../../values/template.ts'
import type { Value } from '../../values/value.ts'
import type { Modules } from '../context.ts'
import { isControl, isMeta } from '../control.ts'
import { checkMeta } from '../meta.ts'
import { findModule } from '../module-names.ts'
import { notInBackground } from '../prepare.ts'
import type { References } from './references.ts'

/** The module of a task; undefined for what steers the run, and where a template names it. */
export function moduleOf(task: Task, modules: Modules): Module | undefined {
  return isControl(task) || task.implicit || task.moduleTemplate !== undefined ? undefined : findModule(modules, task)
}

/**
 * Checks what a task says outright.
 * @returns the template files that its templates take in
 * @throws PlonerunError for the first mistake
 */
export function checkTask(task: Task, module: Module | undefined, references: References): ReadonlySet<string> {
  const taken = [...templatesOf(task)].flatMap((value) => [...references.checkAll(value)])
  for (const condition of [...conditionsOf(task), ...expressionsOf(task, module)]) taken.push(...references.checkCondition(condition))
  if (isMeta(task)) checkMeta(task)
  if (module?.shape === 'action' && task.poll === 0 && typeof task.async === 'number' && task.async > 0) throw notInBackground(task, module)
  if (module !== undefined && task.argsTemplate === undefined) checkArguments(task, module)
  return new Set(taken)
}

/** The file of this machine that a task names outright, and that has to be there. */
export function sentFile({ args, argsTemplate, moduleDefaults }: Task, module: Module | undefined): string | undefined {
  if (module?.sends === undefined || argsTemplate !== undefined || moduleDefaults.length > 0 || args.has('_raw_params')) return undefined
  const { option, unless } = module.sends
  const [name, elsewhere] = [args.get(option), args.get(unless)]
  return typeof name === 'string' && name !== '' && (elsewhere === undefined || elsewhere === false) ? name : undefined
}

/** Whatever may hold templates. A name that fails is shown as it is written. */
function* templatesOf({ name: _, ...task }: Task): Generator<Value> {
  yield* [task.args, task.vars, task.loop?.items ?? null, task.loopControl.label ?? null]
  yield* [...task.environment, ...(task.notify ?? []), ...task.tags]
  const keywords: readonly unknown[] = Object.values({ ...task, ...task.loopControl })
  for (const keyword of keywords) if (keyword instanceof Template) yield keyword
}

function conditionsOf({ when, until = [], changedWhen = [], failedWhen = [], loopControl: { breakWhen = [] } }: Task): readonly Condition[] {
  return [...when, ...until, ...changedWhen, ...failedWhen, ...breakWhen]
}

/** Arguments that are expressions as they are written: what assert asserts, what debug shows. */
function expressionsOf({ args, modulePosition }: Task, module: Module | undefined): readonly Condition[] {
  const names = Object.entries(module?.options ?? {}).flatMap(([name, option]) => (option.unevaluated === true ? [name] : []))
  const condition = (container: Value, key: Value, expression: Value | undefined): Condition[] =>
    typeof expression === 'string' ? [{ expression, position: valuePositionOf(container, key) ?? modulePosition }] : []
  return names.flatMap((name) => {
    const written = args.get(name)
    return Array.isArray(written) ? written.flatMap((item, index) => condition(written, index, item)) : condition(args, name, written)
  })
}

function checkArguments(task: Task, module: Module): void {
  const names = [...task.args.keys()].filter((key) => typeof key === 'string')
  const locate: Locate = (key) => (key === undefined ? undefined : positionOf(task.args, key)) ?? task.modulePosition
  checkArgumentNames(module, names, locate)
  checkLiteralArguments(module, task.args, locate)
  // A template in place of the arguments may give a mapping of them.
  if (names.includes('_raw_params') && module.freeForm === undefined && !(task.args.get('_raw_params') instanceof Template))
    throw new PlonerunError(`${task.module} takes no free form`, { where: task.modulePosition, hint: `Write its parameters as a mapping: ${Object.keys(module.options).slice(0, 4).join(', ')} ...` })
}
