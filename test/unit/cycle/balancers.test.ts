import { expect, test } from 'vitest'
import type { Balancer, NamedEndpoint } from '../../../src/cycle/balancer.ts'
import { haproxy } from '../../../src/cycle/haproxy.ts'
import { pound4 } from '../../../src/cycle/pound4.ts'
import { varnish } from '../../../src/cycle/varnish.ts'

const zope0: NamedEndpoint = { name: 'zope0', address: '127.0.0.1', port: 8080 }
const zope1: NamedEndpoint = { name: 'zope1', address: '127.0.0.1', port: 8081 }
const zope2: NamedEndpoint = { name: 'zope2', address: '::1', port: 8082 }
const unknown: NamedEndpoint = { name: 'zope9', address: '127.0.0.1', port: 8089 }

const pound = pound4('/run/demo-pound/pound.ctl', 'demo', 'zopes')
const service = {
  backends: [
    { address: '127.0.0.1:8080', alive: true, enabled: true },
    { address: '[::1]:8082', alive: false, enabled: true },
    { address: '127.0.0.1:8081', alive: true, enabled: false },
  ],
  sessions: [
    { backend: 1, expire: '2026-11-28T17:39:56.351387', key: 'used first' },
    { backend: 1, expire: '2026-11-28T17:39:57.351387', key: 'a' },
    { backend: 3, expire: '2026-11-28T17:39:58.351387', key: 'b' },
    { backend: 1, expire: '2026-11-28T17:39:59.351387', key: '"c"' },
  ],
}

const stat = `# pxname,svname,qcur,status,addr,
zopes,zope0,0,UP,127.0.0.1:8080,
zopes,zope1,0,MAINT,127.0.0.1:8081,
zopes,zope2,0,DOWN 1/2,[::1]:8082,
zopes,BACKEND,0,UP,,
emergency,emergency,0,no check,127.0.0.1:8076,
`

const health = (admin: string, good: number, word: string) => ({ type: 'backend', admin_health: admin, probe_message: [good, 4, word], last_change: 1795883996.5 })
const backendList = JSON.stringify([2, ['backend.list', '-j'], 1795883996.6, { 'vcl_1.zope0': health('probe', 4, 'healthy'), 'vcl_1.zope1': health('sick', 4, 'healthy'), 'vcl_1.zope2': health('probe', 0, 'sick') }])

test.each<[string, Balancer, string, number]>([
  ['Pound 4', pound, JSON.stringify(service), 3],
  ['haproxy', haproxy('/srv/demo/bin/haproxyctl', 'zopes'), stat, 0],
  ['Varnish', varnish('/srv/demo/var/varnish'), backendList, 0],
])('%s: who is in, who is alive, and who is not there', (_, balancer, printed, sessions) => {
  const reading = balancer.read(printed)
  expect(reading.state(zope0)).toEqual({ enabled: true, alive: true, sessions })
  expect(reading.state(zope1)).toMatchObject({ enabled: false, alive: true })
  expect(reading.state(zope2)).toMatchObject({ enabled: true, alive: false })
  expect(() => reading.state(unknown)).toThrow(/has no backend zope9 \(127\.0\.0\.1:8089\)/)
})

test.each<[string, Balancer, string]>([
  ['Pound', pound, ''],
  ['haproxy', haproxy('/srv/demo/bin/haproxyctl', 'zopes'), ''],
  ['Varnish', varnish('/srv/demo/var/varnish'), 'Could not get hold of varnishd'],
])('%s that does not run', (name, balancer, printed) => {
  expect(() => balancer.read(printed)).toThrow(`${name} does not tell its state`)
})

test('Pound finds backends by their place, and its own names', () => {
  const reading = pound.read(JSON.stringify(service))
  expect(reading.disable(zope1).argv).toEqual(['poundctl', '-s', '/run/demo-pound/pound.ctl', 'off', '/demo/zopes/2'])
  expect(reading.enable(zope2).argv).toEqual(['poundctl', '-s', '/run/demo-pound/pound.ctl', 'on', '/demo/zopes/1'])
})

test('Pound lets visitors go who came last first, and leaves those whose cookie it cannot be told', () => {
  const reading = pound.read(JSON.stringify(service))
  expect(reading.unbind(zope0)?.stdin).toBe('"c"\na\n')
  expect(reading.unbind(zope1)?.stdin).toBe('b\n')
  expect(reading.unbind(zope2)).toBeUndefined()
})

test('Pound prints what visitors send as it is', () => {
  const printed = JSON.stringify(service).replace('used first', 'tab\there')
  expect(pound.read(printed).state(zope0).sessions).toBe(3)
})

test('haproxy and Varnish are told by name', () => {
  expect(haproxy('/srv/demo/bin/haproxyctl', 'zopes').read(stat).disable(zope0).argv).toEqual(['/srv/demo/bin/haproxyctl', 'set', 'server', 'zopes/zope0', 'state', 'maint'])
  expect(varnish('/srv/demo/var/varnish').read(backendList).enable(zope1).argv).toEqual(['varnishadm', '-t', '30', '-n', '/srv/demo/var/varnish', 'backend.set_health', '*.zope1', 'auto'])
})
