/** Tasks that fail, are let fail or take too long, and what that means for the hosts of the play. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { setStage, type Stage } from '../../support/play.ts'

let stage: Stage
beforeEach(async () => {
  stage = await setStage(['h1', 'h2'])
})
afterEach(() => stage.end())

describe('any_errors_fatal', () => {
  test('sends the other hosts where a failure would: to rescue and always, and no further without a rescue', async () => {
    const played = await stage.play(`
- hosts: all
  gather_facts: false
  any_errors_fatal: true
  tasks:
    - block:
        - {name: fails, fail: {msg: no}, when: inventory_hostname == 'h1'}
      rescue: [{name: rescues, debug: {msg: rescued}}]
    - block:
        - {name: fails for good, fail: {msg: no}, when: inventory_hostname == 'h1'}
      always: [{name: cleans, debug: {msg: clean}}]
    - {name: never, debug: {msg: never}}
`)
    expect([played.status('rescues'), played.status('rescues', 'h2'), played.status('cleans'), played.status('cleans', 'h2')]).toEqual(['ok', 'ok', 'ok', 'ok'])
    expect([played.status('never'), played.status('never', 'h2')]).toEqual([undefined, undefined])
  })
})

test('what is let fail is judged at its turn, not before the run', async () => {
  const played = await stage.play(`
- hosts: h1
  gather_facts: false
  tasks:
    - {name: misspelt, debug: {massage: hi}, ignore_errors: true}
    - block: [{name: wrong, set_stats: {data: [1]}}]
      rescue: [{name: rescues, debug: {}}]
`)
  expect([played.status('misspelt'), played.status('wrong'), played.status('rescues')]).toEqual(['ignored', 'rescued', 'ok'])
})

test('what fails at once has changed nothing, but a command has run', async () => {
  const played = await stage.play(`
- hosts: h1
  gather_facts: false
  tasks:
    - {name: refused, copy: {content: x, dest: "{{ out }}/f", validate: "false %s"}, ignore_errors: true}
    - {name: ran, command: "false", ignore_errors: true}
`)
  expect(['refused', 'ran'].map((task) => played.result(task)['changed'])).toEqual([false, true])
})

test('a task that says nothing of it may take as long as the setting says', async () => {
  const played = await stage.play('- {hosts: h1, gather_facts: false, tasks: [{name: slow, command: sleep 9, ignore_errors: true}, {name: own, command: sleep 2, timeout: 20}]}', { defaults: { taskTimeout: 1 } })
  expect(played.result('slow')['msg']).toContain('Timed out after 1 second')
  expect(played.status('own')).toBe('changed')
})

test('a task that takes too long says so in its result', async () => {
  const played = await stage.play('- hosts: h1\n  gather_facts: false\n  tasks: [{name: sleeps, command: sleep 20, timeout: 1, ignore_errors: true}]\n')
  expect(played.result('sleeps')).toMatchObject({ failed: true, msg: 'Timed out after 1 second', timedout: { period: 1 } })
})

test('clear_host_errors in always lets the play go on', async () => {
  const played = await stage.play(`
- hosts: h1
  gather_facts: false
  tasks:
    - block: [{fail: {msg: no}}]
      always: [{meta: clear_host_errors}]
    - {name: goes on, debug: {}}
`)
  expect(played.status('goes on')).toBe('ok')
})

test('an item whose label cannot be evaluated has failed, and is kept with the others', async () => {
  const played = await stage.play(`
- hosts: h1
  gather_facts: false
  tasks:
    - {name: loops, debug: {msg: "{{ item }}"}, loop: [1, 2], loop_control: {label: "{{ {1: 'one'}[item] }}"}, ignore_errors: true}
`)
  expect(played.status('loops')).toBe('ignored')
  expect(played.result('loops')['results']).toMatchObject([{ msg: 1 }, { failed: true }])
})
