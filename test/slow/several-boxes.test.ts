/** A site over three boxes: one that visitors meet, two with Zopes; its objects in a ZEO that most of them reach over the network, and then in PostgreSQL. */
import { randomBytes } from 'node:crypto'
import { beforeAll, describe, expect, test } from 'vitest'
import { lab } from '../support/lab-command.ts'
import { labHosts, type LabHost } from '../support/lab.ts'
import { AUTHORIZATION, ploneSite } from '../support/plone-site.ts'

const [front, web1, web2] = labHosts(['front', 'web1', 'web2'])
const site = ploneSite(front, { numzopes: 2, zope_hosts: [web1.name, web2.name], pack: { days: 0 } }, [web1, web2])
const zeo = { storage: { kind: 'zeo', host: web1.name } }
const relstorage = { storage: { kind: 'relstorage', host: front.name, password: "sehr'geheim" } }

const blob = randomBytes(300_000)
const zope0 = (): string => `http://${web1.address}:8080/portal`
const zope1 = (): string => `http://${web2.address}:8081/portal`

/** Asks one Zope, past everything in front of it. */
async function ask(url: string, body?: object): Promise<{ readonly description?: string }> {
  const headers = { authorization: AUTHORIZATION, accept: 'application/json', 'content-type': 'application/json' }
  const answer = await fetch(url, { headers, ...(body && { method: 'POST', body: JSON.stringify(body) }) })
  if (!answer.ok) throw new Error(`${url} was answered with ${answer.status}: ${(await answer.text()).slice(0, 500)}`)
  return (await answer.json()) as { readonly description?: string }
}

async function readBlob(url: string): Promise<boolean> {
  const answer = await fetch(`${url}/blob/@@download/file`, { headers: { authorization: AUTHORIZATION } })
  return Buffer.from(await answer.arrayBuffer()).equals(blob)
}

async function works(verb: string, ...args: readonly string[]): Promise<string> {
  const { code, output } = await site.verb(verb, ...args)
  expect(output).toMatch(/failed=0/)
  expect(code).toBe(0)
  return output
}

async function deploys(definition: object): Promise<void> {
  const { output } = await site.deploy(definition)
  expect(output).not.toMatch(/failed=[1-9]/)
  expect((await site.deploy(definition)).output).not.toMatch(/ changed=[1-9]/)
  expect((await site.visit()).status).toBe(200)
}

describe('ZEO on one of them', () => {
  beforeAll(async () => {
    await deploys(zeo)
    await site.api('POST', '/', { '@type': 'Document', id: 'page', title: 'page', description: 'as it was' })
    await site.api('POST', '/', { '@type': 'File', id: 'blob', title: 'blob', file: { data: blob.toString('base64'), encoding: 'base64', filename: 'blob.bin', 'content-type': 'application/octet-stream' } })
  }, 1_200_000)

  test('the other fetches blobs and keeps them in its cache', async () => {
    expect([await readBlob(zope0()), await readBlob(zope1())]).toEqual([true, true])
    expect(await web2.ssh('find /srv/demo/var/blobcache -type f -size +290k | wc -l')).toBe('1\n')
    expect(await web2.ssh("find /srv/demo/var/blobstorage -name '*.blob' | wc -l")).toBe('0\n')
  })

  test('what one writes the other reads', async () => {
    await ask(zope0(), { '@type': 'Document', id: 'first', title: 'first', description: 'by zope0' })
    await expect.poll(async () => (await ask(`${zope1()}/first`)).description).toBe('by zope0')
  })

  test('backup, destroyed data, restore', async () => {
    await works('backup')
    await works('stop', '--part', 'zope')
    await web1.ssh('rm -rf /srv/demo/var/filestorage/* /srv/demo/var/blobstorage/*')
    expect(await works('restore')).toMatch(/restored \d{4}-/)
    await works('start', '--part', 'zope')
    expect((await ask(`${zope1()}/page`)).description).toBe('as it was')
    expect([await readBlob(zope0()), await readBlob(zope1())]).toEqual([true, true])
  })

  test('pack', async () => {
    expect(await works('pack')).toMatch(/packed from \d+ to \d+ bytes/)
    expect((await site.visit()).status).toBe(200)
  })
})

