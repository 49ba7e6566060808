/** When handlers run, which, and on whom. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { setStage, type Stage } from '../../support/play.ts'

let stage: Stage
beforeEach(async () => {
  stage = await setStage(['h1', 'h2'])
})
afterEach(() => stage.end())

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
