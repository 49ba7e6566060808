/** Tasks that steer the run itself: include_tasks, include_role and meta. */
import { PlonerunError } from '../errors/plonerun-error.ts'
import type { RoleRequest } from '../load/loader.ts'
import type { Statement, Task } from '../load/tree/task.ts'
import { equal, asBool } from '../values/python.ts'
import { str } from '../values/print.ts'
import { Unknown } from '../values/unknown.ts'
import { Pending, type Value } from '../values/value.ts'
import { builtinName } from '../load/module-call.ts'
import { INCLUDES } from './control-names.ts'
import { isItems, loopItems, type Item } from './loop.ts'
import { evaluate, evaluateConditions, viewTask, type TaskView } from './task-view.ts'
import type { Place } from './place.ts'
import type { IncludedHere } from './play-state.ts'
import { hasNotified } from './handlers.ts'
import { roleLayersOf } from './role-layers.ts'

export function isControl(task: Task): boolean {
  return isInclude(task) || isMeta(task)
}

export function isInclude(task: Task): boolean {
  return INCLUDES.has(builtinName(task.module))
}

export function isMeta(task: Task): boolean {
  return builtinName(task.module) === 'meta'
}

export function isFlush(task: Task): boolean {
  return isMeta(task) && metaAction(task) === 'flush_handlers'
}

export function metaAction(task: Task): string {
  return str(task.args.get('_raw_params') ?? '')
}

/** What look-ahead makes of a control task: the tasks it brings; pass: nothing; pending: not known yet; stop: nobody can see behind it. */
export function foreseeControl(place: Place, task: Task): readonly Statement[] | 'pass' | 'pending' | 'stop' {
  try {
    const view = viewTask(place, task, new Map())
    if (isMeta(task)) {
      const action = metaAction(task)
      if (action === 'noop' || action === 'role_complete') return 'pass'
      if (action === 'flush_handlers') return hasNotified(place.host) ? 'stop' : 'pass'
      return evaluateConditions(view, task.when).holds === false ? 'pass' : 'stop'
    }
    const items = loopItems(view)
    if (items instanceof Unknown) return 'pending'
    if (!isItems(items)) return 'pass'
    return items.flatMap((item) => {
      const { holds } = evaluateConditions(item.view, task.when)
      if (holds === false) return []
      return [...include(place, task, item).tasks]
    })
  } catch (error) {
    return error instanceof Pending ? 'pending' : 'stop'
  }
}

/**
 * Loads what an include names. Hosts that include the same thing with the same variables get the same tasks.
 * @throws PlonerunError when it cannot be found or read
 */
export function include(place: Place, task: Task, item: Item): IncludedHere {
  const { play, run } = place
  const request = builtinName(task.module) === 'include_role' ? roleRequest(item.view, task) : undefined
  const what = request === undefined ? fileName(item.view, task) : [request.name, request.tasksFrom, request.varsFrom, request.defaultsFrom].filter(Boolean).join(' ')
  const before = play.included.get(task) ?? []
  const known = before.find((each) => each.what === what && equal(each.vars, item.names))
  if (known !== undefined) return known
  const included = request === undefined ? run.loader.includeTasks(play.play, task, what, item.names) : run.loader.includeRole(play.play, task, request, item.names)
  const made = { ...included, what, vars: item.names }
  play.included.set(task, [...before, made])
  return made
}

/** Makes an include's handlers and public roles part of the play: at its turn, not when it is only foreseen. */
export function adopt(place: Place, { handlers, roles }: IncludedHere): void {
  const { play } = place
  play.handlers.push(...handlers.filter((handler) => !play.handlers.includes(handler)))
  const added = roles.filter((role) => role.public && !play.roles.includes(role))
  if (added.length === 0) return
  play.roles.push(...added)
  play.roleLayers = roleLayersOf(play.roles)
}

function fileName(view: TaskView, task: Task): string {
  const file = argument(view, task, 'file') ?? argument(view, task, '_raw_params')
  if (file === undefined) throw new PlonerunError(`${task.module} needs the file to include`, { where: task.modulePosition })
  return file
}

function roleRequest(view: TaskView, task: Task): RoleRequest {
  const name = argument(view, task, 'name') ?? argument(view, task, 'role')
  if (name === undefined) throw new PlonerunError('include_role needs the name of the role', { where: task.modulePosition })
  const texts = { tasksFrom: 'tasks_from', varsFrom: 'vars_from', defaultsFrom: 'defaults_from', handlersFrom: 'handlers_from' } as const
  const flags = { allowDuplicates: 'allow_duplicates', public: 'public', validate: 'rolespec_validate' } as const
  return {
    name,
    ...Object.fromEntries(Object.entries(texts).flatMap(([key, option]) => { const value = argument(view, task, option); return value === undefined ? [] : [[key, value]] })),
    ...Object.fromEntries(Object.entries(flags).flatMap(([key, option]) => { const value = task.args.get(option); return value === undefined ? [] : [[key, asBool(evaluate(view, value)) === true]] })),
  }
}

function argument(view: TaskView, task: Task, name: string): string | undefined {
  const given: Value | undefined = task.args.get(name)
  if (given === undefined || given === null) return undefined
  return str(evaluate(view, given))
}
