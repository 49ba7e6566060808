/** What an inventory is: hosts, groups, and where each variable comes from. */
import type { Dict } from '../../values/value.ts'

/** Where a layer of variables comes from, the weakest first. */
export type LayerKind =
  | 'all group'
  | 'group'
  | 'group_vars/all beside the inventory'
  | 'group_vars/all beside the playbook'
  | 'group_vars beside the inventory'
  | 'group_vars beside the playbook'
  | 'host'
  | 'host_vars beside the inventory'
  | 'host_vars beside the playbook'

/** Variables from one source: an inventory file, or a file of group_vars or host_vars. */
export interface VarLayer {
  /** File that they stand in, or what else made them (`add_host`). */
  readonly source: string
  readonly kind: LayerKind
  /** The group that they belong to, unless they are the host's own. */
  readonly group?: string
  readonly vars: Dict
}

/** Variables as a source gives them, before their place among all layers is known. */
export interface SourcedVars {
  readonly source: string
  readonly vars: Dict
}

export interface InventoryHost {
  readonly name: string
  /** Names of the groups it is a direct member of, without `all`. */
  readonly groups: ReadonlySet<string>
  /** Later sources win. */
  readonly vars: readonly SourcedVars[]
  /** Made for `localhost` since no source names it: never in `all`. */
  readonly implicit: boolean
}

export interface Group {
  readonly name: string
  /** Direct members, in the order they were named. */
  readonly hosts: ReadonlySet<string>
  readonly children: ReadonlySet<string>
  readonly parents: ReadonlySet<string>
  /** ansible_group_priority; 1 unless set. */
  readonly priority: number
  /** Longest way down from `all`, which has 0. */
  readonly depth: number
  readonly vars: readonly SourcedVars[]
}

/** The hosts of a run. add_host and group_by change it; everything else reads. */
export interface Inventory {
  /** In the order of the sources. */
  readonly hosts: ReadonlyMap<string, InventoryHost>
  /** Has always `all` and `ungrouped`. */
  readonly groups: ReadonlyMap<string, Group>
  /** What it was read from: absolute paths, and lists of hosts as they were given. */
  readonly sources: readonly string[]
  /** Folders that may hold group_vars/ and host_vars/, in the order of the sources. */
  readonly folders: readonly string[]
  /** The host of that name; the implicit localhost for `localhost`, `127.0.0.1` and `::1`. */
  host(name: string): InventoryHost | undefined
  /** Hosts of a group and of all groups below it, in order. */
  hostsOf(group: string): readonly string[]
  /** Groups of a host with all groups above them, `all` first, then by depth, priority and name: the later wins. */
  groupsOf(host: string): readonly Group[]
  /** Makes a host, or adds to it. Gives whether anything changed. */
  addHost(name: string, options?: { readonly groups?: readonly string[]; readonly vars?: SourcedVars }): boolean
  /** Makes a group, or adds to it. Gives whether anything changed. */
  addGroup(name: string, options?: { readonly hosts?: readonly string[]; readonly parents?: readonly string[]; readonly vars?: SourcedVars }): boolean
}
