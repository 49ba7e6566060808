import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
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

describe('any_errors_fatal', () => {
  test('sends the other hosts where a failure would: to rescue and always, and no further without a rescue', async () => {
    const played = await stage.play(`
- hosts: all
  gather_facts: false
  any_errors_fatal: true
  tasks:
    - block:
        - {name: fails, fail: {msg: no}, when: inventory_hostname == 'h1'}
      rescue: [{name: rescues, debug: {msg: rescued}}]
    - block:
        - {name: fails for good, fail: {msg: no}, when: inventory_hostname == 'h1'}
      always: [{name: cleans, debug: {msg: clean}}]
    - {name: never, debug: {msg: never}}
`)
    expect([played.status('rescues'), played.status('rescues', 'h2'), played.status('cleans'), played.status('cleans', 'h2')]).toEqual(['ok', 'ok', 'ok', 'ok'])
    expect([played.status('never'), played.status('never', 'h2')]).toEqual([undefined, undefined])
  })
})

test('hosts that share a machine do not wait for each other', async () => {
  const played = await stage.play(`
- hosts: all
  gather_facts: false
  strategy: free
  connection: local
  tasks:
    - name: sleeps
      shell: "touch {{ out }}/{{ inventory_hostname }}; for i in 1 2 3 4 5 6 7 8 9; do test -e {{ out }}/h1 && test -e {{ out }}/h2 && exit 0; sleep 0.3; done; exit 1"
      vars: {ansible_connection: local}
`)
  expect([played.status('sleeps'), played.status('sleeps', 'h2')]).toEqual(['changed', 'changed'])
})

test('what is let fail is judged at its turn, not before the run', async () => {
  const played = await stage.play(`
- hosts: h1
  gather_facts: false
  tasks:
    - {name: misspelt, debug: {massage: hi}, ignore_errors: true}
    - block: [{name: wrong, set_stats: {data: [1]}}]
      rescue: [{name: rescues, debug: {}}]
`)
  expect([played.status('misspelt'), played.status('wrong'), played.status('rescues')]).toEqual(['ignored', 'rescued', 'ok'])
})

test('a look ahead as a user who is not there yet fails nothing', async () => {
  const played = await stage.play(`
- hosts: h1
  gather_facts: false
  tasks:
    - {name: looks, stat: {path: /etc/passwd}}
    - {name: never, stat: {path: /etc/hosts}, become: true, become_user: nobody-of-that-name, ignore_errors: true}
`)
  expect([played.status('looks'), played.status('never')]).toEqual(['ok', 'ignored'])
})

test('an argument that a look ahead stumbles over fails its own task only', async () => {
  const played = await stage.play(`
- hosts: h1
  gather_facts: false
  tasks:
    - {name: changes, copy: {content: a, dest: "{{ out }}/a"}}
    - {name: looks, stat: {path: /etc/passwd}}
    - {name: stumbles, find: {paths: /etc, age: 2x}, ignore_errors: true}
    - {name: after, stat: {path: /etc/hosts}}
`)
  expect(['changes', 'looks', 'stumbles', 'after'].map((task) => played.status(task))).toEqual(['changed', 'ok', 'ignored', 'ok'])
})

test('set_fact takes the form name=value for a name from a template, and refuses what is no name', async () => {
  const played = await stage.play(`
- hosts: h1
  gather_facts: false
  tasks:
    - set_fact: "{{ item }}_a=1"
      loop: [x, y]
    - {name: sees, assert: {that: "x_a == '1' and y_a == '1'"}}
    - {name: refuses, set_fact: {"{{ 'true' }}": 1}, ignore_errors: true}
`)
  expect(played.status('sees')).toBe('ok')
  expect(played.result('refuses')['msg']).toBe("Invalid variable name 'true'")
})

