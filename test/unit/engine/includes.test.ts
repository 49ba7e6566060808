/** Tasks that other files bring. */
import { afterEach, beforeEach, expect, test } from 'vitest'
import { setStage, type Stage } from '../../support/play.ts'

let stage: Stage
beforeEach(async () => {
  stage = await setStage(['h1', 'h2'])
})
afterEach(() => stage.end())

test('static imports are named with what is known of the role', async () => {
  stage.write({ 'roles/r/tasks/main.yml': '- import_tasks: "{{ role_path }}/more/{{ role_name }}.yml"', 'roles/r/more/r.yml': '- name: says\n  debug: {msg: "{{ ansible_play_role_names }}"}', 'roles/r/meta/main.yml': 'dependencies: [d]', 'roles/d/tasks/main.yml': '' })
  const played = await stage.play('- hosts: h1\n  gather_facts: false\n  roles: [r]\n')
  expect(played.result('r : says')).toMatchObject({ msg: ['r'] })
})

test('the old include: words beside the file are variables; a loop and a name from a template make it dynamic', async () => {
  stage.write({ 'said.yml': '- name: said {{ word }}\n  debug: {msg: "{{ word }}"}', 'more.yml': '- hosts: all\n  gather_facts: false\n  tasks:\n    - include: said.yml word=three' })
  const played = await stage.play(`
- hosts: all
  gather_facts: false
  tasks:
    - include: said.yml word=one
      become: false
    - include: "{{ item }}.yml"
      vars: {word: two}
      with_items: [said]
- include: more.yml
`)
  for (const word of ['one', 'two', 'three']) expect(played.result(`said ${word}`)['msg']).toBe(word)
})
