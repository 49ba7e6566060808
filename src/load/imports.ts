/** import_tasks and import_role: read where they stand, before the run. */
import { PlonerunError } from '../errors/plonerun-error.ts'
import { asBool } from '../values/python.ts'
import type { Value } from '../values/value.ts'
import { checkImport, ownVars } from './includes.ts'
import { keywordsOf } from './inherit.ts'
import { builtinName } from './module-call.ts'
import { valuePositionOf } from '../values/positions.ts'
import { isPublic, staticName, type Reading } from './reading.ts'
import { findTaskFile, readTaskFile } from './task-file.ts'
import type { Statement, Task } from './tree/task.ts'

/** @param read reads the list of tasks that a file holds */
export function importTasks(task: Task, reading: Reading, read: (list: Value, inner: Reading) => Statement[]): Statement[] {
  checkStatic(task)
  const key = task.args.has('file') ? 'file' : '_raw_params'
  const where = valuePositionOf(task.args, key) ?? task.modulePosition
  const enclosure = { ...reading.enclosure, keywords: keywordsOf(task) }
  const file = findTaskFile(staticName(task.args.get(key) ?? null, { play: reading.play, enclosure }, where), reading, where, 'import')
  if (reading.imports.includes(file)) throw new PlonerunError(`${file} imports itself`, { where, why: [...reading.imports, file].join(' -> '), hint: 'include_tasks with a condition can do that' })
  const list = readTaskFile(file, reading.play, where)
  return read([...list], { ...reading, imports: [...reading.imports, file], enclosure: { ...enclosure, files: [file, ...enclosure.files] } })
}

export function importRole(task: Task, reading: Reading): readonly Statement[] {
  if (reading.kind === 'handler') throw new PlonerunError('import_role cannot be a handler', { where: task.modulePosition })
  checkStatic(task)
  const { play } = reading
  const enclosure = { ...reading.enclosure, keywords: keywordsOf(task) }
  const named = (key: string): string | undefined => (task.args.has(key) ? staticName(task.args.get(key)!, { play, enclosure }, valuePositionOf(task.args, key)) : undefined)
  const flag = (key: string): boolean | undefined => {
    const given = task.args.get(key)
    return given === undefined || given === null ? undefined : asBool(given)
  }
  const included = play.role(
    {
      name: named('name') ?? named('role')!,
      position: valuePositionOf(task.args, task.args.has('name') ? 'name' : 'role') ?? task.modulePosition,
      from: { tasks: named('tasks_from'), vars: named('vars_from'), defaults: named('defaults_from'), handlers: named('handlers_from') },
      enclosure,
      entryVars: ownVars(task),
      params: new Map(),
      own: {},
      fromInclude: true,
      public: isPublic(flag('public'), true, play),
      allowDuplicates: flag('allow_duplicates') ?? true,
      validate: flag('rolespec_validate') ?? true,
      imports: reading.imports,
    },
    play,
  )
  reading.brought(included)
  return included.tasks
}

function checkStatic(task: Task): void {
  checkImport(task)
  const name = builtinName(task.module)
  if (task.loop !== undefined) throw new PlonerunError(`${name} cannot loop`, { where: task.loop.position, hint: `${name.replace('import', 'include')} can` })
}
