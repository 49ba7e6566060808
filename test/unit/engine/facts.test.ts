import { chmodSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { setStage, type Stage } from '../../support/play.ts'

let stage: Stage

beforeAll(async () => {
  stage = await setStage(['h1', 'h2'])
})

afterAll(() => stage.end())

test('an action that evaluates by itself gets the facts it asks for', async () => {
  const played = await stage.play(`
- hosts: h1
  tasks:
    - name: show
      debug: {var: ansible_facts.kernel}
    - name: check
      assert: {that: ansible_facts.system == 'Linux'}
`)
  expect(played.result('show')['ansible_facts.kernel']).toBeTypeOf('string')
  expect(played.status('check')).toBe('ok')
})

test('facts of another host are asked of it, when a play has had them gathered', async () => {
  const played = await stage.play(`
- hosts: h1
  tasks:
    - name: before
      debug: {msg: "{{ hostvars['h2'].ansible_kernel | default('none') }} {{ hostvars['h2'].ansible_facts.system | default('none') }}"}
- hosts: all
  tasks:
    - name: beside
      debug: {msg: "{{ hostvars['h2'].ansible_kernel }} {{ hostvars['h2'].ansible_facts.system }}"}
      when: inventory_hostname == 'h1'
`)
  expect(played.result('before')['msg']).toBe('none none')
  expect(played.result('beside')['msg']).toMatch(/^\d\S* Linux$/)
})

test('facts that a play has had gathered last, although nobody used them there', async () => {
  const played = await stage.play(`
- hosts: h2
- hosts: h1
  gather_facts: false
  tasks:
    - name: later
      debug: {msg: "{{ hostvars['h2'].ansible_system }} {{ ansible_system | default('none') }}"}
- hosts: h2
  gather_facts: false
  tasks:
    - meta: clear_facts
    - name: cleared
      debug: {msg: "{{ ansible_system | default('none') }}"}
`)
  expect(played.result('later')['msg']).toBe('Linux none')
  expect(played.result('cleared', 'h2')['msg']).toBe('none')
})

test('a later play gathers anew what has changed since', async () => {
  const played = await stage.play(`
- hosts: h1
  environment: {SEEN: first}
  tasks:
    - {name: before, debug: {msg: "{{ ansible_env.SEEN }}"}}
- hosts: h1
  environment: {SEEN: second}
  tasks:
    - {name: after, debug: {msg: "{{ ansible_env.SEEN }}"}}
`)
  expect([played.result('before')['msg'], played.result('after')['msg']]).toEqual(['first', 'second'])
})

test('hostvars and vars can be printed whole', async () => {
  const played = await stage.play(`
- hosts: h1
  gather_facts: false
  tasks:
    - name: show
      debug: {msg: "{{ hostvars | length }} {{ hostvars.h2.inventory_hostname }} {{ (hostvars | string) is search('inventory_hostname') }} {{ (vars | string) is search('playbook_dir') }}"}
`)
  expect(played.result('show')['msg']).toBe('2 h2 True True')
})

test("a host's own facts are where the play, setup or module_defaults say, and say what is wrong with them", async () => {
  stage.write({ 'own/good.fact': '{"word": "yes"}', 'own/script.fact': '#!/bin/sh\necho "{}"\necho oh dear >&2\nexit 3\n', 'own/bad.fact': 'nonsense', 'other/else.fact': '[a]\nb = c\n' })
  chmodSync(join(stage.folder, 'own/script.fact'), 0o755)
  symlinkSync('/nowhere', join(stage.folder, 'own/gone.fact'))
  const own = join(stage.folder, 'own')
  const played = await stage.play(`
- hosts: h1
  fact_path: ${own}
  tasks:
    - {name: of the play, debug: {msg: "{{ ansible_local }}"}}
    - {name: asks, setup: {fact_path: "{{ playbook_dir }}/other", filter: ansible_local}}
    - {name: of setup, debug: {msg: "{{ ansible_local }}"}}
- hosts: h1
  module_defaults: {setup: {fact_path: "{{ playbook_dir }}/other"}}
  tasks:
    - {name: of the defaults, debug: {msg: "{{ ansible_local }}"}}
- hosts: h2
  tasks:
    - {setup: {fact_path: "{{ playbook_dir }}/other", filter: ansible_local}}
    - {name: first asked by setup, debug: {msg: "{{ ansible_local }}"}}
`)
  expect(played.result('of the play')['msg']).toEqual({
    good: { word: 'yes' },
    script: `Failure executing fact script (${own}/script.fact), rc: 3, err: oh dear\n`,
    bad: `error loading facts as JSON or ini - please check content: ${own}/bad.fact`,
    gone: `Could not stat fact (${own}/gone.fact)`,
  })
  const other = { else: { a: { b: 'c' } } }
  expect(['asks', 'of setup', 'of the defaults'].map((task) => played.result(task)['msg'])).toEqual([undefined, other, other])
  expect(played.result('first asked by setup', 'h2')['msg']).toEqual(other)
})

test('what is wrong with files of facts, and subsets that do not exist', async () => {
  stage.write({ 'wrong/bad.fact': 'nonsense', 'wrong/text.fact': '"a text"' })
  const bad = `error loading facts as JSON or ini - please check content: ${join(stage.folder, 'wrong/bad.fact')}`
  const played = await stage.play(`
- hosts: h1
  gather_subset: [min, '!nobody']
  tasks:
    - {name: warns, setup: {fact_path: "{{ playbook_dir }}/wrong", filter: 'ansible_[lx]oc*', gather_subset: ['!all', '!nobody', local]}}
    - {name: subset, setup: {filter: gather_*, gather_subset: [network]}}
    - {name: fails, setup: {gather_subset: [nonsense]}, ignore_errors: true}
`)
  expect(played.result('warns')).toMatchObject({ ansible_facts: { ansible_local: { bad, text: 'a text' } }, warnings: [bad] })
  expect(played.result('subset')['ansible_facts']).toEqual({ gather_subset: ['network'] })
  expect(played.result('fails')['msg']).toMatch(/^Bad subset 'nonsense' given to Ansible. gather_subset options allowed: all, all_ipv4_addresses, /)
  await expect(stage.play('- hosts: h1\n  gather_subset: [nonsense]\n')).rejects.toThrow("Bad subset 'nonsense'")
})

test('the Python that is there has a variable of its own', async () => {
  const played = await stage.play(`
- hosts: h1
  tasks:
    - {name: show, debug: {msg: "{{ discovered_interpreter_python == ansible_facts.python.executable }} {{ ansible_facts.discovered_interpreter_python }}"}}
`)
  expect(played.result('show')['msg']).toMatch(/^True \/\S+python\S*$/)
})

test('the Python that a setting names goes before those that are looked for, and behind the inventory', async () => {
  const python = join(stage.folder, 'python')
  stage.write({ python: '#!/bin/sh\nexec python3 "$@"\n' })
  chmodSync(python, 0o755)
  const played = await stage.play(`
- hosts: h1
  tasks:
    - {name: gathered, debug: {msg: "{{ ansible_python.executable }}"}}
    - {name: asked, setup: {filter: ansible_python}}
- hosts: h2
  vars: {ansible_python_interpreter: ${python}}
  tasks:
    - {name: named, debug: {msg: "{{ ansible_python.executable }}"}}
`, { defaults: { interpreterPython: python } })
  expect([played.result('gathered')['msg'], played.result('named', 'h2')['msg']]).toEqual([python, python])
  expect(played.result('asked')).toMatchObject({ ansible_facts: { ansible_python: { executable: python } } })
})

test('facts that only keywords of what comes after a task ask for are gathered before it', async () => {
  const late = async (keywords: string, more = ''): Promise<string | undefined> => {
    const played = await stage.play(`
- hosts: h1
  vars: {system: "{{ ansible_facts['system'] }}"}
  tasks:
    - name: late
      command: echo changed
      ${keywords}
${more}
`)
    return played.status('late')
  }
  expect(await late("changed_when: ansible_system == 'Plan 9'")).toBe('ok')
  expect(await late('failed_when: ansible_facts.system == "Linux"')).toBe('failed')
  expect(await late('failed_when: system == "Linux"')).toBe('failed')
  expect(await late('until: ansible_facts["system"] == "Linux"')).toBe('changed')
  expect(await late('retries: "{{ ansible_system | length }}"')).toBe('changed')
  expect(await late('failed_when: true\n      ignore_errors: "{{ system == \'Linux\' }}"')).toBe('ignored')
  expect(await late('loop: [1]\n      loop_control: {label: "{{ ansible_system }}", break_when: ansible_system == "Linux"}')).toBe('changed')
  expect(await late('any_errors_fatal: "{{ system == \'Linux\' }}"\n      failed_when: true')).toBe('failed')
  expect(await late('throttle: "{{ ansible_system | length }}"')).toBe('changed')
})

test('handlers that are named by facts are found by what they are called, and by those who call them so', async () => {
  for (const [notified, named] of [['tell Linux', 'tell {{ ansible_system }}'], ['tell {{ ansible_system }}', 'tell Linux']])
    expect((await stage.play(`
- hosts: h1
  tasks:
    - command: echo changed
      notify: ${notified!}
  handlers:
    - name: ${named!}
      debug: {msg: told}
`)).status('tell Linux')).toBe('ok')
})

test('a task is shown by the name that facts give it, and is done once when they say so', async () => {
  const played = await stage.play(`
- hosts: all
  tasks:
    - name: on {{ ansible_system }}
      command: echo changed
      run_once: "{{ ansible_system == 'Linux' }}"
`)
  expect(played.order).toEqual(['h1 on Linux: changed'])
})

test('a host that is not reached does not tell whether that is to be ignored', async () => {
  const played = await stage.play(`
- hosts: h1
  vars: {ansible_port: 1}
  tasks:
    - name: lost {{ ansible_system }}
      command: echo changed
      ignore_unreachable: "{{ ansible_system == 'Linux' }}"
`)
  expect(played.ended.hosts).toMatchObject([{ host: 'h1', lost: 'unreachable' }])
})
