/** Notifications: from the names that a task notifies to the handlers that answer. */
import { PlonerunError } from '../errors/plonerun-error.ts'
import { suggest } from '../errors/suggest.ts'
import type { Handler, Task } from '../load/tree/task.ts'
import type { Text } from '../load/tree/keywords.ts'
import { Omit } from '../values/omit.ts'
import { str } from '../values/print.ts'
import { Unknown } from '../values/unknown.ts'
import { evaluate, evaluateKeyword, keywordPosition, viewTask } from './task-view.ts'
import type { HostState } from './host.ts'
import type { ItemOutcome, TaskOutcome } from './outcome.ts'
import type { Place } from './place.ts'

/**
 * Notifies the handlers that a task names: of a loop, what each item that was not skipped gives for them. Which ones answer is settled when their turn comes, so that a role which is included
 * several times has its handlers run once; a handler's own notifications are settled at once. Of several with one name those of the last list that has it answer, and of that list the first; a topic reaches all that listen.
 * @param outcome changed, or unknown: whether the task changes anything
 * @throws PlonerunError when a name has no handler, unless the settings let that pass
 */
export function notify(place: Place, task: Task, { status, items }: TaskOutcome): void {
  if (task.notify === undefined) return
  const notified = new Map<string, boolean>()
  for (const each of items) {
    if (each.status === 'skipped') continue
    const certain = status === 'changed' && each.status !== 'unknown'
    for (const name of namesOf(each, task.notify)) mark(notified, name, certain)
  }
  for (const [name, certain] of notified) {
    const handlers = handlersFor(place, name)
    if (handlers.length === 0) {
      const missing = noHandler(place, task, name)
      if (place.run.defaults?.missingHandlers !== true) throw missing
      place.run.note('warning', missing.message, missing.where)
    }
    if (task.kind === 'handler') for (const handler of handlers) mark(place.host.notified, handler, certain)
    else mark(place.host.notifications, name, certain)
  }
}

/** Whether the task may fail because it notifies what is not there; a loop's names are known with its items only. */
export function mayMissHandler(place: Place, task: Task): boolean {
  if (task.notify === undefined || place.run.defaults?.missingHandlers === true) return false
  try {
    const view = viewTask(place, task, new Map())
    const names = task.notify.flatMap((each) => evaluateKeyword(view, each) ?? [])
    return names.some((name) => name instanceof Unknown || (!(name instanceof Omit) && handlersFor(place, str(name)).length === 0))
  } catch {
    return true
  }
}

function mark<Key>(notified: Map<Key, boolean>, key: Key, certain: boolean): void {
  notified.set(key, certain || notified.get(key) === true)
}

/** Whether handlers of the host are to run. */
export function hasNotified({ notified, notifications }: HostState): boolean {
  return notified.size > 0 || notifications.size > 0
}

/** The turn of the handlers has come: those that answer to what was notified are to run. Gives whether there are any. */
export function callNotified(place: Place): boolean {
  const { notified, notifications } = place.host
  for (const [name, certain] of notifications) for (const handler of handlersFor(place, name)) mark(notified, handler, certain)
  notifications.clear()
  return notified.size > 0
}

function namesOf({ item, status }: ItemOutcome, written: readonly Text[]): string[] {
  try {
    const values = written.flatMap((each) => evaluateKeyword(item.view, each) ?? [])
    return values.filter((each) => !(each instanceof Omit || each instanceof Unknown)).map(str)
  } catch (error) {
    // Such as the items of a loop that nobody can know.
    if (status === 'unknown') return []
    throw error
  }
}

function handlersFor(place: Place, name: string): readonly Handler[] {
  const { handlers } = place.play
  const all = handlers.filter((handler) => handler.listen.some((topic) => withRole(handler, topic).includes(name)))
  const listening = all.filter((handler, index) => handler.name === undefined || !all.slice(index + 1).some((later) => isSameHandler(handler, later)))
  const answering = handlers.filter((handler) => handlerNames(place, handler).includes(name))
  const named = answering.find(({ role }) => role === answering.at(-1)?.role)
  return named === undefined || listening.includes(named) ? listening : [named, ...listening]
}

/** Whether a later one stands for it: of a role that is included several times, the last has its handlers run. */
function isSameHandler({ name, role, position }: Handler, later: Handler): boolean {
  return name !== undefined && role?.path === later.role?.path && position.file === later.position.file && position.line === later.position.line
}

/** `restart varnish`, `varnish : restart varnish`. */
function handlerNames(place: Place, handler: Handler): readonly string[] {
  if (handler.name === undefined) return []
  return withRole(handler, taskName(place, handler))
}

/** A name or topic, and the same with the handler's role in front. */
export function withRole({ role }: Handler, name: string): readonly string[] {
  return role === undefined ? [name] : [name, `${role.name} : ${name}`, `${role.path.split('/').at(-1) ?? ''} : ${name}`]
}

/** The task's own name, evaluated as far as its variables go; its module when it has none. */
export function taskName(place: Place, task: Task): string {
  if (task.name === undefined) return task.module
  if (typeof task.name === 'string') return task.name
  try {
    return str(evaluate(viewTask(place, task, new Map()), task.name))
  } catch {
    // A name may use what only exists later (the loop's item): then it is shown as written.
    return task.name.source
  }
}

function noHandler(place: Place, task: Task, name: string): PlonerunError {
  const known = place.play.handlers.flatMap((handler) => [...handler.listen, ...handlerNames(place, handler)])
  const similar = suggest(name, known)
  return new PlonerunError(`The requested handler '${name}' was not found in either the main handlers list nor in the listening handlers list`, {
    where: keywordPosition(task, 'notify'),
    ...(similar !== undefined && { hint: `Did you mean '${similar}'?` }),
  })
}
