import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createLoader } from '../../../src/load/loader.ts'
import { positionOf } from '../../../src/values/positions.ts'
import { toPlain } from '../../../src/values/convert.ts'
import { errorText, tree } from './tree.ts'

const HOSTS = 'plone:\n  hosts: {web1: , web2: }\nother:\n  hosts: {db1: }\n'

/** The sites of each host, by environment. */
function sitesOf(root: string, environment: string) {
  const loader = createLoader()
  const inventory = loader.loadInventory([join(root, environment)])
  const entries = [...inventory.hosts.keys()].map((host) => [host, loader.hostVarLayers(inventory, host).find(({ vars }) => vars.has('sites'))?.vars.get('sites')] as const)
  return new Map(entries)
}

test('a file a site, for the hosts that it names; the group plone unless it names any', () => {
  const root = tree({
    'prod/hosts.yml': HOSTS,
    'prod/plone_sites/www.yml': 'domain: www.example.org\n',
    'prod/plone_sites/intranet.yml': 'hosts: [web2, db1]\nname: inside\n',
  })
  expect([...sitesOf(root, 'prod')].map(([host, sites]) => [host, toPlain(sites ?? null)])).toEqual([
    ['web1', [{ name: 'www', domain: 'www.example.org' }]],
    ['web2', [{ name: 'inside' }, { name: 'www', domain: 'www.example.org' }]],
    ['db1', [{ name: 'inside' }]],
  ])
})

test('environments change values of a site without copying it, and only have the sites that they have files for', () => {
  const root = tree({
    'plone_sites/www.yml': 'domain: www.example.org\naliases: [a, b]\nvarnish:\n  storage: 512M\n  grace: 10\n',
    'plone_sites/old.yml': 'domain: old.example.org\n',
    'prod/hosts.yml': HOSTS,
    'prod/plone_sites/www.yml': '',
    'stage/hosts.yml': HOSTS,
    'stage/plone_sites/www.yml': 'domain: stage.example.org\naliases: [c]\nvarnish:\n  storage: 80M\n',
  })
  expect(toPlain(sitesOf(root, 'prod').get('web1')!)).toEqual([{ name: 'www', domain: 'www.example.org', aliases: ['a', 'b'], varnish: { storage: '512M', grace: 10 } }])
  const stage = sitesOf(root, 'stage').get('web1') as Map<string, Map<string, string>>[]
  expect(toPlain(stage)).toEqual([{ name: 'www', domain: 'stage.example.org', aliases: ['c'], varnish: { storage: '80M', grace: 10 } }])
  const [site] = stage
  expect(positionOf(site!, 'domain')).toEqual({ file: join(root, 'stage/plone_sites/www.yml'), line: 1, column: 1 })
  expect(positionOf(site!.get('varnish')!, 'grace')).toEqual({ file: join(root, 'plone_sites/www.yml'), line: 5, column: 3 })
})

test.each<[string, Readonly<Record<string, string>>, string]>([
  ['hosts that there are not', { 'prod/plone_sites/www.yml': 'hosts: wbe1\n' }, "the inventory has no hosts 'wbe1' for this site"],
  ['hosts that are no names', { 'prod/plone_sites/www.yml': 'hosts: [{a: b}]\n' }, 'hosts of a site are names of hosts and groups'],
  ['sites in two places', { 'prod/plone_sites/www.yml': '', 'prod/host_vars/web1.yml': 'sites: []\n' }, 'web1 has its sites in two places'],
])('%s', (_, files, message) => {
  const root = tree({ 'prod/hosts.yml': HOSTS, ...files })
  expect(errorText(root, () => sitesOf(root, 'prod'))).toContain(message)
})
