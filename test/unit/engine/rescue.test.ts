/** Failures: what a rescue and an always do, and hosts that are lost. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { setStage, type Stage } from '../../support/play.ts'

let stage: Stage
beforeEach(async () => {
  stage = await setStage(['h1', 'h2'])
})
afterEach(() => stage.end())

const read = (name: string): string => readFileSync(join(stage.out, name), 'utf8')

describe('failures', () => {
  test('a rescue runs instead of what was looked ahead at', async () => {
    const played = await stage.play(`
- hosts: h1
  gather_facts: false
  tasks:
    - block:
        - name: fails
          command: "false"
        - name: not reached
          copy: {dest: "{{ out }}/not", content: "x"}
      rescue:
        - name: rescue
          copy: {dest: "{{ out }}/rescued", content: "{{ ansible_failed_result.rc }} {{ ansible_failed_task.name }}"}
      always:
        - name: always
          copy: {dest: "{{ out }}/always", content: "x"}
    - name: behind
      debug: {msg: on}
`)
    expect(played.order).toEqual(['h1 fails: rescued', 'h1 rescue: changed', 'h1 always: changed', 'h1 behind: ok'])
    expect(read('rescued')).toBe('1 fails')
    expect(played.ended.hosts[0]).toMatchObject({ rescued: 1, failed: 0 })
  })

  test('an always runs, and the failure goes on behind it', async () => {
    const played = await stage.play(`
- hosts: h1
  gather_facts: false
  tasks:
    - block:
        - name: fails
          fail: {msg: no}
      always:
        - name: always
          debug: {msg: x}
    - name: never
      debug: {msg: x}
`)
    expect(played.order).toEqual(['h1 fails: failed', 'h1 always: ok'])
    expect(played.ended.hosts[0]).toMatchObject({ failed: 1 })
  })

  test('an outer rescue catches what an inner always lets through', async () => {
    const played = await stage.play(`
- hosts: h1
  gather_facts: false
  tasks:
    - block:
        - block:
            - name: fails
              fail: {msg: no}
          always:
            - name: inner always
              debug: {msg: x}
        - name: skipped over
          debug: {msg: x}
      rescue:
        - name: outer rescue
          debug: {msg: x}
    - name: behind
      debug: {msg: x}
`)
    expect(played.order.slice(1)).toEqual(['h1 inner always: ok', 'h1 outer rescue: ok', 'h1 behind: ok'])
  })

  test('a host that failed takes no further part, the others go on', async () => {
    const played = await stage.play(`
- hosts: all
  gather_facts: false
  tasks:
    - name: h1 fails
      fail: {msg: no}
      when: inventory_hostname == 'h1'
    - name: goes on
      debug: {msg: x}
- hosts: all
  gather_facts: false
  tasks:
    - name: next play
      debug: {msg: x}
`)
    expect(played.order).toEqual(['h1 h1 fails: failed', 'h2 h1 fails: skipped', 'h2 goes on: ok', 'h2 next play: ok'])
  })

  test('a host that cannot be reached is told apart from one that failed', async () => {
    await stage.servers.get('h2')!.close()
    const played = await stage.play('- hosts: all\n  gather_facts: false\n  tasks:\n    - name: t\n      command: "true"\n')
    expect(played.order).toEqual(['h1 t: changed'])
    expect(played.ended.hosts.find(({ host }) => host === 'h2')).toMatchObject({ unreachable: 1, failed: 0 })
  })

  test('a change that a broken connection cut leaves the host unreachable, and the next run finishes it', async () => {
    writeFileSync(join(stage.out, 'f'), 'old')
    setTimeout(() => stage.servers.get('h1')!.drop(), 700)
    const play = `
- hosts: h1
  gather_facts: false
  tasks:
    - command: sleep 2
    - copy: {dest: "{{ out }}/f", content: "new"}
`
    const cut = await stage.play(play)
    expect(cut.ended.hosts[0]).toMatchObject({ unreachable: 1 })
    expect(read('f')).toBe('old')
    expect((await stage.play(play)).ended.hosts[0]).toMatchObject({ failed: 0, unreachable: 0 })
    expect(read('f')).toBe('new')
  })
})
