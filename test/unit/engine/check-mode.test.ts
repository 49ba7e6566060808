/** check_mode on a task of a run that is not in check mode. */
import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { setStage, type Stage } from '../../support/play.ts'

let stage: Stage
beforeEach(async () => {
  stage = await setStage(['h1'])
})
afterEach(() => stage.end())

test('a command that is not run is skipped, and tasks behind it go on with what it leaves', async () => {
  const played = await stage.play(`
- hosts: h1
  gather_facts: false
  tasks:
    - name: would
      command: touch ${join(stage.out, 'made')}
      check_mode: true
      register: would
    - name: sees
      assert: {that: ["would is skipped", "would is not changed", "would.rc == 0", "would.stdout == ''"]}
    - name: does
      copy: {dest: "{{ out }}/does", content: "{{ would.msg }}"}
`)
  expect([played.status('would'), played.status('sees'), played.status('does')]).toEqual(['skipped', 'ok', 'changed'])
  expect(existsSync(join(stage.out, 'made'))).toBe(false)
})

test('what only a change that was not made could tell fails the task that needs it', async () => {
  const played = await stage.play(`
- hosts: h1
  gather_facts: false
  tasks:
    - name: would
      tempfile: {path: "{{ out }}"}
      check_mode: true
      register: would
    - name: needs
      copy: {dest: "{{ out }}/needs", content: "{{ would.path }}"}
`)
  expect(played.status('needs')).toBe('failed')
  expect(String(played.result('needs')['msg'])).toMatch(/^it depends on .*, which was not run$/)
})

test('what a set_fact would say that nobody can know is unknown to the tasks behind it', async () => {
  const play = `
- hosts: h1
  gather_facts: false
  tasks:
    - name: asks
      command: echo ${join(stage.out, 'made')}
      register: asked
    - name: says
      set_fact: {place: "{{ asked.stdout }}"}
    - name: says if
      set_fact: {sure: said}
      when: asked.stdout is search('made')
    - name: uses
      file: {path: "{{ place }}", state: directory}
    - name: uses if
      debug: {msg: "{{ sure }}"}
`
  const foretold = await stage.play(play, { check: true })
  expect(['says', 'says if', 'uses', 'uses if'].map((name) => foretold.status(name))).toEqual(['unknown', 'unknown', 'unknown', 'unknown'])
  expect((await stage.play(play)).status('uses')).toBe('changed')
})

test('a task is unknown where one item of a list among its arguments cannot be known', async () => {
  const foretold = await stage.play(`
- hosts: h1
  gather_facts: false
  tasks:
    - name: asks
      command: echo ${join(stage.out, 'made')}
      register: asked
    - name: lists
      package: {name: ["hostname", "{{ asked.stdout }}"]}
`, { check: true })
  expect(foretold.status('lists')).toBe('unknown')
})

test('a handler that nobody can know to be notified is unknown, unless another task surely notifies it', async () => {
  const play = `
- hosts: h1
  gather_facts: false
  tasks:
    - command: echo
      notify: [maybe, surely]
    - copy: {dest: "{{ out }}/made", content: x}
      notify: surely
  handlers:
    - name: maybe
      file: {path: "{{ out }}/maybe", state: directory}
    - name: surely
      file: {path: "{{ out }}/surely", state: directory}
`
  const foretold = await stage.play(play, { check: true })
  expect(['maybe', 'surely'].map((name) => foretold.status(name))).toEqual(['unknown', 'changed'])
  expect((await stage.play(play)).status('maybe')).toBe('changed')
})

test('whom items that nobody can know would notify is not asked', async () => {
  const foretold = await stage.play(`
- hosts: h1
  gather_facts: false
  tasks:
    - command: echo
      register: asked
    - name: loops
      command: "true"
      loop: "{{ asked.stdout_lines }}"
      notify: "{{ item }}"
    - name: tells
      command: "true"
      notify: "{{ asked.stdout }}"
    - name: goes on
      debug: {msg: on}
`, { check: true })
  expect(['loops', 'tells', 'goes on'].map((name) => foretold.status(name))).toEqual(['unknown', 'unknown', 'ok'])
})

test('a task that runs in check mode too is unknown where it depends on what was not run', async () => {
  const played = await stage.play(`
- hosts: h1
  gather_facts: false
  tasks:
    - command: echo
      register: asked
    - name: looks
      command: echo {{ asked.stdout }}
      check_mode: false
    - name: goes on
      debug: {msg: on}
`, { check: true })
  expect([played.status('looks'), played.status('goes on')]).toEqual(['unknown', 'ok'])
})

