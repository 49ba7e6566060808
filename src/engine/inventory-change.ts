/** What add_host and group_by do to the inventory of the run. */
import type { Inventory } from '../load/inventory/types.ts'
import type { ActionResult } from '../modules/contract/module.ts'

/** @returns whether anything is new to it */
export function changeInventory(inventory: Inventory, { addHost, addToGroups }: { readonly [K in 'addHost' | 'addToGroups']: ActionResult[K] | undefined }, host: string): boolean {
  const added = addHost !== undefined && inventory.addHost(addHost.name, { groups: addHost.groups, vars: { source: 'add_host', vars: addHost.vars } })
  const grouped = (addToGroups?.groups ?? []).map((group) => inventory.addGroup(group, { hosts: [host], parents: addToGroups?.parents ?? [] }))
  return added || grouped.includes(true)
}
