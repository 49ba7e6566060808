/** The hosts and groups of a run, and what add_host and group_by do to them. */
import { PlonerunError } from '../../errors/plonerun-error.ts'
import { isNumeric } from '../../values/number.ts'
import { equal } from '../../values/python.ts'
import type { Dict, Value } from '../../values/value.ts'
import type { Group, Inventory, InventoryHost, SourcedVars } from './types.ts'

interface StoredHost extends InventoryHost {
  readonly groups: Set<string>
  readonly vars: SourcedVars[]
}

interface StoredGroup extends Group {
  readonly hosts: Set<string>
  readonly children: Set<string>
  readonly parents: Set<string>
  readonly vars: SourcedVars[]
  priority: number
}

const LOCAL_NAMES = new Set(['localhost', '127.0.0.1', '::1'])

/** An inventory with nothing but the groups `all` and `ungrouped`. */
export function createInventory(): Inventory & { readonly sources: string[]; readonly folders: string[] } {
  const hosts = new Map<string, StoredHost>()
  const groups = new Map<string, StoredGroup>()
  const sources: string[] = []
  const folders: string[] = []
  /** Emptied by every change. */
  const known = { depths: new Map<string, number>(), members: new Map<string, readonly string[]>() }
  let implicitLocalhost: InventoryHost | undefined

  function changed(): true {
    known.depths.clear()
    known.members.clear()
    return true
  }

  function groupNamed(name: string): { group: StoredGroup; made: boolean } {
    const existing = groups.get(name)
    if (existing !== undefined) return { group: existing, made: false }
    const group: StoredGroup = {
      name,
      hosts: new Set(),
      children: new Set(),
      parents: new Set(),
      vars: [],
      priority: 1,
      get depth() {
        return depthOf(name)
      },
    }
    groups.set(name, group)
    return { group, made: changed() }
  }

  /** Groups that stand in no other stand in `all`. */
  function parentsOf(group: StoredGroup): Iterable<string> {
    return group.parents.size > 0 || group.name === 'all' ? group.parents : ['all']
  }

  function childrenOf(name: string): Iterable<string> {
    const written = groups.get(name)?.children ?? []
    if (name !== 'all') return written
    const parentless = [...groups.values()].filter((group) => group.parents.size === 0 && group.name !== 'all').map((group) => group.name)
    return new Set(['ungrouped', ...written, ...parentless])
  }

  function depthOf(name: string): number {
    const depth = known.depths.get(name) ?? (name === 'all' ? 0 : 1 + Math.max(...[...parentsOf(groups.get(name)!)].map(depthOf)))
    known.depths.set(name, depth)
    return depth
  }

  /** The group and all below it, level by level. */
  function descendants(name: string): Set<string> {
    const found = new Set([name])
    for (const group of found) for (const child of childrenOf(group)) found.add(child)
    return found
  }

  function ancestors(names: Iterable<string>): Set<string> {
    const found = new Set(names)
    for (const name of found) for (const parent of parentsOf(groups.get(name)!)) found.add(parent)
    return found
  }

  function addChild(parent: string, child: string): boolean {
    const { group } = groupNamed(parent)
    if (group.children.has(child) || (child === 'all' && parent === 'all')) return false
    if (child === 'all') throw new PlonerunError(`the group 'all' cannot stand in '${parent}', because every group stands in it`)
    if (descendants(child).has(parent)) throw new PlonerunError(`the group '${child}' cannot stand in '${parent}', because '${parent}' stands in it`)
    group.children.add(child)
    groupNamed(child).group.parents.add(parent)
    return changed()
  }

  function addMember(group: string, host: StoredHost): boolean {
    const { group: into } = groupNamed(group)
    if (into.hosts.has(host.name)) return false
    into.hosts.add(host.name)
    host.groups.add(group)
    return changed()
  }

  /** A host is in `ungrouped` as long as it is in no other group. */
  function settleUngrouped(host: StoredHost): void {
    const grouped = [...host.groups].some((group) => group !== 'all' && group !== 'ungrouped')
    if (!grouped) addMember('ungrouped', host)
    else if (host.groups.delete('ungrouped')) groups.get('ungrouped')!.hosts.delete(host.name)
  }

  const inventory: ReturnType<typeof createInventory> = {
    hosts,
    groups,
    sources,
    folders,

    host(name) {
      const existing = hosts.get(name)
      if (existing !== undefined || !LOCAL_NAMES.has(name)) return existing
      implicitLocalhost ??= [...LOCAL_NAMES].map((local) => hosts.get(local)).find((host) => host !== undefined) ?? makeImplicitLocalhost(name)
      return implicitLocalhost
    },

    hostsOf(name) {
      const members = known.members.get(name) ?? [...new Set([...descendants(name)].flatMap((group) => [...(groups.get(group)?.hosts ?? [])]))]
      known.members.set(name, members)
      return members
    },

    groupsOf(name) {
      const names = ancestors(inventory.host(name)?.groups ?? [])
      names.add('all')
      return [...names].map((group) => groups.get(group)!).sort((left, right) => left.depth - right.depth || left.priority - right.priority || (left.name < right.name ? -1 : 1))
    },

    addHost(name, { groups: into = [], vars } = {}) {
      const existing = hosts.get(name)
      const host: StoredHost = existing ?? { name, groups: new Set(), vars: [], implicit: false }
      if (existing === undefined) hosts.set(name, host)
      const results = [existing === undefined && changed(), ...into.map((group) => addMember(group, host)), vars !== undefined && layVars(host.vars, vars)]
      settleUngrouped(host)
      return results.includes(true)
    },

    addGroup(name, { hosts: members = [], parents = [], vars } = {}) {
      const { group, made } = groupNamed(name)
      const results = [made, ...parents.map((parent) => addChild(parent, name)), ...members.map((member) => inventory.addHost(member, { groups: [name] }))]
      if (vars !== undefined) results.push(layVars(group.vars, { ...vars, vars: withoutPriority(group, vars.vars) }))
      return results.includes(true)
    },
  }
  groupNamed('all')
  groupNamed('ungrouped')
  return inventory
}

function makeImplicitLocalhost(name: string): InventoryHost {
  return { name, groups: new Set(), vars: [{ source: 'implicit localhost', vars: new Map([['ansible_connection', 'local']]) }], implicit: true }
}

/** Takes ansible_group_priority out of a group's variables. */
function withoutPriority(group: StoredGroup, vars: Dict): Dict {
  const { value: priority, rest } = take(vars, 'ansible_group_priority')
  if (priority !== undefined) group.priority = typeof priority === 'string' || isNumeric(priority) ? Number(priority) : NaN
  if (Number.isNaN(group.priority)) throw new PlonerunError(`ansible_group_priority of the group '${group.name}' is no number`)
  return rest
}

function take(vars: Dict, name: string): { value: Value | undefined; rest: Dict } {
  if (!vars.has(name)) return { value: undefined, rest: vars }
  const rest = new Map(vars)
  rest.delete(name)
  return { value: vars.get(name), rest }
}

/** Adds variables behind those that are there; what one source says in several places is one layer. */
function layVars(layers: SourcedVars[], { source, vars }: SourcedVars): boolean {
  const before = new Map(layers.flatMap((layer) => [...layer.vars]))
  const last = layers.at(-1)
  if (last?.source === source) layers[layers.length - 1] = { source, vars: new Map([...last.vars, ...vars]) }
  else if (vars.size > 0) layers.push({ source, vars })
  return [...vars].some(([name, value]) => !before.has(name) || !equal(before.get(name)!, value))
}
