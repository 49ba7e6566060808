/** The items that a task is done for: of its loop, or one without a value. */
import { PlonerunError } from '../errors/plonerun-error.ts'
import type { TemplateContext } from '../template/context.ts'
import { str } from '../values/print.ts'
import { Undefined } from '../values/undefined.ts'
import { Unknown } from '../values/unknown.ts'
import { Pending, type Dict, type Value } from '../values/value.ts'
import { evaluate, evaluateConditions, evaluateFlag, evaluateText, viewWith, type TaskView } from './task-view.ts'

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
export function isItems(items: ReturnType<typeof loopItems>): items is readonly Item[] {
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
  const given = /(^|\.)first_found$/.test(loop.lookup) ? defined(view, loop.items) : evaluate(view, loop.items)
  if (given instanceof Unknown) return given
  return run.templating.lookup(loop.lookup, Array.isArray(given) ? given : [given], new Map(), view.scope, { ...view.context, loopFolder: loopFolder(view.task.module) })
}

/** The names that with_first_found tries: those that a variable without a value leaves open are passed over. */
function defined(view: TaskView, written: Value): Value {
  if (Array.isArray(written)) return written.map((each) => defined(view, each)).filter((each) => !(each instanceof Undefined))
  if (written instanceof Map) return new Map([...written].map(([key, each]): [Value, Value] => [key, defined(view, each)]).filter(([, each]) => !(each instanceof Undefined)))
  try {
    return evaluate(view, written)
  } catch (error) {
    if (error instanceof PlonerunError && error.cause instanceof Undefined) return error.cause
    throw error
  }
}

/** As Ansible has it: what stands in the module's name decides. */
function loopFolder(module: string): NonNullable<TemplateContext['loopFolder']> {
  if (module.includes('template')) return 'templates'
  return module.includes('var') ? 'vars' : 'files'
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

function quietly<Result>(compute: () => Result): Result | undefined {
  try {
    return compute()
  } catch (error) {
    if (error instanceof Pending) throw error
    return undefined
  }
}
