/** `plonerun deploy`: brings an inventory to the state that its playbook describes. */
import { existsSync, readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { PlonerunError } from '../../errors/plonerun-error.ts'
import { didYouMean } from '../../errors/suggest.ts'
import { positionOf } from '../../values/positions.ts'
import { str } from '../../values/print.ts'
import type { RunCommand } from '../command-info.ts'
import { runOrList } from '../listing.ts'
import { packageRoot } from '../package-root.ts'
import type { Project } from '../project.ts'
import type { SessionOptions } from '../session-options.ts'
import { playbookFile } from '../site-playbook.ts'

export const run: RunCommand = ([inventory], given) => {
  const options: SessionOptions & { readonly playbook?: string } = given
  const source = inventorySource(String(inventory))
  return runOrList({ ...options, inventory: [source] }, (project) => [project.loader.loadPlaybook(options.playbook ?? namedPlaybook(project) ?? playbookFile('site.yml'))])
}

/** The source itself, or the one of that name in inventory/, here or in plonerun's own folder. */
function inventorySource(name: string): string {
  if (name.includes(',')) return name
  const folders = ['inventory', join(packageRoot(), 'inventory')].filter((folder) => existsSync(folder))
  const candidates = [...new Set([name, ...folders.map((folder) => join(folder, name))].map((path) => resolve(path)))]
  const found = [name, ...candidates].find((path) => existsSync(path))
  if (found === undefined) throw new PlonerunError(`there is no inventory '${name}'`, { why: `looked for ${candidates.join(', ')}`, hint: didYouMean(name, folders.flatMap((folder) => readdirSync(folder))) })
  return found
}

/** What plonerun_playbook says among the variables of the group all: a file from the current folder, or from the inventory's. */
function namedPlaybook({ loader, inventory }: Project): string | undefined {
  const [host] = inventory.hosts.keys()
  if (host === undefined) return undefined
  const layer = loader.hostVarLayers(inventory, host, undefined).findLast(({ group, vars }) => group === 'all' && vars.has('plonerun_playbook'))
  if (!layer) return undefined
  const name = str(layer.vars.get('plonerun_playbook')!)
  const candidates = [process.cwd(), ...inventory.folders].map((folder) => resolve(folder, name))
  const found = candidates.find((path) => existsSync(path))
  if (found === undefined) throw new PlonerunError(`there is no playbook '${name}'`, { where: positionOf(layer.vars, 'plonerun_playbook'), why: `looked for ${candidates.join(', ')}` })
  return found
}
