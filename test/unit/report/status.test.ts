import { expect, test } from 'vitest'
import type { SiteStatus } from '../../../src/cycle/status.ts'
import { statusReport } from '../../../src/report/status.ts'
import { createStyle } from '../../../src/report/style.ts'
import { told } from '../../support/cycle-events.ts'
import { ended, task } from '../../support/events.ts'

const STATUS: SiteStatus = {
  site: 'demo',
  balancer: 'Pound 4',
  zopes: [
    { name: 'zope0', endpoint: '127.0.0.1:8080', state: { enabled: true, alive: true, sessions: 12 }, open: 3, listening: true, unit: 'demo-zope@zope0', active: 'active', memory: 189_700_000, seconds: 12_345, plone: '6.2.2', zope: '6.3', python: '3.13' },
    { name: 'zope1', endpoint: '127.0.0.1:8081', state: { enabled: false, alive: true, sessions: 0 }, open: 0, listening: true, unit: 'demo-zope@zope1', active: 'active', memory: 190_000_000, seconds: 260_000 },
    { name: 'zope2', endpoint: '127.0.0.1:8082', open: 0, listening: false, unit: 'demo-zope@zope2', active: 'failed' },
  ],
  services: [{ unit: 'demo-pound', active: 'active', memory: 7_000_000, seconds: 59, version: '4.16-3' }],
}

function shown(options: { json?: boolean; watch?: boolean } = {}, ...looks: readonly SiteStatus[]) {
  const text = { out: '', error: '' }
  const report = statusReport({ write: (more) => (text.out += more), writeError: (more) => (text.error += more), style: createStyle(false), json: false, watch: false, ...options })
  for (const status of looks) report.emit(told({ kind: 'site-seen', site: status.site, status }))
  return { report, text }
}

test('tables of the Zopes and of what runs beside them', async () => {
  const { report, text } = shown({}, STATUS)
  await report.end?.()
  expect(`\n${text.out}`).toMatchInlineSnapshot(`
    "
    demo  web1, Pound 4, 1 of 3 zopes live
      zope   endpoint        balancer    sessions  open  kernel   systemd    memory          up  plone  zope  python
      zope0  127.0.0.1:8080  on, alive         12     3  listens  active   189.7 MB  3 h 25 min  6.2.2  6.3   3.13
      zope1  127.0.0.1:8081  off, alive         0     0  listens  active   190.0 MB    3 d 00 h  -      -     -
      zope2  127.0.0.1:8082  unknown            -     0  deaf     failed          -           -  -      -     -
      service     systemd  memory    up  version
      demo-pound  active   7.0 MB  59 s  4.16-3
    "
  `)
})

test('a balancer that does not tell is said, and what the kernel knows is shown all the same', async () => {
  const { report, text } = shown({}, { ...STATUS, why: 'Pound does not tell its state', zopes: STATUS.zopes.map(({ state: _, ...zope }) => zope) })
  await report.end?.()
  expect(text.out.split('\n').slice(0, 4).join('\n')).toMatchInlineSnapshot(`
    "demo  web1, Pound 4, 2 of 3 zopes live
      Pound does not tell its state
      zope   endpoint        balancer  sessions  open  kernel   systemd    memory          up  plone  zope  python
      zope0  127.0.0.1:8080  unknown          -     3  listens  active   189.7 MB  3 h 25 min  6.2.2  6.3   3.13"
  `)
})

test('JSON: one document, or a line for each look', async () => {
  const once = shown({ json: true }, STATUS)
  await once.report.end?.()
  expect(JSON.parse(once.text.out)).toEqual([{ host: 'web1', ...STATUS }])
  const watching = shown({ json: true, watch: true }, STATUS, STATUS)
  await watching.report.end?.()
  expect(watching.text.out.trim().split('\n').map((line) => JSON.parse(line) as unknown)).toEqual([{ host: 'web1', ...STATUS }, { host: 'web1', ...STATUS }])
})

test('watching without a terminal prints the tables again and again', async () => {
  const { report, text } = shown({ watch: true }, STATUS, STATUS)
  await report.end?.()
  expect(text.out.match(/^demo {2}web1, Pound 4, 1 of 3 zopes live$/gm)).toHaveLength(2)
})

test('what failed goes to the errors', async () => {
  const { report, text } = shown()
  report.emit(ended(task(1, 'status'), 'web1', 'failed', { error: { kind: 'task', message: 'no such site' } }))
  await report.end?.()
  expect(text.out).toBe('')
  expect(text.error).toContain('no such site')
})
