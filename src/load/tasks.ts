/** From YAML to tasks, handlers and blocks, with static imports put in place. */
import { join } from 'node:path'
import { PlonerunError } from '../errors/plonerun-error.ts'
import { didYouMean } from '../errors/suggest.ts'
import { str } from '../values/print.ts'
import { Template } from '../values/template.ts'
import type { Dict, Value } from '../values/value.ts'
import { describe, readFields, type Fields } from './fields.ts'
import { importRole, importTasks } from './imports.ts'
import { checkInclude } from './includes.ts'
import { inherit, pick } from './inherit.ts'
import type { LibraryModule } from './tree/library.ts'
import { builtinName, isModuleKey, moduleCall, type ModuleCall, type Names } from './module-call.ts'
import { mappingOrEmpty } from './mapping.ts'
import { withoutOldInclude } from './old-include.ts'
import { NOWHERE, positionOf, valuePositionOf } from '../values/positions.ts'
import type { Reading } from './reading.ts'
import type { Block, Handler, Loop, LoopControl, Statement, Task } from './tree/task.ts'

/** @param list null stands for no tasks */
export function readStatements(list: Value, reading: Reading, parent?: Dict, key?: string): Statement[] {
  if (list === null) return []
  if (!Array.isArray(list)) {
    throw new PlonerunError(`A malformed block was encountered while loading ${key ?? 'tasks'}: ${list instanceof Map ? describe(list) : str(list)} should be a list or None`, { where: parent && key ? valuePositionOf(parent, key) : positionOf(list) })
  }
  const items: readonly Value[] = list
  return items.flatMap((item, index) => {
    if (item instanceof Map) return readStatement(item, reading)
    // A dash whose task has been commented out.
    if (item === null) return []
    throw new PlonerunError(`a task is a mapping, not ${describe(item)}`, { where: valuePositionOf(list, index), hint: 'a task names its module as a key, as in: ansible.builtin.command: uptime' })
  })
}

/** Handlers are read like tasks; imports stand in place, and blocks are not allowed. */
export function readHandlers(list: Value, reading: Reading, parent?: Dict): Handler[] {
  return readStatements(list, { ...reading, kind: 'handler' }, parent, parent && 'handlers') as Handler[]
}

function readStatement(given: Dict, reading: Reading): readonly Statement[] {
  if (given.has('block')) return [readBlock(given, reading)]
  const lonely = ['rescue', 'always'].find((key) => given.has(key))
  if (lonely !== undefined) throw new PlonerunError(`'${lonely}' needs a block`, { where: positionOf(given, lonely), hint: 'put the tasks it belongs to under block:, at the same indentation' })
  const written = moduleCall(given, reading.kind, withLibrary(reading))
  const { source, call } = withoutOldInclude({ source: given, call: written })
  const fields = readFields(source, reading.kind, (key) => key === written.module || !isModuleKey(key))
  const task = readTask(source, call, fields, reading)
  switch (builtinName(call.module)) {
    case 'import_tasks':
      return importTasks(task, reading, (list, inner) => readStatements(list, inner))
    case 'import_role':
      return importRole(task, reading)
    case 'import_playbook':
      throw new PlonerunError('a playbook can only be imported where plays stand', { where: call.position, hint: 'take it out of the tasks, or import its tasks or roles' })
    case 'include_tasks':
    case 'include_role':
      checkInclude(task)
      return [task]
    default:
      return [task]
  }
}

function readBlock(source: Dict, reading: Reading): Block {
  if (reading.kind === 'handler') throw new PlonerunError('a block cannot be a handler', { where: positionOf(source), hint: 'let several handlers listen to the same topic' })
  const fields = readFields(source, 'block')
  const keywords = inherit(reading.enclosure.keywords, fields)
  const inner: Reading = { ...reading, enclosure: { ...reading.enclosure, keywords } }
  const section = (key: string) => readStatements(source.get(key) ?? null, inner, source, key)
  return {
    kind: 'block',
    ...pick(fields, ['name']),
    ...pick(reading.enclosure, ['role']),
    block: section('block'),
    rescue: section('rescue'),
    always: section('always'),
    keywords,
    position: positionOf(source) ?? NOWHERE,
    source,
  }
}

