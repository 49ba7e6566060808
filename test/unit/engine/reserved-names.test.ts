import { afterEach, beforeEach, expect, test } from 'vitest'
import { setStage, type Stage } from '../../support/play.ts'

let stage: Stage
beforeEach(async () => {
  stage = await setStage()
})
afterEach(() => stage.end())

test('a variable with the name of a keyword or of a function of templates is a warning, wherever it is set', async () => {
  stage.write({
    'roles/r/defaults/main.yml': 'tags: [a]\n',
    'roles/r/vars/main.yml': 'fine: 1\nserial: 2\n',
    'roles/r/tasks/main.yml': '- command: "true"\n',
    'more.yml': 'query: in a file\n',
  })
  const played = await stage.play(`
- hosts: h1
  gather_facts: false
  vars:
    lipsum: of a play
    vars: {}
  roles: [r]
  tasks:
    - block:
        - debug:
          vars: {port: of a task}
          register: environment
      vars:
        name: of a block
    - set_fact: {lookup: fact, other: fact}
    - include_vars: more.yml
`)
  const notes = played.events.filter((event) => event.type === 'note')
  expect(notes.map(({ message, where }) => `${where?.file.slice(stage.folder.length + 1) ?? ''}:${String(where?.line)} ${message}`).sort()).toEqual([
    "play.yml:11 Found variable using reserved name 'port'.",
    "play.yml:12 Found variable using reserved name 'environment'.",
    "play.yml:14 Found variable using reserved name 'name'.",
    "play.yml:15 Found variable using reserved name 'lookup'.",
    "play.yml:16 Found variable using reserved name 'query'.",
    "play.yml:5 Found variable using reserved name 'lipsum'.",
    "roles/r/defaults/main.yml:1 Found variable using reserved name 'tags'.",
    "roles/r/vars/main.yml:2 Found variable using reserved name 'serial'.",
  ])
})
