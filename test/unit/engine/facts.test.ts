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

test('facts of another host of the play are asked of it; a host that takes no part has none', async () => {
  const played = await stage.play(`
- hosts: all
  tasks:
    - name: other
      debug: {msg: "{{ hostvars['h2'].ansible_kernel }} {{ hostvars['h2'].ansible_facts.system }}"}
      when: inventory_hostname == 'h1'
- hosts: h1
  tasks:
    - name: outside
      debug: {msg: "{{ hostvars['h2'].ansible_hostname | default('none') }}"}
`)
  expect(played.result('other')['msg']).toMatch(/^\d\S* Linux$/)
  expect(played.status('outside')).toBe('ok')
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
