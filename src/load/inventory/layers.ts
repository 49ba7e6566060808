/** The variables of a host, source by source, in the order in which they overrule each other. */
import { join } from 'node:path'
import type { InventoryFiles } from '../vars-files.ts'
import type { Inventory, LayerKind, VarLayer } from './types.ts'

/**
 * All inventory variables of a host as layers, the weakest first: groups of the inventory (`all`, then by depth,
 * priority and name), group_vars/all, group_vars of other groups, the host in the inventory, host_vars;
 * what stands beside the inventory before what stands beside the playbook.
 * @param playbookFolder where group_vars/ and host_vars/ of the playbook are
 */
export function hostVarLayers(inventory: Inventory, hostName: string, playbookFolder: string | undefined, files: InventoryFiles): VarLayer[] {
  const [all, ...groups] = inventory.groupsOf(hostName)
  const playbook = playbookFolder === undefined ? [] : [playbookFolder]

  const fileLayers = (folder: string, name: string, kind: LayerKind): VarLayer[] =>
    // A host may be named by a path (a chroot), which is no file of variables.
    name.startsWith('/') ? [] : files.varsFiles(folder, name).map((file) => ({ source: file, kind, vars: files.readVars(file) }))
  const written = (name: string, kind: LayerKind) => (inventory.groups.get(name)?.vars ?? []).map((layer) => ({ ...layer, kind, group: name }))
  const groupFiles = (folders: readonly string[], names: readonly string[], kind: LayerKind): VarLayer[] =>
    folders.flatMap((folder) => names.flatMap((group) => fileLayers(join(folder, 'group_vars'), group, kind).map((layer) => ({ ...layer, group }))))
  const hostFiles = (folders: readonly string[], kind: LayerKind) => folders.flatMap((folder) => fileLayers(join(folder, 'host_vars'), hostName, kind))

  const names = groups.map(({ name }) => name)
  return [
    ...written(all?.name ?? 'all', 'all group'),
    ...names.flatMap((name) => written(name, 'group')),
    ...groupFiles(inventory.folders, ['all'], 'group_vars/all beside the inventory'),
    ...groupFiles(playbook, ['all'], 'group_vars/all beside the playbook'),
    ...groupFiles(inventory.folders, names, 'group_vars beside the inventory'),
    ...groupFiles(playbook, names, 'group_vars beside the playbook'),
    ...(inventory.host(hostName)?.vars ?? []).map((layer) => ({ ...layer, kind: 'host' as const })),
    ...hostFiles(inventory.folders, 'host_vars beside the inventory'),
    ...hostFiles(playbook, 'host_vars beside the playbook'),
  ]
}
