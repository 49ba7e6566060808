/**
 * Facts that keywords ask for only when the task has run: whether it changed anything, whom it notifies, whether its failure
 * counts. They are gathered before, as the task may change what they tell, or lose the host.
 */
import { quietly } from '../errors/quietly.ts'
import { factNames } from '../facts/families.ts'
import type { Condition } from '../load/tree/keywords.ts'
import type { Task } from '../load/tree/task.ts'
import { isDict } from '../values/dict.ts'
import { Template } from '../values/template.ts'
import { isLazyDict } from '../vars/lazy-dict.ts'
import { viewTask, type TaskView } from './task-view.ts'
import type { Place } from './place.ts'

/** Asks for the facts of a task's late keywords. Throws NeedsFacts for those that have not been gathered. */
export function askLateFacts(place: Place, task: Task): void {
  const { until, retries, delay, changedWhen, failedWhen, notify, ignoreErrors, ignoreUnreachable, anyErrorsFatal, loopControl } = task
  const { label, pause, breakWhen } = loopControl
  askFor(place, task, [until, retries, delay, changedWhen, failedWhen, notify, ignoreErrors, ignoreUnreachable, anyErrorsFatal, label, pause, breakWhen, place.play.play.maxFailPercentage])
  // Which handlers are meant shows in their names.
  if (notify !== undefined) for (const handler of place.play.handlers) if (handler.name instanceof Template) askFor(place, handler, [handler.name])
}

/** The same for what decides about a task before any host begins it, and for its name. */
export function askEarlyFacts(place: Place, task: Task): void {
  askFor(place, task, [task.name, task.throttle, task.runOnce])
}

/** Most tasks have nothing to ask, so their variables are not set up for it. */
function askFor(place: Place, task: Task, written: readonly unknown[]): void {
  if (place.host.gathers && written.some((each) => typeof each === 'object')) ask(viewTask(place, task, new Map()), written)
}

/** Asks for the facts that expressions and templates read, in whatever they are written, and those that the variables in them do. */
function ask(view: TaskView, written: unknown, seen = new Set<string>()): void {
  if (Array.isArray(written)) for (const each of written as readonly unknown[]) ask(view, each, seen)
  else if (written instanceof Template) follow(view, written, seen)
  else if (isDict(written)) {
    if (!isLazyDict(written)) for (const each of written.values()) ask(view, each, seen)
  } else if (isCondition(written) && typeof written.expression !== 'boolean') follow(view, written.expression, seen)
}

function follow(view: TaskView, template: Template | string, seen: Set<string>): void {
  const { templating } = view.place.run
  for (const name of quietly(() => templating.names(template)) ?? []) {
    if (name === 'ansible_facts') for (const item of templating.items(template, name) ?? factNames()) view.scope.lookup(`ansible_${item}`)
    if (seen.has(name)) continue
    seen.add(name)
    ask(view, quietly(() => view.scope.lookup(name)), seen)
  }
}

function isCondition(written: unknown): written is Condition {
  return typeof written === 'object' && written !== null && 'expression' in written
}
