/** Notifications: from the names that a task notifies to the handlers that answer. */
import { PlonerunError } from '../errors/plonerun-error.ts'
import { suggest } from '../errors/suggest.ts'
import type { Handler, Task } from '../load/tree/task.ts'
import type { Text } from '../load/tree/keywords.ts'
import { str } from '../values/print.ts'
import { evaluate, keywordPosition, viewTask, type TaskView } from './task-view.ts'
import type { Place } from './place.ts'

/**
 * Notifies the handlers that a task names. Of several with one name those of the last list that has it answer, and of that list the first; a topic reaches all that listen.
 * @param certain false: whether the task changes anything is unknown
 * @throws PlonerunError when a name has no handler, unless the settings let that pass
 */
export function notify(view: TaskView, certain: boolean): void {
  const { place, task } = view
  for (const name of task.notify?.flatMap((each) => namesOf(view, each)) ?? []) {
    const handlers = handlersFor(place, name)
    if (handlers.length === 0) {
      const missing = noHandler(place, task, name)
      if (place.run.defaults?.missingHandlers !== true) throw missing
      place.run.note('warning', missing.message, missing.where)
    }
    for (const handler of handlers) place.host.notified.set(handler, certain || place.host.notified.get(handler) === true)
  }
}

function namesOf(view: TaskView, written: Text): string[] {
  const value = evaluate(view, written)
  return Array.isArray(value) ? value.map(str) : [str(value)]
}

function handlersFor(place: Place, name: string): readonly Handler[] {
  const { handlers } = place.play
  const listening = handlers.filter((handler) => handler.listen.some((topic) => withRole(handler, topic).includes(name)))
  const answering = handlers.filter((handler) => handlerNames(place, handler).includes(name))
  const named = answering.find(({ role }) => role === answering.at(-1)?.role)
  return named === undefined || listening.includes(named) ? listening : [named, ...listening]
}

/** `restart varnish`, `varnish : restart varnish`. */
function handlerNames(place: Place, handler: Handler): readonly string[] {
  if (handler.name === undefined) return []
  return withRole(handler, taskName(place, handler))
}

/** A name or topic, and the same with the handler's role in front. */
function withRole({ role }: Handler, name: string): readonly string[] {
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
