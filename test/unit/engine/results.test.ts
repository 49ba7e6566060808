import { afterEach, beforeEach, expect, test } from 'vitest'
import { setStage, type Stage } from '../../support/play.ts'

let stage: Stage
beforeEach(async () => {
  stage = await setStage(['h1', 'h2'])
})
afterEach(() => stage.end())

test('hostvars hold what is a host’s own, and nothing of what the play and its roles say', async () => {
  stage.write({ 'roles/r/defaults/main.yml': 'of_role: 1', 'roles/r/tasks/main.yml': '- debug:', 'group_vars/all.yml': 'sees: "{{ of_play | default(\'nothing\') }}"' })
  const played = await stage.play(`
- hosts: h1
  gather_facts: false
  vars: {of_play: 1}
  roles: [r]
  tasks:
    - set_fact: {of_fact: 1}
    - command: echo x
      register: of_register
    - name: names
      debug: {msg: "{{ ['of_play', 'of_role', 'of_fact', 'of_register', 'ansible_play_hosts', 'inventory_hostname', 'playbook_dir'] | select('in', hostvars.h1) }}"}
    - {name: sees, debug: {msg: "{{ hostvars.h1.sees }} {{ sees }}"}}
`)
  expect(played.result('names')['msg']).toEqual(['of_fact', 'of_register', 'inventory_hostname', 'playbook_dir'])
  expect(played.result('sees')['msg']).toBe('nothing 1')
})

test('a step that fails leaves what it printed, with its lines, also where that is nothing', async () => {
  const played = await stage.play(`
- hosts: h1
  gather_facts: false
  tasks:
    - {name: fails, file: {path: "{{ out }}/none/x", state: touch}, ignore_errors: true}
`)
  const result = played.result('fails')
  expect(result).toMatchObject({ stdout: '', stdout_lines: [] })
  expect(result['stderr_lines']).toEqual([result['stderr']])
})

test('a rescue sees the failed task as it was: its name and arguments evaluated, what only the task knew as written', async () => {
  const played = await stage.play(`
- hosts: h1
  gather_facts: false
  vars: {what: it}
  tasks:
    - block:
        - name: "fails at {{ what }}"
          command: "false {{ what }} {{ item }}"
          tags: [one, two]
          loop: [1]
      rescue:
        - {name: sees, debug: {msg: "{{ ansible_failed_task.name }}, {{ ansible_failed_task.action }}, {{ ansible_failed_task.tags }}, {{ ansible_failed_task.args }}"}}
`)
  expect(played.result('sees')['msg']).toBe("fails at it, command, ['one', 'two'], {'_raw_params': 'false {{ what }} {{ item }}'}")
})

test('a failure that an outer block rescues counts as rescued', async () => {
  const played = await stage.play(`
- hosts: h1
  gather_facts: false
  tasks:
    - block:
        - block:
            - {name: inner, fail: }
          always: [{debug: }]
      rescue: [{debug: }]
    - block:
        - block:
            - fail:
          rescue:
            - {name: in rescue, fail: }
          always: [{debug: }]
      rescue: [{debug: }]
`)
  expect([played.status('inner'), played.status('in rescue')]).toEqual(['rescued', 'rescued'])
  expect(played.ended.hosts[0]).toMatchObject({ rescued: 3, failed: 0 })
})

test('the recap counts changes of what failed and was ignored, each file of an include, and no meta that was skipped', async () => {
  stage.write({ 'sub.yml': '- debug:' })
  const played = await stage.play(`
- hosts: h1
  gather_facts: false
  tasks:
    - {command: "false", ignore_errors: true}
    - {meta: end_play, when: false}
    - {include_tasks: sub.yml, loop: [1, 2, 3], when: item != 2}
`)
  expect(played.ended.hosts[0]).toMatchObject({ ok: 5, changed: 1, skipped: 0, ignored: 1 })
})

test('what ends a play or a batch asks the first host only', async () => {
  const played = await stage.play(`
- hosts: all
  gather_facts: false
  tasks:
    - {meta: end_play, when: inventory_hostname == 'h2'}
    - {name: goes on, debug: }
    - {meta: end_play, when: inventory_hostname == 'h1'}
    - {name: never, debug: }
`)
  expect(played.order).toEqual(['h1 meta: skipped', 'h1 goes on: ok', 'h2 goes on: ok'])
})

test('ansible_play_hosts has the hosts as the inventory has them, whatever the order of the play', async () => {
  const played = await stage.play(`
- hosts: all
  order: reverse_inventory
  gather_facts: false
  tasks: [{name: says, debug: {msg: "{{ ansible_play_hosts }} {{ ansible_play_hosts_all }} {{ ansible_play_batch }}"}}]
`)
  expect(played.result('says')['msg']).toBe("['h1', 'h2'] ['h1', 'h2'] ['h2', 'h1']")
})

test('a loop tells whether it was skipped, and has failed only where it ran', async () => {
  const played = await stage.play(`
- hosts: h1
  gather_facts: false
  tasks:
    - {name: some, debug: , loop: [1, 2], when: item == 1}
    - {name: none, debug: , loop: [1, 2], when: false}
`)
  expect(played.result('some')).toMatchObject({ skipped: false, failed: false })
  expect(played.result('none')).toMatchObject({ skipped: true })
  expect(played.result('none')).not.toHaveProperty('failed')
})

test('tries that are used up leave a failed result, also where failed_when lets the task pass', async () => {
  const played = await stage.play(`
- hosts: h1
  gather_facts: false
  tasks:
    - {name: tries, command: "true", until: false, retries: 1, delay: 0, failed_when: false}
`)
  expect(played.status('tries')).toBe('changed')
  expect(played.result('tries')).toMatchObject({ attempts: 1, failed: true })
})

