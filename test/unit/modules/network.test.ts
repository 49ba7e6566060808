import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { digestIn } from '../../../src/modules/network/digest.ts'
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
      if (request.url === '/dated') return response.writeHead(request.headers['if-modified-since'] === undefined ? 200 : 304).end('the file')
      if (request.url === '/packed') return response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' }).end(gzipSync('{"packed": true}'))
      if (request.url === '/named') return response.writeHead(200, { 'content-disposition': 'attachment; filename="../other.txt"' }).end('named')
      if (request.url === '/start') return response.writeHead(302, { location: '/echo', 'set-cookie': ['a=1; Path=/', 'b=2'] }).end()
      if (request.url === '/cut') return response.writeHead(200, { 'content-length': '100' }).end('short', () => response.destroy())
      if (request.url === '/echo') return response.setHeader('content-type', 'application/json').end(JSON.stringify({ method: request.method, type: request.headers['content-type'], login: request.headers.authorization, cookie: request.headers.cookie, body: Buffer.concat(chunks).toString() }))
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
  expect((await stage.play(tasks)).result('get')).toMatchObject({ changed: true, mode: '0600', size: 8, status_code: 200, elapsed: 0, md5sum: createHash('md5').update('the file').digest('hex') })
  expect(readFileSync(join(stage.out, 'f'), 'utf8')).toBe('the file')
  expect(stage.servers.get('h1')!.counts.tunnels).toBeGreaterThan(0)
  asked.length = 0
  expect((await stage.play(tasks)).status('get')).toBe('ok')
  expect(asked).toEqual([])
})

test('get_url asks each time for what goes into a folder, and changes nothing where it is the same', async () => {
  const tasks = play('    - name: get\n      get_url: {url: BASE/dated, dest: "{{ out }}/"}\n')
  await stage.play(tasks)
  expect((await stage.play(tasks)).result('get')).toMatchObject({ changed: false, status_code: 200, checksum_src: createHash('sha1').update('the file').digest('hex') })
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
  expect(played.result('post')).toMatchObject({ status: 200, json: { method: 'POST', type: 'application/json', body: '{"a": [1, true]}' } })
  expect(played.result('form')).toMatchObject({ json: { body: 'a=1&b=x+y' } })
  expect(played.result('gone')).toMatchObject({ status: 404, content: 'nothing here' })
  expect(played.result('unexpected')).toMatchObject({ failed: true, msg: 'Status code was 404 and not [200]: HTTP Error 404: Not Found' })
  expect(readFileSync(join(stage.out, 'kept'), 'utf8')).toBe('the file')
  expect(JSON.stringify(played.events)).not.toContain('hunter22')
})

test('get_url asks whether there is something newer, and takes it', async () => {
  writeFileSync(join(stage.out, 'same'), 'kept')
  writeFileSync(join(stage.out, 'other'), 'old')
  const tasks = play(`
    - name: not newer
      get_url: {url: BASE/dated, dest: "{{ out }}/same"}
    - name: newer
      get_url: {url: BASE/file, dest: "{{ out }}/other"}
    - name: by any means
      get_url: {url: BASE/dated, dest: "{{ out }}/same", force: true}
`)
  const foreseen = await stage.play(tasks, { check: true })
  expect(['not newer', 'newer', 'by any means'].map((task) => foreseen.status(task))).toEqual(['ok', 'changed', 'changed'])
  expect(readFileSync(join(stage.out, 'other'), 'utf8')).toBe('old')
  const played = await stage.play(tasks)
  expect(played.result('not newer')).toMatchObject({ changed: false, status_code: 304 })
  expect(played.result('newer')).toMatchObject({ changed: true, status_code: 200 })
  expect(['same', 'other'].map((file) => readFileSync(join(stage.out, file), 'utf8'))).toEqual(['the file', 'the file'])
  expect((await stage.play(tasks)).status('newer')).toBe('ok')
})

test('a server may name what goes into a folder, and nothing outside of it', async () => {
  const played = await stage.play(play('    - name: get\n      get_url: {url: BASE/named, dest: "{{ out }}/"}\n    - name: cut\n      get_url: {url: BASE/cut, dest: "{{ out }}/cut"}\n      ignore_errors: true\n'))
  expect(played.result('get')).toMatchObject({ changed: true, dest: join(stage.out, 'other.txt') })
  expect(JSON.stringify(played.result('cut'))).toContain('Incomplete read')
  expect(existsSync(join(stage.out, 'cut'))).toBe(false)
})

