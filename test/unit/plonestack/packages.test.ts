import { expect, test } from 'vitest'
import { PlonerunError } from '../../../src/errors/plonerun-error.ts'
import { deriveSites, type Site } from '../../../src/plonestack/sites.ts'
import { fromPlain } from '../../../src/values/convert.ts'
import { Float } from '../../../src/values/float.ts'
import type { Plain } from '../../../src/values/value.ts'

function derive(more: object): Site {
  const site = { name: 'demo', domain: 'demo.example', plone: '6.2.2', admin_password: 'x', ...more } as Plain
  const estate = { host: 'web1', hosts: ['web1', 'web2'], addressOf: (host: string) => host, elsewhere: [] }
  const lists = { stacks: [{ version: '1.2.0', root: '/stack', changelog: '/stack/CHANGELOG.md' }], read: () => 'Zope==6.3\n' }
  return deriveSites(fromPlain([site]), { release: 'trixie', estate }, lists)[0]!
}

function errorOf(more: object): string {
  try {
    derive(more)
  } catch (error) {
    if (error instanceof PlonerunError) return [error.message, error.hint].join('\n')
    throw error
  }
  return 'no error'
}

test.each<[string, object, readonly string[]]>([
  ['eggs and product urls', { eggs: ['collective.easyform==4.4', 'https://example.org/Products.Old-1.0.tar.gz'] }, ['collective.easyform==4.4', 'https://example.org/Products.Old-1.0.tar.gz']],
  ['git', { sources: { 'my.policy': 'https://git.example/my.policy.git@1.2', 'my.theme': 'ssh://git@git.example/theme' } }, ['my.policy @ git+https://git.example/my.policy.git@1.2', 'my.theme @ git+ssh://git@git.example/theme']],
  ['folders of the box', { develop: '/home/me/my.policy' }, ['-e /home/me/my.policy']],
  ['hotfixes', { hotfixes: { 20210518: new Float(1.6), '20161129a': '1.0' } }, ['Products.PloneHotfix20210518==1.6', 'Products.PloneHotfix20161129a==1.0']],
  ['a mount point', { mount_points: { catalog: { path: '/portal/portal_catalog' } } }, ['Products.ZODBMountPoint']],
])('%s', (_, more, requirements) => {
  expect(derive(more).requirements).toEqual(['Plone==6.2.2', 'ZEO', ...requirements])
})

test('a developer site is one Zope with a file, by itself, and works on checkouts', () => {
  const site = derive({ developer: true, sources: { 'my.policy': 'https://git.example/my.policy@main' } })
  expect(site).toMatchObject({
    numzopes: 1,
    max_zopes: 1,
    spares: [],
    storage: { kind: 'file' },
    here: { front: false, zopes: true, storage: true },
    services: [{ unit: 'demo-zope@zope0', part: 'zope' }],
    pack: { at: '', days: 4 },
    backup: { at: '', before_deploy: false },
    health: { every: 0 },
    sources: [{ name: 'my.policy', url: 'https://git.example/my.policy', revision: 'main', checkout: '/srv/demo/src/my.policy' }],
    requirements: ['Plone==6.2.2', 'ZEO', 'zope.testrunner', 'plone.app.testing', '-e /srv/demo/src/my.policy'],
  })
  expect(derive({ developer: true, storage: { kind: 'zeo' } }).services.map(({ unit }) => unit)).toEqual(['demo-zeo', 'demo-zope@zope0'])
})

test.each([
  [{ developer: true, numzopes: 2 }, "site 'demo': a developer site has one Zope\nleave numzopes out"],
  [{ developer: true, zope_hosts: ['web2'] }, "site 'demo': a developer site is on one box\nleave zope_hosts out"],
  [{ developer: true, extras: ['nopound'] }, "site 'demo': a developer site has neither Varnish nor a balancer\nleave nopound out of extras"],
  [{ sources: { 'my.policy': 'git@git.example:policy' } }, "site 'demo': sources: my.policy: expected a url such as https://example.org/package.git@main, got 'git@git.example:policy'\n"],
  [{ hotfixes: { May: '1' } }, "site 'demo': hotfixes: expected a date such as 20210518, got 'May'\n"],
  [{ wrappers: ['../x'] }, "site 'demo': wrappers: expected the name of a package, got '../x'\n"],
])('%j is refused', (more, message) => expect(errorOf(more)).toBe(message))