test('debug prints None where it is given', async () => {
  const played = await stage.play('- {hosts: h1, gather_facts: false, tasks: [{name: says, debug: {msg: "{{ None }}"}}]}')
  expect(played.result('says')).toMatchObject({ msg: null })
})

test('with_subelements gives each item without the list that its elements come from', async () => {
  const played = await stage.play(`
- hosts: h1
  gather_facts: false
  tasks:
    - name: says
      debug: {msg: "{{ item }}"}
      with_subelements: [[{name: a, of: {keys: [1], other: 2}}], of.keys]
`)
  expect(played.result('says')['results']).toMatchObject([{ msg: [{ name: 'a', of: { other: 2 } }, 1] }])
})

test('a change that fails says why, not what the module says of it when it went well', async () => {
  const played = await stage.play(`
- hosts: h1
  gather_facts: false
  tasks:
    - copy: {dest: "{{ out }}/file", content: "a\\n"}
    - {name: edits, lineinfile: {path: "{{ out }}/file", line: b, validate: "false %s"}, ignore_errors: true}
    - {name: misses, lineinfile: {path: "{{ out }}/none", line: b}, ignore_errors: true}
`)
  expect(played.result('edits')['msg']).toContain('failed to validate')
  expect(played.result('misses')).toMatchObject({ rc: 257 })
})

test('a task that is polled for has a job that has ended', async () => {
  const played = await stage.play('- {hosts: h1, gather_facts: false, tasks: [{name: polled, command: echo x, async: 10, poll: 1}]}')
  expect(played.result('polled')).toMatchObject({ started: true, finished: true, ansible_job_id: expect.stringMatching(/^j/) as string, stdout: 'x' })
})

test('a program or a folder that is not there has changed nothing', async () => {
  const played = await stage.play('- {hosts: h1, gather_facts: false, tasks: [{name: runs, command: nosuchprogram, ignore_errors: true}, {name: nowhere, shell: ls, args: {chdir: /none}, ignore_errors: true}]}')
  expect(played.result('nowhere')).toMatchObject({ changed: false, rc: 126 })
  expect(played.result('runs')).toMatchObject({ changed: false, rc: 2 })
  expect(played.ended.hosts[0]).toMatchObject({ changed: 0 })
})

test('omit is nothing in a text, and a message of mandatory is told', async () => {
  const played = await stage.play(`
- hosts: h1
  gather_facts: false
  tasks:
    - {name: joins, debug: {msg: "a{{ nope | default(omit) }}b"}}
    - {name: needs, debug: {msg: "{{ nope | mandatory(msg='say who') }}"}, ignore_errors: true}
`)
  expect(played.result('joins')['msg']).toBe('ab')
  expect(played.result('needs')['msg']).toContain('say who')
})

test('what an include with run_once brings is for the first host', async () => {
  stage.write({ 'sub.yml': '- {name: brought, debug: }' })
  const played = await stage.play(`
- hosts: all
  gather_facts: false
  tasks:
    - {include_tasks: sub.yml, run_once: true}
    - {name: behind, debug: }
`)
  expect(played.order.slice(1)).toEqual(['h1 brought: ok', 'h1 behind: ok', 'h2 behind: ok'])
})

test('a host that has left by end_host is no longer among those of the play, until the next', async () => {
  const says = '{name: says, debug: {msg: "{{ ansible_play_hosts }} {{ ansible_play_batch }} {{ ansible_play_hosts_all }}"}}'
  const played = await stage.play(`
- {hosts: all, gather_facts: false, tasks: [{meta: end_host, when: inventory_hostname == 'h2'}, ${says}]}
- {hosts: all, gather_facts: false, tasks: [${says.replace('says', 'next')}]}
`)
  expect(played.result('says')['msg']).toBe("['h1'] ['h1'] ['h1', 'h2']")
  expect(played.result('next')['msg']).toBe("['h1', 'h2'] ['h1', 'h2'] ['h1', 'h2']")
})

test('a failure with run_once is one of all hosts, where they stand, also with any_errors_fatal', async () => {
  const played = await stage.play(`
- hosts: all
  gather_facts: false
  any_errors_fatal: true
  tasks:
    - block: [{name: fails, fail: , run_once: true}]
      always: [{name: cleans up, debug: }]
`)
  expect(played.order).toEqual(['h1 fails: failed', 'h1 cleans up: ok', 'h2 cleans up: ok'])
})

test('the parents of a role are those that include it, not those that depend on it', async () => {
  stage.write({
    'roles/outer/tasks/main.yml': '- include_role: {name: inner}',
    'roles/inner/meta/main.yml': 'dependencies: [{role: needed}]',
    'roles/inner/tasks/main.yml': '- {name: inner, debug: {msg: "{{ ansible_parent_role_names }}"}}',
    'roles/needed/tasks/main.yml': '- {name: needed, debug: {msg: "{{ ansible_parent_role_names | default(\'none\') }}"}}',
  })
  const included = await stage.play('- {hosts: h1, gather_facts: false, roles: [outer]}')
  expect([included.result('inner : inner')['msg'], included.result('needed : needed')['msg']]).toEqual([['outer'], ['outer']])
  const used = await stage.play('- {hosts: h1, gather_facts: false, roles: [needed], tasks: [{import_role: {name: inner}}]}')
  expect(used.result('needed : needed')['msg']).toBe('none')
})

test('a prompt that nobody can answer gives None', async () => {
  const played = await stage.play('- {hosts: h1, gather_facts: false, vars_prompt: [{name: who}], tasks: [{name: says, debug: {msg: "{{ who is none }}"}}]}')
  expect(played.result('says')['msg']).toBe(true)
})
