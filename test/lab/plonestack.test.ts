/** The plonestack on a real host: a site through the whole chain, and what happens when something in it breaks. */
import { beforeAll, expect, test } from 'vitest'
import type { SiteStatus } from '../../src/cycle/status.ts'
import type { RunEvent, TaskStatus } from '../../src/engine/events.ts'
import { labHost } from '../support/lab.ts'
import { ploneSite } from '../support/plone-site.ts'
import { plonerun, type Finished } from '../support/plonerun.ts'

const box = labHost('plone')
const { inventory, define, deploy, visit, verb } = ploneSite(box)

/** How many visits each Zope has answered; health looks at them, too. */
async function served(): Promise<readonly number[]> {
  const lines = await box.ssh('for log in /var/log/zope/demo.zope[012].Z2.log; do grep -c counted $log || true; done')
  return lines.trim().split('\n').map(Number)
}

/** The deploy with its events instead of lines. */
function deployToJson(...args: readonly string[]): Promise<Finished> {
  define()
  return plonerun('deploy', inventory, '--output', 'json', ...args)
}

/** What became of each task that was not skipped: of a loop's for each item. */
function outcomes({ output }: Finished): ReadonlyMap<string, readonly TaskStatus[]> {
  const events = output.split('\n').filter((line) => line.startsWith('{')).map((line) => JSON.parse(line) as RunEvent)
  const statuses = new Map<string, TaskStatus[]>()
  for (const event of events) {
    if (event.type === 'task-ended' && event.status !== 'skipped') statuses.set(event.task.name, [...(statuses.get(event.task.name) ?? []), event.status])
  }
  return statuses
}

/** Everything that a deploy might write to, with the times of change. */
function filesOfHost(): Promise<string> {
  return box.ssh("find /etc /srv /opt /usr /root /var/lib/dpkg -xdev -type f -printf '%p %T@ %C@\\n' | sort")
}

let before: string
let predicted: Finished
let afterCheck: string
let first: Finished
beforeAll(async () => {
  before = await filesOfHost()
  predicted = await deployToJson('--check')
  afterCheck = await filesOfHost()
  first = await deployToJson()
}, 600_000)

test('check mode writes nothing to an empty host, and says what the first deploy then does', () => {
  expect(afterCheck).toBe(before)
  const said = outcomes(predicted)
  const differ = [...outcomes(first)].filter(([task, statuses]) => statuses.some((status, item) => said.get(task)?.[item] !== 'unknown' && said.get(task)?.[item] !== status))
  // What packages bring along, and what a balancer does by itself when it starts, only shows when they are there.
  expect(differ.map(([task]) => task).sort()).toEqual(['apache : Modules of Apache', 'zope : Balancer uses the Zopes that are configured'])
  expect([...said.values()].flat().filter((status) => status === 'unknown').length).toBeLessThan(10)
})

test('the first deploy brings up a site that answers over https', async () => {
  expect(first.code).toBe(0)
  const { status, body } = await visit()
  expect(status).toBe(200)
  expect(body).toContain('<title>Demo</title>')
})

test('the same again changes nothing, and check mode says so', async () => {
  expect((await deploy({}, '--check')).output).toMatch(/ changed=0 /)
  const { output } = await deploy()
  expect(output).toMatch(/ changed=0 /)
  expect(Number(/(\d+) round trips/.exec(output)?.[1])).toBeLessThanOrEqual(6)
})

test('a visitor stays with the Zope that served them first', async () => {
  const [cookie] = (await visit()).headers['set-cookie'] ?? []
  expect(cookie).toMatch(/^_ZopeId=.+; Path=\/; HttpOnly; SameSite=Lax; Secure$/)
  const before = await served()
  for (let visits = 0; visits < 9; visits++) await visit('/?counted', { headers: { cookie: cookie!.split(';')[0]! } })
  const grown = (await served()).map((count, zope) => count - before[zope]!)
  expect(grown.toSorted((a, b) => a - b)).toEqual([0, 0, 9])
})

test('visitors who are new are spread over the Zopes', async () => {
  const before = await served()
  for (let visits = 0; visits < 30; visits++) await visit('/?counted')
  expect(Math.min(...(await served()).map((count, zope) => count - before[zope]!))).toBeGreaterThan(0)
})

test('status shows what balancer, kernel and systemd say of every Zope', async () => {
  const { code, output } = await verb('status', '--output', 'json')
  expect(code).toBe(0)
  const [{ zopes, services }] = JSON.parse(output.slice(output.indexOf('['), output.lastIndexOf(']') + 1)) as [SiteStatus & { readonly host: string }]
  expect(zopes.map(({ name, endpoint, state, listening, active, plone, python }) => [name, endpoint, state?.enabled, state?.alive, listening, active, plone, python])).toEqual(
    [0, 1, 2].map((zope) => [`zope${zope}`, `127.0.0.1:808${zope}`, true, true, true, 'active', '6.2.2', '3.13']),
  )
  for (const { memory, seconds } of [...zopes, ...services]) {
    expect(memory).toBeGreaterThan(1_000_000)
    expect(seconds).toBeGreaterThan(0)
  }
  expect(services.map(({ unit, active }) => [unit, active])).toEqual(['demo-zeo', 'demo-pound', 'demo-varnish'].map((unit) => [unit, 'active']))
})

