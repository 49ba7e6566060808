/** What add_host and group_by do to the inventory of the run. */
import { dirname } from 'node:path'
import type { Inventory } from '../load/inventory/types.ts'
import type { Dict } from '../values/value.ts'
import type { InventoryChange, RunContext } from './context.ts'

/** The variables that the inventory has for a host, with those beside the playbook, the strongest first. */
export function inventoryLayers({ loader, inventory }: Pick<RunContext, 'loader' | 'inventory'>, host: string, playbook: string): readonly Dict[] {
  return loader.hostVarLayers(inventory, host, dirname(playbook)).map(({ vars }) => vars).reverse()
}

/** @returns whether anything is new to the inventory */
export function changeInventory(run: Pick<RunContext, 'inventory' | 'inventoryChanges'>, change: InventoryChange): boolean {
  if (change.addHost !== undefined || change.addToGroups !== undefined) run.inventoryChanges.push(change)
  return applyChange(run.inventory, change)
}

function applyChange(inventory: Inventory, { addHost, addToGroups, host }: InventoryChange): boolean {
  // New hosts go before those of the inventory: as Ansible has it, they stand in `all` itself.
  const isNew = addHost !== undefined && !inventory.hosts.has(addHost.name)
  const added = addHost !== undefined && inventory.addHost(addHost.name, { groups: [...(isNew ? ['all'] : []), ...addHost.groups], vars: { source: 'add_host', vars: addHost.vars } })
  const grouped = (addToGroups?.groups ?? []).map((group) => inventory.addGroup(group, { hosts: inventory.host(host) === undefined ? [] : [host], parents: addToGroups?.parents ?? [] }))
  return added || grouped.includes(true)
}

/** Reads the sources again and does anew what tasks have added to them. Plays that begin later see it. */
export function refreshInventory(run: RunContext): void {
  const fresh = run.readInventory()
  for (const change of run.inventoryChanges) applyChange(fresh, change)
  run.inventory = fresh
}
