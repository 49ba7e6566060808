import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { setStage, type Stage } from '../../support/play.ts'

let stage: Stage
beforeEach(async () => {
  stage = await setStage(['h1'])
})
afterEach(() => stage.end())

/** Old style: the arguments are words, which a shell can read. */
const WORDS = `#!/bin/sh
. "$1"
if [ "$(cat "$path" 2>/dev/null)" = "$text" ]; then changed=false; else changed=true; printf '%s' "$text" >"$path"; fi
printf '{"changed": %s, "path": "%s", "check": "%s", "self": "%s"}\\n' "$changed" "$path" "$_ansible_module_name" "$0"
`

const call = (module: string, args: string, more = ''): string => `- hosts: h1\n  gather_facts: false\n  tasks:\n    - name: own\n      ${module}: ${args}\n      register: answer\n${more}`

test('a script beside the playbook gets k=v, changes, then changes nothing, and leaves nothing behind', async () => {
  stage.write({ 'library/keep.sh': WORDS })
  const before = readdirSync(tmpdir()).filter((name) => name.startsWith('tmp.'))
  const play = call('keep', `{path: "{{ out }}/x", text: "it's \\"two\\" $words"}`)
  const first = await stage.play(play)
  expect(first.status('own')).toBe('changed')
  expect(readFileSync(join(stage.out, 'x'), 'utf8')).toBe(`it's "two" $words`)
  expect(first.result('own')).toMatchObject({ changed: true, path: join(stage.out, 'x'), check: 'keep' })
  expect((await stage.play(play)).status('own')).toBe('ok')
  expect(readdirSync(tmpdir()).filter((name) => name.startsWith('tmp.'))).toEqual(before)
})

test('what lies beside a module and is none does not stand for it', async () => {
  stage.write({ 'library/keep.ini': '#!/bin/sh\necho "{}"\n', 'library/keep.sh': WORDS, 'library/keep.txt': 'how it works' })
  expect((await stage.play(call('keep', '{path: "{{ out }}/x", text: a}'))).status('own')).toBe('changed')
})

test('check mode does not run a script that knows nothing of it', async () => {
  stage.write({ 'library/keep.sh': WORDS })
  const played = await stage.play(call('keep', '{path: "{{ out }}/x", text: a}'), { check: true })
  expect(played.status('own')).toBe('unknown')
  expect(readdirSync(stage.out)).toEqual([])
  expect((await stage.play(call('keep', '{path: "{{ out }}/x", text: a}', '      check_mode: false\n'), { check: true })).status('own')).toBe('changed')
})

test('check mode runs one that asks for it', async () => {
  stage.write({ 'library/knows': `#!/bin/sh\n. "$1"\nprintf '{"changed": true, "check": "%s"}' "$_ansible_check_mode"\n` })
  expect((await stage.play(call('knows', '{}'), { check: true })).result('own')).toMatchObject({ changed: true, check: 'True' })
  expect((await stage.play(call('knows', '{}'))).result('own')).toMatchObject({ check: 'False' })
})

test('a script that says WANT_JSON gets JSON, and gives facts, which are data', async () => {
  stage.write({ 'roles/r/library/facts.sh': `#!/bin/sh\n# WANT_JSON\nprintf 'a word first\\n{"ansible_facts": {"given": %s, "braces": "{{ 1 + 1 }}"}}\\n' "$(cat "$1")"\n`, 'roles/r/tasks/main.yml': '- name: own\n  facts: {list: [1, two], flag: true, none: null}\n- name: shows\n  debug: {msg: "{{ given.list[1] }} {{ given.flag }} {{ braces }}"}\n' })
  const played = await stage.play('- hosts: h1\n  gather_facts: false\n  roles: [r]\n')
  expect(played.result('r : own')['ansible_facts']).toMatchObject({ given: { list: [1, 'two'], flag: true, none: null, _ansible_check_mode: false } })
  expect(played.result('r : shows')['msg']).toBe('two True {{ 1 + 1 }}')
})

test('what a role brings, tasks after it may use', async () => {
  stage.write({ 'roles/brings/library/mine': '#!/bin/sh\necho "changed=true msg=\\"from the role\\""\n', 'roles/brings/tasks/main.yml': '[]' })
  const played = await stage.play('- hosts: h1\n  gather_facts: false\n  roles: [brings]\n  tasks:\n    - name: own\n      mine:\n')
  expect(played.result('own')).toMatchObject({ changed: true, msg: 'from the role' })
})

test.each([
  ['fails', 'echo \'{"failed": true, "msg": "no luck"}\'; exit 3', 'no luck'],
  ['says nothing', 'echo oops >&2; exit 3', 'the module gave no answer that can be read: JSON is wanted, or words of the form k=v'],
])('a script that %s', async (_, text, msg) => {
  stage.write({ 'library/mine': `#!/bin/sh\n${text}\n` })
  const played = await stage.play(call('mine', '{}'))
  expect([played.status('own'), played.result('own')['msg']]).toEqual(['failed', msg])
})

test('one that needs PowerShell is named up front, and fails when its task is reached; one of our own goes before it', async () => {
  stage.write({ 'library/shell_of_power.ps1': '#!powershell\n', 'library/command.ps1': '#!powershell\n', 'library/debug.sh': '#!/bin/sh\necho \'{"msg": "mine"}\'\n' })
  const skipped = await stage.play(call('shell_of_power', '{}', '      when: false\n'))
  expect(skipped.status('own')).toBe('skipped')
  expect(skipped.events.find((event) => event.type === 'note')).toMatchObject({ message: "the module 'shell_of_power' cannot run: it needs a part of Ansible: tasks that reach it fail" })
  expect((await stage.play(call('shell_of_power', '{}'))).status('own')).toBe('failed')
  expect((await stage.play(call('command', 'echo hi'))).result('own')['stdout']).toBe('hi')
  expect((await stage.play(call('debug', '{msg: theirs}'))).result('own')['msg']).toBe('mine')
})

test('secrets reach the script, and no one else', async () => {
  stage.write({ 'library/mine': `#!/bin/sh\n. "$1"\ncat /proc/$$/cmdline /proc/$PPID/cmdline | tr '\\0' ' ' >"$to/seen"\nprintf %s "$word" >"$to/word"\necho '{"said": "'"$word"'"}'\n` })
  const played = await stage.play(call('mine', '{word: "{{ \'geheimes\' | unvault(\'\') }}", to: "{{ out }}"}'))
  expect(readFileSync(join(stage.out, 'word'), 'utf8')).toBe('geheimes')
  expect(readFileSync(join(stage.out, 'seen'), 'utf8')).not.toContain('geheimes')
  expect(played.result('own')['said']).toBe('********')
  rmSync(join(stage.out, 'word'))
})