test('static imports are named with what is known of the role', async () => {
  stage.write({ 'roles/r/tasks/main.yml': '- import_tasks: "{{ role_path }}/more/{{ role_name }}.yml"', 'roles/r/more/r.yml': '- name: says\n  debug: {msg: "{{ ansible_play_role_names }}"}', 'roles/r/meta/main.yml': 'dependencies: [d]', 'roles/d/tasks/main.yml': '' })
  const played = await stage.play('- hosts: h1\n  gather_facts: false\n  roles: [r]\n')
  expect(played.result('r : says')).toMatchObject({ msg: ['r'] })
})

test('what a local task names relatively starts beside the playbook', async () => {
  const played = await stage.play(`
- hosts: h1
  gather_facts: false
  tasks:
    - {name: here, local_action: command pwd}
    - {name: writes, delegate_to: localhost, copy: {content: x, dest: relative.txt}}
`)
  expect(played.result('here')).toMatchObject({ stdout: stage.folder })
  expect(existsSync(join(stage.folder, 'relative.txt'))).toBe(true)
})

test('what a file is to hold is not among the arguments that -vvv shows', async () => {
  const played = await stage.play('- {hosts: h1, gather_facts: false, tasks: [{name: writes, copy: {content: private words, dest: "{{ out }}/f"}}]}', { verbosity: 3 })
  expect(played.result('writes')['invocation']).toMatchObject({ module_args: { dest: `${stage.out}/f` } })
  expect(JSON.stringify(played.result('writes'))).not.toContain('private words')
})

test('what fails at once has changed nothing, but a command has run', async () => {
  const played = await stage.play(`
- hosts: h1
  gather_facts: false
  tasks:
    - {name: refused, copy: {content: x, dest: "{{ out }}/f", validate: "false %s"}, ignore_errors: true}
    - {name: ran, command: "false", ignore_errors: true}
`)
  expect(['refused', 'ran'].map((task) => played.result(task)['changed'])).toEqual([false, true])
})

test('a folder that is copied has what its vaults hold', async () => {
  stage.write({ 'files/tree/plain': 'plain', 'files/tree/locked': '$ANSIBLE_VAULT;1.1;AES256\n6162\n' })
  const played = await stage.play('- {hosts: h1, gather_facts: false, tasks: [{name: copies, copy: {src: tree/, dest: "{{ out }}/t"}}, {name: keeps, copy: {src: tree/, dest: "{{ out }}/k", decrypt: false}}]}', { decrypt: () => 'opened' })
  expect(played.status('copies')).toBe('changed')
  const locked = ['t', 'k'].map((folder) => readFileSync(join(stage.out, folder, 'locked'), 'utf8').slice(0, 14))
  expect(locked).toEqual(['opened', '$ANSIBLE_VAULT'])
})

test('first_found looks in the folder that is for its task, and nowhere beside', async () => {
  stage.write({
    'roles/r/tasks/main.yml': `
- include_tasks: "{{ lookup('first_found', ['debian.yml', 'default.yml']) }}"
- include_vars: "{{ item }}"
  with_first_found: ["{{ missing }}", "{{ missing }}.yml", {files: ["{{ missing }}.yml", debian.yml]}]
- {name: knows, debug: {msg: "{{ system }}"}}
`,
    'roles/r/tasks/default.yml': '- {name: right, debug: }',
    'roles/r/vars/debian.yml': 'system: debian',
    'roles/r/templates/default.yml': '',
  })
  const played = await stage.play('- {hosts: h1, gather_facts: false, roles: [r]}')
  expect(played.status('r : right')).toBe('ok')
  expect(played.result('r : knows')).toMatchObject({ msg: 'debian' })
})

test('set_stats adds up over the run', async () => {
  const played = await stage.play(`
- hosts: all
  gather_facts: false
  tasks:
    - set_stats: {data: {count: 2, words: [a]}}
    - set_stats: {data: {own: "{{ inventory_hostname }}"}, per_host: true}
`)
  expect(played.ended.stats).toEqual({ RUN: { count: 4, words: ['a', 'a'] }, h1: { own: 'h1' }, h2: { own: 'h2' } })
})

