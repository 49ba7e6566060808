import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { setStage, type Stage } from '../../support/play.ts'

let stage: Stage
beforeEach(async () => {
  stage = await setStage(['h1', 'h2'])
})
afterEach(() => stage.end())

test('hosts: groups, what other plays have found out, facts of a host, and variables of files and roles', async () => {
  stage.write({ 'more.yml': 'from_file: h2', 'roles/r/defaults/main.yml': 'from_role: h1', 'roles/r/tasks/main.yml': '[]' })
  const played = await stage.play(`
- hosts: h1
  tasks:
    - set_fact: {next: h2}
- {hosts: "{{ groups['group'] | last }}", gather_facts: false, tasks: [{name: of a group, debug: {}}]}
- {hosts: "{{ hostvars['h1'].next }}", gather_facts: false, tasks: [{name: of a host, debug: {}}]}
- {hosts: "{{ 'h2' if hostvars['h1'].ansible_system == 'Linux' else 'h1' }}", gather_facts: false, tasks: [{name: of a fact, debug: {}}]}
- {hosts: "{{ from_file }}", gather_facts: false, vars_files: [more.yml], tasks: [{name: of a file, debug: {}}]}
- {hosts: "{{ from_role }}", gather_facts: false, roles: [r], tasks: [{name: of a role, debug: {}}]}
- {hosts: all, serial: "{{ groups['group'] | length }}", name: "both of {{ groups['group'] | join('+') }}", gather_facts: false, tasks: [{name: of both, debug: {}}]}
`)
  expect(played.order.slice(1)).toEqual(['h2 of a group: ok', 'h2 of a host: ok', 'h2 of a fact: ok', 'h2 of a file: ok', 'h1 of a role: ok', 'h1 of both: ok', 'h2 of both: ok'])
  expect(played.events.filter((event) => event.type === 'play-started').at(-1)).toMatchObject({ name: 'both of h1+h2', hosts: ['h1', 'h2'] })
})

test('a keyword that is omitted is what the block or play around it says', async () => {
  const played = await stage.play(`
- hosts: h1
  gather_facts: false
  ignore_errors: true
  tasks:
    - check_mode: true
      block:
        - {name: of the block, copy: {dest: "{{ out }}/not", content: x}, check_mode: "{{ omit }}"}
        - block:
            - {name: of the outer block, copy: {dest: "{{ out }}/nor this", content: x}, check_mode: "{{ omit }}"}
          check_mode: "{{ omit }}"
        - {name: of its own, copy: {dest: "{{ out }}/made", content: x}, check_mode: "{{ false }}"}
    - {name: of nobody, copy: {dest: "{{ out }}/too", content: x}, check_mode: "{{ omit }}", timeout: "{{ omit }}", throttle: "{{ omit }}"}
    - {name: of the play, fail: {}, ignore_errors: "{{ omit }}"}
`)
  expect(played.status('of the play')).toBe('ignored')
  expect(['not', 'nor this', 'made', 'too'].map((name) => existsSync(join(stage.out, name)))).toEqual([false, false, true, true])
})

test('--step asks before each task, for all hosts at once; nothing runs that was not wanted', async () => {
  const asked: string[] = []
  const answers = ['y', 'n', '', 'c']
  const ask = (prompt: string): Promise<string> => Promise.resolve(answers[asked.push(prompt) - 1]!)
  const played = await stage.play(`
- hosts: all
  gather_facts: false
  tasks:
    - {name: wanted, copy: {dest: "{{ out }}/{{ inventory_hostname }}", content: x}}
    - {name: unwanted, copy: {dest: "{{ out }}/unwanted", content: x}}
    - {name: no answer, copy: {dest: "{{ out }}/unanswered", content: x}}
    - {name: from here on, debug: {}}
    - {name: all, debug: {}}
`, { step: true, ask })
  expect(asked).toEqual(['wanted', 'unwanted', 'no answer', 'from here on'].map((name) => `Perform task: ${name} (N)o/(y)es/(c)ontinue: `))
  expect([...played.order].sort()).toEqual(['all: ok', 'from here on: ok', 'wanted: changed'].flatMap((line) => [`h1 ${line}`, `h2 ${line}`]).sort())
  expect(['h1', 'unwanted', 'unanswered'].map((name) => existsSync(join(stage.out, name)))).toEqual([true, false, false])
})

test('--step without anyone to ask is an error, and nothing runs', async () => {
  await expect(stage.play('- hosts: h1\n  gather_facts: false\n  tasks: [{copy: {dest: "{{ out }}/x", content: x}}]\n', { step: true })).rejects.toThrow('--step asks before each task, and there is no terminal to ask at')
  expect(existsSync(join(stage.out, 'x'))).toBe(false)
})

