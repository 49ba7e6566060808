/** Lookups that reach files, commands and the web. */
import { spawn } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTemplating } from '../../../src/template/templating.ts'
import { Secret } from '../../../src/values/secret.ts'
import type { Value } from '../../../src/values/value.ts'
import type { TemplateContext } from '../../../src/template/context.ts'
import { scopeOf, template } from './scope.ts'

const folder = mkdtempSync(join(tmpdir(), 'plonerun-lookups-'))
const templating = createTemplating()
const context: TemplateContext = { basedir: folder, searchPath: [], decrypt: (text) => `opened ${text.split('\n')[1]!}` }

function give(source: string, within: TemplateContext = context): Value {
  const value = templating.evaluate(template(source), scopeOf({ name: 'bob', folder }), within)
  return value instanceof Secret ? `secret ${value.reveal()}` : value
}

beforeAll(() => {
  writeFileSync(join(folder, 'motd'), 'hello {{ name }}\n\n')
  writeFileSync(join(folder, 'vaulted'), '$ANSIBLE_VAULT;1.1;AES256\n6162\n')
  writeFileSync(join(folder, 'app.ini'), '[DEFAULT]\nowner = root\n[web]\n; comment\nPort = 80\nhosts = a\n  b\n[db]\nport=5432\n')
  writeFileSync(join(folder, 'list.j2'), '{# of numbers #}\n{% set found = [] %}\n{% for number in [1, 2] %}\n{%   set _ = found.append(number) %}\n{% endfor %}\n{{ found }}\n')
  writeFileSync(join(folder, 'app.properties'), 'user.name = al\n')
  writeFileSync(join(folder, 'elements.csv'), 'Symbol,Number,Mass\nLi,3,6.94\nHe,2,"4,00"\n')
})

afterAll(() => {
  rmSync(folder, { recursive: true })
})

test('file gives the text as it is, without the space at its end', () => {
  expect(give("{{ lookup('file', 'motd') }}")).toBe('hello {{ name }}')
  expect(give("{{ lookup('file', 'motd', rstrip=False) }}")).toBe('hello {{ name }}\n\n')
  expect(give("{{ query('file', 'motd', folder ~ '/motd') | length }}")).toBe(2)
})

test('files are found in the most specific folder', () => {
  expect(give("{{ lookup('file', 'lib.j2') | length > 0 }}", { basedir: folder, searchPath: [import.meta.dirname] })).toBe(true)
  expect(() => give("{{ lookup('file', 'nowhere') }}")).toThrow("No such file or directory: 'nowhere'")
})

test('a vault is opened, and what was in it is a secret', () => {
  expect(give("{{ lookup('file', 'vaulted') }}")).toBe('secret opened 6162')
  expect(give("{{ lookup('unvault', 'vaulted') }}")).toBe('secret opened 6162')
  expect(() => give("{{ lookup('file', 'vaulted') }}", { basedir: folder, searchPath: [] })).toThrow('is encrypted by a vault')
})

test('template renders with the variables and those given', () => {
  expect(give("{{ lookup('template', 'motd') }}")).toBe('hello bob\n\n')
  expect(give("{{ lookup('template', 'list.j2') + [3] }}")).toEqual([1, 2, 3])
  expect(give("{{ lookup('template', 'motd', template_vars={'name': 'al'}) | trim }}")).toBe('hello al')
})

test('ini and properties', () => {
  expect(give("{{ lookup('ini', 'port section=web file=app.ini') }}")).toBe('80')
  expect(give("{{ lookup('ini', 'port', section='db', file='app.ini') }}")).toBe('5432')
  expect(give("{{ lookup('ini', 'hosts', section='web', file='app.ini') }}")).toBe('a\nb')
  expect(give("{{ lookup('ini', 'owner', section='web', file='app.ini') }}")).toBe('root')
  expect(give("{{ lookup('ini', 'none', section='web', file='app.ini', default='d') }}")).toBe('d')
  expect(give("{{ lookup('ini', 'user.name', type='properties', file='app.properties') }}")).toBe('al')
  expect(give("{{ query('ini', 'po.*', section='web', file='app.ini', re=True) }}")).toEqual(['80'])
})

test('config tells settings by the names of Ansible', () => {
  const settings = createTemplating({ settings: new Map<Value, Value>([['DEFAULT_FORKS', 7]]) })
  const tell = (source: string): Value => settings.evaluate(template(source), scopeOf({}), context)
  expect(tell("{{ lookup('config', 'DEFAULT_FORKS') }}")).toBe(7)
  expect(tell("{{ query('config', 'NONE', 'DEFAULT_FORKS', on_missing='skip') }}")).toEqual([7])
  expect(() => tell("{{ lookup('config', 'DEFAULT_FORK') }}")).toThrow("config: there is no setting 'DEFAULT_FORK' here")
})

