import { describe, expect, test } from 'vitest'
import { PlonerunError } from '../../../src/errors/plonerun-error.ts'
import { place } from '../../../src/values/positions.ts'
import type { Estate } from '../../../src/plonestack/placement.ts'
import { deriveSites, type Lists } from '../../../src/plonestack/sites.ts'
import { fromPlain } from '../../../src/values/convert.ts'
import { Float } from '../../../src/values/float.ts'
import { Secret } from '../../../src/values/secret.ts'
import type { Plain } from '../../../src/values/value.ts'

const demo = { name: 'demo', domain: 'demo.example', plone: '6.2.2', admin_password: 'x' }

const lists: Lists = {
  stacks: [{ version: '1.2.0', root: '/stack', changelog: '/stack/CHANGELOG.md' }],
  read(file) {
    if (file !== 'own.txt' && !file.startsWith('/stack/roles/plone/files/versions/')) throw new PlonerunError(`there is no file ${file}`)
    return file === 'own.txt' ? 'Plone==6.3.0\n' : `Zope==5.0\npins-of==${file}\n`
  },
}

const estate: Estate = { host: 'web1', hosts: ['web1', 'web2', 'db1'], addressOf: (host) => `${host}.internal`, elsewhere: [] }

function derive(...sites: readonly Plain[]) {
  return deriveSites(fromPlain(sites), { release: 'trixie', estate }, lists)
}

function errorOf(...sites: readonly Plain[]): string {
  try {
    derive(...sites)
  } catch (error) {
    if (error instanceof PlonerunError) return [error.message, error.why, error.hint].filter((line) => line !== undefined).join('\n')
    throw error
  }
  return 'no error'
}

describe('what keeps a site in order', () => {
  test('has defaults', () => {
    expect(derive(demo)[0]).toMatchObject({
      pack: { at: '04:00', days: 4 },
      backup: { at: '03:00', keep: 14, before_deploy: true, folder: '/srv/demo/backups' },
      health: { every: 60, path: '/portal/', failures: 3 },
    })
  })

  test.each([
    ['04:30', '04:30'],
    // What YAML makes of 14:30.
    [870, '14:30'],
    ['9:05', '09:05'],
    ['never', ''],
    [false, ''],
  ])('at: %j is %j', (at, wanted) => expect(derive({ ...demo, pack: { at } })[0]!.pack.at).toBe(wanted))

  test.each(['24:00', '4', 'noon', 1440])('at: %j is no time', (at) => {
    expect(errorOf({ ...demo, pack: { at } })).toMatch(/^site 'demo': pack: at: expected a time such as 04:00, got /)
  })

  test('services are in the order in which they start', () => {
    const units = (site: Plain) => derive(site)[0]!.services.map(({ unit, part }) => `${part} ${unit}`)
    expect(units({ ...demo, numzopes: 2 })).toEqual(['zope demo-zeo', 'zope demo-zope@zope0', 'zope demo-zope@zope1', 'ha demo-pound', 'ha demo-varnish'])
    expect(units({ ...demo, numzopes: 1, solr: { url: 'https://example.org/solr.tgz' } })).toEqual(['zope demo-solr', 'zope demo-zeo', 'zope demo-zope@zope0', 'ha demo-pound', 'ha demo-varnish'])
    expect(units({ ...demo, numzopes: 1, extras: ['nopound'] })).toEqual(['zope demo-zeo', 'zope demo-zope@zope0', 'ha demo-varnish'])
  })
})

