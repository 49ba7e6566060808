/** What reading tasks and roles needs to know of the play that they are read into. */
import { basename } from 'node:path'
import { PlonerunError } from '../errors/plonerun-error.ts'
import type { Position } from '../errors/position.ts'
import { str } from '../values/print.ts'
import { Template } from '../values/template.ts'
import type { Dict, Value } from '../values/value.ts'
import { describe, type Fields } from './fields.ts'
import type { Files } from './files.ts'
import type { Library } from './library.ts'
import type { Names } from './module-call.ts'
import type { PluginPlaces } from './plugin-places.ts'
import type { RoleSearch } from './role-search.ts'
import type { Enclosure } from './tree/task.ts'
import type { Included } from './tree/play.ts'
import type { Warning } from './warning.ts'

/** What all of a play is read with. */
export interface PlayReading {
  readonly files: Files
  readonly modules: Names
  readonly lookups: Names
  readonly library: Library
  readonly plugins: PluginPlaces
  readonly search: RoleSearch
  /** Variables that names of static imports may use. */
  readonly vars: () => Dict
  readonly evaluate: (template: Template, vars: Dict) => Value
  readonly warn: (warning: Warning) => void
  /** The setting private_role_vars, where it was set. */
  readonly privateRoleVars?: boolean
  /** Reads a role and all it brings. */
  readonly role: (use: RoleUse, play: PlayReading) => Included
}

/** A list of tasks, and where it stands. */
export interface Reading {
  readonly play: PlayReading
  readonly kind: 'task' | 'handler'
  readonly enclosure: Enclosure
  /** Files and roles that import each other down to here. */
  readonly imports: readonly string[]
  /** Takes what static imports bring besides tasks. */
  readonly brought: (included: Pick<Included, 'handlers' | 'roles'>) => void
}

/** A role, as something asks for it. */
export interface RoleUse {
  readonly name: string
  readonly position: Position
  /** Files other than main. */
  readonly from: { readonly [Part in 'tasks' | 'vars' | 'defaults' | 'handlers']?: string | undefined }
  /** What it stands in, with the keywords of its own entry laid in; its role is the one that asks. */
  readonly enclosure: Enclosure
  readonly entryVars: Dict
  readonly params: Dict
  /** The keywords of its own entry, which tell this use from others. */
  readonly own: Pick<Fields, 'when' | 'tags'>
  readonly fromInclude: boolean
  readonly public: boolean
  /** Absent: its meta/main.yml says. */
  readonly allowDuplicates?: boolean | undefined
  /** Whether its arguments are checked. */
  readonly validate: boolean
  readonly imports: readonly string[]
}

/** Whether all tasks see a role's variables. @param usual where neither the role's use nor the settings say so */
export function isPublic(asked: boolean | undefined, usual: boolean, { privateRoleVars }: PlayReading): boolean {
  return asked ?? (privateRoleVars === undefined ? usual : !privateRoleVars)
}

/** What a static import names. Only variables of the play, its roles and the import itself can be used. */
export function staticName(value: Value, { play, enclosure }: Pick<Reading, 'play' | 'enclosure'>, where: Position | undefined): string {
  const name = value instanceof Template ? evaluateName(value, play, enclosure) : value
  if (typeof name === 'string' || typeof name === 'number') return str(name)
  throw new PlonerunError(`a name is wanted here, not ${describe(name)}`, { where })
}

/** Magic variables that are known before the run. */
function placesOf({ search }: PlayReading, role: Enclosure['role']): [Value, Value][] {
  return [['playbook_dir', search.folder], ...(role === undefined ? [] : [['role_path', role.path], ['role_name', basename(role.path)], ['ansible_role_name', role.name]] as [Value, Value][])]
}

function evaluateName(template: Template, play: PlayReading, { role, keywords, includeVars }: Enclosure): Value {
  const vars = new Map<Value, Value>([...(role?.defaults ?? []), ...play.vars(), ...(role?.vars ?? []), ...(role?.entryVars ?? []), ...keywords.vars, ...(role?.params ?? []), ...includeVars, ...placesOf(play, role)])
  try {
    return play.evaluate(template, vars)
  } catch (cause) {
    throw new PlonerunError(`the name of what is imported cannot be told: ${(cause as Error).message}`, {
      where: template.position,
      hint: 'an import is read before the run, with the variables of the play and extra vars only; an include is read when its turn comes',
      cause,
    })
  }
}
