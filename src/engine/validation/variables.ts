/** The variables that tasks read, wherever the files define them: what is wrong in one is known before its task is reached. */
import type { Loader } from '../../load/loader.ts'
import type { Play, VarsFile } from '../../load/tree/play.ts'
import type { Role } from '../../load/tree/role.ts'
import type { Dict, Value } from '../../values/value.ts'
import { noVarsFile, varsFileAt } from '../vars-files.ts'
import type { PlayHosts } from './play-hosts.ts'

export interface Definition {
  readonly value: Value
  /** The role that defines it. */
  readonly role?: Role
}

/** Variables of a role, or of nobody's. */
export interface RoleVars {
  readonly vars: Dict
  readonly role: Role | undefined
}

interface Sources {
  readonly loader: Loader
  readonly extraVars: Dict
  readonly hosts: PlayHosts
  /** Whether a task may make files on this machine before they are read. */
  readonly filesMayCome: boolean
}

/**
 * The definitions of each name in what plays, the inventory and others say outright.
 * @throws PlonerunError for a file of vars_files that is missing or cannot be read
 */
export function definitionsOf(plays: readonly Play[], others: readonly RoleVars[], sources: Sources): ReadonlyMap<string, readonly Definition[]> {
  const definitions = new Map<string, Definition[]>()
  const seen = new Set<Dict>()
  const add = (vars: Dict, role?: Role): void => {
    if (seen.has(vars)) return
    seen.add(vars)
    for (const [name, value] of vars) {
      if (typeof name !== 'string') continue
      const others = definitions.get(name) ?? []
      definitions.set(name, others)
      others.push({ value, ...(role && { role }) })
    }
  }
  add(sources.extraVars)
  for (const play of plays) {
    add(play.vars)
    for (const file of play.varsFiles.flatMap((entry) => varsFileOf(play, entry, sources) ?? [])) add(sources.loader.loadVarsFile(file))
    for (const layer of sources.hosts(play).layers) add(layer)
  }
  for (const { vars, role } of others) add(vars, role)
  return definitions
}

export function rolesVars(roles: Iterable<Role>): readonly RoleVars[] {
  return [...roles].flatMap((role) => [role.params, role.entryVars, role.vars, role.defaults].map((vars) => ({ vars, role })))
}

/** Of several names the first that is there, as long as all are written out. */
function varsFileOf(play: Play, entry: VarsFile, { filesMayCome }: Sources): string | undefined {
  const names = entry.flatMap((name) => (typeof name === 'string' ? [name] : []))
  if (names.length < entry.length) return undefined
  const found = names.map((name) => varsFileAt(play, name)).find((each) => each !== undefined)
  if (found === undefined && names.length > 0 && !filesMayCome) throw noVarsFile(play, names)
  return found
}
