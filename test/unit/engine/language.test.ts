/** Arguments, variables and outcomes, as the language has them. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { setStage, type Stage } from '../../support/play.ts'

let stage: Stage
beforeEach(async () => {
  stage = await setStage(['h1', 'h2'])
})
afterEach(() => stage.end())

describe('arguments', () => {
  test('a mapping in place of the arguments gives them, and what is written beside it wins', async () => {
    const played = await stage.play(`
- hosts: h1
  gather_facts: false
  tasks:
    - name: says
      debug: "{{ item }}"
      loop: [{msg: one}, {msg: two}]
    - name: both
      debug: "{{ {'msg': 'given', 'verbosity': 3} }}"
      args: {verbosity: 0}
`)
    expect(played.result('says')['results']).toMatchObject([{ msg: 'one' }, { msg: 'two' }])
    expect(played.result('both')).toMatchObject({ msg: 'given' })
  })

  test('the result of a task whose argument has no value says which', async () => {
    const played = await stage.play(`
- hosts: h1
  gather_facts: false
  tasks:
    - {name: says, debug: {msg: "{{ nope }}"}, ignore_errors: true}
`)
    expect(played.result('says')['msg']).toBe("Task failed: Finalization of task args for 'ansible.builtin.debug' failed: Error while resolving value for 'msg': 'nope' is undefined")
  })

  test('set_fact takes names from templates, and tasks behind it see them', async () => {
    const played = await stage.play(`
- hosts: h1
  gather_facts: false
  vars: {which: colour}
  tasks:
    - set_fact: {"{{ which }}": red}
    - name: sees
      assert: {that: "colour == 'red'"}
`)
    expect(played.status('sees')).toBe('ok')
  })

  test('a lookup that acts does so for each item of a loop', async () => {
    const played = await stage.play(`
- hosts: h1
  gather_facts: false
  tasks:
    - name: times
      debug: {msg: "{{ lookup('pipe', 'date +%s%N') }}"}
      loop: [1, 2]
`)
    const [first, second] = played.result('times')['results'] as readonly { msg: string }[]
    expect(first!.msg).not.toBe(second!.msg)
  })
})

describe('variables', () => {
  test('of role entries reach the roles they depend on, whose own vars win over those of the asking role', async () => {
    stage.write({
      'roles/top/meta/main.yml': 'dependencies: [{role: middle, vars: {given: top}}]',
      'roles/middle/vars/main.yml': 'owner: middle',
      'roles/middle/meta/main.yml': 'dependencies: [{role: inner, vars: {passed: "{{ given }}"}}]',
      'roles/inner/meta/main.yml': 'dependencies: [base]',
      'roles/inner/tasks/main.yml': '- name: says\n  debug: {msg: "{{ passed }} {{ owner }}"}',
      'roles/base/vars/main.yml': 'owner: base',
    })
    const played = await stage.play('- hosts: h1\n  gather_facts: false\n  roles: [top]\n')
    expect(played.result('inner : says')).toMatchObject({ msg: 'top base' })
  })

  test('of the entry of a role that another depends on are for that role alone', async () => {
    stage.write({
      'roles/top/meta/main.yml': 'dependencies: [{role: base, vars: {given: yes}}, {role: other}]',
      'roles/top/tasks/main.yml': '- name: says\n  debug: {msg: "{{ given | default(0) }}"}',
      'roles/base/tasks/main.yml': '- name: says\n  debug: {msg: "{{ given | default(0) }}"}',
      'roles/other/tasks/main.yml': '- name: says\n  debug: {msg: "{{ given | default(0) }}"}',
    })
    const played = await stage.play('- hosts: h1\n  gather_facts: false\n  strategy: debug\n  roles: [top]\n')
    expect(['base', 'other', 'top'].map((role) => played.result(`${role} : says`)['msg'])).toEqual([true, 0, 0])
  })

  test('vars_files are found with the variables of each host', async () => {
    stage.write({ 'vars/h1.yml': 'colour: red', 'vars/other.yml': 'colour: blue', 'host_vars/h1.yml': 'mine: h1' })
    const played = await stage.play(`
- hosts: all
  gather_facts: false
  vars_files: [["vars/{{ mine }}.yml", vars/other.yml]]
  tasks:
    - name: says
      debug: {msg: "{{ colour }}"}
`)
    expect([played.result('says'), played.result('says', 'h2')]).toMatchObject([{ msg: 'red' }, { msg: 'blue' }])
  })

  test('vars_files may be named by facts', async () => {
    stage.write({ 'vars/Linux.yml': 'colour: red', 'vars/common.yml': 'shade: "dark {{ colour }}"' })
    const played = await stage.play(`
- hosts: all
  vars_files: [["vars/{{ ansible_nodename }}.yml", "vars/{{ ansible_system }}.yml"], vars/common.yml]
  tasks:
    - name: says
      debug: {msg: "{{ shade }}"}
`)
    expect([played.result('says'), played.result('says', 'h2')]).toMatchObject([{ msg: 'dark red' }, { msg: 'dark red' }])
  })

  test('ansible_env is that of the login with the environment of the play', async () => {
    const played = await stage.play(`
- hosts: h1
  environment: {COLOUR: red, PATH: "{{ ansible_env.PATH }}:/more"}
  tasks:
    - raw: echo $PATH
      register: path
      environment: {PATH: ''}
    - name: says
      debug: {msg: "{{ ansible_env.COLOUR }} {{ ':/usr/local/sbin:/usr/sbin:/sbin' in ansible_env.PATH ~ ':/more' }}"}
`)
    expect(played.result('says')).toMatchObject({ msg: 'red False' })
  })
})

describe('outcomes', () => {
  test('of a command say when it began and ended', async () => {
    const played = await stage.play(`
- hosts: h1
  gather_facts: false
  tasks:
    - name: sleeps
      command: sleep 0.3
`)
    const { start, end, delta } = played.result('sleeps') as Record<string, string>
    expect([start, end]).toEqual([expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6}$/), expect.stringMatching(/^\d{4}-/)])
    expect(delta! >= '0:00:00.3' && delta! < '0:00:30').toBe(true)
  })

  test('that failed hold an exception, and failed_when: false keeps it aside', async () => {
    const played = await stage.play(`
- hosts: h1
  gather_facts: false
  tasks:
    - name: fails
      command: "false"
      ignore_errors: true
    - name: passes
      command: "false"
      failed_when: false
`)
    expect(played.result('fails')).toMatchObject({ exception: 'non-zero return code' })
    expect(played.result('passes')).toMatchObject({ failed: false, failed_when_suppressed_exception: 'non-zero return code' })
    expect(played.result('passes')).not.toHaveProperty('exception')
  })

  test('group_by counts as a change', async () => {
    const played = await stage.play('- hosts: h1\n  gather_facts: false\n  tasks: [{name: groups, group_by: {key: red}}]\n')
    expect(played.status('groups')).toBe('changed')
  })

  test('braces within the quotes of a condition are templates of their own', async () => {
    const played = await stage.play(`
- hosts: h1
  gather_facts: false
  vars: {colour: red, trap: !unsafe "{{ 1 / 0 }}"}
  tasks:
    - name: checks
      assert: {that: ["'{{ colour }}-ish' == 'red-ish'", "'{{ trap }}' == trap"]}
    - name: skips
      debug:
      when: "'{{ colour }}' in ['blue']"
`)
    expect([played.status('checks'), played.status('skips')]).toEqual(['ok', 'skipped'])
  })

  test('a secret in a result stays what it is, and is not shown', async () => {
    const played = await stage.play(`
- hosts: h1
  gather_facts: false
  tasks:
    - name: makes
      debug: {msg: "{{ lookup('password', '/dev/null') }}"}
      loop: [1, 2]
      register: made
    - name: differ
      assert: {that: 'made.results[0].msg != made.results[1].msg'}
`)
    expect(played.status('differ')).toBe('ok')
    expect((played.result('makes')['results'] as readonly { msg: string }[]).map(({ msg }) => msg)).toEqual(['********', '********'])
  })

  test('a text that a condition in braces gives is not taken for an expression, nor for true', async () => {
    const played = await stage.play(`
- hosts: h1
  gather_facts: false
  tasks:
    - name: fails
      debug: {msg: never}
      when: "{{ '1 == 1' }}"
`)
    expect(played.result('fails')['msg']).toBe("the condition gives the text '1 == 1', an untrusted template or expression that is not evaluated")
  })
})
