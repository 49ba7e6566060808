/** The plonestack on a host of the Red Hat family: the distribution is simulated, dnf, rpm and Apache's layout are not (lab/rocky.bash). */
import { expect, test } from 'vitest'
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
