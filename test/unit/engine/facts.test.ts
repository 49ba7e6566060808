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
