import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
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

describe('failures', () => {
  test('a rescue runs instead of what was looked ahead at', async () => {
    const played = await stage.play(`
- hosts: h1
  gather_facts: false
  tasks:
    - block:
        - name: fails
          command: "false"
        - name: not reached
          copy: {dest: "{{ out }}/not", content: "x"}
      rescue:
        - name: rescue
          copy: {dest: "{{ out }}/rescued", content: "{{ ansible_failed_result.rc }} {{ ansible_failed_task.name }}"}
      always:
        - name: always
          copy: {dest: "{{ out }}/always", content: "x"}
    - name: behind
      debug: {msg: on}
`)
    expect(played.order).toEqual(['h1 fails: rescued', 'h1 rescue: changed', 'h1 always: changed', 'h1 behind: ok'])
    expect(read('rescued')).toBe('1 fails')
    expect(played.ended.hosts[0]).toMatchObject({ rescued: 1, failed: 0 })
  })

  test('an always runs, and the failure goes on behind it', async () => {
    const played = await stage.play(`
- hosts: h1
  gather_facts: false
  tasks:
    - block:
        - name: fails
          fail: {msg: no}
      always:
        - name: always
          debug: {msg: x}
    - name: never
      debug: {msg: x}
`)
    expect(played.order).toEqual(['h1 fails: failed', 'h1 always: ok'])
    expect(played.ended.hosts[0]).toMatchObject({ failed: 1 })
  })

  test('an outer rescue catches what an inner always lets through', async () => {
    const played = await stage.play(`
- hosts: h1
  gather_facts: false
  tasks:
    - block:
        - block:
            - name: fails
              fail: {msg: no}
          always:
            - name: inner always
              debug: {msg: x}
        - name: skipped over
          debug: {msg: x}
      rescue:
        - name: outer rescue
          debug: {msg: x}
    - name: behind
      debug: {msg: x}
`)
    expect(played.order.slice(1)).toEqual(['h1 inner always: ok', 'h1 outer rescue: ok', 'h1 behind: ok'])
  })

  test('a host that failed takes no further part, the others go on', async () => {
    const played = await stage.play(`
- hosts: all
  gather_facts: false
  tasks:
    - name: h1 fails
      fail: {msg: no}
      when: inventory_hostname == 'h1'
    - name: goes on
      debug: {msg: x}
- hosts: all
  gather_facts: false
  tasks:
    - name: next play
      debug: {msg: x}
`)
    expect(played.order).toEqual(['h1 h1 fails: failed', 'h2 h1 fails: skipped', 'h2 goes on: ok', 'h2 next play: ok'])
  })

  test('a host that cannot be reached is told apart from one that failed', async () => {
    await stage.servers.get('h2')!.close()
    const played = await stage.play('- hosts: all\n  gather_facts: false\n  tasks:\n    - name: t\n      command: "true"\n')
    expect(played.order).toEqual(['h1 t: changed'])
    expect(played.ended.hosts.find(({ host }) => host === 'h2')).toMatchObject({ unreachable: 1, failed: 0 })
  })

  test('a change that a broken connection cut leaves the host unreachable, and the next run finishes it', async () => {
    writeFileSync(join(stage.out, 'f'), 'old')
    setTimeout(() => stage.servers.get('h1')!.drop(), 700)
    const play = `
- hosts: h1
  gather_facts: false
  tasks:
    - command: sleep 2
    - copy: {dest: "{{ out }}/f", content: "new"}
`
    const cut = await stage.play(play)
    expect(cut.ended.hosts[0]).toMatchObject({ unreachable: 1 })
    expect(read('f')).toBe('old')
    expect((await stage.play(play)).ended.hosts[0]).toMatchObject({ failed: 0, unreachable: 0 })
    expect(read('f')).toBe('new')
  })
})

