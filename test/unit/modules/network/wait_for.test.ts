import { writeFileSync } from 'node:fs'
import { createServer, type AddressInfo, type Server } from 'node:net'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { setStage, type Played, type Stage } from '../../../support/play.ts'

let stage: Stage
let server: Server
let port: number

beforeEach(async () => {
  stage = await setStage()
  server = createServer((socket) => void socket.on('error', () => undefined).write('220 ready to serve\r\n'))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  port = (server.address() as AddressInfo).port
})
afterEach(async () => {
  server.close()
  await stage.end()
})

const wait = (args: string, options?: { check: boolean }): Promise<Played> =>
  stage.play(`- hosts: all\n  gather_facts: false\n  tasks:\n    - name: wait\n      wait_for: {${args}}\n      ignore_errors: true\n`, options)

test('a port that is open, reached through the host', async () => {
  const played = await wait(`port: ${port}`)
  expect(played.result('wait')).toMatchObject({ changed: false, port, state: 'started', elapsed: 0 })
  expect(stage.servers.get('h1')!.counts.tunnels).toBe(1)
})

test('what a port sends', async () => {
  expect((await wait(`port: ${port}, search_regex: '^220 (?P<word>\\w+)'`)).result('wait')).toMatchObject({ match_groups: ['ready'], match_groupdict: { word: 'ready' } })
  expect((await wait(`port: ${port}, search_regex: nonsense, timeout: 1, connect_timeout: 1`)).result('wait')).toMatchObject({ failed: true, msg: `Timeout when waiting for search string nonsense in 127.0.0.1:${port}` })
})

test('a port that opens while it waits', async () => {
  server.close()
  const late = setTimeout(() => server.listen(port, '127.0.0.1'), 1500)
  const result = (await wait(`port: ${port}, timeout: 10, sleep: 1`)).result('wait')
  clearTimeout(late)
  expect(result['failed']).toBe(false)
  expect(result['elapsed']).toBeGreaterThanOrEqual(1)
})

test('a port that stays as it is', async () => {
  expect((await wait(`port: ${port}, state: stopped, timeout: 1`)).result('wait')).toMatchObject({ failed: true, msg: `Timeout when waiting for 127.0.0.1:${port} to stop.` })
  server.close()
  expect((await wait(`port: ${port}, timeout: 1, msg: no luck`)).result('wait')).toMatchObject({ failed: true, msg: 'no luck', elapsed: 1 })
  expect((await wait(`port: ${port}, state: stopped, timeout: 1`)).status('wait')).toBe('ok')
})

test('a port of a host that is itself not reached any more is not told as closed', async () => {
  const cut = setTimeout(() => stage.servers.get('h1')!.drop(), 700)
  const { ended } = await wait(`port: ${port}, state: stopped, timeout: 10`)
  clearTimeout(cut)
  expect(ended.hosts[0]).toMatchObject({ unreachable: 1, failed: 0, ok: 0 })
})

test('a file, its absence, and what is in it', async () => {
  const file = join(stage.out, 'log')
  expect((await wait(`path: ${file}, timeout: 0`)).result('wait')).toMatchObject({ failed: true, msg: `Timeout when waiting for file ${file}` })
  expect((await wait(`path: ${file}, state: absent, timeout: 1`)).status('wait')).toBe('ok')
  const late = setTimeout(() => writeFileSync(file, 'one\nstarted in 3 s\n'), 700)
  expect((await wait(`path: ${file}, search_regex: '^started in (\\d+)', timeout: 10`)).result('wait')).toMatchObject({ failed: false, match_groups: ['3'], state: 'file', path: file, size: 19 })
  clearTimeout(late)
})

test('connections to drain: those of the port, in these states, from others', async () => {
  const client = (await import('node:net')).connect(port, '127.0.0.1')
  await new Promise((resolve) => client.once('connect', resolve))
  expect((await wait(`port: ${port}, state: drained, timeout: 1`)).result('wait')).toMatchObject({ failed: true, msg: `Timeout when waiting for 127.0.0.1:${port} to drain` })
  expect((await wait(`port: ${port}, state: drained, timeout: 1, exclude_hosts: 127.0.0.1`)).status('wait')).toBe('ok')
  expect((await wait(`port: ${port}, state: drained, timeout: 1, active_connection_states: [SYN_SENT]`)).status('wait')).toBe('ok')
  client.destroy()
})

test('check mode says what is so, and what nobody knows', async () => {
  expect((await wait(`port: ${port}`, { check: true })).status('wait')).toBe('ok')
  expect((await wait(`port: ${port}, state: stopped`, { check: true })).status('wait')).toBe('unknown')
})

test('what makes no sense is refused', async () => {
  expect((await wait('state: drained')).result('wait')['msg']).toBe('wait_for: drained needs a port')
  expect((await wait('port: 1, path: /x')).result('wait')['msg']).toMatch(/parameters are mutually exclusive: port\|path/)
})

test('without a port and a path, the delay and then the timeout', async () => {
  expect((await wait('delay: 1, timeout: 1')).result('wait')['elapsed']).toBeGreaterThanOrEqual(2)
})
