/** A site that is changed while it is full of visitors: more Zopes and fewer, another VCL, another front, other Zopes. No request may fail. */
import { setTimeout as sleep } from 'node:timers/promises'
import { beforeAll, expect, test, vi } from 'vitest'
import { labHost } from '../support/lab.ts'
import type { Answer } from '../support/load/answer.ts'
import { installLoadPages, WITH_LOAD_PAGES } from '../support/load/install.ts'
import { DEFAULTS, startLoad } from '../support/load/load.ts'
import { ploneSite } from '../support/plone-site.ts'
import type { Finished } from '../support/plonerun.ts'

const box = labHost('numzopes')
const site = ploneSite(box, { ...WITH_LOAD_PAGES, max_zopes: 12 })

// Nine Zopes start one after the other while a small machine is busy with visitors.
vi.setConfig({ testTimeout: 900_000 })

beforeAll(async () => {
  await installLoadPages((command) => box.ssh(command))
  const { output } = await site.deploy()
  expect(output).toMatch(/failed=0/)
}, 900_000)

const CLIENTS = 20
/** Visitors besides, whose Zopes are written down. */
const SESSIONS = 12
/** Milliseconds that the load lasts at least. */
const AT_LEAST = 30_000

interface UnderLoad {
  readonly deployed: Finished
  readonly answers: number
  readonly failed: readonly Answer[]
  /** The Zopes that each visitor with a session was served by, one after the other, without repetitions. */
  readonly sessions: readonly (readonly string[])[]
}

async function deployUnderLoad(definition: object): Promise<UnderLoad> {
  const load = startLoad({ ...DEFAULTS, url: `https://${box.address}/`, clients: CLIENTS, slowSeconds: 8 })
  const leaving = new AbortController()
  const visitors = Array.from({ length: SESSIONS }, () => visitor(leaving.signal))
  await sleep(5000)
  const [deployed] = await Promise.all([site.deploy(definition), sleep(AT_LEAST)])
  leaving.abort()
  const sessions = await Promise.all(visitors)
  const answers = await load.stop()
  return { deployed, answers: answers.length, failed: answers.filter(({ outcome }) => outcome !== 'whole'), sessions }
}

/** Comes back with its cookie until it is told to leave. */
async function visitor(signal: AbortSignal): Promise<readonly string[]> {
  const [given] = (await site.visit('/load-zope')).headers['set-cookie'] ?? []
  const zopes: string[] = []
  while (!signal.aborted) {
    const { status, body } = await site.visit('/load-zope', { headers: { cookie: given!.split(';')[0]! } })
    const zope = status === 200 ? body : `status ${status}`
    if (zope !== zopes.at(-1)) zopes.push(zope)
    await sleep(500)
  }
  return zopes
}

function expectWhole({ deployed, answers, failed }: UnderLoad): void {
  expect(deployed.output).toMatch(/failed=0/)
  expect(deployed.code).toBe(0)
  expect(failed).toEqual([])
  expect(answers).toBeGreaterThan(100)
}

const pound = (): Promise<string> => box.ssh('systemctl show --value --property MainPID demo-pound')

test('from three Zopes to nine: no request fails, nobody loses their Zope, Pound runs on', async () => {
  const before = await pound()
  const done = await deployUnderLoad({ numzopes: 9 })
  expectWhole(done)
  expect(done.sessions.filter((zopes) => zopes.length > 1)).toEqual([])
  expect(await pound()).toBe(before)
  const newcomers = await Promise.all(Array.from({ length: 60 }, async () => (await site.visit('/load-zope')).body))
  expect([...new Set(newcomers)].sort()).toEqual(Array.from({ length: 9 }, (_, number) => `zope${number}`))
})

test('from nine to two: no request fails, and who has a Zope that stays, stays with it', async () => {
  const before = await pound()
  const done = await deployUnderLoad({ numzopes: 2 })
  expectWhole(done)
  const staying = ['zope0', 'zope1']
  expect(done.sessions.filter(([first, ...others]) => staying.includes(first!) && others.length > 0)).toEqual([])
  expect(done.sessions.filter((zopes) => !staying.includes(zopes.at(-1)!))).toEqual([])
  expect(await pound()).toBe(before)
  expect((await box.ssh("systemctl list-units --plain --no-legend 'demo-zope@*' | cut -d ' ' -f 1")).trim().split('\n')).toEqual(['demo-zope@zope0.service', 'demo-zope@zope1.service'])
})

test.each([
  ['the VCL', { varnish: { deliver: 'set resp.http.X-Changed = "vcl";' } }, 'vcl'],
  ['the front', { apache: { headers: { 'X-Changed': 'apache' } } }, 'apache'],
])('another state of %s: no request fails, nobody loses their Zope', async (_, change, header) => {
  const done = await deployUnderLoad({ numzopes: 2, ...change })
  expectWhole(done)
  expect(done.sessions.filter((zopes) => zopes.length > 1)).toEqual([])
  expect((await site.visit()).headers['x-changed']).toBe(header)
})

test('another zope.conf: no request fails', async () => {
  const done = await deployUnderLoad({ numzopes: 2, zodb_cache: 12_000 })
  expectWhole(done)
  expect(await box.ssh('grep cache-size /srv/demo/etc/zope1.conf | head -n 1')).toContain('12000')
})
