/** How many round trips runs take. */
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { setStage, type Stage } from '../../support/play.ts'

let stage: Stage
beforeEach(async () => {
  stage = await setStage()
})
afterEach(() => stage.end())

/** A play of many tasks: folders, files in them, and what the caller adds. */
function manyTasks(count: number, more = ''): string {
  const tasks = Array.from({ length: count }, (_, index) => `
    - name: folder ${index}
      file: {path: "{{ out }}/d${index}", state: directory, mode: "0755"}
    - name: file ${index}
      copy: {dest: "{{ out }}/d${index}/f", content: "content ${index}\\n", mode: "0644"}`)
  return `- hosts: all\n  gather_facts: false\n  tasks:${tasks.join('')}${more}\n`
}

describe('a run that changes nothing', () => {
  test('costs one round trip, however many tasks', async () => {
    await stage.play(manyTasks(40))
    const again = await stage.play(manyTasks(40))
    expect(again.ended.hosts[0]).toMatchObject({ changed: 0, failed: 0, ok: 80 })
    expect(again.roundTrips()).toBe(1)
    expect(stage.servers.get('h1')!.counts.connections).toBe(2)
  })

  test('costs nothing more for tasks that are tried until they succeed', async () => {
    const play = manyTasks(3, `
    - {name: until, file: {path: "{{ out }}/until", state: directory}, register: made, until: made is succeeded}
    - {name: retries, file: {path: "{{ out }}/retries", state: directory}, retries: 2, delay: 0}`)
    await stage.play(play)
    const again = await stage.play(play)
    expect(again.ended.hosts[0]).toMatchObject({ changed: 0, failed: 0, ok: 8 })
    expect(again.roundTrips()).toBe(1)
    expect(again.result('until')['attempts']).toBe(1)
  })

  test('costs one more for facts', async () => {
    const facts = manyTasks(5, `
    - name: needs a fact
      copy: {dest: "{{ out }}/os", content: "{{ ansible_facts.system }} {{ ansible_kernel }}"}`).replace('gather_facts: false', 'gather_facts: true')
    await stage.play(facts)
    const again = await stage.play(facts)
    expect(again.ended.hosts[0]).toMatchObject({ changed: 0 })
    expect(again.roundTrips()).toBe(2)
    expect(readFileSync(join(stage.out, 'os'), 'utf8')).toMatch(/^Linux \d/)
  })

  test('asks with the facts what a task asks if its condition on them holds', async () => {
    const play = (system: string): string => `- hosts: all\n  gather_facts: true\n  tasks:\n    - copy: {dest: "{{ out }}/text", content: text}\n      when: ansible_facts.system == '${system}'\n`
    await stage.play(play('Linux'))
    const again = await stage.play(play('Linux'))
    expect(again.ended.hosts[0]).toMatchObject({ ok: 1, changed: 0 })
    expect(again.roundTrips()).toBe(1)
    const other = await stage.play(play('SunOS'))
    expect(other.ended.hosts[0]).toMatchObject({ skipped: 1, changed: 0 })
    expect(other.roundTrips()).toBe(1)
  })

  test('costs nothing for files of the controller that arguments are made of', async () => {
    stage.write({ 'files/text': 'a text' })
    const play = manyTasks(5, `
    - name: its text
      copy: {dest: "{{ out }}/text", content: "{{ lookup('file', 'text') }}"}
    - name: where its text leads
      command:
        cmd: touch {{ out }}/{{ lookup('file', 'text') | hash('sha1') }}
        creates: "{{ out }}/{{ lookup('file', 'text') | hash('sha1') }}"`)
    await stage.play(play)
    const again = await stage.play(play)
    expect(again.ended.hosts[0]).toMatchObject({ changed: 0, failed: 0 })
    expect(again.roundTrips()).toBe(1)
  })

  test('costs one more for each command, and one for each link of a chain of registered results', async () => {
    const play = manyTasks(10, `
    - name: a command
      command: "true"
      changed_when: false
    - name: look
      stat: {path: "{{ out }}/d0/f"}
      register: look
    - name: depends on it
      copy: {dest: "{{ out }}/size", content: "{{ look.stat.size }}"}
      register: size
    - name: depends on that
      stat: {path: "{{ size.dest }}"}
      register: end
    - name: another command
      command: "true"
      changed_when: false
    - name: after all
      file: {path: "{{ out }}/z", state: directory}`)
    await stage.play(play)
    const again = await stage.play(play)
    expect(again.ended.hosts[0]).toMatchObject({ changed: 0 })
    // 1 frame, 2 commands, a chain of 2 beyond the first look
    expect(again.roundTrips()).toBeLessThanOrEqual(2 + 2 + 3)
  })

  test('looks ahead through includes, roles, blocks and conditions', async () => {
    stage.write({
      'more.yml': '- copy: {dest: "{{ out }}/included-{{ item }}", content: "x"}\n',
      'roles/r/tasks/main.yml': '- include_tasks: sub.yml\n- copy: {dest: "{{ out }}/role", content: "{{ word }}"}\n',
      'roles/r/tasks/sub.yml': '- file: {path: "{{ out }}/sub", state: directory}\n',
      'roles/r/defaults/main.yml': 'word: default\n',
    })
    const play = `
- hosts: all
  gather_facts: false
  tasks:
    - set_fact: {names: [a, b, c]}
    - include_tasks: more.yml
      loop: "{{ names }}"
    - include_role: {name: r}
    - block:
        - copy: {dest: "{{ out }}/in-block", content: b}
      when: names | length == 3
`
    await stage.play(play)
    const again = await stage.play(play)
    expect(again.ended.hosts[0]).toMatchObject({ changed: 0, failed: 0 })
    expect(again.roundTrips()).toBe(1)
  })
})

describe('a run that changes things', () => {
  test('sends 100 small files of a loop in at most 5 round trips', async () => {
    const played = await stage.play(`
- hosts: all
  gather_facts: false
  tasks:
    - name: folder
      file: {path: "{{ out }}/many", state: directory}
    - name: files
      copy: {dest: "{{ out }}/many/f{{ item }}", content: "{{ item }}"}
      loop: "{{ range(100) | list }}"
`)
    expect(played.ended.hosts[0]).toMatchObject({ changed: 2, failed: 0 })
    expect(readdirSync(join(stage.out, 'many'))).toHaveLength(100)
    expect(played.roundTrips()).toBeLessThanOrEqual(5)
  })

  test('sends adjacent files and folders together', async () => {
    const played = await stage.play(manyTasks(40))
    expect(played.ended.hosts[0]).toMatchObject({ changed: 80, failed: 0 })
    expect(played.roundTrips()).toBeLessThanOrEqual(5)
  })

  test('sends nothing behind a change that failed', async () => {
    const played = await stage.play(`
- hosts: all
  gather_facts: false
  tasks:
    - name: first
      copy: {dest: "{{ out }}/first", content: "1"}
    - name: refused
      copy: {dest: "{{ out }}/second", content: "2", validate: "false %s"}
    - name: never
      copy: {dest: "{{ out }}/third", content: "3"}
`)
    expect(played.order).toEqual(['h1 first: changed', 'h1 refused: failed'])
    expect(readdirSync(stage.out)).toEqual(['first'])
  })
})