test('each hop closes idle connections before the hop behind it', async () => {
  const configured = await box.ssh('cat /etc/apache2/sites-enabled/demo.conf /etc/systemd/system/demo-varnish.service /srv/demo/etc/pound.cfg /srv/demo/etc/zope0.ini')
  const seconds = [/ ttl=(\d+)/, / backend_idle_timeout=(\d+)/, /^Client +(\d+)/m, /^channel_timeout = (\d+)/m].map((pattern) => Number(pattern.exec(configured)?.[1]))
  expect(seconds).toEqual([3, 6, 10, 120])
})

test('a VCL that does not compile is refused by varnishtool and by a deploy, and the running one stays', async () => {
  const active = () => box.ssh("varnishadm -n /srv/demo/var/varnish vcl.list | awk '$1 == \"active\" { print $NF }'")
  const before = await active()
  await expect(box.ssh('cd /srv/demo && cp etc/site.vcl /tmp && sed -i "s/return (hash);/return (hash/" etc/site.vcl && bin/varnishtool graceful')).rejects.toThrow("Expected ')'")
  await box.ssh('cp /tmp/site.vcl /srv/demo/etc/site.vcl && /srv/demo/bin/varnishtool configtest')
  const { code, output } = await deploy({ varnish: { recv: 'set oops;' } })
  expect(code).toBe(2)
  expect(output).toContain("Symbol not found: 'oops'")
  expect(await active()).toBe(before)
})

test('a VCL that compiles is in use after a deploy', async () => {
  expect((await deploy({ varnish: { deliver: 'set resp.http.X-Stack = "plonestack";' } })).code).toBe(0)
  expect((await visit()).headers['x-stack']).toBe('plonestack')
})

test('a package that does not exist fails its task, and the site keeps serving as it was', async () => {
  const { code, output } = await deploy({ eggs: ['no-such-package-anywhere'] })
  expect(code).toBe(2)
  expect(output).toContain('no-such-package-anywhere was not found in the package registry')
  expect((await visit()).status).toBe(200)
  expect(await box.ssh('grep -c no-such /etc/systemd/system/demo-* || true')).not.toMatch(/:[1-9]/)
})

test('configuration that no Zope starts with stops at the first one', async () => {
  const { code, output } = await deploy({ zcml: ['no.such.package'] })
  expect(code).toBe(2)
  expect(output).toContain("No module named 'no'")
  expect(output).toContain('zope0 of demo does not come back')
  expect(await box.ssh('systemctl is-active demo-zope@zope1 demo-zope@zope2')).toBe('active\nactive\n')
  expect((await visit()).status).toBe(200)
})

test('a port that is taken is named with who has it, before anything of the site changes', async () => {
  await box.ssh('systemd-run --quiet --unit squatter $(ls -d /srv/demo/venvs/*/bin/python | head -n 1) -m http.server --bind 127.0.0.1 8179')
  await expect.poll(() => box.ssh('ss -ltn').then((listening) => listening.includes(':8179 '))).toBe(true)
  const { code, output } = await deploy({ baseport: 8180 })
  expect(code).toBe(2)
  expect(output).toMatch(/port 8179, which is to be zopeu of demo, is taken by python\S* \(process \d+\)/)
  await box.ssh('systemctl stop squatter')
})

test('the next good deploy finishes the work', async () => {
  expect((await deploy()).code).toBe(0)
  expect((await deploy()).output).toMatch(/ changed=0 /)
  expect((await visit()).status).toBe(200)
})

test('visitors get a page while no Zope is up, and a deploy starts what is down', async () => {
  await box.ssh('systemctl stop demo-zope@zope0 demo-zope@zope1 demo-zope@zope2')
  const { status, body } = await visit()
  expect(status).toBe(503)
  expect(body).toContain('This site cannot answer just now.')
  expect((await deploy()).code).toBe(0)
  expect((await visit()).status).toBe(200)
})

test('migrate brings properties, records and mutators about, once', async () => {
  const definition = {
    properties: { mybool: true, mylist: ['foo', 'bar'], 'plone.available_languages': ['en', 'de'] },
    mutators: { 'news.setDescription': 'All the news' },
  }
  expect((await deploy(definition)).output).toMatch(/changed +\S+ +plone : Migrate/)
  expect((await deploy(definition)).output).toMatch(/ changed=0 /)
  expect(await box.ssh('/srv/demo/bin/migrate -n 2>/dev/null')).toBe('unchanged\n')
})

test('numzopes grows and shrinks while Pound runs', async () => {
  const pound = () => box.ssh('systemctl show --value --property MainPID demo-pound')
  const backends = async () => (await box.ssh('/srv/demo/bin/poundctl list')).match(/127\.0\.0\.1:808\d \d+ \w+ \w+/g)?.map((line) => line.split(' ').at(-1))
  const before = await pound()
  await deploy({ numzopes: 4 })
  expect(await backends()).toEqual(['active', 'active', 'active', 'active'])
  await deploy({ numzopes: 2 })
  expect(await backends()).toEqual(['active', 'active', 'disabled', 'disabled'])
  expect(await box.ssh('systemctl is-active demo-zope@zope2 || true')).toBe('inactive\n')
  expect(await pound()).toBe(before)
})
