/** ansible_failed_task: what a rescue can ask of the task that failed. */
import { dirname } from 'node:path'
import { PlonerunError } from '../errors/plonerun-error.ts'
import type { Task } from '../load/tree/task.ts'
import { isDict } from '../values/dict.ts'
import { Template } from '../values/template.ts'
import { isList } from '../values/tuple.ts'
import type { Dict, Scope, Value } from '../values/value.ts'
import { lazyDict } from '../vars/lazy-dict.ts'
import type { Place } from './place.ts'
import { searchPath } from './search-path.ts'

/** Evaluated when somebody asks, and only what is asked for: lookups in the arguments act again. */
export function failedTask({ run, play }: Place, task: Task, scope: Scope): Dict {
  const { name = '', module, args, tags, vars, register, delegateTo, become, becomeUser } = task
  const written = new Map<string, Value>([
    ['name', name], ['action', module], ['args', args], ['tags', [...tags]], ['vars', vars],
    ['register', register ?? null], ['delegate_to', delegateTo ?? null], ['become', become ?? null], ['become_user', becomeUser ?? null],
  ])
  const context = { basedir: dirname(play.play.file), searchPath: searchPath(play.play, task) }
  return lazyDict(() => written.keys(), (key) => {
    const value = written.get(key)
    return value === undefined ? undefined : asFarAsKnown(value, (template) => run.templating.resolve(template, scope, context))
  })
}

/** What uses names that only the task had (the item of its loop) stays as it is written. */
function asFarAsKnown(value: Value, resolve: (template: Template) => Value): Value {
  if (isList(value)) return value.map((item) => asFarAsKnown(item, resolve))
  if (isDict(value)) return new Map([...value].map(([key, item]): [Value, Value] => [key, asFarAsKnown(item, resolve)]))
  if (!(value instanceof Template)) return value
  try {
    return resolve(value)
  } catch (error) {
    if (!(error instanceof PlonerunError)) throw error
    return value.source
  }
}
