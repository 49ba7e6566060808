/** In which order tasks of several hosts take place. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { setStage, type Stage } from '../../support/play.ts'

let stage: Stage
beforeEach(async () => {
  stage = await setStage(['h1', 'h2'])
})
afterEach(() => stage.end())

const read = (name: string): string => readFileSync(join(stage.out, name), 'utf8')

describe('the order of visible changes', () => {
  test('is linear: every host settles a task before one begins the next', async () => {
    const played = await stage.play(`
- hosts: all
  gather_facts: false
  tasks:
    - name: one
      shell: "sleep 0.{{ 3 if inventory_hostname == 'h1' else 1 }}; echo {{ inventory_hostname }} one >> {{ out }}/log"
    - name: two
      shell: "echo {{ inventory_hostname }} two >> {{ out }}/log"
`)
    expect(played.ended.hosts.map(({ changed }) => changed)).toEqual([2, 2])
    expect(read('log').trim().split('\n').map((line) => line.split(' ')[1])).toEqual(['one', 'one', 'two', 'two'])
  })

  test('free lets a host go on without the others', async () => {
    await stage.play(`
- hosts: all
  gather_facts: false
  strategy: free
  tasks:
    - shell: "sleep {{ 1 if inventory_hostname == 'h1' else 0 }}; echo {{ inventory_hostname }} one >> {{ out }}/log"
    - shell: "echo {{ inventory_hostname }} two >> {{ out }}/log"
`)
    expect(read('log').trim().split('\n')).toEqual(['h2 one', 'h2 two', 'h1 one', 'h1 two'])
  })

  test('serial finishes a batch, handlers included, before the next begins', async () => {
    await stage.play(`
- hosts: all
  gather_facts: false
  serial: 1
  tasks:
    - shell: "echo {{ inventory_hostname }} task >> {{ out }}/log"
      notify: done
  handlers:
    - name: done
      shell: "echo {{ inventory_hostname }} handler >> {{ out }}/log"
`)
    expect(read('log').trim().split('\n')).toEqual(['h1 task', 'h1 handler', 'h2 task', 'h2 handler'])
  })

  test('run_once acts on the first host, and all keep its result', async () => {
    const played = await stage.play(`
- hosts: all
  gather_facts: false
  tasks:
    - shell: "echo {{ inventory_hostname }} >> {{ out }}/log; echo {{ inventory_hostname }}"
      register: who
      run_once: true
    - name: both know
      assert: {that: "who.stdout == 'h1'"}
`)
    expect(read('log')).toBe('h1\n')
    expect(played.status('both know', 'h2')).toBe('ok')
  })

  test('any_errors_fatal ends the play for all', async () => {
    const played = await stage.play(`
- hosts: all
  gather_facts: false
  any_errors_fatal: true
  tasks:
    - name: fails on one
      command: test {{ inventory_hostname }} = h2
    - name: never
      shell: "echo never > {{ out }}/never"
`)
    expect([...played.order].sort()).toEqual(['h1 fails on one: failed', 'h2 fails on one: changed'])
  })
})

test('a stop ends what runs on the hosts, and nothing behind it begins', async () => {
  const stop = new AbortController()
  setTimeout(() => stop.abort(), 600)
  const began = Date.now()
  const played = await stage.play('- hosts: h1\n  gather_facts: false\n  tasks:\n    - command: sleep 60\n    - copy: {dest: "{{ out }}/never", content: x}\n', { signal: stop.signal })
  expect(played.ended.interrupted).toBe(true)
  expect(Date.now() - began).toBeLessThan(8000)
  expect(readdirSync(stage.out)).toEqual([])
})