describe('handlers', () => {
  test('run once, in the order they are defined, by name, topic and from roles', async () => {
    stage.write({ 'roles/r/tasks/main.yml': '- command: "true"\n  notify: [from role, topic]\n', 'roles/r/handlers/main.yml': '- name: from role\n  debug: {msg: r}\n' })
    const played = await stage.play(`
- hosts: h1
  gather_facts: false
  roles: [r]
  tasks:
    - name: t
      command: "true"
      notify: b
    - name: again
      command: "true"
      notify: [b, a]
    - name: quiet
      command: "true"
      changed_when: false
      notify: never
  handlers:
    - name: a
      debug: {msg: a}
    - name: b
      debug: {msg: b}
      listen: topic
    - name: never
      debug: {msg: never}
`)
    expect(played.order.slice(1)).toEqual(['h1 t: changed', 'h1 again: changed', 'h1 quiet: ok', 'h1 r : from role: ok', 'h1 a: ok', 'h1 b: ok'])
  })

  test('with run_once run on one host, and on no other later', async () => {
    const played = await stage.play(`
- hosts: all
  gather_facts: false
  tasks: [{name: t, command: "true", notify: once}]
  post_tasks: [{name: after, debug: }]
  handlers: [{name: once, debug: , run_once: true}]
`)
    expect(played.order.filter((line) => line.includes('once'))).toEqual(['h1 once: ok'])
  })

  test('of a role that is included several times run once', async () => {
    stage.write({ 'roles/r/tasks/main.yml': '- {name: works, command: "true", notify: restart}\n', 'roles/r/tasks/other.yml': '- {name: other, command: "true", notify: [restart, topic]}\n', 'roles/r/handlers/main.yml': '- {name: restart, debug: {msg: "{{ site }}"}, listen: topic}\n' })
    const played = await stage.play(`
- hosts: h1
  gather_facts: false
  tasks:
    - {include_role: {name: r}, vars: {site: "{{ item }}"}, loop: [one, two]}
    - {include_role: {name: r, tasks_from: other}, vars: {site: three}}
`)
    expect(played.order.filter((line) => line.includes('restart'))).toEqual(['h1 r : restart: ok'])
    expect(played.result('r : restart')['msg']).toBe('three')
  })

  test('what an include among them brings runs with it, for each host, and cannot be notified', async () => {
    stage.write({
      'restart.yml': '- {name: stops, debug: {msg: "{{ what }}"}}\n- include_tasks: more.yml\n- {debug: , run_once: true}\n',
      'more.yml': '- {name: starts, debug: {msg: "{{ what }}"}}\n',
      'roles/r/handlers/main.yml': '- {name: of a role, include_tasks: own.yml}\n',
      'roles/r/handlers/own.yml': '- {name: own, debug: }\n',
    })
    const played = await stage.play(`
- hosts: all
  gather_facts: false
  roles: [r]
  tasks:
    - {name: t, command: "true", notify: [restart, of a role]}
    - meta: flush_handlers
    - {name: again, command: "true", notify: restart, when: inventory_hostname == 'h2'}
    - meta: flush_handlers
    - {name: brought, command: "true", notify: stops, ignore_errors: true}
  handlers:
    - {name: restart, include_tasks: restart.yml, vars: {what: x}}
`)
    const h2 = played.order.filter((line) => line.startsWith('h2')).map((line) => line.slice(3))
    expect(h2).toEqual([
      't: changed', 'r : of a role: ok', 'r : own: ok', 'restart: ok', 'stops: ok', 'include_tasks: ok', 'starts: ok',
      'again: changed', 'restart: ok', 'stops: ok', 'include_tasks: ok', 'starts: ok', 'debug: ok', 'brought: ignored',
    ])
  })

  test('are named by each item of a loop that was not skipped, unless it omits them', async () => {
    const played = await stage.play(`
- hosts: h1
  gather_facts: false
  tasks:
    - name: changes
      command: "true"
      loop: [{tells: one}, {tells: [two, "{{ omit }}"]}, {tells: three, skip: true}, {changes: false, tells: four}, {}]
      when: item.skip is undefined
      changed_when: item.changes | default(true)
      notify: "{{ item.tells | default(omit) }}"
    - name: changes nothing
      command: "true"
      loop: [five]
      changed_when: false
      notify: "{{ item }}"
  handlers: [{name: one, debug: }, {name: two, debug: }, {name: three, debug: }, {name: four, debug: }, {name: five, debug: }]
`)
    expect(['changes', 'one', 'two', 'three', 'four', 'five'].map((name) => played.status(name))).toEqual(['changed', 'ok', 'ok', undefined, 'ok', undefined])
  })

  test('of a host that failed run only with force_handlers', async () => {
    const play = (force: boolean): string => `
- hosts: h1
  gather_facts: false
  force_handlers: ${force}
  tasks:
    - name: t
      command: "true"
      notify: h
    - name: fails
      fail: {msg: no}
  handlers:
    - name: h
      debug: {msg: x}
`
    expect((await stage.play(play(false))).order).toEqual(['h1 t: changed', 'h1 fails: failed'])
    expect((await stage.play(play(true))).order).toEqual(['h1 t: changed', 'h1 fails: failed', 'h1 h: ok'])
    expect((await stage.play(play(false), { forceHandlers: true })).order).toEqual(['h1 t: changed', 'h1 fails: failed'])
  })

  test('of one name, in one list: the first answers, and its role may stand in front of a topic', async () => {
    stage.write({ 'roles/r/handlers/main.yml': '- name: of the role\n  listen: topic\n  debug: {msg: x}\n', 'roles/r/tasks/main.yml': '[]' })
    const played = await stage.play(`
- hosts: h1
  gather_facts: false
  roles: [r]
  tasks:
    - name: t
      command: "true"
      notify: [same, "r : topic"]
  handlers:
    - name: same
      debug: {msg: first}
    - name: same
      debug: {msg: second}
`)
    expect(played.result('same')['msg']).toBe('first')
    expect(played.order).toEqual(['h1 t: changed', 'h1 r : of the role: ok', 'h1 same: ok'])
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
