import { expect, test } from 'vitest'
import { sitesTable } from '../../../src/cli/commands/sites.ts'
import { stateOf } from '../../../src/modules/plonestack/estate.ts'
import { deriveSites } from '../../../src/plonestack/sites.ts'
import { fromPlain } from '../../../src/values/convert.ts'

const lists = { stacks: [{ version: '1.2.0', root: '/stack', changelog: '' }], read: () => '' }
const [site] = deriveSites(fromPlain([{ name: 'www', domain: 'www.example.org', plone: '6.2.2', admin_password: 'x' }]), { release: 'trixie', estate: { host: 'web1', hosts: ['web1'], addressOf: (host) => host, elsewhere: [] } }, lists)

const printed = (record: string, ...lines: readonly string[]): string => [record === '' ? '\n{}' : `1795880000\n${record}`, ...lines, ''].join('\n')

test('a site that is up', () => {
  const state = stateOf(site!, printed('{"stack": "1.1.0", "plone": "6.2.2"}', 'zope0 in alive', 'zope1 out alive', 'zope2 in dead', 'zope3 out dead'))
  expect(state).toMatchObject({ zopes: [{ name: 'zope0', inBalancer: true, alive: true }, { inBalancer: false, alive: true }, { inBalancer: true, alive: false }], ports: [8074, 8083] })
  expect(sitesTable([{ host: 'web1', ...state }])).toEqual([
    'site  host  url                       plone  stack           balancer  zopes                          ports      last deploy',
    'www   web1  https://www.example.org/  6.2.2  1.1.0 -> 1.2.0  pound     2 in, out: zope1, dead: zope2  8074-8083  2026-11-28 15:33',
  ])
})

test('a site that was never deployed', () => {
  const state = stateOf(site!, printed(''))
  expect(state).not.toHaveProperty('deployed')
  expect(sitesTable([{ host: 'web1', ...state }])[1]).toMatch(/0 in, out: zope0, zope1, zope2 {2}8074-8083 {2}never$/)
})
