/** Roles: entries of `roles:` and of dependencies, and what a role brings into a play. */
import { realpathSync } from 'node:fs'
import { basename, join } from 'node:path'
import { PlonerunError } from '../errors/plonerun-error.ts'
import type { Position } from '../errors/position.ts'
import { didYouMean } from '../errors/suggest.ts'
import { toPlain } from '../values/convert.ts'
import { str } from '../values/print.ts'
import { Template } from '../values/template.ts'
import type { Dict, Value } from '../values/value.ts'
import { describe, readFields } from './fields.ts'
import { inherit } from './inherit.ts'
import { keywordAt } from './keywords.ts'
import { mappingOrEmpty } from './mapping.ts'
import { NOWHERE, positionOf, valuePositionOf } from '../values/positions.ts'
import { isPublic, staticName, type PlayReading, type Reading, type RoleUse } from './reading.ts'
import { findRoleFile, roleFile, roleVars } from './role-files.ts'
import { argumentCheck, roleComplete } from './role-marks.ts'
import { findRole } from './role-search.ts'
import { readTaskFile } from './task-file.ts'
import { readHandlers, readStatements } from './tasks.ts'
import type { Enclosure, Handler, Statement } from './tree/task.ts'
import type { Included } from './tree/play.ts'
import type { Role } from './tree/role.ts'

/** Uses of roles written as a list: `roles:` of a play, `dependencies:` of a role. */
export function readRoleList(list: Value, enclosure: Enclosure, play: PlayReading, imports: readonly string[] = []): RoleUse[] {
  if (list === null) return []
  if (!Array.isArray(list)) throw new PlonerunError(`A malformed role declaration was encountered. A list of roles goes here, not ${describe(list)}`, { where: positionOf(list) })
  const entries: readonly Value[] = list
  return entries.map((entry, index) => readRoleEntry(entry, valuePositionOf(list, index) ?? NOWHERE, enclosure, play, imports))
}

function readRoleEntry(entry: Value, position: Position, enclosure: Enclosure, play: PlayReading, imports: readonly string[]): RoleUse {
  const common = { from: {}, fromInclude: false, public: isPublic(undefined, true, play), validate: true, imports }
  if (typeof entry === 'string' && entry.includes(',')) throw new PlonerunError(`Invalid old style role requirement: ${entry}`, { where: position, hint: 'name one role, and write what else belongs to it as keys beside role:' })
  if (typeof entry === 'string' || typeof entry === 'number' || entry instanceof Template) {
    return { ...common, name: staticName(entry, { play, enclosure }, position), position, enclosure, entryVars: new Map(), params: new Map(), own: {} }
  }
  if (!(entry instanceof Map)) throw new PlonerunError(`a role is named here, not ${describe(entry)}`, { where: position })
  const key = ['role', 'name', 'src'].find((word) => entry.has(word))
  if (key === undefined) throw new PlonerunError('this role entry names no role', { where: position, hint: 'write it as role: NAME' })
  const fields = readFields(entry, 'role', () => true)
  const inner: Enclosure = { ...enclosure, keywords: { ...inherit(enclosure.keywords, fields), vars: enclosure.keywords.vars } }
  const name = staticName(entry.get(key)!, { play, enclosure: { ...inner, includeVars: mappingOrEmpty(fields.vars) } }, valuePositionOf(entry, key))
  return {
    ...common,
    name: key === 'src' ? basename(name).replace(/\.git$/, '') : name,
    position: valuePositionOf(entry, key) ?? position,
    enclosure: inner,
    entryVars: mappingOrEmpty(fields.vars),
    params: new Map([...entry].filter(([word]) => typeof word === 'string' && keywordAt('role', word) === undefined)),
    own: { ...(fields.when && { when: fields.when }), ...(fields.tags && { tags: fields.tags }) },
  }
}