test('hash_behaviour = merge lays dicts of one name over each other, and include_vars does when it is asked to', async () => {
  stage.write({ 'roles/r/defaults/main.yml': 'conf: {role: 1, deep: {a: 1, b: [1]}}', 'roles/r/tasks/main.yml': '- name: shows\n  debug: {msg: "{{ conf }} {{ plain }}"}\n', 'group_vars/all.yml': 'conf: {group: 1, deep: {a: 2}}\nplain: {hidden: 1}\n', 'more.yml': 'conf: {more: 1}' })
  const playbook = `
- {hosts: h1, gather_facts: false, vars: {conf: {play: 1, deep: {b: [2]}}, plain: text}, roles: [r]}
- hosts: h1
  gather_facts: false
  tasks:
    - include_vars: {file: more.yml, hash_behaviour: merge}
    - {name: included, debug: {msg: "{{ conf }}"}}
`
  const merged = await stage.play(playbook, { defaults: { mergeHashes: true } })
  expect(merged.result('r : shows')['msg']).toBe("{'role': 1, 'deep': {'a': 2, 'b': [2]}, 'group': 1, 'play': 1} text")
  const replaced = await stage.play(playbook)
  expect(replaced.result('r : shows')['msg']).toBe("{'play': 1, 'deep': {'b': [2]}} text")
  expect(replaced.result('included')['msg']).toEqual({ group: 1, deep: { a: 2 }, more: 1 })
})

test('what a module asks with a command sees the environment of the task', async () => {
  stage.write({ 'bin/git': '#!/bin/sh\necho "$WHERE" >>"$SEEN"\nexit 1\n' })
  const seen = join(stage.folder, 'seen')
  await stage.play(`
- hosts: h1
  gather_facts: false
  tasks:
    - file: {path: "{{ playbook_dir }}/bin/git", mode: "0755"}
    - {name: asks, git: {repo: "https://example.invalid/x.git", dest: "{{ out }}/x"}, ignore_errors: true, environment: {WHERE: behind a proxy, SEEN: "${seen}", PATH: "{{ playbook_dir }}/bin:/usr/bin:/bin"}}
`)
  expect(readFileSync(seen, 'utf8')).toMatch(/^behind a proxy\n/)
})

test('module_defaults of the module that service and package stand for hold for them, below what is said for themselves', async () => {
  const played = await stage.play(`
- hosts: h1
  module_defaults:
    apt: {name: bash, state: absent}
    ansible.builtin.package: {state: present}
    dnf: {name: nosuch}
  tasks:
    - {name: by fact, package: }
    - {name: by name, package: {use: ansible.builtin.apt, name: dash}}
`, { check: true })
  expect(played.order).toEqual(['h1 by fact: ok', 'h1 by name: ok'])
})

test('a handler that is not there fails the task that notifies it, or is a warning where the settings say so', async () => {
  const playbook = '- {hosts: h1, gather_facts: false, tasks: [{name: notifies, command: "true", notify: restrat}], handlers: [{name: restart, debug: }]}'
  const missing = "The requested handler 'restrat' was not found in either the main handlers list nor in the listening handlers list"
  const failed = await stage.play(playbook)
  expect(failed.events.find((event) => event.type === 'task-ended')).toMatchObject({ status: 'failed', error: { message: missing, hint: "Did you mean 'restart'?" } })
  const warned = await stage.play(playbook, { defaults: { missingHandlers: true } })
  expect(warned.status('notifies')).toBe('changed')
  expect(warned.events.find((event) => event.type === 'note')).toMatchObject({ level: 'warning', message: missing })
})

test('pause without anyone to answer goes on, with a warning', async () => {
  const played = await stage.play('- {hosts: h1, gather_facts: false, tasks: [{name: waits, pause: }]}')
  expect(played.status('waits')).toBe('ok')
  expect(played.events.find((event) => event.type === 'note')).toMatchObject({ level: 'warning', message: 'Not waiting for response to prompt as stdin is not interactive' })
})

test('a template may give serial a list, or omit it', async () => {
  const batches = async (serial: string): Promise<readonly string[]> => {
    const played = await stage.play(`
- hosts: all
  gather_facts: false
  serial: "{{ ${serial} }}"
  tasks:
    - {name: one, debug: }
    - {name: two, debug: }
`)
    return played.order.map((line) => line.replace(/^h(\d) (\w+): ok$/, '$1 $2'))
  }
  expect(await batches('[1, 1]')).toEqual(['1 one', '1 two', '2 one', '2 two'])
  expect(await batches('nothing | default(omit)')).toEqual(['1 one', '2 one', '1 two', '2 two'])
})