describe('PostgreSQL', () => {
  beforeAll(() => deploys(relstorage), 1_200_000)

  test('the objects of ZEO have moved there', async () => {
    expect((await ask(`${zope0()}/page`)).description).toBe('as it was')
    expect([await readBlob(zope0()), await readBlob(zope1())]).toEqual([true, true])
    expect(await web1.ssh('ls /srv/demo/var/filestorage; systemctl is-active demo-zeo || true')).toMatch(/Data\.fs\.moved[^]*inactive/)
  })

  test('a page that is written through one is read through the other', async () => {
    await ask(zope0(), { '@type': 'Document', id: 'there', title: 'there', description: 'by zope0' })
    await ask(zope1(), { '@type': 'Document', id: 'back', title: 'back', description: 'by zope1' })
    expect([(await ask(`${zope1()}/there`)).description, (await ask(`${zope0()}/back`)).description]).toEqual(['by zope0', 'by zope1'])
  })

  test.each([
    ['first', web1],
    ['second', web2],
  ] as const)('with the %s host of Zopes off the site serves', async (_, host) => {
    await power(host, 'off')
    try {
      for (let visits = 0; visits < 20; visits++) expect((await site.visit(`/?off=${host.name}-${visits}`)).status).toBe(200)
    } finally {
      await power(host, 'on')
    }
    await expect.poll(() => front.ssh('/srv/demo/bin/backends | head -n 2'), { timeout: 60_000 }).toBe('zope0 in alive\nzope1 in alive\n')
  })

  test('a Zope that starts before its database does waits for it, however long that takes', async () => {
    await front.ssh('systemctl stop postgresql')
    try {
      await web1.ssh("systemctl restart --no-block demo-zope@zope0 && sleep 70 && systemctl show --value --property ActiveState demo-zope@zope0 | grep -q activating")
    } finally {
      await front.ssh('systemctl start postgresql')
    }
    await expect.poll(() => ask(`${zope0()}/there`).catch(String), { timeout: 90_000 }).toMatchObject({ description: 'by zope0' })
    await expect.poll(() => front.ssh('/srv/demo/bin/backends | head -n 2'), { timeout: 60_000 }).toBe('zope0 in alive\nzope1 in alive\n')
  })

  test('backup, destroyed data, restore', async () => {
    await works('backup')
    await works('stop', '--part', 'zope')
    await front.ssh('runuser -u postgres dropdb demo')
    expect(await works('restore')).toMatch(/restored \d{4}-/)
    await works('start', '--part', 'zope')
    expect([(await ask(`${zope1()}/page`)).description, (await ask(`${zope0()}/back`)).description]).toEqual(['as it was', 'by zope1'])
    expect([await readBlob(zope0()), await readBlob(zope1())]).toEqual([true, true])
  })

  test('a restore of a site that runs; what was there before stays beside it', async () => {
    await ask(zope0(), { '@type': 'Document', id: 'later', title: 'later' })
    await works('restore')
    await expect(ask(`${zope1()}/later`)).rejects.toThrow(' with 404')
    expect(await front.ssh("runuser -u postgres -- psql -qAtc 'select datname from pg_database order by 1'")).toContain('demo_replaced')
    expect((await site.visit()).status).toBe(200)
  })

  test('pack throws away what nothing refers to', async () => {
    const blobs = (): Promise<string> => front.ssh("runuser -u postgres -- psql -qAtc 'select count(distinct zoid) from blob_chunk' demo")
    const before = Number(await blobs())
    await site.api('DELETE', '/blob')
    expect(await works('pack')).toContain('packed')
    expect(Number(await blobs())).toBe(before - 1)
    expect((await site.visit()).status).toBe(200)
  })
})

/** As a switch does it: nothing answers any more, and nothing says so. */
async function power(host: LabHost, state: 'on' | 'off'): Promise<void> {
  const script = {
    off: 'ip route show default >/run/default-route; ip link set dev eth0 down',
    on: 'ip link set dev eth0 up; ip route add $(cat /run/default-route)',
  }[state]
  await lab('exec', host.name, 'sh', '-c', script)
}
