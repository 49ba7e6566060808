/** include_tasks and include_role: what may be written with them, and what they hand on. */
import { PlonerunError } from '../errors/plonerun-error.ts'
import { didYouMean } from '../errors/suggest.ts'
import { str } from '../values/print.ts'
import type { Dict, Value } from '../values/value.ts'
import { describe, readFields } from './fields.ts'
import { inherit } from './inherit.ts'
import { builtinName } from './module-call.ts'
import { keywordAt } from './keywords.ts'
import { mappingOrEmpty } from './mapping.ts'
import { positionOf, valuePositionOf } from '../values/positions.ts'
import type { Enclosure, Task } from './tree/task.ts'

const OPTIONS: Readonly<Record<string, readonly string[]>> = {
  include_tasks: ['_raw_params', 'file', 'apply'],
  import_tasks: ['_raw_params', 'file'],
  include_role: ['name', 'role', 'tasks_from', 'vars_from', 'defaults_from', 'handlers_from', 'apply', 'public', 'allow_duplicates', 'rolespec_validate'],
  import_role: ['name', 'role', 'tasks_from', 'vars_from', 'defaults_from', 'handlers_from', 'public', 'allow_duplicates', 'rolespec_validate'],
}

/** Keywords that mean something for an include itself. All others have to be applied to what it brings. */
const ON_INCLUDES = new Set(['action', 'local_action', 'args', 'collections', 'debugger', 'ignore_errors', 'loop', 'loop_control', 'name', 'no_log', 'register', 'run_once', 'tags', 'timeout', 'vars', 'when', 'listen'])

/** Throws a PlonerunError for an option that an import or include does not have, or one without what it needs. */
export function checkImport({ module, args, modulePosition }: Task): void {
  const name = builtinName(module)
  const options = OPTIONS[name]!
  for (const key of args.keys()) {
    if (options.includes(str(key))) continue
    throw new PlonerunError(`${name} has no option '${str(key)}'`, { where: positionOf(args, key) ?? modulePosition, hint: didYouMean(str(key), options) ?? 'variables for what it brings go under vars:' })
  }
  const role = name.endsWith('_role')
  if (!(role ? ['name', 'role'] : ['file', '_raw_params']).some((key) => args.has(key))) throw new PlonerunError(`${name} does not say which ${role ? 'role' : 'file'}`, { where: modulePosition })
}

/** As checkImport, and for keywords that an include cannot have. */
export function checkInclude(task: Task): void {
  checkImport(task)
  const name = builtinName(task.module)
  for (const key of task.source.keys()) {
    if (typeof key !== 'string' || ON_INCLUDES.has(key) || keywordAt(task.kind, key) === undefined) continue
    throw new PlonerunError(`'${key}' has no meaning for ${name} itself`, { where: positionOf(task.source, key), hint: `for what it brings, write it under apply: of ${name}, or put a block around it` })
  }
  applied(task)
}

/** What the tasks brought by an include stand in. */
export function enclosureOf(include: Task, vars: Dict): Enclosure {
  const own = new Map<Value, Value>([...ownVars(include), ...vars])
  const keywords = inherit(inherit(include.enclosure.keywords, { vars: own }), readFields(applied(include), 'block'))
  return { ...include.enclosure, keywords, includeVars: new Map([...include.enclosure.includeVars, ...own]) }
}

/** The variables written at a task, without those it inherits. */
export function ownVars({ source }: Task): Dict {
  return mappingOrEmpty(source.get('vars'))
}

function applied({ args }: Task): Dict {
  const apply = args.get('apply') ?? null
  if (apply === null || apply instanceof Map) return mappingOrEmpty(apply)
  throw new PlonerunError(`'apply' takes a mapping of keywords, not ${describe(apply)}`, { where: valuePositionOf(args, 'apply') })
}