test('a task that says nothing of it may take as long as the setting says', async () => {
  const played = await stage.play('- {hosts: h1, gather_facts: false, tasks: [{name: slow, command: sleep 9, ignore_errors: true}, {name: own, command: sleep 2, timeout: 20}]}', { defaults: { taskTimeout: 1 } })
  expect(played.result('slow')['msg']).toContain('Timed out after 1 second')
  expect(played.status('own')).toBe('changed')
})

test('a task that takes too long says so in its result', async () => {
  const played = await stage.play('- hosts: h1\n  gather_facts: false\n  tasks: [{name: sleeps, command: sleep 20, timeout: 1, ignore_errors: true}]\n')
  expect(played.result('sleeps')).toMatchObject({ failed: true, msg: 'Timed out after 1 second', timedout: { period: 1 } })
})

test('add_host counts as a change only when the inventory learns something', async () => {
  const played = await stage.play('- hosts: h1\n  gather_facts: false\n  tasks: [{name: adds, add_host: {name: new}}, {name: again, add_host: {name: new}}]\n')
  expect([played.status('adds'), played.status('again')]).toEqual(['changed', 'ok'])
})

test('each item of set_fact sees what the one before has set, also when nothing was set before', async () => {
  const played = await stage.play(`
- hosts: h1
  gather_facts: false
  tasks:
    - set_fact: {words: "{{ words + [item] }}"}
      loop: [b, c]
      vars: {words: [a]}
    - {name: sees, assert: {that: "words == ['a', 'b', 'c']"}}
`)
  expect(played.status('sees')).toBe('ok')
})

test('debug shows the variable that a template names, and tells what is undefined where it stands', async () => {
  const played = await stage.play(`
- hosts: h1
  gather_facts: false
  vars: {known: {x: "{{ nope }}", y: [1, "{{ nope.a }}"], when: "{{ '2024-01-02 03:04:05' | to_datetime }}"}, name: known.y}
  tasks:
    - {name: of a template, debug: {var: "{{ name }}"}}
    - {name: whole, debug: {var: known}}
    - {name: words, debug: {var: "{{ 'two words' }}"}}
`)
  expect(played.result('of a template')).toMatchObject({ 'known.y': [1, "<< error 1 - 'nope' is undefined >>"] })
  expect(played.result('whole')).toMatchObject({ known: { x: "<< error 1 - 'nope' is undefined >>", y: [1, "<< error 2 - 'nope' is undefined >>"], when: '2024-01-02T03:04:05' } })
  expect(played.result('words')).toMatchObject({ '(expression)': 'two words' })
})

test('lipsum fills a page', async () => {
  const played = await stage.play(`
- hosts: h1
  gather_facts: false
  tasks: [{name: text, debug: {msg: "{{ lipsum(n=2, html=false, min=20, max=21) }}"}}]
`)
  expect(played.result('text')['msg']).toMatch(/^[A-Z][a-z]+( [a-z]+){11}\. [A-Z][a-z]+( [a-z]+){7}\.\n\n/)
})

test('clear_host_errors in always lets the play go on', async () => {
  const played = await stage.play(`
- hosts: h1
  gather_facts: false
  tasks:
    - block: [{fail: {msg: no}}]
      always: [{meta: clear_host_errors}]
    - {name: goes on, debug: {}}
`)
  expect(played.status('goes on')).toBe('ok')
})

test('the variables of a group hold for a host from the moment group_by puts it there', async () => {
  stage.write({ 'group_vars/red.yml': 'colour: red' })
  const played = await stage.play(`
- hosts: h1
  gather_facts: false
  tasks: [{group_by: {key: red}}, {name: sees, assert: {that: "colour == 'red'"}}]
`)
  expect(played.status('sees')).toBe('ok')
})

