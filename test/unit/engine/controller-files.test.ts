/** Files of the controller: where they are looked for, and what becomes of what they hold. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { setStage, type Stage } from '../../support/play.ts'

let stage: Stage
beforeEach(async () => {
  stage = await setStage(['h1', 'h2'])
})
afterEach(() => stage.end())

test('what a local task names relatively starts beside the playbook', async () => {
  const played = await stage.play(`
- hosts: h1
  gather_facts: false
  tasks:
    - {name: here, local_action: command pwd}
    - {name: writes, delegate_to: localhost, copy: {content: x, dest: relative.txt}}
`)
  expect(played.result('here')).toMatchObject({ stdout: stage.folder })
  expect(existsSync(join(stage.folder, 'relative.txt'))).toBe(true)
})

test('what a file is to hold is not among the arguments that -vvv shows', async () => {
  const played = await stage.play('- {hosts: h1, gather_facts: false, tasks: [{name: writes, copy: {content: private words, dest: "{{ out }}/f"}}]}', { verbosity: 3 })
  expect(played.result('writes')['invocation']).toMatchObject({ module_args: { dest: `${stage.out}/f` } })
  expect(JSON.stringify(played.result('writes'))).not.toContain('private words')
})

test('a folder that is copied has what its vaults hold', async () => {
  stage.write({ 'files/tree/plain': 'plain', 'files/tree/locked': '$ANSIBLE_VAULT;1.1;AES256\n6162\n' })
  const played = await stage.play('- {hosts: h1, gather_facts: false, tasks: [{name: copies, copy: {src: tree/, dest: "{{ out }}/t"}}, {name: keeps, copy: {src: tree/, dest: "{{ out }}/k", decrypt: false}}]}', { decrypt: () => 'opened' })
  expect(played.status('copies')).toBe('changed')
  const locked = ['t', 'k'].map((folder) => readFileSync(join(stage.out, folder, 'locked'), 'utf8').slice(0, 14))
  expect(locked).toEqual(['opened', '$ANSIBLE_VAULT'])
})

test('first_found looks in the folder that is for its task, and nowhere beside', async () => {
  stage.write({
    'roles/r/tasks/main.yml': `
- include_tasks: "{{ lookup('first_found', ['debian.yml', 'default.yml']) }}"
- include_vars: "{{ item }}"
  with_first_found: ["{{ missing }}", "{{ missing }}.yml", {files: ["{{ missing }}.yml", debian.yml]}]
- {name: knows, debug: {msg: "{{ system }}"}}
`,
    'roles/r/tasks/default.yml': '- {name: right, debug: }',
    'roles/r/vars/debian.yml': 'system: debian',
    'roles/r/templates/default.yml': '',
  })
  const played = await stage.play('- {hosts: h1, gather_facts: false, roles: [r]}')
  expect(played.status('r : right')).toBe('ok')
  expect(played.result('r : knows')).toMatchObject({ msg: 'debian' })
})
