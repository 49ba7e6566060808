/** The variables that tasks read, wherever the files define them: what is wrong in one is known before its task is reached. */
import { dirname } from 'node:path'
import { limitHosts, selectHosts } from '../../load/inventory/patterns.ts'
import type { Inventory } from '../../load/inventory/types.ts'
import type { Loader } from '../../load/loader.ts'
import type { Play, VarsFile } from '../../load/tree/play.ts'
import type { Role } from '../../load/tree/role.ts'
import type { Dict, Value } from '../../values/value.ts'
import { inventoryLayers } from '../inventory-change.ts'
import { varsFileAt } from '../vars-files.ts'

export interface Definition {
  readonly value: Value
  /** The role that defines it. */
  readonly role?: Role
}

interface Sources {
  readonly loader: Loader
  readonly inventory: Inventory
  readonly extraVars: Dict
  readonly limit?: string | undefined
}

/** The definitions of each name in what plays, roles and the inventory say outright. */
export function definitionsOf(plays: readonly Play[], roles: Iterable<Role>, sources: Sources): ReadonlyMap<string, readonly Definition[]> {
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
    for (const file of play.varsFiles.flatMap((entry) => varsFileOf(play, entry) ?? [])) add(sources.loader.loadVarsFile(file))
    for (const layer of inventoryOf(play, sources)) add(layer)
  }
  for (const role of roles) for (const vars of [role.params, role.entryVars, role.vars, role.defaults]) add(vars, role)
  return definitions
}

/** Of several names the first that is there, as long as all are written out. */
function varsFileOf({ file }: Play, entry: VarsFile): string | undefined {
  const names = entry.flatMap((name) => (typeof name === 'string' ? [name] : []))
  if (names.length < entry.length) return undefined
  return names.map((name) => varsFileAt(dirname(file), name)).find((each) => each !== undefined)
}

/** What the inventory says of the hosts of a play. */
function inventoryOf(play: Play, sources: Sources): readonly Dict[] {
  return hostsOf(play, sources).flatMap((host) => inventoryLayers(sources, host, play.file))
}

/** Whether a play may work on this machine. */
export function hasLocalHosts(play: Play, sources: Sources): boolean {
  const isLocal = (host: string): boolean => sources.inventory.host(host)?.implicit === true || inventoryLayers(sources, host, play.file).some((layer) => layer.get('ansible_connection') === 'local')
  return hostsOf(play, sources).some(isLocal)
}

/** The hosts of a play whose patterns are written out. */
function hostsOf(play: Play, { inventory, limit }: Sources): readonly string[] {
  const patterns = play.hosts.flatMap((pattern) => (typeof pattern === 'string' ? [pattern] : []))
  if (patterns.length < play.hosts.length) return []
  const selected = selectHosts(inventory, patterns).hosts
  return limit === undefined ? selected : limitHosts(inventory, selected, limit).hosts
}
