/** The plonestack on a host of the Red Hat family: the distribution is simulated, dnf, rpm and Apache's layout are not (lab/rocky.bash). */
import { describe, expect, test } from 'vitest'
import { labHost } from '../support/lab.ts'
import { ploneSite } from '../support/plone-site.ts'

const box = labHost('plone-redhat', { suite: 'rocky' })
// The simulated distribution has the Python of Debian, which Red Hat's does not have.
const site = ploneSite(box, { numzopes: 2, interpreter: '/usr/bin/python3.13', python: '3.13' })

test('a site through the whole chain: httpd and conf.d, Varnish, haproxy', async () => {
  expect((await site.deploy()).output).toMatch(/failed=0/)
  expect((await site.visit('/')).status).toBe(200)
  expect(await box.ssh('rpm -q --queryformat "%{name}\\n" httpd mod_ssl varnish haproxy')).toBe('httpd\nmod_ssl\nvarnish\nhaproxy\n')
  expect(await box.ssh('ls /etc/httpd/conf.d && systemctl is-active httpd demo-haproxy demo-varnish')).toMatch(/demo\.conf[^]*active\nactive\nactive\n/)
}, 1_200_000)

test('a second deploy changes nothing', async () => {
  expect((await site.deploy()).output).toMatch(/ changed=0 /)
})

test('a change of Apache is tested and loaded', async () => {
  expect((await site.deploy({ apache: { headers: { 'X-Stack': 'plonestack' } } })).output).toMatch(/failed=0/)
  expect((await site.visit('/')).headers['x-stack']).toBe('plonestack')
  const { code } = await site.deploy({ apache: { config: 'NoSuchDirective on' } })
  expect(code).toBe(2)
  expect((await site.visit('/')).status).toBe(200)
})

describe('PostgreSQL', () => {
  const relstorage = { storage: { kind: 'relstorage', password: "sehr'geheim" } }

  test('the objects move into one that the stack sets up, with a password though the distribution wants ident', async () => {
    await site.api('POST', '/', { '@type': 'Document', id: 'page', title: 'as it was' })
    expect((await site.deploy(relstorage)).output).toMatch(/failed=0/)
    expect(await box.ssh('rpm -q --queryformat "%{name}\\n" postgresql-server; systemctl is-active postgresql; systemctl is-enabled postgresql')).toBe('postgresql-server\nactive\nenabled\n')
    expect((await site.api('GET', '/page')).body).toContain('as it was')
    expect((await site.visit('/')).status).toBe(200)
    expect((await site.deploy(relstorage)).output).toMatch(/ changed=0 /)
  }, 600_000)

  test('a backup is restored', async () => {
    expect((await site.verb('backup')).code).toBe(0)
    await site.api('PATCH', '/page', { title: 'as it is' })
    expect((await site.verb('restore')).output).toMatch(/failed=0/)
    expect((await site.api('GET', '/page')).body).toContain('as it was')
  })

  test('as one that the stack does not set up: the same objects, backed up and restored', async () => {
    const { password } = relstorage.storage
    expect((await site.deploy({ storage: { kind: 'relstorage', dsn: 'dbname=demo user=demo host=127.0.0.1', password } })).output).toMatch(/failed=0/)
    await site.api('PATCH', '/page', { title: 'as it became' })
    expect((await site.verb('backup')).code).toBe(0)
    await site.api('PATCH', '/page', { title: 'as it is' })
    expect((await site.verb('restore')).output).toMatch(/failed=0/)
    expect((await site.api('GET', '/page')).body).toContain('as it became')
  }, 600_000)

  test('where it does not answer, a backup fails', async () => {
    await box.ssh('systemctl stop postgresql')
    const { code, output } = await site.verb('backup')
    await box.ssh('systemctl start postgresql')
    expect(code).toBe(2)
    expect(output).toContain('Connection refused')
  })
})
