/** What add_host and group_by do to the inventory of the run. */
import { dirname } from 'node:path'
import type { Inventory } from '../load/inventory/types.ts'
import type { ActionResult } from '../modules/contract/module.ts'
import type { Layer } from '../vars/scope.ts'
import type { RunContext } from './context.ts'

/** The variables that the inventory has for a host, with those beside the playbook, the strongest first. */
export function inventoryLayers({ loader, inventory }: Pick<RunContext, 'loader' | 'inventory'>, host: string, playbook: string): readonly Layer[] {
  return loader.hostVarLayers(inventory, host, dirname(playbook)).map(({ vars }) => vars).reverse()
}

/** @returns whether anything is new to it */
export function changeInventory(inventory: Inventory, { addHost, addToGroups }: { readonly [K in 'addHost' | 'addToGroups']: ActionResult[K] | undefined }, host: string): boolean {
  const added = addHost !== undefined && inventory.addHost(addHost.name, { groups: addHost.groups, vars: { source: 'add_host', vars: addHost.vars } })
  const grouped = (addToGroups?.groups ?? []).map((group) => inventory.addGroup(group, { hosts: [host], parents: addToGroups?.parents ?? [] }))
  return added || grouped.includes(true)
}
