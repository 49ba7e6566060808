import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { setStage, type Stage } from '../../support/play.ts'

let stage: Stage
beforeEach(async () => {
  stage = await setStage()
})
afterEach(() => stage.end())

/** Changes of following tasks travel in one frame with a task's own. None may be made when the task turns out to have failed. */
async function failsBeforeNext(task: string): Promise<void> {
  const played = await stage.play(`
- hosts: h1
  gather_facts: false
  vars: {what: copy}
  tasks:
    - name: fails
${task.trimEnd().replace(/^/gm, '      ')}
    - {name: next, copy: {dest: "{{ out }}/next", content: x}}
`)
  expect(played.order).toEqual(['h1 fails: failed'])
  expect(existsSync(join(stage.out, 'next'))).toBe(false)
}

test('an item whose arguments cannot be evaluated', () => failsBeforeNext(`
copy: {dest: "{{ out }}/{{ item.name }}", content: x}
loop: [{name: a}, {other: b}]
`))

test('an item that failed in a frame before', () => failsBeforeNext(`
copy: {dest: "{{ out }}/{{ item }}", content: x}
loop: [none/a, b, b]
`))

test('items of a module that a template names', () => failsBeforeNext(`
action: {module: "{{ what }}", dest: "{{ out }}/{{ item }}", content: x}
loop: [a, none/b]
`))

test('a changed_when that cannot be evaluated', () => failsBeforeNext(`
copy: {dest: "{{ out }}/a", content: x}
changed_when: nope.x
`))

test('a handler that is not there', () => failsBeforeNext(`
copy: {dest: "{{ out }}/a", content: x}
notify: nobody
`))

test('a handler of the loop’s item that is not there', () => failsBeforeNext(`
copy: {dest: "{{ out }}/a", content: x}
loop: [nobody]
notify: "{{ item }}"
`))

/** What a task returns of its path is what it has left, not what those behind it make of that. */
test('a task behind it that takes away what it made', async () => {
  const played = await stage.play(`
- hosts: h1
  gather_facts: false
  tasks:
    - {name: makes, file: {path: "{{ out }}/made/here", state: directory, mode: '0750'}}
    - {name: removes, file: {path: "{{ out }}/made", state: absent}}
`)
  expect(played.result('makes')).toMatchObject({ state: 'directory', mode: '0750' })
})

test('an item behind it that takes away what it made', async () => {
  const played = await stage.play(`
- hosts: h1
  gather_facts: false
  tasks:
    - {name: before, file: {path: "{{ out }}/made", state: directory}}
    - name: makes
      file: {path: "{{ out }}/made/{{ item.name }}", state: "{{ item.state }}"}
      loop: [{name: here, state: directory}, {name: '.', state: absent}]
`)
  expect((played.result('makes')['results'] as readonly unknown[])[0]).toMatchObject({ state: 'directory', changed: true })
})

/** A module's own text may look into folders that the tasks before it are about to make. */
test('what a module asks in a text of its own is asked again behind a new folder', async () => {
  const played = await stage.play(`
- hosts: h1
  gather_facts: false
  tasks:
    - {name: asks, find: {paths: "{{ out }}/made", file_type: any, recurse: true}}
    - {name: makes, file: {path: "{{ out }}/made/inner", state: directory}}
    - {name: puts, archive: {path: "{{ out }}/made", dest: "{{ out }}/made.tgz"}}
`)
  expect(played.status('puts')).toBe('changed')
})