describe('a site over several boxes', () => {
  const wide = { ...demo, numzopes: 3, zope_hosts: ['web1', 'web2'], storage: { kind: 'relstorage', host: 'db1', password: 'x' } }

  /** The site as another host has it; it is defined for web1. */
  function deriveOn(host: string, site: Plain) {
    const seen = host === estate.host ? estate : { ...estate, host, elsewhere: [{ host: 'web1', sites: fromPlain([site]) }] }
    return deriveSites(fromPlain(host === estate.host ? [site] : []), { release: 'trixie', estate: seen }, lists)
  }

  test('its Zopes are dealt to the hosts in turn, and each box knows its part', () => {
    const [front, zopes, database] = ['web1', 'web2', 'db1'].map((host) => deriveOn(host, wide)[0]!)
    expect(front!.zopes.map(({ name, host, address }) => [name, host, address])).toEqual([['zope0', 'web1', '127.0.0.1'], ['zope1', 'web2', 'web2.internal'], ['zope2', 'web1', '127.0.0.1']])
    expect(zopes!.zopes).toEqual(front!.zopes)
    expect(front!.here).toEqual({ front: true, zopes: true, storage: false, content: true })
    expect(zopes!.here).toEqual({ front: false, zopes: true, storage: false, content: false })
    expect(database!.here).toEqual({ front: false, zopes: false, storage: true, content: false })
    expect([front, zopes, database].map((site) => site!.services.map(({ unit }) => unit))).toEqual([
      ['demo-zope@zope0', 'demo-zope@zope2', 'demo-pound', 'demo-varnish'],
      ['demo-zope@zope1'],
      [],
    ])
    expect(database!.storage).toMatchObject({ address: 'db1.internal', dsn: 'dbname=demo user=demo host=db1.internal port=5432', clients: ['web1.internal', 'web2.internal', 'db1.internal'], blobs: 'cached' })
    expect(database).toMatchObject({ backup_host: 'db1', pack_host: 'web1' })
  })

  test('ZEO on another host listens there, and the Zopes fetch their blobs', () => {
    const site = { ...demo, storage: { host: 'db1' } }
    expect(deriveOn('web1', site)[0]!.storage).toMatchObject({ kind: 'zeo', address: 'db1.internal', port: 8078, blobs: 'cached' })
    expect(deriveOn('db1', site)[0]!.services).toEqual([{ unit: 'demo-zeo', part: 'zope' }])
  })

  test('a host without a part does not have it', () => {
    expect(deriveOn('web2', { ...demo, storage: { host: 'db1' } })).toEqual([])
  })

  test.each([
    [{ ...demo, zope_hosts: ['web3'] }, "site 'demo': zope_hosts: the inventory has no host 'web3'\ndid you mean 'web1'?"],
    [{ ...demo, storage: { kind: 'relstorage' } }, "site 'demo': storage needs a password for PostgreSQL\nkeep it in a vault"],
    [{ ...demo, storage: { kind: 'file' } }, "site 'demo': a file can be opened by one Zope only\nnumzopes: 1, or another kind of storage"],
    [{ ...demo, storage: { dsn: 'host=db' } }, "site 'demo': storage: a dsn is for relstorage, and kind is zeo"],
  ])('%j is refused', (site, message) => expect(errorOf(site)).toBe(message))
})

