/** Playbooks: plays, and the playbooks that they import. */
import { dirname, resolve } from 'node:path'
import { PlonerunError } from '../errors/plonerun-error.ts'
import type { Position } from '../errors/position.ts'
import { Template } from '../values/template.ts'
import type { Dict, Value } from '../values/value.ts'
import { describe, readFields, type Fields } from './fields.ts'
import { isFile } from './files.ts'
import { inherit, NO_KEYWORDS, pick } from './inherit.ts'
import { builtinName } from './module-call.ts'
import { NOWHERE, positionOf, valuePositionOf } from '../values/positions.ts'
import { staticName, type PlayReading, type Reading } from './reading.ts'
import { collectionOf, collectionPlaybook } from './role-search.ts'
import { readRoleList } from './roles.ts'
import { readHandlers, readStatements } from './tasks.ts'
import type { Enclosure, Handler, Statement } from './tree/task.ts'
import type { Included, Play, VarsFile, VarsPrompt } from './tree/play.ts'
import type { Keywords, Text } from './tree/keywords.ts'
import type { Role } from './tree/role.ts'

/** What an import_playbook hands on to the plays of its playbook. */
export interface PlaybookImport {
  readonly keywords: Keywords
  readonly vars: Dict
  /** Playbooks that import each other down to here. */
  readonly files: readonly string[]
}

/** Makes what a playbook is read with; its folder is where roles and files are searched. */
export type ReadingFor = (file: string, vars: () => Dict) => PlayReading

/** The plays of a playbook and of those that it imports, in order. */
export function readPlaybook(file: string, readingFor: ReadingFor, outer: PlaybookImport = { keywords: NO_KEYWORDS, vars: new Map(), files: [] }, askedBy?: Position): Play[] {
  const { files, warn } = readingFor(file, () => new Map())
  const value = files.read(file, askedBy)
  if (value === null) {
    warn({ message: `${file} holds no plays` })
    return []
  }
  return readPlays(value, file, readingFor, { ...outer, files: [...outer.files, file] })
}

/** The plays of a playbook that has been read already, or was made by the program. */
export function readPlays(value: Value, file: string, readingFor: ReadingFor, outer: PlaybookImport): Play[] {
  if (!Array.isArray(value)) throw new PlonerunError(`a playbook is a list of plays, not ${describe(value)}`, { where: positionOf(value) ?? { file, line: 1, column: 1 } })
  const entries: readonly Value[] = value
  if (entries.length === 0) throw new PlonerunError('A playbook must contain at least one play', { where: positionOf(value) ?? { file, line: 1, column: 1 } })
  return entries.flatMap((entry, index) => {
    if (!(entry instanceof Map)) throw new PlonerunError(`a play is a mapping, not ${describe(entry)}`, { where: valuePositionOf(value, index) })
    const source: Dict = entry
    const key = [...source.keys()].find((word) => typeof word === 'string' && ['import_playbook', 'include'].includes(builtinName(word)))
    return key === undefined ? [readPlay(source, file, readingFor, outer)] : importPlaybook(source, key, file, readingFor, outer)
  })
}

function importPlaybook(source: Dict, key: Value, file: string, readingFor: ReadingFor, outer: PlaybookImport): Play[] {
  const fields = readFields(source, 'import_playbook', (word) => word === key)
  const where = valuePositionOf(source, key) ?? NOWHERE
  const vars = new Map([...(fields.vars ?? []), ...outer.vars])
  const play = readingFor(file, () => vars)
  const name = staticName(source.get(key) ?? null, { play, enclosure: { keywords: NO_KEYWORDS, includeVars: new Map(), files: [] } }, where)
  const found = [...collectionPlaybook(name, play.search).flatMap((path) => [`${path}.yml`, `${path}.yaml`]), resolve(dirname(file), name)].find(isFile)
  if (found === undefined) throw new PlonerunError(`there is no playbook '${name}'`, { where, why: `looked for ${resolve(dirname(file), name)}` })
  if (outer.files.includes(found)) throw new PlonerunError(`${found} imports itself`, { where, why: [...outer.files, found].join(' -> ') })
  const keywords = inherit(outer.keywords, { ...pick(fields, ['when', 'tags']) })
  return readPlaybook(found, readingFor, { keywords, vars, files: outer.files }, where)
}

