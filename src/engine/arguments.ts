/** The arguments of a task as its module gets them, evaluated. */
import { PlonerunError } from '../errors/plonerun-error.ts'
import { shortName, type Module } from '../modules/contract/module.ts'
import { Omit } from '../values/omit.ts'
import { positionOf } from '../values/positions.ts'
import { str } from '../values/print.ts'
import { hasTemplateMarks, Template } from '../values/template.ts'
import type { Dict, Value } from '../values/value.ts'
import { withoutOmitted } from './omit.ts'
import { evaluate, type TaskView } from './task-view.ts'

/** The error of a template in an argument, which knows whose value it is. */
export class ArgumentError extends PlonerunError {
  readonly argument: Value

  constructor(argument: Value, error: PlonerunError) {
    super(error.message, error)
    this.argument = argument
  }
}

/** The evaluated arguments: module_defaults, then `args:`, then the task's own. */
export function moduleArguments(view: TaskView, module: Module): Dict {
  const args = ownArguments(view, module)
  const behind = moduleBehind(view, module, args)
  return behind === undefined ? args : new Map([...defaultsFor(view, namesOf(behind)), ...args])
}

/** What module_defaults say for a module of these names, the innermost last. */
export function defaultsFor(view: TaskView, names: readonly string[]): Dict {
  const args: Dict = new Map()
  for (const defaults of view.task.moduleDefaults)
    for (const name of names) {
      const given = defaults.get(name)
      if (given !== undefined && given !== null) merge(args, evaluate(view, given))
    }
  return args
}

/** The module whose work this one does, where somebody has defaults for such a module. */
function moduleBehind(view: TaskView, { actsAs }: Module, args: Dict): string | undefined {
  if (actsAs === undefined) return undefined
  const { option, modules, variables } = actsAs
  if (!view.task.moduleDefaults.some((defaults) => modules.flatMap(namesOf).some((name) => defaults.has(name)))) return undefined
  const asked = args.get(option) ?? 'auto'
  if (asked !== 'auto') return shortName(str(asked))
  for (const name of variables) {
    const value = view.scope.lookup(name)
    const found = value === undefined ? 'auto' : str(evaluate(view, value))
    if (found !== 'auto') return shortName(found)
  }
  return undefined
}

/** The names under which defaults for one of Ansible's own modules may stand. */
function namesOf(short: string): readonly string[] {
  return [short, `ansible.builtin.${short}`, `ansible.legacy.${short}`]
}

function ownArguments(view: TaskView, module: Module): Dict {
  const { task } = view
  const args = defaultsFor(view, [shortName(module.name), module.name, task.module])
  if (task.argsTemplate !== undefined) merge(args, evaluate(view, task.argsTemplate))
  const splat = module.freeForm === undefined ? task.args.get('_raw_params') : undefined
  if (splat !== undefined) merge(args, evaluate(view, splat))
  for (const [key, value] of task.args) {
    if (key === '_raw_params' && splat !== undefined) continue
    const name = argumentName(view, module, key)
    if (typeof name === 'string' && module.options[name]?.unevaluated === true) args.set(name, value)
    else {
      const given = evaluateArgument(view, name, value)
      if (given instanceof Omit) args.delete(name)
      else args.set(name, withoutOmitted(given))
    }
  }
  return args
}

function evaluateArgument(view: TaskView, name: Value, value: Value): Value {
  try {
    return evaluate(view, value)
  } catch (error) {
    throw error instanceof PlonerunError ? new ArgumentError(name, error) : error
  }
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
