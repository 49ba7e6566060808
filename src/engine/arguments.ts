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

/** The evaluated arguments: module_defaults, then `args:`, then the task's own. */
export function moduleArguments(view: TaskView, module: Module): Dict {
  const { task } = view
  const args: Dict = new Map()
  for (const defaults of task.moduleDefaults)
    for (const name of [shortName(module.name), module.name, task.module]) {
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