test('uri sends forms, takes a login from the url, follows redirects as asked and keeps only what it wanted', async () => {
  writeFileSync(join(stage.folder, 'upload.txt'), 'uploaded')
  writeFileSync(join(stage.out, 'kept'), 'before')
  const played = await stage.play(play(`
    - name: pairs
      uri: {url: BASE/echo, method: POST, body: [[a, 1], [b, x y]], body_format: form-urlencoded}
    - name: no pairs
      uri: {url: BASE/echo, method: POST, body: [a, {b: c}], body_format: form-urlencoded}
      ignore_errors: true
    - name: parts
      uri: {url: BASE/echo, method: POST, body: {text: hello, file: {filename: upload.txt, mime_type: text/plain}}, body_format: form-multipart}
    - name: login
      uri: {url: "{{ 'BASE/echo' | replace('//', '//me:hunter22@') }}"}
    - name: packed
      uri: {url: BASE/packed}
    - name: moved
      uri: {url: BASE/start, method: POST, body: x, follow_redirects: all}
    - name: not followed
      uri: {url: BASE/start, method: POST, body: x, status_code: 302}
    - name: not kept
      uri: {url: BASE/gone, dest: "{{ out }}/kept"}
      ignore_errors: true
`))
  expect(played.result('pairs')).toMatchObject({ json: { type: 'application/x-www-form-urlencoded', body: 'a=1&b=x+y' } })
  expect(played.result('no pairs')['msg']).toContain('failed to parse body as form_urlencoded')
  const parts = played.result('parts')['json'] as { type: string; body: string }
  expect(parts.type).toMatch(/^multipart\/form-data; boundary=/)
  expect(parts.body).toContain('Content-Disposition: form-data; name="text"\r\nContent-Type: text/plain\r\n\r\nhello\r\n')
  expect(parts.body).toContain('Content-Disposition: form-data; name="file"; filename="upload.txt"\r\nContent-Type: text/plain\r\n\r\nuploaded\r\n')
  expect(played.result('login')).toMatchObject({ url: `${base}/echo`, json: { login: `Basic ${Buffer.from('me:hunter22').toString('base64')}` } })
  expect(played.result('packed')).toMatchObject({ json: { packed: true } })
  expect(played.result('moved')).toMatchObject({ redirected: true, cookies: { a: '1', b: '2' }, cookies_string: 'a=1; b=2', json: { method: 'GET', body: '', cookie: 'a=1; b=2' } })
  expect(played.result('not followed')).toMatchObject({ status: 302, location: `${base}/echo`, redirected: false })
  expect(readFileSync(join(stage.out, 'kept'), 'utf8')).toBe('before')
})

test('requests go through the proxy that the environment names, but where it does not say', async () => {
  const through = `environment: {http_proxy: "${base.replace('//', '//me:pw@')}", no_proxy: "localhost,.internal"}`
  const played = await stage.play(play(`
    - {name: through, uri: {url: "http://away.example/echo"}, ${through}}
    - {name: past, uri: {url: "http://app.internal:1/"}, ignore_errors: true, ${through}}
    - {name: refused, uri: {url: "http://away.example:1/echo", use_proxy: false}, ignore_errors: true, ${through}}
`))
  expect(played.status('through')).toBe('ok')
  expect(asked).toEqual(['GET http://away.example/echo'])
  expect(played.result('past')).toMatchObject({ status: -1 })
  expect(played.result('refused')).toMatchObject({ status: -1 })
})

test.each([
  ['plain', 'aa  file\nbb  other\n', 'aa'],
  ['binary, in a folder', 'bb *other\naa *file\ncc  ./x/file', 'aa'],
  ['below', 'aa ./file\n', 'aa'],
  ['tagged', 'SHA256 (other) = bb\nSHA256 (file) = aa\n', 'aa'],
  ['alone', 'aa\n', 'aa'],
  ['missing', 'bb  other\ncc  more\n', undefined],
])('a list of digests: %s', (_, list, digest) => expect(digestIn(list, 'file')).toBe(digest))

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
  expect(played.result('missing')['msg']).toBe('Request failed: there is nothing to read at file:///no/such/file')
})

