/** A lab host with a Plone site behind one of the balancers, and what is done to it. */
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { lab } from '../../test/support/lab-command.ts'
import { installLoadPages, WITH_LOAD_PAGES } from '../../test/support/load/install.ts'
import { plonerun, type Finished } from '../../test/support/plonerun.ts'

export interface Balancer {
  readonly name: string
  /** What the site's definition says besides the usual. */
  readonly definition: object
}

export const BALANCERS: readonly Balancer[] = [
  { name: 'pound4', definition: {} },
  { name: 'haproxy', definition: { balancer: 'haproxy' } },
  { name: 'nopound', definition: { extras: ['nopound'] } },
]

export interface Site {
  readonly host: string
  readonly url: string
  readonly inventory: string
  readonly zopes: readonly { readonly name: string; readonly port: number }[]
  ssh(command: string): Promise<string>
  /** `plonerun cycle` of the site with further options; its events are in `output`. */
  cycle(...args: readonly string[]): Promise<Finished>
}

/** Boots the host unless it is up, and deploys the site; the pages of the load program are part of it. */
export async function openSite({ name, definition }: Balancer, plone: string): Promise<Site> {
  const host = `bench-cycle-${name}`
  await lab('up', host)
  const address = await lab('ip', host)
  const inventory = mkdtempSync(join(tmpdir(), 'bench-cycle-'))
  mkdirSync(join(inventory, 'group_vars'))
  writeFileSync(join(inventory, 'hosts'), `[plone]\n${await lab('inventory', host)}\n`)
  const site = { name: 'demo', domain: address, plone, title: 'Bench', admin_password: 'bench', ...WITH_LOAD_PAGES, ...definition }
  writeFileSync(join(inventory, 'group_vars/plone.yml'), JSON.stringify({ sites: [site] }))
  const ssh = async (command: string): Promise<string> => lab('ssh', host, command)
  await installLoadPages(ssh)
  const deployed = await plonerun('deploy', inventory, '--output', 'lines')
  if (deployed.code !== 0) throw new Error(`the site behind ${name} cannot be deployed:\n${deployed.output}`)
  return {
    host,
    url: `https://${address}/`,
    inventory,
    zopes: [0, 1, 2].map((number) => ({ name: `zope${number}`, port: 8080 + number })),
    ssh,
    cycle: (...args) => plonerun('cycle', '--site', 'demo', '-i', inventory, '--output', 'json', ...args),
  }
}
