import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { setStage, type Stage } from '../../support/play.ts'

let stage: Stage
beforeEach(async () => {
  stage = await setStage(['h1', 'h2', 'h3'])
})
afterEach(() => stage.end())

describe('max_fail_percentage', () => {
  const play = (percentage: number, more = ''): string => `
- hosts: all
  gather_facts: false
  tasks: [{name: first, fail: {msg: no}, when: inventory_hostname == 'h1'}]
- hosts: all
  gather_facts: false
  max_fail_percentage: ${percentage}
  ${more}
  tasks:
    - {name: second, fail: {msg: no}, when: inventory_hostname == 'h2'}
    - {name: after, debug: {msg: x}}
`
  test('is of the batch with those who failed in an earlier play', async () => {
    expect((await stage.play(play(34))).status('after', 'h3')).toBe('ok')
    expect((await stage.play(play(33))).status('after', 'h3')).toBeUndefined()
  })

  test('does not end the play of hosts that go at their own pace', async () => {
    expect((await stage.play(play(0, 'strategy: free'))).status('after', 'h3')).toBe('ok')
  })

  test('with force_handlers, counts a host that failed unless it has handlers to run', async () => {
    const forced = (notify: string): string => `
- hosts: all
  gather_facts: false
  max_fail_percentage: 0
  force_handlers: true
  tasks:
    - {name: tells, debug: {msg: x}, changed_when: true${notify}}
    - {name: fails, fail: {msg: no}, when: inventory_hostname == 'h2'}
    - {name: after, debug: {msg: x}}
  handlers: [{name: H, debug: {msg: x}}]
`
    expect((await stage.play(forced(''))).status('after', 'h3')).toBeUndefined()
    const notified = await stage.play(forced(', notify: H'))
    expect([notified.status('after', 'h3'), notified.status('H', 'h2')]).toEqual(['ok', 'ok'])
  })

  test('does not count hosts that cannot be reached', async () => {
    stage.write({ 'host_vars/h2.yml': 'ansible_port: 1' })
    const played = await stage.play(`
- hosts: all
  gather_facts: false
  max_fail_percentage: 0
  tasks: [{name: reaches, raw: "true"}, {name: after, debug: {msg: x}}]
`)
    expect(played.order).toContain('h3 after: ok')
  })
})

test('batches keep the place of hosts that failed in an earlier play', async () => {
  const played = await stage.play(`
- hosts: all
  gather_facts: false
  tasks: [{fail: {msg: no}, when: inventory_hostname == 'h1'}]
- hosts: all
  gather_facts: false
  serial: 2
  tasks: [{name: says, debug: {msg: "{{ ansible_play_batch }}"}}]
`)
  expect([played.result('says', 'h2')['msg'], played.result('says', 'h3')['msg']]).toEqual([['h2'], ['h3']])
})

test.each(['end_host', 'end_batch', 'end_play'])('a host that %s ends in an always behind a failure has failed', async (word) => {
  const played = await stage.play(`
- hosts: h1,h2
  gather_facts: false
  tasks:
    - block: [{fail: {msg: no}, when: inventory_hostname == 'h1'}]
      always: [{meta: ${word}}]
- hosts: h1,h2
  gather_facts: false
  tasks: [{name: after, debug: {msg: x}}]
`)
  expect([played.status('after', 'h1'), played.status('after', 'h2')]).toEqual([undefined, 'ok'])
})

test('meta: noop has no conditions', async () => {
  const played = await stage.play('- hosts: h1\n  gather_facts: false\n  tasks: [{meta: noop, when: nope}, {name: after, debug: {msg: x}}]\n')
  expect(played.status('after')).toBe('ok')
})

describe('force_handlers', () => {
  test('hosts that failed run handlers together with the others', async () => {
    const played = await stage.play(`
- hosts: h1,h2
  gather_facts: false
  force_handlers: true
  tasks:
    - {name: changes, debug: {msg: x}, changed_when: true, notify: h}
    - {name: fails, fail: {msg: no}, when: inventory_hostname == 'h1'}
    - {name: goes on, debug: {msg: x}}
  post_tasks: [{name: later, debug: {msg: x}}]
  handlers: [{name: h, debug: {msg: x}}]
`)
    expect(played.order.slice(2)).toEqual(['h1 fails: failed', 'h2 fails: skipped', 'h2 goes on: ok', 'h1 h: ok', 'h2 h: ok', 'h2 later: ok'])
    expect(played.ended.hosts.find(({ host }) => host === 'h1')).toMatchObject({ ok: 2, failed: 1, lost: 'failed' })
  })

  test('a host whose handler fails runs no further ones', async () => {
    const played = await stage.play(`
- hosts: h1
  gather_facts: false
  force_handlers: true
  tasks: [{name: changes, debug: {msg: x}, changed_when: true, notify: [one, two]}]
  handlers: [{name: one, fail: {msg: no}}, {name: two, debug: {msg: x}}]
`)
    expect(played.order).toEqual(['h1 changes: changed', 'h1 one: failed'])
  })
})

