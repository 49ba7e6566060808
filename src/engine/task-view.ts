/** A task on a host, seen through its variables: evaluates keywords, conditions and loops. */
import { dirname } from 'node:path'
import { PlonerunError } from '../errors/plonerun-error.ts'
import type { Position } from '../errors/position.ts'
import { positionOf } from '../values/positions.ts'
import { selectHosts } from '../load/inventory/patterns.ts'
import { Overruling, type Condition } from '../load/tree/keywords.ts'
import type { Task } from '../load/tree/task.ts'
import type { TemplateContext } from '../template/templating.ts'
import { Float } from '../values/float.ts'
import { Omit } from '../values/omit.ts'
import { asBool, truth } from '../values/python.ts'
import { str } from '../values/print.ts'
import { Template } from '../values/template.ts'
import { NotKnown, Unknown } from '../values/unknown.ts'
import type { Dict, Scope, Value } from '../values/value.ts'
import { withNames } from '../vars/scope.ts'
import { searchPath } from './search-path.ts'
import { taskScope } from './variables.ts'
import type { Place } from './place.ts'

export interface TaskView {
  readonly place: Place
  readonly task: Task
  readonly scope: Scope
  readonly context: TemplateContext
}

/** @param once remembers what lookups that act gave, so that they act once for each task and item */
export function viewTask(place: Place, task: Task, once: Map<string, Value>): TaskView {
  const context: TemplateContext = {
    basedir: dirname(place.play.play.file),
    searchPath: searchPath(place.play.play, task),
    once,
    ahead: place.foreseen !== undefined,
    acted: () => place.run.machines.local()?.wrote(['anything']),
    mayAppear: (path) => place.run.machines.local()?.imagination.mayLeave(path) === true,
    decrypt: (content) => place.run.decrypt(content, ''),
    selectHosts: (pattern) => selectHosts(place.run.inventory, [pattern]).hosts,
  }
  return { place, task, scope: taskScope(place, task), context }
}

/** The view with more names: the loop's item, a result. */
export function viewWith(view: TaskView, names: Dict): TaskView {
  return { ...view, scope: withNames(view.scope, names) }
}

/** A value with every template in it evaluated. */
export function evaluate({ place, scope, context }: TaskView, value: Value): Value {
  return place.run.templating.resolve(value, scope, context)
}

/** What a keyword gives; where that is `omit`, what stands outside of it gives. Undefined when nothing is left. */
export function evaluateKeyword(view: TaskView, value: Value): Value | undefined {
  const given = evaluate(view, value)
  if (!(given instanceof Omit)) return given
  return value instanceof Overruling ? evaluateKeyword(view, value.outer) : undefined
}

/** A keyword that takes yes or no; undefined when it was not written. */
export function evaluateFlag(view: TaskView, keyword: string, value: Value | undefined): boolean | undefined {
  if (value === undefined) return undefined
  const given = evaluateKeyword(view, value) ?? null
  if (given === null) return undefined
  if (given instanceof Unknown) throw new NotKnown(given)
  const flag = asBool(given)
  if (flag === undefined) throw new PlonerunError(`'${keyword}' takes yes or no. The value '${str(given)}' could not be converted to 'bool'`, { where: keywordPosition(view.task, keyword) })
  return flag
}

/** Whether the task only tells what it would do: it says so itself, or the whole run does. */
export function isChecked(view: TaskView): boolean {
  return evaluateFlag(view, 'check_mode', view.task.checkMode) ?? view.place.run.check
}

/** Whether differences are shown: the task says so itself, or the run does. */
export function isDiffed(view: TaskView): boolean {
  return evaluateFlag(view, 'diff', view.task.diff) ?? view.place.run.diff
}

/** A keyword that takes a number. */
export function evaluateNumber(view: TaskView, keyword: string, value: Value | undefined): number | undefined {
  return value === undefined ? undefined : asNumber(view, keyword, evaluateKeyword(view, value) ?? null)
}

/** What a keyword that takes a number was given; undefined for null. */
export function asNumber(view: TaskView, keyword: string, given: Value): number | undefined {
  if (given === null) return undefined
  const number = given instanceof Float ? given.value : typeof given === 'number' ? given : Number(str(given))
  if (Number.isNaN(number)) throw new PlonerunError(`Failed to convert the ${keyword} value to an integer: invalid literal for int: '${str(given)}'`, { where: keywordPosition(view.task, keyword) })
  return number
}

/** A keyword that takes a text. */
export function evaluateText(view: TaskView, value: Value | undefined): string | undefined {
  const given = value === undefined ? null : (evaluateKeyword(view, value) ?? null)
  return given === null ? undefined : str(given)
}

export interface Verdict {
  readonly holds: boolean | Unknown
  /** The first condition that does not hold, as written. */
  readonly failing?: string | boolean
}

/** Whether all conditions hold. One that is false decides, also when another is unknown. */
export function evaluateConditions(view: TaskView, conditions: readonly Condition[]): Verdict {
  let unknown: Unknown | undefined
  for (const condition of conditions) {
    const holds = evaluateCondition(view, condition.expression, condition.position)
    if (holds === false) return { holds: false, failing: condition.expression instanceof Template ? condition.expression.source : condition.expression }
    if (holds instanceof Unknown) unknown ??= holds
  }
  return { holds: unknown ?? true }
}

/** One condition: a text is an expression, as is one with braces only within its quotes; any other Template gives the outcome itself. */
export function evaluateCondition({ place, scope, context }: TaskView, expression: Value, position: Position): boolean | Unknown {
  if (typeof expression === 'boolean') return expression
  const { templating } = place.run
  const text = expression instanceof Template && !/^\s*\{[{%#]/.test(expression.source) && templating.isExpression(expression.source) ? expression.source : expression
  if (typeof text === 'string') return templating.condition(text, position, scope, context)
  const outcome = templating.resolve(expression, scope, context)
  if (outcome instanceof Unknown) return outcome
  return typeof outcome === 'string' ? spelt(outcome, position) : truth(outcome)
}

/** A text that a condition in braces gave: the bool it spells. It may have come from a host, so it is no expression. */
function spelt(text: string, where: Position): boolean {
  const known = text === '' ? false : asBool(text)
  if (known !== undefined) return known
  throw new PlonerunError(`the condition gives the text '${text}', an untrusted template or expression that is not evaluated`, { where, hint: 'write the whole condition without {{ }}' })
}

/** Where a keyword of the task stands. */
export function keywordPosition(task: Task, keyword: string): Position {
  return positionOf(task.source, keyword) ?? task.position
}
