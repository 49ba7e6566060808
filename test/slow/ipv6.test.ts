/** A site whose boxes reach each other over IPv6: it serves, its connections are counted, and it is cycled. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { labHosts } from '../support/lab.ts'
import { ploneSite } from '../support/plone-site.ts'

const [front, other] = labHosts(['six-front', 'six-other'])
const addresses = { [front.name]: 'fd98:6::1', [other.name]: 'fd98:6::2' }
const site = ploneSite(front, { numzopes: 3, zope_hosts: [front.name, other.name] }, [other])

beforeAll(async () => {
  for (const host of [front, other]) {
    await host.ssh(`ip -6 address add ${addresses[host.name]!}/64 dev $(ip -o -4 route show default | sed 's/.* dev \\([^ ]*\\).*/\\1/') nodad`)
  }
  mkdirSync(join(site.inventory, 'group_vars'))
  writeFileSync(join(site.inventory, 'group_vars/plone.yml'), JSON.stringify({ plonestack_address: `{{ ${JSON.stringify(addresses)}[inventory_hostname] }}` }))
}, 60_000)

describe.each(['pound', 'haproxy', 'varnish'])('behind %s', (balancer) => {
  test('serves, and a second deploy changes nothing', async () => {
    expect((await site.deploy({ balancer })).output).not.toMatch(/failed=[1-9]/)
    expect((await site.visit()).status).toBe(200)
    expect((await site.deploy({ balancer })).output).not.toMatch(/ changed=[1-9]/)
    expect(await other.ssh("ss -Hltn 'sport = :8081'")).toContain('[fd98:6::2]:8081')
  }, 1_800_000)

  test('its Zopes are cycled, the one on the other box too', async () => {
    const { code, output } = await site.verb('cycle')
    // A line for each when it is back, and the table at the end.
    expect(new Set(output.match(/zope\d(?=\s+restarted)/g))).toEqual(new Set(['zope0', 'zope1', 'zope2']))
    expect(code).toBe(0)
    expect((await site.visit()).status).toBe(200)
  }, 900_000)

  test('status tells of the Zopes of both boxes', async () => {
    const { output } = await site.verb('status', '--output', 'json')
    expect(JSON.parse(output)).toMatchObject([{ zopes: [
      { name: 'zope0', endpoint: '127.0.0.1:8080', listening: true, state: { enabled: true, alive: true } },
      { name: 'zope1', endpoint: '[fd98:6::2]:8081', listening: true, active: 'active', plone: '6.2.2', state: { enabled: true, alive: true } },
      { name: 'zope2', endpoint: '127.0.0.1:8082', listening: true, state: { enabled: true, alive: true } },
    ] }])
  }, 120_000)
})
