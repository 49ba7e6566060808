/** plone_sites/ beside an inventory: a file for each site, which adds it to the variable `sites` of its hosts. */
import { existsSync, readdirSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { PlonerunError } from '../../errors/plonerun-error.ts'
import { place, placesOf, positionOf } from '../../values/positions.ts'
import type { Dict, Value } from '../../values/value.ts'
import type { InventoryFiles } from '../vars-files.ts'
import { hostVarLayers } from './layers.ts'
import { selectHosts } from './patterns.ts'
import type { Inventory } from './types.ts'

export const SITES_FOLDER = 'plone_sites'

/**
 * Gives each host the sites whose files name it. The file of a site in the folder above (inventory/plone_sites/www.yml)
 * holds what its environments (inventory/prod/plone_sites/www.yml) have in common; a site is where an environment has a file for it.
 * Throws a PlonerunError for hosts that there are not, and when a host has `sites` of its own, too.
 */
export function addSiteFiles(inventory: Inventory, files: InventoryFiles): void {
  const sites = new Map<string, { readonly site: Dict; readonly file: string }[]>()
  for (const folder of inventory.folders) {
    for (const file of filesIn(join(folder, SITES_FOLDER))) {
      const site = readSite(file, join(dirname(folder), SITES_FOLDER), files)
      for (const host of hostsOf(site, file, inventory)) sites.set(host, [...(sites.get(host) ?? []), { site: withoutHosts(site), file }])
    }
  }
  for (const [host, found] of sites) {
    checkOnlyPlace(inventory, host, found[0]!.file, files)
    const list: Value[] = found.map(({ site }) => site)
    const at = (index: Value) => (typeof index === 'number' && found[index] ? positionOf(found[index].site) : undefined)
    place(list, { start: () => ({ file: found[0]!.file, line: 1, column: 1 }), key: at, value: at })
    inventory.addHost(host, { vars: { source: found.map(({ file }) => file).join(', '), vars: new Map([['sites', list]]) } })
  }
}

function filesIn(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder).filter((name) => /^[^.].*\.ya?ml$/.test(name)).sort().map((name) => join(folder, name)) : []
}

/** The site as its environment has it; its name is that of its file unless it says another. */
function readSite(file: string, above: string, files: InventoryFiles): Dict {
  const own = files.readVars(file)
  const name = basename(file).replace(/\.ya?ml$/, '')
  const shared = filesIn(above).find((each) => basename(each).replace(/\.ya?ml$/, '') === name)
  const site = shared === undefined ? own : overlay(files.readVars(shared), own)
  return site.has('name') ? site : overlay(new Map<Value, Value>([['name', name]]), site)
}

/** What stands above replaces what stands below, key by key and mapping by mapping; each key keeps its place. */
function overlay(below: Dict, above: Dict): Dict {
  const merged = new Map(below)
  for (const [key, value] of above) {
    const old = merged.get(key)
    merged.set(key, old instanceof Map && value instanceof Map ? overlay(old, value) : value)
  }
  const places = (key: Value) => placesOf(above.has(key) ? above : below)
  place(merged, { start: () => positionOf(above) ?? positionOf(below)!, key: (key) => places(key)?.key(key), value: (key) => places(key)?.value(key) })
  return merged
}

function hostsOf(site: Dict, file: string, inventory: Inventory): readonly string[] {
  const given = site.get('hosts') ?? 'plone'
  const patterns = (Array.isArray(given) ? given : [given]).map((pattern) => {
    if (typeof pattern === 'string') return pattern
    throw new PlonerunError('hosts of a site are names of hosts and groups', { where: positionOf(site, 'hosts') })
  })
  const { hosts, unmatched } = selectHosts(inventory, patterns)
  const [missing] = unmatched
  if (missing === undefined && hosts.length > 0) return hosts
  const what = missing?.pattern ?? patterns.join(', ')
  const hint = missing?.suggestion !== undefined ? `did you mean '${missing.suggestion}'?` : "its 'hosts:' says which hosts and groups have the site; the group plone unless given"
  throw new PlonerunError(`the inventory has no hosts '${what}' for this site`, { where: positionOf(site, 'hosts') ?? { file, line: 1, column: 1 }, hint })
}

function withoutHosts(site: Dict): Dict {
  if (!site.has('hosts')) return site
  const rest = new Map(site)
  rest.delete('hosts')
  const places = placesOf(site)
  if (places !== undefined) place(rest, places)
  return rest
}

function checkOnlyPlace(inventory: Inventory, host: string, file: string, files: InventoryFiles): void {
  const own = hostVarLayers(inventory, host, undefined, files).find(({ vars }) => vars.has('sites'))
  if (own === undefined) return
  throw new PlonerunError(`${host} has its sites in two places`, { where: positionOf(own.vars, 'sites'), why: `${file} gives it a site, too`, hint: `move what stands here to ${SITES_FOLDER}/, a file for each site` })
}
