/** Tasks that steer the run itself: include_tasks, include_role and meta. */
import { PlonerunError } from '../errors/plonerun-error.ts'
import type { Loader, RoleRequest } from '../load/loader.ts'
import type { Included, Play } from '../load/tree/play.ts'
import type { Statement, Task } from '../load/tree/task.ts'
import { equal, asBool } from '../values/python.ts'
import { str } from '../values/print.ts'
import { Unknown } from '../values/unknown.ts'
import { Pending, type Dict, type Value } from '../values/value.ts'
import { builtinName } from '../load/module-call.ts'
import { INCLUDES } from './control-names.ts'
import { isItems, loopItems, type Item } from './loop.ts'
import { evaluate, evaluateConditions, viewTask } from './task-view.ts'
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
  const request = requestOf(task, (value) => evaluate(item.view, value))
  const what = typeof request === 'string' ? request : [request.name, request.tasksFrom, request.varsFrom, request.defaultsFrom].filter(Boolean).join(' ')
  const before = play.included.get(task) ?? []
  const known = before.find((each) => each.what === what && equal(each.vars, item.names))
  if (known !== undefined) return known
  const made = { ...loadIncluded(run.loader, play.play, task, request, item.names), what, vars: item.names }
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

/**
 * What an include asks for: a file of tasks, or a role.
 * @param read evaluates what is written
 */
export function requestOf(task: Task, read: (value: Value) => Value): string | RoleRequest {
  const argument = (name: string): string | undefined => {
    const given = task.args.get(name) ?? null
    return given === null ? undefined : str(read(given))
  }
  if (builtinName(task.module) === 'include_role') return roleRequest(task, argument, read)
  const file = argument('file') ?? argument('_raw_params')
  if (file === undefined) throw new PlonerunError(`${task.module} needs the file to include`, { where: task.modulePosition })
  return file
}

/** @throws PlonerunError when it cannot be found or read */
export function loadIncluded(loader: Loader, play: Play, task: Task, request: string | RoleRequest, vars?: Dict): Included {
  return typeof request === 'string' ? loader.includeTasks(play, task, request, vars) : loader.includeRole(play, task, request, vars)
}

function roleRequest(task: Task, argument: (name: string) => string | undefined, read: (value: Value) => Value): RoleRequest {
  const name = argument('name') ?? argument('role')
  if (name === undefined) throw new PlonerunError('include_role needs the name of the role', { where: task.modulePosition })
  const texts = { tasksFrom: 'tasks_from', varsFrom: 'vars_from', defaultsFrom: 'defaults_from', handlersFrom: 'handlers_from' } as const
  const flags = { allowDuplicates: 'allow_duplicates', public: 'public', validate: 'rolespec_validate' } as const
  return {
    name,
    ...Object.fromEntries(Object.entries(texts).flatMap(([key, option]) => { const value = argument(option); return value === undefined ? [] : [[key, value]] })),
    ...Object.fromEntries(Object.entries(flags).flatMap(([key, option]) => { const value = task.args.get(option); return value === undefined ? [] : [[key, asBool(read(value)) === true]] })),
  }
}
