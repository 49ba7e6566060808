import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { renderError } from '../../../src/errors/excerpt.ts'
import { PlonerunError } from '../../../src/errors/plonerun-error.ts'
import { setStage, type Stage } from '../../support/play.ts'

let stage: Stage
beforeEach(async () => {
  stage = await setStage()
})
afterEach(() => stage.end())

/** The text of the error that a playbook gives, without the folder of the test. */
async function errorOf(tasks: string): Promise<string> {
  try {
    await stage.play(`- hosts: all\n  tasks:\n    - command: touch {{ out }}/touched\n${tasks}`)
  } catch (error) {
    if (!(error instanceof PlonerunError)) throw error
    return renderError(error).replaceAll(`${stage.folder}/`, '')
  }
  throw new Error('the playbook ran')
}

describe('what is wrong in the files is one error, and no host is touched', () => {
  const table: readonly (readonly [what: string, tasks: string, message: string])[] = [
    ['a misspelt module', '    - copyy: {dest: /x, content: a}', "there is no module 'copyy'"],
    ['a misspelt parameter', '    - copy: {dest: /x, contnt: a}', "Unsupported parameters for (copy) module: contnt"],
    ['a wrong type', '    - file: {path: /x, mode: abc}', "parameter 'mode': expected a file mode"],
    ['a choice that is none', '    - file: {path: /x, state: directry}', "parameter 'state': expected one of"],
    ['a misspelt keyword', '    - command: id\n      wen: true', "'wen' is not a valid attribute for a Task"],
    ['a misspelt filter', '    - debug: {msg: "{{ x | defalt(1) }}"}', "there is no filter 'defalt'"],
    ['a misspelt test', '    - debug: {msg: x}\n      when: x is defned', "there is no test 'defned'"],
    ['a broken template', '    - debug: {msg: "{{ 1 + }}"}', "unexpected '}}'"],
    ['a broken condition', '    - debug: {msg: x}\n      when: (a', 'expected'],
    ['a missing template', '    - template: {src: nosuch.j2, dest: /x}', "there is no template 'nosuch.j2'"],
    ['a missing role', '    - import_role: {name: nosuch}', "there is no role 'nosuch'"],
    ['what cannot go on in the background', '    - pause: {seconds: 1}\n      async: 10\n      poll: 0', 'ansible.builtin.pause cannot go on in the background'],
    ['a word that meta does not know', '    - meta: flush_handler', "meta has no 'flush_handler'"],
    ['YAML that is none', '    - debug: {msg: a', 'this is not valid YAML'],
  ]
  test.each(table)('%s', async (_what, tasks, message) => {
    const text = await errorOf(tasks)
    expect(text).toContain(message)
    expect(text).toMatch(/^play\.yml:\d+:\d+$/m)
    expect(text).toMatch(/^ *\| *\^$/m)
    expect(stage.servers.get('h1')!.counts.connections).toBe(0)
  })

  test('says what was meant', async () => {
    expect(await errorOf('    - copy: {dest: /x, contnt: a}')).toMatchInlineSnapshot(`
      "Unsupported parameters for (copy) module: contnt
      play.yml:4:24
      2 |   tasks:
      3 |     - command: touch {{ out }}/touched
      4 |     - copy: {dest: /x, contnt: a}
        |                        ^
      hint: Did you mean 'content'?"
    `)
  })
})

test('a role of others may carry mistakes where nobody comes: each is a warning, and an error for who comes there', async () => {
  stage.write({
    'collections/ansible_collections/of/others/roles/r/tasks/main.yml': `
- {name: parameter, file: {path: /x, stat: absent}, when: come}
- {name: condition, debug: {msg: a}, loop: "{{ items_ }}", when: "(item == 1 or item == 2"}
- {name: filter, debug: {msg: "{{ 1 | nosuchfilter }}"}, when: come}
- {name: last, debug: {msg: a}}
`,
  })
  const play = (come: boolean, items: string): string => `- hosts: h1\n  gather_facts: false\n  vars: {come: ${come}, items_: ${items}}\n  roles: [of.others.r]\n`
  const played = await stage.play(play(false, '[]'))
  expect([played.status('of.others.r : parameter'), played.status('of.others.r : filter'), played.status('of.others.r : last')]).toEqual(['skipped', 'skipped', 'ok'])
  expect(played.events.flatMap((event) => (event.type === 'note' ? [event.message] : []))).toEqual([
    'Unsupported parameters for (file) module: stat: tasks that reach it fail',
    expect.stringContaining('expected'),
    "there is no filter 'nosuchfilter': tasks that reach it fail",
  ])
  expect((await stage.play(play(true, '[]'))).status('of.others.r : parameter')).toBe('failed')
  expect((await stage.play(play(false, '[1]'))).status('of.others.r : condition')).toBe('failed')
})

test('a mistake in a role of one\'s own is an error before any host is touched, also where nobody comes', async () => {
  stage.write({ 'roles/own/tasks/main.yml': '- {file: {path: /x, stat: absent}, when: false}\n' })
  await expect(stage.play('- hosts: h1\n  gather_facts: false\n  roles: [own]\n')).rejects.toThrow('Unsupported parameters for (file) module: stat')
})

describe('values from hosts', () => {
  test('that look like templates are never evaluated', async () => {
    const played = await stage.play(`
- hosts: all
  gather_facts: false
  tasks:
    - name: evil
      command: {argv: [printf, '%s', !unsafe '{{ 6 * 7 }} {% raw %}']}
      register: evil
    - name: shown
      debug: {msg: "{{ evil.stdout }}"}
    - set_fact: {kept: "{{ evil.stdout }}", nested: {deep: ["{{ evil.stdout }}"]}}
    - name: kept
      debug: {var: kept}
    - name: nested
      debug: {msg: "{{ nested.deep[0] }}"}
    - name: compared
      assert: {that: ["evil.stdout.startswith('{' ~ '{')", "kept == evil.stdout"]}
    - name: as condition
      debug: {msg: x}
      when: evil.stdout
      failed_when: "'42' in evil.stdout"
    - name: written
      copy: {dest: "{{ out }}/f", content: "{{ kept }}"}
    - name: read back
      slurp: {src: "{{ out }}/f"}
      register: back
    - name: the same
      assert: {that: "back.content | b64decode == evil.stdout"}
`)
    expect(played.ended.hosts[0]).toMatchObject({ failed: 0 })
    expect(played.result('shown')['msg']).toBe('{{ 6 * 7 }} {% raw %}')
    expect(played.result('kept')['kept']).toBe('{{ 6 * 7 }} {% raw %}')
    expect(played.result('nested')['msg']).toBe('{{ 6 * 7 }} {% raw %}')
  })
})

describe('a module that plonerun lacks', () => {
  test.each(['frobnicate', 'community.general.frobnicate'])('%s is named before the run, and fails the task that reaches it', async (name) => {
    const played = await stage.play(`
- hosts: all
  gather_facts: false
  tasks:
    - name: elsewhere
      ${name}: {x: 1}
      when: false
    - name: here
      ${name}: {x: 1}
`)
    const notes = played.events.flatMap((event) => (event.type === 'note' ? [event.message] : []))
    expect(notes).toContain(`plonerun has no module '${name}': tasks that reach it fail`)
    expect(played.ended.hosts[0]).toMatchObject({ skipped: 1, failed: 1 })
  })
})

test('a run_once that cannot be told ends the run, and no host does the task', async () => {
  expect(await errorOf('    - command: touch {{ out }}/once\n      run_once: "{{ nope }}"')).toContain("Error processing keyword 'run_once': 'nope' is undefined")
})
