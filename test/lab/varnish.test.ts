/** Varnish of trixie (7.7): what is kept for whom, what takes it out again, and VCL that changes under load. */
import { expect, test } from 'vitest'
import { frontOf } from '../support/front.ts'
import { labHost } from '../support/lab.ts'
import { kept, varnishBehaviour } from '../support/varnish-behaviour.ts'

const box = labHost('varnish')
const front = frontOf(box)

varnishBehaviour(box, front)

const active = (): Promise<string> => box.ssh("varnishadm -n /srv/www/var/varnish vcl.list | awk '$1 == \"active\" { print $NF }'")

test('varnishtool configtest refuses VCL that does not compile, and graceful leaves the running one', async () => {
  await box.ssh('cp /srv/www/etc/site.vcl /tmp/site.vcl && sed -i "s/return (hash);/return (hash/" /srv/www/etc/site.vcl')
  const before = await active()
  for (const verb of ['configtest', 'graceful']) await expect(box.ssh(`/srv/www/bin/varnishtool ${verb}`)).rejects.toThrow("Expected ')'")
  expect(await active()).toBe(before)
  await box.ssh('cp /tmp/site.vcl /srv/www/etc/site.vcl && /srv/www/bin/varnishtool configtest')
})

test('a deploy of VCL that does not compile fails, and the running one stays', async () => {
  const before = await active()
  const { code, output } = await front.deploy([{ name: 'www', varnish: { recv: 'set oops;' } }])
  expect(code).toBe(2)
  expect(output).toContain("Symbol not found: 'oops'")
  expect(await active()).toBe(before)
})

test('VCL that changes under load loses no request, and what was kept stays kept', async () => {
  const first = await front.seen(kept('/stays'))
  const statuses: number[] = []
  let done = false
  const visitors = Array.from({ length: 20 }, async (_, visitor) => {
    while (!done) statuses.push((await front.visit(visitor % 2 === 0 ? kept('/stays') : '/passes')).status)
  })
  for (const round of ['a', 'b', 'c']) expect((await front.deploy([{ name: 'www', varnish: { deliver: `set resp.http.X-Round = "${round}";` } }])).code).toBe(0)
  done = true
  await Promise.all(visitors)
  expect((await front.visit('/')).headers['x-round']).toBe('c')
  expect(statuses.length).toBeGreaterThan(100)
  expect(statuses.filter((status) => status !== 200)).toEqual([])
  expect((await front.seen(kept('/stays'))).before).toBe(first.before)
})