describe('a host that cannot be reached', () => {
  test('goes on behind where it was lost after clear_host_errors', async () => {
    stage.write({ 'host_vars/h2.yml': 'ansible_port: 1' })
    const played = await stage.play(`
- hosts: h1,h2
  gather_facts: false
  tasks:
    - {name: reaches, raw: "true"}
    - {name: between, debug: {msg: x}}
    - meta: clear_host_errors
    - {name: after, debug: {msg: x}}
`)
    expect([played.status('between', 'h2'), played.status('after', 'h2')]).toEqual(['ok', 'ok'])
  })

  test('is passed over when ignore_unreachable says so of each item', async () => {
    stage.write({ 'host_vars/h1.yml': 'ansible_port: 1' })
    const played = (ignored: string): ReturnType<Stage['play']> => stage.play(`
- hosts: h1
  gather_facts: false
  tasks:
    - {name: reaches, raw: "true", loop: [1, 2], ignore_unreachable: "{{ ${ignored} }}"}
    - {name: after, debug: {msg: x}}
`)
    expect((await played('item > 0')).status('after')).toBe('ok')
    expect((await played('item == 1')).status('after')).toBeUndefined()
  })
})

test('hosts that include different files go through them one file after the other', async () => {
  stage.write({ 'h1.yml': '- {name: a, debug: {msg: x}}\n- {name: b, debug: {msg: x}}\n', 'h2.yml': '- {name: c, debug: {msg: x}}\n- {name: d, debug: {msg: x}}\n', 'h3.yml': '- import_tasks: h1.yml' })
  const played = await stage.play(`
- hosts: all
  gather_facts: false
  tasks:
    - {include_tasks: "{{ 'h2' if inventory_hostname == 'h2' else 'h1' }}.yml"}
    - {name: end, debug: {msg: x}}
`)
  expect(played.order.filter((line) => !line.includes('include'))).toEqual(['h1 a: ok', 'h3 a: ok', 'h1 b: ok', 'h3 b: ok', 'h2 c: ok', 'h2 d: ok', 'h1 end: ok', 'h2 end: ok', 'h3 end: ok'])
})

test('whom a task notifies is worked out before it changes anything', async () => {
  const played = await stage.play(`
- hosts: h1
  gather_facts: false
  tasks:
    - {name: writes, copy: {dest: "{{ out }}/f", content: x}, notify: "{{ nope }}", ignore_errors: true}
    - {name: skipped, debug: {msg: x}, notify: "{{ nope }}", when: false}
    - {name: changes nothing, debug: {msg: x}, notify: "{{ nope }}"}
`)
  expect(played.result('writes')['msg']).toBe("Task failed: Error processing keyword 'notify': 'nope' is undefined")
  expect(existsSync(join(stage.out, 'f'))).toBe(false)
  expect([played.status('skipped'), played.status('changes nothing')]).toEqual(['skipped', 'failed'])
})

test('nobody becomes who they are', async () => {
  const played = await stage.play(`
- hosts: localhost
  gather_facts: false
  tasks: [{name: acts, raw: echo $SUDO_USER, become: true, become_user: "{{ lookup('pipe', 'id -un') }}", become_exe: /nonexistent/sudo}]
`)
  expect(played.status('acts', 'localhost')).toBe('changed')
})

test('a host that has failed is none of those of the play while an always runs for it, as with force_handlers', async () => {
  const played = await stage.play(`
- hosts: h1, h2
  gather_facts: false
  force_handlers: true
  tasks:
    - block:
        - {name: fails, fail: null, when: inventory_hostname == 'h1'}
      rescue:
        - block:
            - {name: fails again, fail: null}
    - {name: others, assert: {that: "ansible_play_hosts == ['h2']"}}
`)
  expect(played.order).toEqual(['h1 fails: rescued', 'h2 fails: skipped', 'h1 fails again: failed', 'h2 others: ok'])
})
