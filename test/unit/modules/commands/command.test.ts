import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { command } from '../../../../src/modules/commands/command.ts'
import { shell } from '../../../../src/modules/commands/shell.ts'
import type { Module } from '../../../../src/modules/contract/module.ts'
import type { Plain } from '../../../../src/values/value.ts'
import { drive, inputOf, localRemote, planWith } from '../../../support/drive.ts'

let dir: string
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'plonerun-command-'))
  writeFileSync(join(dir, 'there'), '')
  mkdirSync(join(dir, 'a b'))
})
afterAll(() => rmSync(dir, { recursive: true }))

const run = (module: Module, args: Readonly<Record<string, Plain>>): Readonly<Record<string, Plain>> => drive(localRemote, module, args).result

it.each<[string, Module, Record<string, Plain>, Record<string, Plain>]>([
  ['words', command, { cmd: `printf '%s|' "a b" 'c;d' '*'` }, { stdout: 'a b|c;d|*|', rc: 0, cmd: ['printf', '%s|', 'a b', 'c;d', '*'] }],
  ['a list of words', command, { argv: ['printf', '%s|', 'a b', ''] }, { stdout: 'a b||' }],
  ['home and variables are expanded', command, { cmd: 'printf %s,%s,%s,%s ~ $HOME ${HOME}x $NO_SUCH_NAME' }, { stdout: `${homedir()},${homedir()},${homedir()}x,$NO_SUCH_NAME` }],
  ['they are not when that is switched off', command, { cmd: 'printf %s,%s ~ $HOME', expand_argument_vars: false }, { stdout: '~,$HOME' }],
  ['no shell', command, { cmd: 'echo a | cat; b > c' }, { stdout: 'a | cat; b > c' }],
  ['stdin ends in a newline', command, { cmd: 'cat', stdin: 'text', strip_empty_ends: false }, { stdout: 'text\n' }],
  ['stdin as it is', command, { cmd: 'cat', stdin: 'text', stdin_add_newline: false, strip_empty_ends: false }, { stdout: 'text' }],
  ['newlines at the end go, others stay', command, { cmd: `printf 'a\\n\\nb\\n\\n'` }, { stdout: 'a\n\nb' }],
  ['a failure', command, { cmd: 'sh -c "echo out; echo err >&2; exit 3"' }, { rc: 3, stdout: 'out', stderr: 'err', msg: 'non-zero return code' }],
  ['a shell text', shell, { cmd: 'echo $((1+1)) | cat; false || echo b' }, { stdout: '2\nb', cmd: 'echo $((1+1)) | cat; false || echo b' }],
  ['another shell', shell, { cmd: 'echo ${BASH_VERSION:+bash}', executable: '/bin/bash' }, { stdout: 'bash' }],
])('%s', (_, module, args, expected) => expect(run(module, args)).toMatchObject(expected))

it('folders and guards that are empty texts are as if they were not given', () => {
  expect(run(command, { cmd: 'pwd', chdir: '', creates: '', removes: '' })['stdout']).toMatch(/^\//)
})

it('runs in a folder, also one that the host has to expand', () => {
  expect(run(command, { cmd: 'pwd', chdir: dir })).toMatchObject({ stdout: dir })
  expect(run(command, { cmd: 'pwd', chdir: '~' })).toMatchObject({ stdout: homedir() })
  expect(run(shell, { cmd: 'pwd', chdir: `${dir}/a b` })).toMatchObject({ stdout: `${dir}/a b` })
  expect(run(shell, { cmd: 'pwd', chdir: `${dir}/nowhere` })['rc']).not.toBe(0)
})

it.each<[Record<string, Plain>, string | undefined]>([
  [{ creates: 'there' }, 'since there exists'],
  [{ creates: 'th*re' }, 'since th*re exists'],
  [{ creates: 'a b' }, 'since a b exists'],
  [{ creates: 'a*b/[x]' }, undefined],
  [{ creates: 'missing' }, undefined],
  [{ removes: 'there' }, undefined],
  [{ removes: '[st]here' }, undefined],
  [{ removes: 'missing' }, 'since missing does not exist'],
  [{ creates: '$(touch made)*' }, undefined],
])('%j in a folder', (guard, reason) => {
  const { plan, result } = drive(localRemote, command, { cmd: 'true', chdir: dir, ...guard }, { check: true })
  expect(plan.note).toBe(reason && `skipped, ${reason}`)
  expect(plan.changes).toHaveLength(reason === undefined ? 1 : 0)
  if (reason !== undefined) expect(result).toMatchObject({ rc: 0, stdout: `skipped, ${reason}`, msg: `Did not run command ${reason.replace(/^since (.*?) (exists|does)/, "since '$1' $2")}` })
})

it('tells when it began and ended as Ansible does', () => {
  const result = run(command, { cmd: 'true' })
  expect(result['start']).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6}$/)
  expect(result['delta']).toMatch(/^0:00:0\d\.\d{6}$/)
})

it('is an effect of which nobody knows what it leaves', () => {
  const [change] = planWith(command, { cmd: 'a\nb' }, {}).changes
  expect(change).toMatchObject({ summary: 'run a b', writes: ['anything'], leaves: [{ kind: 'anything' }] })
  expect(planWith(shell, { cmd: `${'x'.repeat(200)}\nsecond` }, {}).changes[0]!.summary).toBe(`run ${'x'.repeat(119)}…`)
})

it('refuses nothing to run, and two things', () => {
  expect(() => planWith(command, { cmd: ' ' }, {})).toThrow('no command given')
  expect(() => planWith(shell, {}, {})).toThrow('no command given')
  expect(() => inputOf(command, { cmd: 'a', argv: ['b'] })).toThrow(/parameters are mutually exclusive: cmd\|argv/)
  expect(() => inputOf(command, { cmd: 'a', chidr: '/' })).toThrow(/Unsupported parameters for \(command\) module: chidr/)
})