describe('a short definition', () => {
  test('gets every default', () => {
    expect(derive(demo)[0]).toMatchObject({
      name: 'demo',
      plone: '6.2.2',
      python: '3.13',
      versions: '/stack/roles/plone/files/versions/plone-6.2.2-python3.13.txt',
      requirements: ['Plone==6.2.2', 'ZEO'],
      numzopes: 3,
      user: 'demo',
      home: '/srv/demo',
      log: '/var/log/zope',
      site_id: 'portal',
      title: 'demo.example',
      balancer: 'pound',
      ports: { solr: 8073, varnish_admin: 8074, varnish: 8075, emergency: 8076, pound: 8077, zeo: 8078, zopeu: 8079 },
      listens: ['varnish_admin=8074', 'varnish=8075', 'emergency=8076', 'pound=8077', 'zeo=8078', 'zopeu=8079', 'zope0=8080', 'zope1=8081', 'zope2=8082', 'zope3=8083'],
      zopes: [
        { name: 'zope0', port: 8080, unit: 'demo-zope@zope0', host: 'web1', address: '127.0.0.1' },
        { name: 'zope1', port: 8081, unit: 'demo-zope@zope1', host: 'web1', address: '127.0.0.1' },
        { name: 'zope2', port: 8082, unit: 'demo-zope@zope2', host: 'web1', address: '127.0.0.1' },
      ],
      spares: [{ name: 'zope3', port: 8083, unit: 'demo-zope@zope3', host: 'web1', address: '127.0.0.1' }],
      zopeu: { name: 'zopeU', port: 8079 },
      wake: ['/portal/'],
      session: { cookie: '_ZopeId', ttl: 3600, set: true },
      url: 'https://demo.example/',
    })
  })

  test.each<[string, Plain, object]>([
    ['the newest of a minor version', { plone: '6.1' }, { plone: '6.1.5' }],
    ['a version that YAML read as a number', { plone: 6.2 }, { plone: '6.2.2' }],
    ['zopes as another word for numzopes', { zopes: 2 }, { numzopes: 2, zopes: [{ name: 'zope0' }, { name: 'zope1' }] }],
    ['room to grow', { max_zopes: 5 }, { numzopes: 3, max_zopes: 5, spares: [{ name: 'zope3' }, { name: 'zope4', port: 8084 }] }],
    ['room for the next multiple of four', { numzopes: 5 }, { max_zopes: 8 }],
    ['a cookie of Plone is not given by Varnish', { session: { cookie: '__ac' } }, { session: { cookie: '__ac', ttl: 3600, set: false } }],
    ['nopound', { extras: 'nopound' }, { balancer: 'varnish', units: { balancer: 'demo-varnish' } }],
    [
      'a Solr',
      { solr: { url: 'https://example.org/solr-9.tgz', memory: '1G' } },
      { ports: { solr: 8073 }, listens: expect.arrayContaining(['solr=8073']) as string[], solr: { port: 8073, packages: ['default-jre-headless'], command: expect.stringMatching(/^\/srv\/demo\/solr\/[0-9a-f]{12}\/bin\/solr start -f -p 8073 -s \/srv\/demo\/var\/solr$/) as string, memory: '1G' } },
    ],
    ['haproxy', { balancer: 'haproxy' }, { balancer: 'haproxy', units: { balancer: 'demo-haproxy' } }],
    ['contained', { extras: ['contained'] }, { log: '/srv/demo/var/log' }],
    ['http only', { apache: { ssl: false, http_port: 8000 } }, { url: 'http://demo.example:8000/', apache: { ssl: 'off', https_port: 443 } }],
    ['a list of its own', { plone: '6.3.0', versions: 'own.txt' }, { plone: '6.3.0', python: '3.13', versions: 'own.txt' }],
    ['wake urls', { wake: ['/portal/news'] }, { wake: ['/portal/news'] }],
    ['another base port', { baseport: 9000 }, { ports: { zeo: 8998 }, zopes: [{ port: 9000 }, { port: 9001 }, { port: 9002 }] }],
    ['a key that is null', { numzopes: null }, { numzopes: 3 }],
  ])('%s', (_, more, derived) => {
    expect(derive({ ...demo, ...(more as object) })[0]).toMatchObject(derived)
  })

  test('another set of packages has another folder', () => {
    const venvs = [{}, { title: 'Demo' }, { eggs: ['collective.easyform'] }, { plone: '6.1' }].map((more) => derive({ ...demo, ...more })[0]!.venv)
    expect(venvs[0]).toMatch(/^\/srv\/demo\/venvs\/[0-9a-f]{12}$/)
    expect(venvs[1]).toBe(venvs[0])
    expect(new Set(venvs).size).toBe(3)
  })

  test('keeps a secret a secret', () => {
    expect(derive({ ...demo, admin_password: new Secret('geheim') })[0]!.admin_password).toBeInstanceOf(Secret)
  })

  test('takes 7.0 as it was written', () => {
    expect(errorOf({ ...demo, plone: new Float(7) })).toBe("the plonestack has no version list for Plone 7.0\nit has 6.2.2, 6.1.5, 6.0.15, 5.2.15, 4.3.20; another can be named with 'versions:'")
  })
})

