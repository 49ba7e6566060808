/** What is asked ahead of time changes nothing of how tasks go. */
import { afterEach, beforeEach, expect, test } from 'vitest'
import { setStage, type Stage } from '../../support/play.ts'

let stage: Stage
beforeEach(async () => {
  stage = await setStage(['h1', 'h2'])
})
afterEach(() => stage.end())

test('a look ahead as a user who is not there yet fails nothing', async () => {
  const played = await stage.play(`
- hosts: h1
  gather_facts: false
  tasks:
    - {name: looks, stat: {path: /etc/passwd}}
    - {name: never, stat: {path: /etc/hosts}, become: true, become_user: nobody-of-that-name, ignore_errors: true}
`)
  expect([played.status('looks'), played.status('never')]).toEqual(['ok', 'ignored'])
})

test('an argument that a look ahead stumbles over fails its own task only', async () => {
  const played = await stage.play(`
- hosts: h1
  gather_facts: false
  tasks:
    - {name: changes, copy: {content: a, dest: "{{ out }}/a"}}
    - {name: looks, stat: {path: /etc/passwd}}
    - {name: stumbles, find: {paths: /etc, age: 2x}, ignore_errors: true}
    - {name: after, stat: {path: /etc/hosts}}
`)
  expect(['changes', 'looks', 'stumbles', 'after'].map((task) => played.status(task))).toEqual(['changed', 'ok', 'ignored', 'ok'])
})

test('until looks anew each time at a host that changes by itself', async () => {
  const played = await stage.play(`
- hosts: h1
  gather_facts: false
  tasks:
    - shell: (sleep 0.5; touch {{ out }}/comes) >/dev/null 2>&1 &
    - {name: comes, stat: {path: "{{ out }}/comes"}, register: it, until: it.stat.exists, retries: 30, delay: 0.1}
`)
  expect(played.status('comes')).toBe('ok')
  expect(played.result('comes')['attempts']).toBeGreaterThan(1)
})

test('what until found ahead of time is no try', async () => {
  const played = await stage.play(`
- hosts: h1
  gather_facts: false
  tasks:
    - {name: asks, stat: {path: "{{ out }}"}}
    - {name: comes by itself, command: "touch {{ out }}/comes", delegate_to: localhost}
    - {name: comes, stat: {path: "{{ out }}/comes"}, register: it, until: it.stat.exists, retries: 0}
`)
  expect(played.status('comes')).toBe('ok')
  expect(played.result('comes')['attempts']).toBe(1)
})