test('raw and script run on the host', async () => {
  writeFileSync(join(stage.folder, 's.sh'), '#!/bin/sh\necho "$(basename "$0"): $1 from $(basename "$PWD")"; exit 3\n')
  const played = await stage.play(play(`
    - name: raw
      raw: echo a | tr a b
    - name: script
      script: {cmd: "s.sh 'an argument'", chdir: "{{ out }}"}
      failed_when: false
    - name: needless
      script: {cmd: s.sh, creates: "{{ out }}"}
`))
  expect(played.result('raw')).toMatchObject({ stdout: 'b\n', stdout_lines: ['b'], rc: 0 })
  expect(played.result('script')).toMatchObject({ stdout: 's.sh: an argument from out\n', stdout_lines: ['s.sh: an argument from out'], rc: 3 })
  expect(played.result('needless')).toMatchObject({ skipped: true, msg: `${stage.out} exists, matching creates option` })
})

test('get_url tells what it kept, what it failed at, and how long that took', async () => {
  writeFileSync(join(stage.out, 'kept'), 'old')
  const played = await stage.play(play(`
    - name: keeps
      get_url: {url: BASE/file, dest: "{{ out }}/kept", force: true, backup: true}
    - name: unreachable
      get_url: {url: "http://127.0.0.1:1/x", dest: "{{ out }}/x"}
      ignore_errors: true
    - name: no list
      get_url: {url: BASE/file, dest: "{{ out }}/x", checksum: "sha256:BASE/gone"}
      ignore_errors: true
`))
  expect(readFileSync(played.result('keeps')['backup_file'] as string, 'utf8')).toBe('old')
  expect(played.result('unreachable')).toMatchObject({ failed: true, url: 'http://127.0.0.1:1/x', dest: join(stage.out, 'x'), elapsed: 0, msg: 'Request failed: the host cannot reach 127.0.0.1:1' })
  expect(played.result('no list')['msg']).toBe(`Request failed: HTTP 404: Not Found for ${base}/gone`)
})

test('uri reaches a server that listens on a socket of the host', async () => {
  const socket = join(stage.out, 'web.sock')
  const local = createServer((request, response) => response.end(`${request.headers.host ?? ''} ${request.url ?? ''}`))
  await new Promise<void>((resolve) => local.listen(socket, resolve))
  const played = await stage.play(play(`    - {name: there, uri: {url: "http://docker/v1/info", unix_socket: ${socket}, return_content: true}, environment: {http_proxy: "http://127.0.0.1:1"}}
    - {name: none, uri: {url: "http://docker/", unix_socket: ${socket}.not}, ignore_errors: true}
    - {name: kerberos, uri: {url: "http://docker/", use_gssapi: true}, ignore_errors: true}
`))
  local.close()
  expect(played.result('there')).toMatchObject({ status: 200, content: 'docker /v1/info' })
  expect(played.result('none')).toMatchObject({ failed: true, status: -1, msg: expect.stringContaining('the host cannot reach docker') as string })
  expect(played.result('kerberos')).toMatchObject({ failed: true, msg: expect.stringContaining('there is no Kerberos here') as string })
})

test('uri tells of an answer that is none of the usual ones, and of the file that it wrote', async () => {
  const played = await stage.play(play(`
    - name: gone
      uri: {url: BASE/gone, status_code: 404}
    - name: written
      uri: {url: BASE/file, dest: "{{ out }}/f", mode: "0600"}
    - name: sends
      uri: {url: BASE/echo, method: POST, body: {a: [1, true]}, body_format: json}
`))
  expect(played.result('gone')).toMatchObject({ msg: 'HTTP Error 404: Not Found', body: 'nothing here' })
  expect(played.result('written')).toMatchObject({ path: join(stage.out, 'f'), mode: '0600', size: 8, state: 'file' })
  expect(played.result('sends')).toMatchObject({ json: { body: '{"a": [1, true]}' } })
})

test('check mode foresees that what would be downloaded is unpacked', async () => {
  const tasks = play(`
    - name: get
      get_url: {url: BASE/file, dest: "{{ out }}/x.tgz", mode: "0640"}
    - name: looks
      stat: {path: "{{ out }}/x.tgz"}
    - name: makes
      file: {path: "{{ out }}/into", state: directory}
    - name: unpacks
      unarchive: {src: "{{ out }}/x.tgz", dest: "{{ out }}/into", remote_src: true}
`)
  const foreseen = await stage.play(tasks, { check: true })
  expect(['get', 'looks', 'makes', 'unpacks'].map((task) => foreseen.status(task))).toEqual(['changed', 'ok', 'changed', 'changed'])
  expect(foreseen.result('looks')).toMatchObject({ stat: { exists: true, mode: '0640' } })
  expect(asked).toEqual([])
})