function readPlay(source: Dict, file: string, readingFor: ReadingFor, outer: PlaybookImport): Play {
  const fields = readFields(source, 'play')
  const hosts = hostsOf(source, fields)
  if (fields.user !== undefined && fields.remoteUser !== undefined)
    throw new PlonerunError("both 'user' and 'remote_user' are set for this play.", { where: positionOf(source, 'user'), hint: 'remote_user is the name of today' })
  const vars = new Map([...(fields.vars ?? []), ...outer.vars])
  const varsFiles = readVarsFiles(source.get('vars_files') ?? null, source)
  const play = readingFor(file, () => new Map([...vars, ...staticVarsFiles(varsFiles, dirname(file), play)]))
  const { collection } = collectionOf(file)
  const inherited = inherit(outer.keywords, { ...fields, ...(fields.remoteUser === undefined && fields.user !== undefined && { remoteUser: fields.user }) })
  const keywords: Keywords = { ...inherited, vars: new Map(), collections: [...new Set([...(collection === undefined ? [] : [collection]), ...inherited.collections])] }
  const enclosure: Enclosure = { keywords, includeVars: new Map(), files: [] }

  const roles: Role[] = []
  const imported: Handler[] = []
  const reading: Reading = {
    play,
    kind: 'task',
    enclosure: { ...enclosure, files: [file] },
    imports: [],
    brought: (included: Pick<Included, 'handlers' | 'roles'>) => {
      roles.push(...included.roles)
      imported.push(...included.handlers)
    },
  }
  const section = (key: string): Statement[] => readStatements(source.get(key) ?? null, reading, source, key)
  const listed = readRoleList(source.get('roles') ?? null, enclosure, play).map((use) => play.role(use, play))
  const handlers = readHandlers(source.get('handlers') ?? null, reading, source)
  const [preTasks, tasks, postTasks] = [section('pre_tasks'), section('tasks'), section('post_tasks')]
  return {
    kind: 'play',
    ...pick(fields, ['name', 'gatherFacts', 'gatherSubset', 'gatherTimeout', 'factPath', 'strategy', 'order', 'maxFailPercentage', 'forceHandlers']),
    hosts,
    position: positionOf(source) ?? NOWHERE,
    source,
    file,
    keywords,
    vars,
    varsFiles,
    varsPrompt: readVarsPrompt(source),
    serial: fields.serial ?? [],
    preTasks,
    roleTasks: listed.flatMap((role) => role.tasks),
    tasks,
    postTasks,
    handlers: [...listed.flatMap((role) => role.handlers), ...handlers, ...imported],
    roles: [...listed.flatMap((role) => role.roles), ...roles],
  }
}

function hostsOf(source: Dict, { hosts }: Fields): readonly Text[] {
  const where = positionOf(source, 'hosts')
  if (hosts === undefined && !source.has('hosts')) {
    const looksLikeTask = !['tasks', 'roles', 'pre_tasks', 'post_tasks', 'handlers'].some((key) => source.has(key))
    throw new PlonerunError('this play names no hosts', { where, hint: looksLikeTask ? 'a file of tasks is brought into a play by import_tasks or include_tasks' : 'write hosts: all, or another pattern' })
  }
  if (hosts === undefined || hosts.length === 0 || hosts.includes('')) throw new PlonerunError('Hosts list cannot be empty. Please check your playbook', { where, hint: 'write hosts: all, or another pattern' })
  return hosts
}

function readVarsFiles(value: Value, source: Dict): VarsFile[] {
  if (value === null) return []
  const text = (item: Value): Text => {
    if (typeof item === 'string' || item instanceof Template) return item
    throw new PlonerunError(`'vars_files' takes names of files, not ${describe(item)}`, { where: valuePositionOf(source, 'vars_files') })
  }
  const items: readonly Value[] = Array.isArray(value) ? value : [value]
  return items.map((item) => (Array.isArray(item) ? item.map(text) : [text(item)]))
}

/** Variables of the files that are there before the run, for the names of static imports. */
function staticVarsFiles(varsFiles: readonly VarsFile[], folder: string, { files }: PlayReading): [Value, Value][] {
  return varsFiles.flatMap((names): [Value, Value][] => {
    const found = names.map((name) => (typeof name === 'string' ? resolve(folder, name) : undefined)).find((path) => path !== undefined && isFile(path))
    return found === undefined ? [] : [...files.readVars(found)]
  })
}

function readVarsPrompt(source: Dict): VarsPrompt[] {
  const value = source.get('vars_prompt') ?? null
  if (value === null) return []
  const where = valuePositionOf(source, 'vars_prompt')
  const items: readonly Value[] = Array.isArray(value) ? value : [value]
  return items.map((item) => {
    if (!(item instanceof Map)) throw new PlonerunError(`'vars_prompt' takes a list of mappings, not ${describe(item)}`, { where })
    const name = item.get('name')
    if (typeof name !== 'string') throw new PlonerunError("Invalid vars_prompt data structure, missing 'name' key", { where: positionOf(item), hint: 'write name: VARIABLE' })
    const fields = readFields(item, 'vars_prompt')
    return { private: true, confirm: false, unsafe: false, prompt: name, ...pick(fields, ['prompt', 'default', 'private', 'confirm', 'encrypt', 'salt', 'saltSize', 'unsafe']), name, position: positionOf(item) ?? NOWHERE }
  })
}