test('csvfile', () => {
  expect(give("{{ lookup('csvfile', 'Li', file='elements.csv', delimiter=',') }}")).toBe('3')
  expect(give("{{ lookup('csvfile', 'He file=elements.csv delimiter=, col=2') }}")).toBe('4,00')
  expect(give("{{ lookup('csvfile', 'Xx', file='elements.csv', delimiter=',', default='no') }}")).toBe('no')
})

test('pipe and lines run in the playbook folder', () => {
  expect(give("{{ lookup('pipe', 'cat motd | wc -l; echo') }}")).toBe('2')
  expect(give("{{ query('lines', 'printf \"a\\nb\\n\"') }}")).toEqual(['a', 'b'])
  expect(() => give("{{ lookup('pipe', 'echo no >&2; exit 3') }}")).toThrow("pipe: 'echo no >&2; exit 3' ended with 3")
  expect(give("{{ lookup('pipe', 'exit 3', errors='ignore') is none }}")).toBe(true)
})

test('password keeps what it made', () => {
  const made = give("{{ lookup('password', 'secrets/db length=12 chars=ascii_letters,digits') }}")
  expect(made).toMatch(/^secret [a-zA-Z\d]{12}$/)
  expect(give("{{ lookup('password', 'secrets/db length=12 chars=ascii_letters,digits') }}")).toBe(made)
  const file = join(folder, 'secrets/db')
  expect(`secret ${readFileSync(file, 'utf8').trim()}`).toBe(made)
  expect(statSync(file).mode & 0o777).toBe(0o600)
  const hash = give("{{ lookup('password', 'secrets/user', encrypt='sha256_crypt') }}")
  expect(hash).toMatch(/^secret \$5\$rounds=535000\$[./\dA-Za-z]{16}\$[./\dA-Za-z]{43}$/)
  expect(readFileSync(join(folder, 'secrets/user'), 'utf8')).toContain(` salt=${(hash as string).split('$')[3]!}\n`)
  expect(give("{{ lookup('password', '/dev/null', seed='x', length=8) }}")).toBe(give("{{ lookup('password', '/dev/null', seed='x', length=8) }}"))
})

test('url', async () => {
  const server = spawn(process.execPath, ['-e', "const s = require('http').createServer((q, r) => { r.statusCode = q.url === '/no' ? 404 : 200; r.end('a\\n' + (q.headers.authorization ?? '') + '\\n') }).listen(0, '127.0.0.1', () => console.log(s.address().port))"])
  try {
    const port = await new Promise<string>((resolve) => server.stdout.once('data', (chunk: Buffer) => resolve(String(chunk).trim())))
    expect(give(`{{ query('url', 'http://127.0.0.1:${port}/') }}`)).toEqual(['a', ''])
    expect(give(`{{ lookup('url', 'http://127.0.0.1:${port}/', split_lines=False, username='u', password='p') }}`)).toBe('a\nBasic dTpw\n')
    expect(() => give(`{{ lookup('url', 'http://127.0.0.1:${port}/no') }}`)).toThrow('answers 404')
  } finally {
    server.kill()
  }
  expect(() => give("{{ lookup('url', 'http://127.0.0.1:1/') }}")).toThrow('cannot be fetched')
})

test('filetree tells what lies below folders, folders before what is in them, each path once', () => {
  mkdirSync(join(folder, 'files/tree/etc'), { recursive: true })
  mkdirSync(join(folder, 'files/other/etc'), { recursive: true })
  writeFileSync(join(folder, 'files/tree/etc/app.conf'), 'x')
  writeFileSync(join(folder, 'files/other/etc/app.conf'), 'other')
  chmodSync(join(folder, 'files/tree/etc/app.conf'), 0o640)
  symlinkSync('etc/app.conf', join(folder, 'files/tree/link'))
  expect(give("{{ query('community.general.filetree', 'tree/', 'other') | map(attribute='path') }}")).toEqual(['etc', 'link', 'etc/app.conf'])
  expect(give("{{ query('filetree', 'tree') | map(attribute='state') }}")).toEqual(['directory', 'link', 'file'])
  expect(give("{{ (query('filetree', 'tree') | last).mode }} {{ (query('filetree', 'tree') | last).src }}")).toBe(`0640 ${join(folder, 'files/tree/etc/app.conf')}`)
  expect(give("{{ query('filetree', 'tree', exclude='conf$') | length }} {{ query('filetree', 'none') | length }}")).toBe('2 0')
})
