import { describe, expect, test } from 'vitest'
import { PlonerunError } from '../../../src/errors/plonerun-error.ts'
import { deriveSites, type Site } from '../../../src/plonestack/sites.ts'
import { fromPlain } from '../../../src/values/convert.ts'
import type { Plain } from '../../../src/values/value.ts'

const files: Readonly<Record<string, string>> = {
  '/stack/roles/plone/files/versions/plone-4.3.20-python2.7.txt': 'Plone==4.3.20\nZope2==2.13.30\nPillow==6.2.2 ; python_version < "3"\n',
  'own/buildout.cfg': '[buildout]\nextends =\n    base/plone.cfg   # ours\n    https://dist.plone.org/release/4.3.19/versions.cfg\nparts = instance\n',
  'own/base/plone.cfg': '[buildout]\nextends = eggs.cfg\n',
  'own/base/eggs.cfg': '[instance]\neggs = Plone\n',
  'own/outside.cfg': '[buildout]\nextends = ../base.cfg\n',
  'pins.txt': 'Plone==3.3.6\nProducts.CMFPlone==3.3.6\n',
}

function derive(more: object): Site {
  const site = { name: 'demo', domain: 'demo.example', plone: '4.3', admin_password: 'x', balancer: 'haproxy', ...more } as Plain
  const estate = { host: 'web1', hosts: ['web1', 'web2'], addressOf: (host: string) => host, elsewhere: [] }
  const lists = { stacks: [{ version: '1.2.0', root: '/stack', changelog: '/stack/CHANGELOG.md' }], read: (file: string) => files[file] ?? `no ${file}` }
  return deriveSites(fromPlain([site]), { release: 'bullseye', estate }, lists)[0]!
}

function errorOf(more: object): string {
  try {
    derive(more)
  } catch (error) {
    if (error instanceof PlonerunError) return [error.message, error.why, error.hint].filter((line) => line !== undefined).join('\n')
    throw error
  }
  return 'no error'
}

const plone3 = { plone: '3.3.6', python: '2.4', interpreter: '/opt/python2.4/bin/python', versions: 'pins.txt', zope_url: 'https://example.org/Zope-2.10.13-final.tgz' }

test('pip installs the packages unless the definition asks for a buildout', () => {
  expect(derive({}).buildout).toBeUndefined()
})

test('a generated buildout has the eggs by name, and exact pins', () => {
  expect(derive({ buildout: 'generated', eggs: ['collective.foo==1.0', 'https://example.org/Products.Bar-2.1.tar.gz'] }).buildout).toEqual({
    own: '',
    files: [],
    eggs: ['Plone', 'Pillow', 'lxml', 'collective.foo', 'Products.Bar'],
    links: ['https://example.org/Products.Bar-2.1.tar.gz'],
    versions: ['Plone = 4.3.20', 'Zope2 = 2.13.30', 'Pillow = 6.2.2', 'collective.foo = 1.0'],
  })
})

describe("a buildout of the site's own", () => {
  const own = derive({ plone: '4.3.19', buildout: 'own/buildout.cfg' })

  test('brings the files that it extends along, but for urls', () => {
    expect(own.buildout!.own).toBe('buildout.cfg')
    expect(own.buildout!.files.map(({ name }) => name)).toEqual(['buildout.cfg', 'base/plone.cfg', 'base/eggs.cfg'])
  })

  test('says the versions of all but Plone, so any Plone may be named', () => {
    expect(own.plone).toBe('4.3.19')
    expect(own.buildout!.versions).toEqual(['Plone = 4.3.19'])
  })

  test('makes another folder of packages when a file of it changes', () => {
    expect(own.venv).not.toBe(derive({ plone: '4.3.19', buildout: 'own/base/eggs.cfg' }).venv)
  })
})

test('Plone 3 has a buildout with the tarball of its Zope, and nothing migrates it', () => {
  const site = derive({ ...plone3, distros: ['https://example.org/PloneFormGen-1.2.tgz'], extras: ['fss'] })
  expect(site.buildout).toMatchObject({ own: '', eggs: ['Plone', 'Pillow', 'iw.fss'], versions: ['Plone = 3.3.6', 'Products.CMFPlone = 3.3.6'] })
  expect(site).toMatchObject({ server: 'ZServer', python: '2.4', zope_url: plone3.zope_url, here: { content: false } })
})

test.each([
  ['Plone on Python 3', { plone: '6.0', buildout: 'generated' }, "site 'demo': buildout is for the Plones of Python 2, and Plone 6.0.15 runs on 3.9\nleave buildout out"],
  ['packages from git', { buildout: 'generated', sources: { 'my.policy': 'https://git.example/my.policy' } }, "site 'demo': sources is for pip, and this site has a buildout\na buildout of its own says what it develops, by mr.developer"],
  ['a file outside', { plone: '4.3.19', buildout: 'own/outside.cfg' }, "site 'demo': buildout: own/outside.cfg extends ../base.cfg\nwhat it extends has to lie beside or below it\nmove the file, or name it by a url"],
  ['Plone 3 without its Zope', { ...plone3, zope_url: null }, "site 'demo': Plone 3.3.6 needs a zope_url\nits Zope is no egg but a tarball\nthe url of Zope-2.10.13-final.tgz for Plone 3.3"],
  ['Plone 3 with content', { ...plone3, profiles: ['foo:default'] }, "site 'demo': profiles needs Plone 4 or newer, and this is Plone 3.3.6\nmigrate speaks to parts of Plone that came later, so the site's content is what its database holds"],
  ['a tarball for a later Plone', { zope_url: 'https://example.org/Zope.tgz' }, "site 'demo': zope_url and distros are for Plone 3, and this is Plone 4.3.20\nits Zope is an egg, and so are its products"],
  ['fss for a later Plone', { extras: ['fss'] }, "site 'demo': fss is for Plone 3, and this is Plone 4.3\nleave it out: from Plone 4 on files and images are blobs"],
  ['fss on two boxes', { ...plone3, extras: ['fss'], zope_hosts: ['web1', 'web2'] }, "site 'demo': fss keeps files in folders of one box, and zope_hosts has 2\nleave zope_hosts out"],
])('%s is refused', (_, more, message) => {
  expect(errorOf(more)).toBe(message)
})
