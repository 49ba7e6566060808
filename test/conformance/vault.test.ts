/** Files go to and fro between ansible-vault and `plonerun vault`. */
import { execFile } from 'node:child_process'
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { plonerun } from '../support/plonerun.ts'
import { ansibleTools } from './ansible-tools.ts'

const CONTENT = 'name: wert\nlong: "äöü €"\nlist:\n' + '- an item of some length\n'.repeat(200)

let programs: string
let folder: string
beforeAll(async () => {
  // The launcher builds when sources have changed, and says so once.
  await plonerun('--version')
  programs = await ansibleTools()
  folder = mkdtempSync(join(tmpdir(), 'plonerun-vault-'))
  for (const [name, text] of [['one', 'geheim\n'], ['two', 'andere\n'], ['plain.yml', CONTENT]] as const) writeFileSync(join(folder, name), text)
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

const at = (name: string): string => join(folder, name)
const ansible = async (program: string, ...args: readonly string[]): Promise<string> => (await promisify(execFile)(join(programs, program), args, { env: { ...process.env, LANG: 'C.UTF-8', ANSIBLE_NOCOLOR: '1' }, cwd: folder })).stdout

test.each([
  ['without an id', ['--vault-password-file', 'one'], ['--vault-password-file', 'two']],
  ['with an id', ['--vault-id', 'prod@one'], ['--vault-id', 'prod@two']],
])('a file %s, each way, and rekeyed', async (which, one, two) => {
  const [first, second] = [one, two].map(([option, value]) => [option!, value!.replace(/(?=one|two)/, `${folder}/`)]) as [string[], string[]]
  copyFileSync(at('plain.yml'), at('theirs.yml'))
  await ansible('ansible-vault', 'encrypt', ...first, 'theirs.yml')
  expect((await plonerun('vault', 'view', at('theirs.yml'), ...first)).output).toBe(CONTENT)
  const wrong = await plonerun('vault', 'view', at('theirs.yml'), ...second)
  expect([wrong.code, wrong.output.split('\n')[0]]).toEqual([1, which === 'with an id' ? "no vault password opens what was encrypted with the vault id 'prod'" : 'the vault password is wrong'])
  copyFileSync(at('plain.yml'), at('ours.yml'))
  expect((await plonerun('vault', 'encrypt', at('ours.yml'), ...first)).code).toBe(0)
  expect(await ansible('ansible-vault', 'view', ...first, 'ours.yml')).toBe(CONTENT)
  await ansible('ansible-vault', 'rekey', ...first, '--new-vault-password-file', 'two', 'ours.yml')
  expect((await plonerun('vault', 'decrypt', at('ours.yml'), '--vault-password-file', at('two'))).code).toBe(0)
  expect(readFileSync(at('ours.yml'), 'utf8')).toBe(CONTENT)
})

test('a text in a file of variables, each way', async () => {
  const theirs = await ansible('ansible-vault', 'encrypt_string', '--vault-password-file', 'one', '-n', 'key', 'wért')
  const ours = (await plonerun('vault', 'encrypt_string', '--vault-password-file', at('one'), '--name', 'other', 'zwei')).output
  writeFileSync(at('play.yml'), '- hosts: localhost\n  gather_facts: false\n  vars_files: [vars.yml]\n  tasks:\n    - copy: {content: "{{ key }} {{ other }}", dest: "{{ playbook_dir }}/said", mode: "0600"}\n')
  writeFileSync(at('vars.yml'), theirs + ours)
  expect((await plonerun('run', at('play.yml'), '--vault-password-file', at('one'))).code).toBe(0)
  expect(readFileSync(at('said'), 'utf8')).toBe('wért zwei')
  writeFileSync(at('said'), '')
  await ansible('ansible-playbook', 'play.yml', '--vault-password-file', 'one')
  expect(readFileSync(at('said'), 'utf8')).toBe('wért zwei')
})

test('the filters, each way', async () => {
  const theirs = await ansible('ansible', 'localhost', '-m', 'debug', '-a', JSON.stringify({ msg: "{{ 'wért' | vault('geheim', salt='12345678901234567890123456789012') }}" }))
  const { msg: sealed } = JSON.parse(theirs.slice(theirs.indexOf('{'))) as { msg: string }
  expect(JSON.parse((await plonerun('eval', "{{ 'wért' | vault('geheim', salt='12345678901234567890123456789012') == sealed }}", '-e', JSON.stringify({ sealed }))).output)).toBe(true)
  expect(JSON.parse((await plonerun('eval', "{{ sealed | unvault('geheim') == 'wért' }}", '-e', JSON.stringify({ sealed }))).output)).toBe(true)
})
