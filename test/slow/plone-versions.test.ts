/** Plone by one variable: each version on the suite that has its Python, through the whole chain. */
import { describe, expect, test } from 'vitest'
import { labHost } from '../support/lab.ts'
import { ploneSite } from '../support/plone-site.ts'

interface Case {
  readonly suite: 'trixie' | 'bookworm' | 'bullseye'
  readonly plone: string
  /** What the box says that it runs, and what balances it there. */
  readonly runs: string
  readonly python: string
  readonly balancer: 'pound' | 'haproxy'
}

const CASES: readonly Case[] = [
  { suite: 'trixie', plone: '6.2', runs: '6.2.2', python: '3.13', balancer: 'pound' },
  { suite: 'trixie', plone: '6.1', runs: '6.1.5', python: '3.13', balancer: 'pound' },
  { suite: 'bookworm', plone: '6.0', runs: '6.0.15', python: '3.11', balancer: 'haproxy' },
  { suite: 'bullseye', plone: '6.0', runs: '6.0.15', python: '3.9', balancer: 'haproxy' },
  { suite: 'bullseye', plone: '5.2', runs: '5.2.15', python: '2.7', balancer: 'haproxy' },
  { suite: 'bullseye', plone: '4.3', runs: '4.3.20', python: '2.7', balancer: 'haproxy' },
]

describe.each(CASES)('Plone $plone on $suite', ({ suite, plone, runs, python, balancer }) => {
  const box = labHost(`plone-${plone.replace('.', '-')}-${suite}`, { suite })
  const site = ploneSite(box, { plone, numzopes: 2 })

  test('the front page comes through the whole chain, and a second deploy changes nothing', async () => {
    expect((await site.deploy()).output).toMatch(/failed=0/)
    const { status, body } = await site.visit('/')
    expect(status).toBe(200)
    expect(body).toMatch(/<title>[^<]*Demo[^<]*<\/title>/)
    expect(JSON.parse(await box.ssh('cat /srv/demo/etc/deployed.json'))).toMatchObject({ plone: runs, python })
    expect(await site.zopeU('print(portal.portal_migration.coreVersions()["Plone"].split()[0])')).toBe(`${runs}\n`)
    expect(await box.ssh(`systemctl is-active demo-${balancer}`)).toBe('active\n')
    expect((await site.deploy()).output).toMatch(/ changed=0 /)
  }, 3_000_000)

  test('migrate brings a property about, packs and backs up', async () => {
    expect((await site.deploy({ properties: { mybool: true } })).output).toContain('changed: property mybool: True')
    expect(await site.zopeU('print(portal.getProperty("mybool"))')).toBe('True\n')
    expect((await site.verb('pack')).code).toBe(0)
    expect((await site.verb('backup')).output).toMatch(/backup \d{4}-/)
  }, 900_000)
})