test('what depends on what nobody can know is unknown: a file that a loop looks for, check_mode, a user who is not there yet', async () => {
  const head = `
- hosts: h1
  gather_facts: false
  tasks:
    - name: asks
      shell: echo no
      register: asked
`
  const tasks = `
    - name: looks
      include_vars: "{{ item }}"
      with_first_found: ["{{ asked.stdout }}.yml", "/etc/hosts"]
    - name: may check
      command: echo
      check_mode: "{{ asked.stdout }}"
    - name: becomes
      stat: {path: /}
      become: true
      become_user: nobody-of-that-name
`
  const foretold = await stage.play(head + tasks, { check: true })
  expect(['looks', 'may check', 'becomes'].map((name) => foretold.status(name))).toEqual(['unknown', 'unknown', 'unknown'])
  const certain = await stage.play(head.replace('shell', 'debug').replace('echo no', '{msg: no}') + tasks.slice(tasks.indexOf('    - name: becomes')), { check: true })
  expect(certain.status('becomes')).toBe('failed')
})

test('a command that check mode runs is unknown where it fails and what was not run may be missing', async () => {
  const commands = `
    - name: looks
      command: cat {{ out }}/made
      check_mode: false
    - name: may fail
      command: cat {{ out }}/made
      check_mode: false
      ignore_errors: true
`
  const head = `
- hosts: h1
  gather_facts: false
  tasks:
`
  const foretold = await stage.play(`${head}    - shell: echo one > {{ out }}/made${commands}`, { check: true })
  expect(['looks', 'may fail'].map((name) => foretold.status(name))).toEqual(['unknown', 'ignored'])
  expect((await stage.play(`${head}${commands}`, { check: true })).status('looks')).toBe('failed')
})

test('a file of this machine that an earlier task would make is unknown, and one that nobody makes is missing', async () => {
  const uses = `
    - name: copies
      copy: {src: "{{ out }}/here/word", dest: "{{ out }}/there"}
      ignore_errors: true
    - name: reads
      debug: {msg: "{{ lookup('file', out ~ '/here/word') }}"}
      ignore_errors: true
`
  const makes = `
- hosts: h1
  gather_facts: false
  tasks:
    - {delegate_to: localhost, file: {path: "{{ out }}/here", state: directory}}
    - name: makes
      delegate_to: localhost
      shell: echo one > {{ out }}/here/word
${uses}`
  const foretold = await stage.play(makes, { check: true })
  expect(['makes', 'copies', 'reads'].map((name) => foretold.status(name))).toEqual(['unknown', 'unknown', 'unknown'])
  const missing = await stage.play(`
- hosts: h1
  gather_facts: false
  tasks:
    - command: echo
${uses}`, { check: true })
  expect(['copies', 'reads'].map((name) => missing.status(name))).toEqual(['ignored', 'ignored'])
  expect((await stage.play(makes)).status('copies')).toBe('changed')
})

test('a command is taken at its word: what it says it creates is there for those behind it, as in the run that follows', async () => {
  const text = `
- hosts: h1
  gather_facts: false
  tasks:
    - {name: makes, command: 'touch {{ out }}/made', args: {creates: "{{ out }}/made"}}
    - {name: again, shell: 'touch "{{ out }}/made"', args: {creates: made, chdir: "{{ out }}"}}
    - {name: uses, command: 'cat {{ out }}/made', args: {removes: "{{ out }}/made"}}
    - {name: there, command: 'cat {{ out }}/made', args: {removes: "{{ out }}/made"}}
`
  const statuses = async (check: boolean): Promise<readonly (string | undefined)[]> => {
    const played = await stage.play(text, { check })
    return ['makes', 'again', 'uses', 'there'].map((task) => played.status(task))
  }
  const foretold = await statuses(true)
  expect(foretold).toEqual(['changed', 'ok', 'changed', 'changed'])
  expect(await statuses(false)).toEqual(foretold)
})

test('check mode: a command that the host says is needed counts as changed, and what it prints is unknown', async () => {
  const played = await stage.play(`
- hosts: h1
  gather_facts: false
  tasks:
    - {name: creates, command: {cmd: make it, creates: "{{ out }}/missing"}, register: made, until: made.rc == 0}
    - {name: changed, debug: {msg: yes}, when: made is changed}
    - {name: prints, debug: {msg: yes}, when: "'x' in made.stdout_lines"}
    - {name: overruled, shell: {cmd: make it, removes: "{{ out }}"}, register: it, changed_when: it.rc == 0}
    - {name: not needed, command: {cmd: make it, creates: "{{ out }}"}}
    - {name: nobody knows, command: {cmd: make it}}
`, { check: true })
  expect(played.order).toEqual(['creates: changed', 'changed: ok', 'prints: unknown', 'overruled: unknown', 'not needed: ok', 'nobody knows: unknown'].map((line) => `h1 ${line}`))
})

