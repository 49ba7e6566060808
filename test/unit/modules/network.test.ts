import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { setStage, type Stage } from '../../support/play.ts'

let stage: Stage
let server: Server
let base: string
const asked: string[] = []

beforeEach(async () => {
  stage = await setStage()
  asked.length = 0
  server = createServer((request, response) => {
    asked.push(`${request.method ?? ''} ${request.url ?? ''}`)
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      if (request.url === '/moved') return response.writeHead(302, { location: '/file' }).end()
      if (request.url === '/gone') return response.writeHead(404).end('nothing here')
      if (request.url === '/sums') return response.end(`${sha256('the file')}  file\n${sha256('x')}  other\n`)
      if (request.url === '/echo') return response.setHeader('content-type', 'application/json').end(JSON.stringify({ method: request.method, type: request.headers['content-type'], login: request.headers.authorization, body: Buffer.concat(chunks).toString() }))
      return response.end('the file')
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterEach(async () => {
  server.close()
  await stage.end()
})

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

const play = (tasks: string): string => `- hosts: all\n  gather_facts: false\n  tasks:\n${tasks.replaceAll('BASE', base)}`

test('get_url downloads once, through the host, and then changes nothing', async () => {
  const tasks = play(`    - name: get\n      get_url: {url: BASE/moved, dest: "{{ out }}/f", mode: "0600", checksum: "sha256:${sha256('the file')}"}\n`)
  const foreseen = await stage.play(tasks, { check: true })
  expect(foreseen.status('get')).toBe('changed')
  expect(asked).toEqual([])
  expect((await stage.play(tasks)).result('get')).toMatchObject({ changed: true, mode: '0600', size: 8, status_code: 200 })
  expect(readFileSync(join(stage.out, 'f'), 'utf8')).toBe('the file')
  expect(stage.servers.get('h1')!.counts.tunnels).toBeGreaterThan(0)
  asked.length = 0
  expect((await stage.play(tasks)).status('get')).toBe('ok')
  expect(asked).toEqual([])
})

test('get_url takes digests from a list, and refuses a file that has another', async () => {
  const played = await stage.play(play(`
    - name: listed
      get_url: {url: BASE/file, dest: "{{ out }}/", checksum: "sha256:BASE/sums"}
    - name: wrong
      get_url: {url: BASE/file, dest: "{{ out }}/wrong", checksum: "md5:00"}
      ignore_errors: true
    - name: missing
      get_url: {url: BASE/gone, dest: "{{ out }}/gone"}
      ignore_errors: true
    - name: nothing written
      stat: {path: "{{ out }}/wrong"}
      register: wrong
      failed_when: wrong.stat.exists
`))
  expect(played.status('listed')).toBe('changed')
  expect(readFileSync(join(stage.out, 'file'), 'utf8')).toBe('the file')
  expect(played.result('wrong')['msg']).toMatch(/^the md5 of .* is [0-9a-f]{32}, not 00; nothing was written$/)
  expect(played.result('missing')).toMatchObject({ failed: true, status_code: 404 })
  expect(played.status('nothing written')).toBe('ok')
})

test('uri sends bodies and logins, reads JSON, and judges the status', async () => {
  const played = await stage.play(play(`
    - name: post
      uri: {url: BASE/echo, method: POST, body: {a: [1, true]}, body_format: json, user: me, password: hunter22}
    - name: form
      uri: {url: BASE/echo, method: PUT, body: {a: 1, b: x y}, body_format: form-urlencoded}
    - name: gone
      uri: {url: BASE/gone, status_code: [404, 410], return_content: true}
    - name: unexpected
      uri: {url: BASE/gone}
      ignore_errors: true
    - name: kept
      uri: {url: BASE/file, dest: "{{ out }}/kept"}
`))
  expect(played.result('post')).toMatchObject({ status: 200, json: { method: 'POST', type: 'application/json', body: '{"a":[1,true]}' } })
  expect(played.result('form')).toMatchObject({ json: { body: 'a=1&b=x+y' } })
  expect(played.result('gone')).toMatchObject({ status: 404, content: 'nothing here' })
  expect(played.result('unexpected')).toMatchObject({ failed: true, msg: 'Status code was 404 and not [200]: Not Found' })
  expect(readFileSync(join(stage.out, 'kept'), 'utf8')).toBe('the file')
  expect(JSON.stringify(played.events)).not.toContain('hunter22')
})

test('uri in check mode reads but does not write', async () => {
  const played = await stage.play(play('    - name: post\n      uri: {url: BASE/echo, method: POST}\n    - name: get\n      uri: {url: BASE/echo}\n'), { check: true })
  expect(played.status('post')).toBe('unknown')
  expect(played.status('get')).toBe('ok')
  expect(asked).toEqual(['GET /echo'])
})

test('a host that nothing listens on is one clear failure, with a status that a playbook can wait for', async () => {
  const played = await stage.play(play('    - name: none\n      uri: {url: "http://127.0.0.1:1/"}\n'))
  expect(played.result('none')).toMatchObject({ failed: true, status: -1, redirected: false, msg: 'Status code was -1 and not [200]: the host cannot reach 127.0.0.1:1' })
})

test('get_url takes a file of the host itself', async () => {
  writeFileSync(join(stage.folder, 'itself'), 'local')
  const played = await stage.play(play(`
    - name: got
      get_url: {url: "file://${join(stage.folder, 'itself')}", dest: "{{ out }}/got"}
    - name: missing
      get_url: {url: "file:///no/such/file", dest: "{{ out }}/missing"}
`))
  expect(played.status('got')).toBe('changed')
  expect(readFileSync(join(stage.out, 'got'), 'utf8')).toBe('local')
  expect(played.result('missing')['msg']).toBe('there is nothing to read at file:///no/such/file')
})

test('raw and script run on the host', async () => {
  writeFileSync(join(stage.folder, 's.sh'), '#!/bin/sh\necho "$1 from $(basename "$PWD")"; exit 3\n')
  const played = await stage.play(play(`
    - name: raw
      raw: echo a | tr a b
    - name: script
      script: {cmd: "s.sh 'an argument'", chdir: "{{ out }}"}
      failed_when: false
`))
  expect(played.result('raw')).toMatchObject({ stdout: 'b\n', stdout_lines: ['b'], rc: 0 })
  expect(played.result('script')).toMatchObject({ stdout: 'an argument from out\n', stdout_lines: ['an argument from out'], rc: 3 })
})