test('an item whose label cannot be evaluated has failed, and is kept with the others', async () => {
  const played = await stage.play(`
- hosts: h1
  gather_facts: false
  tasks:
    - {name: loops, debug: {msg: "{{ item }}"}, loop: [1, 2], loop_control: {label: "{{ {1: 'one'}[item] }}"}, ignore_errors: true}
`)
  expect(played.status('loops')).toBe('ignored')
  expect(played.result('loops')['results']).toMatchObject([{ msg: 1 }, { failed: true }])
})

test('until looks anew each time at a host that changes by itself', async () => {
  const played = await stage.play(`
- hosts: h1
  gather_facts: false
  tasks:
    - shell: (sleep 0.5; touch {{ out }}/comes) >/dev/null 2>&1 &
    - {name: comes, stat: {path: "{{ out }}/comes"}, register: it, until: it.stat.exists, retries: 30, delay: 0.1}
`)
  expect(played.status('comes')).toBe('ok')
  expect(played.result('comes')['attempts']).toBeGreaterThan(1)
})

test('what until found ahead of time is no try', async () => {
  const played = await stage.play(`
- hosts: h1
  gather_facts: false
  tasks:
    - {name: asks, stat: {path: "{{ out }}"}}
    - {name: comes by itself, command: "touch {{ out }}/comes", delegate_to: localhost}
    - {name: comes, stat: {path: "{{ out }}/comes"}, register: it, until: it.stat.exists, retries: 0}
`)
  expect(played.status('comes')).toBe('ok')
  expect(played.result('comes')['attempts']).toBe(1)
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

test('pause asks once for all hosts of a batch, and all of them have the answer', async () => {
  const asked: string[] = []
  const ask = (prompt: string): Promise<string> => Promise.resolve(`answer ${asked.push(prompt)}`)
  const play = (serial: number): string => `
- hosts: all
  gather_facts: false
  serial: ${serial}
  tasks:
    - {name: asks, pause: {prompt: Go on?}, register: said}
    - {name: says, debug: {msg: "{{ said.user_input }}"}}
`
  const together = await stage.play(play(2), { ask })
  expect(asked).toEqual(['Go on?'])
  expect(['h1', 'h2'].map((host) => together.result('says', host)['msg'])).toEqual(['answer 1', 'answer 1'])
  const each = await stage.play(play(1), { ask })
  expect(['h1', 'h2'].map((host) => each.result('says', host)['msg'])).toEqual(['answer 2', 'answer 3'])
})

test('the old include: words beside the file are variables; a loop and a name from a template make it dynamic', async () => {
  stage.write({ 'said.yml': '- name: said {{ word }}\n  debug: {msg: "{{ word }}"}', 'more.yml': '- hosts: all\n  gather_facts: false\n  tasks:\n    - include: said.yml word=three' })
  const played = await stage.play(`
- hosts: all
  gather_facts: false
  tasks:
    - include: said.yml word=one
      become: false
    - include: "{{ item }}.yml"
      vars: {word: two}
      with_items: [said]
- include: more.yml
`)
  for (const word of ['one', 'two', 'three']) expect(played.result(`said ${word}`)['msg']).toBe(word)
})

test('a task can ask how its host is reached', async () => {
  const played = await stage.play(`
- hosts: h1
  gather_facts: false
  remote_user: somebody
  tasks:
    - {name: usual, assert: {that: "ansible_connection == 'ssh'"}}
    - {name: by keyword, connection: local, assert: {that: ["ansible_connection == 'local'", "hostvars.h1.ansible_connection is undefined"]}}
    - {name: by variable, connection: local, vars: {ansible_connection: "{{ 'ss' ~ 'h' }}"}, assert: {that: "ansible_connection == 'ssh'"}}
`)
  expect([played.status('usual'), played.status('by keyword'), played.status('by variable')]).toEqual(['ok', 'ok', 'ok'])
})