function readTask(source: Dict, call: ModuleCall, fields: Fields, reading: Reading): Task {
  const { kind, enclosure, play } = reading
  const loop = readLoop(source, play.lookups)
  const library = libraryModule(call.module, reading, fields.collections)
  return {
    kind,
    ...inherit(enclosure.keywords, call.local ? { ...fields, delegateTo: 'localhost' } : fields),
    ...pick(fields, ['name', 'register', 'until', 'retries', 'delay', 'changedWhen', 'failedWhen', 'async', 'poll']),
    module: call.module,
    modulePosition: call.position,
    args: call.args,
    ...pick(call, ['argsTemplate', 'moduleTemplate']),
    ...(library && { library }),
    ...(loop && { loop }),
    loopControl: readLoopControl(source),
    listen: fields.listen ?? [],
    includeVars: enclosure.includeVars,
    ...pick(enclosure, ['role']),
    implicit: false,
    position: positionOf(source) ?? NOWHERE,
    source,
    enclosure,
  }
}

/** The person's own module of that name. One that cannot run does not stand before plonerun's own. */
function libraryModule(name: string, { play, enclosure: { role, keywords } }: Reading, collections: readonly string[] = []): LibraryModule | undefined {
  const roles = role === undefined ? [] : [role, ...[...role.parents].reverse()]
  const found = play.library.find(name, [...roles.map(({ path }) => path), play.search.folder].map((folder) => join(folder, 'library')))
  const { known, exists = known } = play.modules
  const isOurs = exists?.(name) === true
  if (found !== undefined) return isOurs && (found.refusal !== undefined || found.takes === 'ansible') ? undefined : found
  if (isOurs) return undefined
  const [, collection, short = name] = /^(\w+\.\w+)\.(\w+)$/.exec(name) ?? []
  const searched = collection === undefined ? [...collections, ...keywords.collections] : [collection]
  return searched.filter((each) => !/^ansible\.(builtin|legacy)$/.test(each)).map((each) => play.library.findIn(short, play.plugins.inCollection('modules', each))).find((each) => each !== undefined)
}

/** The names of modules, with those of the person's own. */
function withLibrary(reading: Reading): Names {
  const { known, exists, all } = reading.play.modules
  const isOwn = (name: string): boolean => libraryModule(name, reading) !== undefined
  return { known: known && ((name) => known(name) || isOwn(name)), exists: exists && ((name) => exists(name) || isOwn(name)), all }
}

function readLoop(source: Dict, lookups: Reading['play']['lookups']): Loop | undefined {
  const keys = [...source.keys()].filter((key): key is string => typeof key === 'string' && (key === 'loop' || key.startsWith('with_')))
  const [key, second] = keys
  if (key === undefined) return undefined
  const position = positionOf(source, key) ?? NOWHERE
  if (second !== undefined) throw new PlonerunError(`this task loops twice, with '${key}' and '${second}'`, { where: positionOf(source, second) })
  const items = source.get(key) ?? null
  if (items === null && key === 'loop') return undefined
  if (items === null) throw new PlonerunError(`'${key}' has nothing to loop over`, { where: position })
  if (key === 'loop') {
    if (Array.isArray(items) || items instanceof Template) return { lookup: null, items, position }
    throw new PlonerunError(`'loop' takes a list, not ${describe(items)}`, { where: valuePositionOf(source, key), hint: "write with_dict: to loop over a mapping, or loop: \"{{ the_mapping | dict2items }}\"" })
  }
  const lookup = key.slice('with_'.length)
  if (lookups.known?.(lookup) === false) throw new PlonerunError(`there is no lookup '${lookup}'`, { where: position, hint: didYouMean(lookup, lookups.all?.() ?? [])?.replace("'", "'with_") })
  return { lookup, items, position }
}

function readLoopControl(source: Dict): LoopControl {
  const control = source.get('loop_control') ?? null
  if (control !== null && !(control instanceof Map)) throw new PlonerunError(`'loop_control' takes a mapping, not ${describe(control)}`, { where: valuePositionOf(source, 'loop_control') })
  const { loopVar = 'item', ...others } = readFields(mappingOrEmpty(control), 'loop_control')
  return { loopVar, ...pick(others, ['indexVar', 'label', 'pause', 'extended', 'extendedAllitems', 'breakWhen']) }
}