/** A psql that knows one database, and can neither make another nor log in to it. */
const PSQL = `#!/bin/sh
PATH=/usr/bin:/bin
case "$*" in *"-d new"*) echo 'psql: error: database "new" does not exist' >&2; exit 2;; esac
case $(cat) in
  *pg_get_userbyid*) printf 'template1\\tpostgres\\tUTF8\\tC\\tC\\t-1\\tpg_default\\t\\n';;
  *INSERT*ROLLBACK*) printf '%032d\\n%032d\\n' 1 2;;
  *ROLLBACK*) printf '%032d\\n%032d\\n' 1 1;;
  *pg_roles*) echo ann;;
  *) echo 'ERROR:  no room' >&2; exit 3;;
esac
`
const DATABASES = `
- hosts: h1
  gather_facts: false
  environment: {PATH: "{{ out }}"}
  tasks:
    - {name: makes, postgresql_db: {name: new}, ignore_errors: true}
    - {name: makes again, postgresql_db: {name: new}, ignore_errors: true}
    - {name: grants, postgresql_privs: {login_db: new, roles: ann, objs: t, privs: SELECT}, ignore_errors: true}
`

test('what a task would leave in a database is laid over what later tasks ask of it, and what cannot be asked yet is unknown', async () => {
  stage.write({ 'out/psql': PSQL })
  chmodSync(join(stage.out, 'psql'), 0o755)
  const foretold = await stage.play(DATABASES, { check: true })
  expect(['makes', 'makes again', 'grants'].map((name) => foretold.status(name))).toEqual(['changed', 'ok', 'unknown'])
  const played = await stage.play(DATABASES)
  expect(['makes', 'makes again', 'grants'].map((name) => played.status(name))).toEqual(['ignored', 'ignored', 'ignored'])
  // A module that says what a failure returns returns nothing else.
  const { exception: _exception, ...result } = played.result('makes')
  expect(result).toEqual({ failed: true, changed: false, msg: 'Database query failed: no room\n' })
})

test('what a module cannot foresee behind what is planned is unknown', async () => {
  stage.write({ 'out/psql': PSQL })
  chmodSync(join(stage.out, 'psql'), 0o755)
  const foretold = await stage.play(`
- hosts: h1
  gather_facts: false
  environment: {PATH: "{{ out }}"}
  tasks:
    - {name: same, postgresql_privs: {login_db: old, roles: ann, objs: t, privs: SELECT}}
    - {name: grants, postgresql_privs: {login_db: old, roles: ann, objs: t, privs: INSERT}}
    - {name: grants again, postgresql_privs: {login_db: old, roles: ann, objs: t, privs: INSERT}}
    - {name: revokes, postgresql_privs: {login_db: old, roles: ann, objs: t, privs: DELETE, state: absent}}
`, { check: true })
  expect(['same', 'grants', 'grants again', 'revokes'].map((name) => foretold.status(name))).toEqual(['ok', 'changed', 'ok', 'unknown'])
})

test('check mode knows what a question of a task will be answered behind the changes of the same user, and of no other', async () => {
  // A sudo that does what it is told to, in another home.
  mkdirSync(join(stage.out, 'home'))
  writeFileSync(join(stage.out, 'sudo'), `#!/bin/sh\nwhile [ "$1" != -u ]; do shift; done; shift 2; HOME=${stage.out}/home exec "$@"\n`, { mode: 0o755 })
  const task = (name: string, more: string): string => `    - {name: ${name}, community.general.git_config: {name: plonerun.test, value: x, scope: file, file: ~/.gitconfig-of-a-test}${more}}\n`
  const become = `, become: true, become_user: nobody, vars: {ansible_become_exe: ${stage.out}/sudo}`
  const foretold = await stage.play(`- hosts: h1\n  gather_facts: false\n  tasks:\n${task('first', '')}${task('again', '')}${task('other', become)}${task('other again', become)}`, { check: true })
  expect(['first', 'again', 'other', 'other again'].map((name) => foretold.status(name))).toEqual(['changed', 'ok', 'changed', 'ok'])
})