describe('what is wrong is said', () => {
  const shop = { ...demo, name: 'shop', domain: 'shop.example' }
  test.each<[string, readonly Plain[], string]>([
    ['unknown key', [{ ...demo, numzope: 3 }], "site 'demo' has no key 'numzope'\ndid you mean 'numzopes'?"],
    ['unknown key below', [{ ...demo, varnish: { storag: '1G' } }], "site 'demo': varnish has no key 'storag'\ndid you mean 'storage'?"],
    ['missing key', [{ ...demo, domain: null }], "site 'demo' needs a domain\nThe host name that visitors use."],
    ['list that is not there', [{ ...demo, versions: 'none.txt' }], 'there is no file none.txt'],
    ['site without a name', [{ domain: 'x' }], 'sites[0] needs a name\nNames the site: its folder, its units, its user.'],
    ['no mapping', ['demo'], 'sites[0] is not a mapping'],
    ['wrong type', [{ ...demo, numzopes: 'three' }], "site 'demo': numzopes: expected a whole number from 1 to 99, got 'three'"],
    ['wrong word', [{ ...demo, extras: ['nopund'] }], "site 'demo': extras: expected one of nopound, contained, fss, got 'nopund'\ndid you mean 'nopound'?"],
    ['wrong size', [{ ...demo, varnish: { storage: '80 MB' } }], "site 'demo': varnish: storage: expected a size such as 80M, got '80 MB'"],
    ['bad name', [{ ...demo, name: 'Demo' }], "site 'Demo': name: expected a name of small letters, digits and hyphens that starts with a letter, got 'Demo'"],
    ['two words for one', [{ ...demo, zopes: 2, numzopes: 3 }], "site 'demo': numzopes is 3 and zopes is 2\nthey mean the same; leave one out"],
    ['no room', [{ ...demo, max_zopes: 2 }], "site 'demo': max_zopes is 2, but there are 3 Zopes"],
    ['unknown Plone', [{ ...demo, plone: '7.0' }], "the plonestack has no version list for Plone 7.0\nit has 6.2.2, 6.1.5, 6.0.15, 5.2.15, 4.3.20; another can be named with 'versions:'"],
    ['Python that the box lacks', [{ ...demo, python: '3.9' }], "site 'demo': trixie has no Python 3.9\nit has 3.13; one that is on the box all the same can be named with 'interpreter:'"],
    [
      'Plone without a list for the Python of the box',
      [{ ...demo, plone: '4.3' }],
      "site 'demo': there is no version list for Plone 4.3.20 on Python 3.13 (trixie)\nthere is one for Python 2.7; another can be named with 'versions:'",
    ],
    ['two Solrs', [{ ...demo, solr: { url: 'https://example.org/solr.tgz', package: 'solr' } }], "site 'demo': solr has a url and a package\none of them is enough"],
    ["a Solr in another site's ports", [demo, { ...shop, baseport: 8090, solr: { package: 'solr' } }], "sites 'demo' and 'shop' both use port 8083\nit is zope3 of demo (baseport 8080) and solr of shop (baseport 8090)\nbaseport: 8101 is free for shop"],
    ['two balancers', [{ ...demo, balancer: 'haproxy', extras: ['nopound'] }], "site 'demo': balancer is haproxy, but extras has nopound\nleave one out"],
    ['same name', [demo, { ...demo, domain: 'b.example', baseport: 9000 }], 'two sites have the same name: demo'],
    ['same domain', [demo, { ...shop, domain: 'demo.example', baseport: 9000 }], "sites 'demo' and 'shop' have the same domain: demo.example"],
    [
      'ports that overlap',
      [demo, { ...shop, baseport: 8088 }],
      "sites 'demo' and 'shop' both use port 8082\nit is zope2 of demo (baseport 8080) and varnish_admin of shop (baseport 8088)\nbaseport: 8098 is free for shop",
    ],
    ['ports past the end', [{ ...demo, baseport: 65_533 }], "site 'demo': zope3 would have port 65536, and ports end at 65535"],
    [
      'keepalive that does not rise',
      [{ ...demo, keepalive: { pound: 5 } }],
      "site 'demo': keepalive must rise from hop to hop: apache 3, varnish 6, pound 5, zope 120\na hop that closes an idle connection before the hop in front of it does loses the request that is on its way",
    ],
  ])('%s', (_, sites, message) => {
    expect(errorOf(...sites)).toBe(message)
  })

  test('sites ten ports apart fit', () => {
    expect(derive(demo, { ...shop, baseport: 8090 })).toHaveLength(2)
  })

  test.each([
    ['bookworm', 'it has no package of it'],
    ['el9', 'it has no package of it'],
    ['bullseye', 'its Pound 3.0 binds no visitors by a cookie, and nothing can tell it to leave a Zope out'],
  ])('%s has no Pound that can balance a site: who asks for it is told, who does not gets haproxy', (release, why) => {
    const deriveThere = (more: object) => deriveSites(fromPlain([{ ...demo, plone: '6.0', ...more }]), { release, estate }, lists)[0]
    const hint = "'balancer: haproxy' puts haproxy in its place; with 'extras: [nopound]' Varnish balances the Zopes itself"
    expect(() => deriveThere({ balancer: 'pound' })).toThrow(expect.objectContaining({ message: `site 'demo': ${release} has no Pound that can balance a site`, why, hint }) as Error)
    expect(deriveThere({})).toMatchObject({ balancer: 'haproxy', units: { balancer: 'demo-haproxy' } })
    expect(deriveThere({ extras: ['nopound'] })).toMatchObject({ balancer: 'varnish' })
  })

  test('an unknown distribution', () => {
    expect(() => deriveSites([], { release: 'potato', estate }, lists)).toThrow("the plonestack does not know the distribution 'potato'")
  })

  test('with its place in the file', () => {
    const site = fromPlain({ ...demo, varnish: { storage: true } })
    if (!(site instanceof Map)) throw new Error('not a mapping')
    const at = (line: number) => ({ file: 'host_vars/demo.yml', line, column: 5 })
    place(site, { start: () => at(2), key: (key) => (key === 'varnish' ? at(7) : undefined), value: () => undefined })
    expect(() => deriveSites([site], { release: 'trixie', estate }, lists)).toThrow(expect.objectContaining({ where: at(7) }) as Error)
  })
})
