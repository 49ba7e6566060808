import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { renderError } from '../../../src/errors/excerpt.ts'
import { PlonerunError } from '../../../src/errors/plonerun-error.ts'

const folder = mkdtempSync(join(tmpdir(), 'plonerun-excerpt-'))
afterAll(() => rmSync(folder, { recursive: true }))

function file(name: string, text: string): string {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

test('what, where, the lines around it, why and hint', () => {
  const playbook = file('site.yml', '- hosts: all\n  tasks:\n    - name: one\n      becoem: yes\n      ping:\n    - debug:\n    - debug:\n')
  const error = new PlonerunError("'becoem' is not a valid attribute for a Task", { where: { file: playbook, line: 4, column: 7 }, why: 'it is misspelt', hint: "did you mean 'become'?" })
  expect(renderError(error, { from: folder })).toMatchInlineSnapshot(`
    "'becoem' is not a valid attribute for a Task
    site.yml:4:7
    2 |   tasks:
    3 |     - name: one
    4 |       becoem: yes
      |       ^
    5 |       ping:
    6 |     - debug:
    why: it is misspelt
    hint: did you mean 'become'?"
  `)
})

test('the first and the last line of a file', () => {
  const short = file('short.yml', 'only\n')
  expect(renderError(new PlonerunError('no', { where: { file: short, line: 1, column: 3 } }), { from: folder })).toBe('no\nshort.yml:1:3\n1 | only\n  |   ^')
})

test('a long line is cut so that its place is in sight', () => {
  const long = file('long.yml', `${'a'.repeat(150)}HERE${'b'.repeat(150)}\n${'c'.repeat(200)}\n`)
  const text = renderError(new PlonerunError('no', { where: { file: long, line: 1, column: 151 } }), { from: folder, width: 44 })
  expect(text).toMatchInlineSnapshot(`
    "no
    long.yml:1:151
    1 | …aaaaaaaaaaaaaaaaaaHEREbbbbbbbbbbbbbbbb…
      |                    ^
    2 | ccccccccccccccccccccccccccccccccccccccc…"
  `)
  const [, , line, mark] = text.split('\n')
  expect(line!.indexOf('HERE')).toBe(mark!.indexOf('^'))
})

test('no lines of an encrypted file, nor of one that is gone', () => {
  const vault = file('vault.yml', '$ANSIBLE_VAULT;1.1;AES256\n3132\n')
  expect(renderError(new PlonerunError('no', { where: { file: vault, line: 1, column: 1 } }), { from: folder })).toBe('no\nvault.yml:1:1')
  expect(renderError(new PlonerunError('no', { where: { file: join(folder, 'gone'), line: 1, column: 1 } }), { from: folder })).toBe('no\ngone:1:1')
})

test('without a place', () => {
  expect(renderError(new PlonerunError('no', { hint: 'yes' }), { bad: (text) => `<${text}>` })).toBe('<no>\nhint: yes')
})
