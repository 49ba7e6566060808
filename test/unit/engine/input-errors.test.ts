import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { renderError } from '../../../src/errors/excerpt.ts'
import { PlonerunError } from '../../../src/errors/plonerun-error.ts'
import { setStage, type Played, type Stage } from '../../support/play.ts'

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

function notesOf({ events }: Played): readonly string[] {
  return events.flatMap((event) => (event.type === 'note' ? [event.message] : []))
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
    ['a misspelt test that is asserted', '    - assert: {that: [true, x is defned]}', "there is no test 'defned'"],
    ['a misspelt filter in what is shown', '    - debug: {var: x | defalt(1)}', "there is no filter 'defalt'"],
    ['a misspelt filter in a keyword', '    - command: id\n      become_user: "{{ x | defalt(1) }}"', "there is no filter 'defalt'"],
    ['a broken template', '    - debug: {msg: "{{ 1 + }}"}', "unexpected '}}'"],
    ['a broken condition', '    - debug: {msg: x}\n      when: (a', 'expected'],
    ['a missing template', '    - template: {src: nosuch.j2, dest: /x}', "there is no template 'nosuch.j2'"],
    ['a missing file', '    - copy: {src: nosuch.txt, dest: /x}', "there is no file 'nosuch.txt'"],
    ['a missing file of tasks', '    - include_tasks: nosuch.yml', "there is no file of tasks 'nosuch.yml'"],
    ['a missing role that is included', '    - include_role: {name: nosuch}', "there is no role 'nosuch'"],
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

describe('what the files bring that a playbook names', () => {
  const table: readonly (readonly [what: string, tasks: string, files: Readonly<Record<string, string>>, message: string, place: string])[] = [
    ['a filter in a template', '[template: {src: a.j2, dest: /x}]', { 'templates/a.j2': 'one\n{{ x | defalt(1) }}\n' }, "there is no filter 'defalt'", 'templates/a.j2:2:8'],
    ['syntax of a template', '[template: {src: a.j2, dest: /x}]', { 'templates/a.j2': '{% if x %}\n' }, 'endif', 'templates/a.j2:'],
    ['a template whose marks are others', '[template: {src: a.j2, dest: /x, variable_start_string: "[[", variable_end_string: "]]"}]', { 'templates/a.j2': '{{ x | is_none_of_ours }} [[ x | defalt(1) ]]\n' }, "there is no filter 'defalt'", 'templates/a.j2:1:'],
    ['a template of a list', '[template: {src: "{{ item.name }}.j2", dest: /x}, loop: [{name: a}, {name: b}]]', { 'templates/a.j2': 'a', 'templates/b.j2': '{{ x | defalt(1) }}' }, "there is no filter 'defalt'", 'templates/b.j2:1:'],
    ['what a template includes', '[template: {src: a.j2, dest: /x}]', { 'templates/a.j2': "{% include 'b.j2' %}", 'templates/b.j2': '{{ x is defned }}' }, "there is no test 'defned'", 'templates/b.j2:1:'],
    ['a template that is looked up', `[debug: {msg: "{{ lookup('template', 'a.j2') }}"}]`, { 'templates/a.j2': '{{ x | defalt(1) }}' }, "there is no filter 'defalt'", 'templates/a.j2:1:'],
    ['an included file', '[include_tasks: more.yml, when: x]', { 'more.yml': '- copyy: {dest: /x}\n' }, "there is no module 'copyy'", 'more.yml:1:3'],
    ['an included file of a list', '[include_tasks: "{{ item }}.yml", loop: [one, two]]', { 'one.yml': '[]', 'two.yml': '- debug: {massage: x}\n' }, 'Unsupported parameters for (debug) module: massage', 'two.yml:1:11'],
    ['what an included file includes', '[include_tasks: more.yml]', { 'more.yml': '- include_tasks: less.yml\n', 'less.yml': '- include_tasks: more.yml\n- debug:\n  wen: true\n' }, "'wen' is not a valid attribute", 'less.yml:3:3'],
    ['an included role', '[include_role: {name: r}]', { 'roles/r/tasks/main.yml': '- debug: {msg: "{{ x | defalt(1) }}"}\n' }, "there is no filter 'defalt'", 'roles/r/tasks/main.yml:1:'],
    ['handlers of an included role', '[include_role: {name: r}]', { 'roles/r/tasks/main.yml': '- debug:\n', 'roles/r/handlers/main.yml': '- name: h\n  servic: {name: x}\n' }, "there is no module 'servic'", 'roles/r/handlers/main.yml:2:3'],
    ['a variable of the inventory', '[debug: {msg: "{{ one }}"}]', { 'group_vars/all.yml': 'one: "{{ two[0].three }}"\ntwo:\n  - three: "{{ x | defalt(1) }}"\n' }, "there is no filter 'defalt'", 'group_vars/all.yml:3:'],
    ['a variable of the host', '[debug: {var: one}]', { 'host_vars/h1.yml': 'one: "{{ x is defned }}"\n' }, "there is no test 'defned'", 'host_vars/h1.yml:1:'],
    ['a variable that says how hosts are reached', '[debug: ]', { 'group_vars/all.yml': 'ansible_become_user: "{{ x | defalt(1) }}"\n' }, "there is no filter 'defalt'", 'group_vars/all.yml:1:'],
    ['a variable that a template reads', '[template: {src: a.j2, dest: /x}]', { 'templates/a.j2': '{{ one }}', 'group_vars/all.yml': 'one: "{{ x | defalt(1) }}"\n' }, "there is no filter 'defalt'", 'group_vars/all.yml:1:'],
    ['a variable of a file that is read', '[include_role: {name: r}]', { 'roles/r/tasks/main.yml': '- include_vars: more.yml\n- debug: {var: one}\n', 'roles/r/vars/more.yml': 'one: "{{ x | defalt(1) }}"\n' }, "there is no filter 'defalt'", 'roles/r/vars/more.yml:1:'],
    ['a file of variables', '[include_vars: {file: more.yml}]', { 'vars/more.yml': 'one: "a' }, 'this is not valid YAML', 'vars/more.yml:1:'],
    ['a default of an included role', '[include_role: {name: r}]', { 'roles/r/tasks/main.yml': '- debug: {msg: "{{ one }}"}\n', 'roles/r/defaults/main.yml': 'one: "{{ x | defalt(1) }}"\n' }, "there is no filter 'defalt'", 'roles/r/defaults/main.yml:1:'],
  ]
  test.each(table)('%s: no host is touched', async (_what, task, files, message, place) => {
    stage.write(files)
    const text = await errorOf(`    - ${task.slice(1, -1).replace(/, (when|loop): /, '\n      $1: ')}\n`)
    expect(text).toContain(message)
    expect(text.split('\n')[1]).toMatch(new RegExp(`^${place.replaceAll('.', '[.]')}`))
    expect(stage.servers.get('h1')!.counts.connections).toBe(0)
  })

  test('is left alone where nothing comes to it, or it may yet be made', async () => {
    stage.write({
      'group_vars/all.yml': 'unused: "{{ x | nosuchfilter }}"\n',
      'templates/odd.j2': '{{ x | nosuchfilter }}',
      'roles/loop/tasks/main.yml': '- include_role: {name: loop}\n  when: false\n',
    })
    const played = await stage.play(`
- hosts: h1
  gather_facts: false
  tasks:
    - {include_tasks: nowhere.yml, ignore_errors: true}
    - block: [{name: odd, template: {src: odd.j2, dest: "{{ out }}/f"}}]
      rescue: [{name: rescued, debug: {}}]
    - {include_tasks: nosuch.yml, when: false}
    - {include_tasks: "{{ nosuch }}.yml", when: false}
    - {include_role: {name: loop}}
    - {name: made, copy: {content: "- {name: inside, debug: {}}", dest: "{{ playbook_dir }}/made.yml"}, delegate_to: localhost}
    - {include_tasks: made.yml}
`)
    expect(['odd', 'rescued', 'inside'].map((task) => played.status(task))).toEqual(['rescued', 'ok', 'ok'])
    expect(notesOf(played)).toEqual([])
  })

  test('is named where an included file holds no tasks', async () => {
    stage.write({ 'text.yml': 'only a text\n' })
    const played = await stage.play('- {hosts: h1, gather_facts: false, tasks: [{meta: end_play}, {include_tasks: text.yml}]}\n')
    expect(notesOf(played)).toEqual(['a file of tasks holds a list, this one the text \'only a text\': tasks that reach it fail'])
  })

  test('is an error where vars_files names it and it is missing', async () => {
    await expect(stage.play('- {hosts: h1, gather_facts: false, tasks: [{command: id}]}\n- {hosts: h1, vars_files: [[nosuch.yml, nowhere.yml]]}\n')).rejects.toThrow(/there is no vars file '.*nosuch.yml' or '.*nowhere.yml'/)
    expect(stage.servers.get('h1')!.counts.connections).toBe(0)
  })

  test('is named where only a condition leads to what is missing', async () => {
    const played = await stage.play(`
- hosts: h1
  gather_facts: false
  tasks:
    - {include_tasks: nosuch.yml, when: false}
    - {include_role: {name: nosuch}, loop: []}
    - {include_tasks: nosuch.yml, tags: never}
`)
    expect(notesOf(played)).toEqual(["there is no file of tasks 'nosuch.yml': tasks that reach it fail", "there is no role 'nosuch': tasks that reach it fail", "there is no file of tasks 'nosuch.yml': tasks that reach it fail"])
  })

  test('of a role of others is a warning where a branch decides, and left to its turn where it includes on a condition', async () => {
    const role = 'collections/ansible_collections/of/others/roles/r'
    stage.write({
      [`${role}/tasks/main.yml`]: '- {include_tasks: bad.yml, when: false}\n- {name: rendered, template: {src: a.j2, dest: "{{ out }}/f"}}\n- {name: read, debug: {msg: "{{ one }}"}}\n',
      [`${role}/tasks/bad.yml`]: '- copyy: {dest: /x}\n',
      [`${role}/templates/a.j2`]: '{% if false %}{{ x | filterofnobody }}{% endif %}',
      [`${role}/defaults/main.yml`]: 'one: "{{ x | anotherofnobody }}"\n',
    })
    const played = await stage.play('- {hosts: h1, gather_facts: false, vars: {one: 1}, roles: [of.others.r]}\n')
    expect(['rendered', 'read'].map((task) => played.status(`of.others.r : ${task}`))).toEqual(['changed', 'ok'])
    expect(notesOf(played)).toEqual(["there is no filter 'filterofnobody': tasks that reach it fail", "there is no filter 'anotherofnobody': tasks that reach it fail"])
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
  expect(notesOf(played)).toEqual([
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

describe('a handler that no file has', () => {
  const role = { 'roles/r/tasks/main.yml': '- {debug: , changed_when: false, notify: [once, "r : once", twice]}\n', 'roles/r/handlers/main.yml': '- {name: once, debug: }\n' }
  const table: readonly (readonly [what: string, tasks: string, handlers: string, notes: readonly string[]])[] = [
    ['is named before the run', '[{debug: , changed_when: false, notify: [here, heer]}]', '[{name: here, debug: }]', ["there is no handler 'heer': tasks that notify it fail"]],
    ['may be a topic, or another play has it', '[{debug: , changed_when: false, notify: [topic, elsewhere]}]', '[{name: here, debug: , listen: topic}]', ["there is no handler 'elsewhere': tasks that notify it fail"]],
    ['may come with a role', '[{include_role: {name: r}}, {debug: , changed_when: false, notify: once}]', '[]', ["there is no handler 'twice': tasks that notify it fail"]],
    ['may come with what nobody knows yet', '[{debug: , changed_when: false, notify: heer}, {include_tasks: "{{ nosuch }}.yml", when: false}]', '[]', []],
    ['may come with what is rescued', '[{debug: , changed_when: false, notify: heer}, {block: [{include_tasks: nosuch.yml}], rescue: [{debug: }]}]', '[]', []],
    ['may have a name that a template gives', '[{debug: , changed_when: false, notify: heer}]', '[{name: "{{ 1 + 1 }}", debug: }]', []],
  ]
  test.each(table)('%s', async (_what, tasks, handlers, notes) => {
    stage.write(role)
    const played = await stage.play(`- {hosts: h1, gather_facts: false, tasks: ${tasks}, handlers: ${handlers}}\n- {hosts: h1, gather_facts: false, handlers: [{name: elsewhere, debug: }]}\n`)
    expect(notesOf(played)).toEqual(notes)
    expect(played.ended.hosts[0]).toMatchObject({ failed: 0 })
  })
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
    expect(notesOf(played)).toContain(`plonerun has no module '${name}': tasks that reach it fail`)
    expect(played.ended.hosts[0]).toMatchObject({ skipped: 1, failed: 1 })
  })
})

test('a run_once that cannot be told ends the run, and no host does the task', async () => {
  expect(await errorOf('    - command: touch {{ out }}/once\n      run_once: "{{ nope }}"')).toContain("Error processing keyword 'run_once': 'nope' is undefined")
})
