/** What was read is read again when it may have changed. */
import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { setStage, type Stage } from '../../support/play.ts'

let stage: Stage
beforeEach(async () => {
  stage = await setStage(['h1', 'h2'])
})
afterEach(() => stage.end())

const read = (name: string): string => readFileSync(join(stage.out, name), 'utf8')

describe('what was read before', () => {
  test('is read again after a command that could have changed it', async () => {
    const played = await stage.play(`
- hosts: h1
  gather_facts: false
  tasks:
    - name: first
      copy: {dest: "{{ out }}/f", content: "same"}
    - name: behind its back
      shell: "echo other > {{ out }}/f"
    - name: second
      copy: {dest: "{{ out }}/f", content: "same"}
    - name: third
      copy: {dest: "{{ out }}/f", content: "same"}
`)
    expect(played.order).toEqual(['h1 first: changed', 'h1 behind its back: changed', 'h1 second: changed', 'h1 third: ok'])
    expect(read('f')).toBe('same')
  })

  test('is read again after a task that writes it by another name', async () => {
    const played = await stage.play(`
- hosts: h1
  gather_facts: false
  tasks:
    - file: {path: "{{ out }}/real", state: directory}
    - file: {src: "{{ out }}/real", dest: "{{ out }}/link", state: link}
    - copy: {dest: "{{ out }}/real/f", content: "1"}
    - name: through the link
      copy: {dest: "{{ out }}/link/f", content: "2"}
    - name: the real one again
      copy: {dest: "{{ out }}/real/f", content: "1"}
`)
    expect(played.status('through the link')).toBe('changed')
    expect(played.status('the real one again')).toBe('changed')
    expect(read('real/f')).toBe('1')
  })

  test('is read again when a folder comes that its path leaves with ..', async () => {
    mkdirSync(join(stage.out, 'conf'))
    const played = await stage.play(`
- hosts: h1
  gather_facts: false
  tasks:
    - name: folders
      file: {path: "{{ out }}/{{ item }}", state: directory}
      loop: [made, other]
    - name: file
      copy: {dest: "{{ out }}/made/../conf/a", content: x}
`)
    expect(played.status('file')).toBe('changed')
    expect(read('conf/a')).toBe('x')
  })

  test('is read again after another host changed it by delegation', async () => {
    const played = await stage.play(`
- hosts: all
  gather_facts: false
  tasks:
    - name: own
      copy: {dest: "{{ out }}/{{ inventory_hostname }}", content: "own"}
    - name: meddle
      copy: {dest: "{{ out }}/h1", content: "meddled"}
      delegate_to: h1
      when: inventory_hostname == 'h2'
    - name: own again
      copy: {dest: "{{ out }}/{{ inventory_hostname }}", content: "own"}
`)
    expect(played.status('own again', 'h1')).toBe('changed')
    expect(played.status('own again', 'h2')).toBe('ok')
    expect(read('h1')).toBe('own')
  })

  test('is read again after a lookup has run a command here', async () => {
    const played = await stage.play(`
- hosts: localhost
  gather_facts: false
  tasks:
    - {stat: {path: "${stage.out}"}}
    - {debug: {msg: "{{ lookup('pipe', 'touch ${stage.out}/made') }}"}}
    - {name: sees, stat: {path: "${stage.out}/made"}}
`)
    expect(played.result('sees', 'localhost')['stat']).toMatchObject({ exists: true })
  })

  test('is read again after handlers that are flushed in the middle', async () => {
    const played = await stage.play(`
- hosts: h1
  gather_facts: false
  tasks:
    - name: before
      copy: {dest: "{{ out }}/f", content: "1"}
      notify: overwrite
    - meta: flush_handlers
    - name: after
      copy: {dest: "{{ out }}/f", content: "1"}
  handlers:
    - name: overwrite
      shell: "echo handler > {{ out }}/f"
`)
    expect(played.order).toEqual(['h1 before: changed', 'h1 overwrite: changed', 'h1 after: changed'])
  })
})