/** Reads a role with the roles that it depends on. Throws a PlonerunError when there is no such role, or it needs itself. */
export function readRole(use: RoleUse, play: PlayReading): Included {
  const asking = use.enclosure.role
  const { name, path, collection } = findRole(use.name, play.search, use.enclosure.keywords.collections, asking?.path, use.position)
  const link = `${path} ${use.from.tasks ?? 'main'}`
  if (use.imports.includes(link)) {
    throw new PlonerunError(`the role '${name}' needs itself`, { where: use.position, why: [...use.imports, link].map((item) => basename(item.replace(/ main$/, ''))).join(' -> ') })
  }
  const imports = [...use.imports, link]
  play.library.add(join(path, 'library'))
  play.plugins.add(path)
  const meta = readMeta(path, play, use.position)
  const dependencies: Role[] = []
  const role: Role = {
    name: collection === undefined ? name : `${collection}.${name}`,
    path,
    ...(collection !== undefined && { collection }),
    key: keyOf(path, name, use),
    allowDuplicates: use.allowDuplicates ?? meta.allowDuplicates,
    public: use.public,
    fromInclude: use.fromInclude,
    defaults: roleVars(path, 'defaults', use.from.defaults, play.files, use.position),
    vars: roleVars(path, 'vars', use.from.vars, play.files, use.position),
    entryVars: use.entryVars,
    params: use.params,
    parents: asking === undefined ? [] : [...asking.parents, asking],
    dependencies,
    position: use.position,
  }
  const keywords = { ...use.enclosure.keywords, collections: [...(collection === undefined ? [] : [collection]), ...meta.collections] }
  const enclosure: Enclosure = { ...use.enclosure, keywords, role, files: [] }

  const roles: Role[] = []
  const handlers: Handler[] = []
  const tasks: Statement[] = []
  for (const dependency of readRoleList(meta.dependencies, enclosure, play, imports)) {
    const brought = play.role(dependency, play)
    dependencies.push(...brought.roles.filter((other) => !other.fromInclude))
    roles.push(...brought.roles)
    handlers.push(...brought.handlers)
    tasks.push(...brought.tasks)
  }
  roles.push(role)

  const brought = (included: Pick<Included, 'handlers' | 'roles'>) => {
    roles.push(...included.roles)
    handlers.push(...included.handlers)
  }
  const list = (part: 'tasks' | 'handlers', read: (items: Value, reading: Reading) => readonly Statement[]): readonly Statement[] => {
    const file = roleFile(path, part, use.from[part], use.position)
    if (file === undefined) return []
    const reading: Reading = { play, kind: part === 'handlers' ? 'handler' : 'task', enclosure: { ...enclosure, files: [file] }, imports, brought }
    return read([...readTaskFile(file, play, use.position)], reading)
  }
  if (use.validate) tasks.push(...argumentCheck(role, use.from.tasks ?? 'main', meta.argumentSpecs, enclosure))
  tasks.push(...list('tasks', readStatements), roleComplete(enclosure))
  const own = list('handlers', readHandlers) as readonly Handler[]
  return { tasks, handlers: [...handlers, ...own], roles }
}

interface Meta {
  readonly dependencies: Value
  readonly allowDuplicates: boolean
  readonly collections: readonly string[]
  /** By entry point. */
  readonly argumentSpecs: Dict
}

/** What meta/main.yml of a role may hold; of most Ansible makes nothing. */
const META_KEYS: ReadonlySet<string> = new Set([
  'allow_duplicates', 'argument_specs', 'collections', 'dependencies', 'galaxy_info',
  'any_errors_fatal', 'become', 'become_exe', 'become_flags', 'become_method', 'become_user', 'check_mode', 'connection', 'debugger', 'diff', 'environment', 'ignore_errors', 'ignore_unreachable',
  'module_defaults', 'name', 'no_log', 'port', 'remote_user', 'run_once', 'throttle', 'timeout', 'vars',
])

function readMeta(path: string, { files }: PlayReading, where: Position): Meta {
  const mapping = (name: string): Dict => {
    const file = findRoleFile(path, 'meta', name)
    const value = file === undefined ? null : files.read(file, where)
    if (value === null || value instanceof Map) return mappingOrEmpty(value)
    throw new PlonerunError(`meta/${name} of a role holds a mapping, this one ${describe(value)}`, { where: positionOf(value) ?? { file: file!, line: 1, column: 1 } })
  }
  const main = mapping('main')
  for (const key of main.keys()) if (!META_KEYS.has(str(key))) throw new PlonerunError(`'${str(key)}' is not a valid attribute for RoleMetadata`, { where: positionOf(main, key) ?? where, hint: didYouMean(str(key), META_KEYS) })
  const specs = mapping('argument_specs').get('argument_specs') ?? main.get('argument_specs')
  const collections = main.get('collections')
  return {
    dependencies: main.get('dependencies') ?? null,
    allowDuplicates: main.get('allow_duplicates') === true,
    collections: Array.isArray(collections) ? collections.filter((name) => typeof name === 'string') : [],
    argumentSpecs: mappingOrEmpty(specs),
  }
}

/** What makes this use of a role the same as another. */
function keyOf(path: string, name: string, { from, params, entryVars, own, fromInclude }: RoleUse): string {
  const conditions = (own.when ?? []).map(({ expression }) => (expression instanceof Template ? expression.source : expression))
  return JSON.stringify([realpathSync(path), name, from, keyPart(params), keyPart(entryVars), conditions, (own.tags ?? []).map(keyPart), fromInclude])
}

function keyPart(value: Value): unknown {
  if (value instanceof Map) return [...value].map(([key, item]) => [keyPart(key), keyPart(item)])
  if (Array.isArray(value)) return value.map(keyPart)
  return value instanceof Template ? { template: value.source } : toPlain(value)
}
