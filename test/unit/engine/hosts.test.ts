/** Which host a task is done for, and whose facts it sets. */
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { setStage, type Stage } from '../../support/play.ts'

let stage: Stage
beforeEach(async () => {
  stage = await setStage(['h1', 'h2'])
})
afterEach(() => stage.end())

test('with delegate_facts a fact is set on the other host, and on it alone', async () => {
  const played = await stage.play(`
- hosts: all
  gather_facts: false
  tasks:
    - set_fact: {whose: "{{ inventory_hostname }}"}
      delegate_to: h2
      delegate_facts: true
      when: inventory_hostname == 'h1'
    - name: sees
      assert: {that: "whose | default('none') == {'h1': 'none', 'h2': 'h1'}[inventory_hostname]"}
`)
  expect([played.status('sees', 'h1'), played.status('sees', 'h2')]).toEqual(['ok', 'ok'])
})

test("a task's own variables, also those made of its loop's item, say how the host that it is delegated to is reached", async () => {
  const played = await stage.play(`
- hosts: h1
  gather_facts: false
  become: true
  vars: {ansible_become_exe: /nowhere/sudo}
  tasks:
    - {name: elsewhere, command: "true", delegate_to: h2, vars: {ansible_become: false}}
    - {name: own, command: "true", delegate_to: h1, vars: {ansible_become: false}}
    - {name: each, command: "true", delegate_to: h2, loop: [false], vars: {ansible_become: "{{ item }}"}}
    - {name: refused, command: "true", delegate_to: h2, ignore_errors: true}
`)
  expect(['elsewhere', 'own', 'each', 'refused'].map((task) => played.status(task))).toEqual(['changed', 'changed', 'changed', 'ignored'])
})

test('a delegated task sees the variables of the host that it is delegated to, and no other task does', async () => {
  const played = await stage.play(`
- hosts: h1
  gather_facts: false
  tasks:
    - name: delegated
      assert: {that: ["ansible_delegated_vars['h2'].inventory_hostname == 'h1'", "ansible_delegated_vars['h2'].ansible_port == hostvars['h2'].ansible_port"]}
      delegate_to: h2
    - name: alone
      assert: {that: ["ansible_delegated_vars | list == ['h2']", "ansible_delegated_vars | first == whom"]}
      delegate_to: "{{ whom }}"
      vars: {whom: h2}
    - name: own
      assert: {that: "ansible_delegated_vars is not defined"}
`)
  expect(['delegated', 'alone', 'own'].map((task) => played.status(task))).toEqual(['ok', 'ok', 'ok'])
})

test('the old names of the variables of a connection hold, and win over the new ones', async () => {
  const { port, user } = stage.servers.get('h2')!.address()
  const played = await stage.play(`
- hosts: localhost
  gather_facts: false
  tasks:
    - add_host:
        name: old
        ansible_ssh_host: 127.0.0.1
        ansible_ssh_port: "${String(port)}"
        ansible_ssh_user: "${user ?? 'root'}"
        ansible_ssh_pass: secret
        ansible_user: nobody
        plonerun_known_hosts: "{{ hostvars['h2'].plonerun_known_hosts }}"
- hosts: old
  gather_facts: false
  tasks:
    - {name: reached, command: "true"}
    - {name: says, debug: {msg: "{{ ansible_host }} {{ 'omit' in hostvars.old.keys() }} {{ hostvars.old.values() | select('none') | length }}"}}
`)
  expect(played.status('reached', 'old')).toBe('changed')
  expect(played.result('says', 'old')['msg']).toBe('127.0.0.1 True 0')
})

test('the ssh arguments of the run reach a host, below those of its own', async () => {
  const { port, user } = stage.servers.get('h2')!.address()
  const hosts = (own: string): string => `
- hosts: localhost
  gather_facts: false
  tasks:
    - add_host: {name: new, ansible_host: 127.0.0.1, ansible_user: "${user ?? 'root'}", ansible_password: secret, plonerun_known_hosts: "{{ hostvars['h2'].plonerun_known_hosts }}"${own}}
- hosts: new
  gather_facts: false
  tasks:
    - {name: reached, command: "true"}
`
  const connection = { sshArgs: `-C -o ControlMaster=auto -o Port=${String(port)}` }
  expect((await stage.play(hosts(''), { connection })).status('reached', 'new')).toBe('changed')
  expect((await stage.play(hosts(', ansible_ssh_args: "-o Port=1"'), { connection })).ended.hosts.find(({ host }) => host === 'new')).toMatchObject({ unreachable: 1 })
})

test('a host that cannot be connected to as it says does what needs no connection', async () => {
  const played = await stage.play(`
- {hosts: localhost, gather_facts: false, tasks: [{add_host: {name: switch, ansible_connection: network_cli}}]}
- hosts: switch
  gather_facts: false
  tasks:
    - {name: here, assert: {that: "inventory_hostname == 'switch'"}}
    - {name: elsewhere, command: "true", delegate_to: h2}
    - {name: there, command: "true", ignore_errors: true}
    - {name: after, debug: }
`)
  expect(['here', 'elsewhere', 'there', 'after'].map((task) => played.status(task, 'switch'))).toEqual(['ok', 'changed', 'ignored', 'ok'])
  expect(played.result('there', 'switch')['msg']).toBe("switch: the connection 'network_cli' is not supported")
})

test('the hosts of a play, of a batch, and what the inventory was read from', async () => {
  const played = await stage.play(`
- hosts: group
  gather_facts: false
  serial: 1
  tasks:
    - {name: shows, debug: {msg: [ "{{ ansible_play_hosts }}", "{{ ansible_play_batch }}", "{{ play_hosts }}", "{{ ansible_play_hosts_all }}", "{{ ansible_inventory_sources }}" ]}}
- hosts: group
  gather_facts: false
  tasks:
    - {fail: , when: inventory_hostname == 'h1'}
    - {name: later, debug: {msg: ["{{ ansible_play_hosts }}", "{{ ansible_play_hosts_all }}"]}}
`)
  expect(played.result('shows')['msg']).toEqual([['h1', 'h2'], ['h1'], ['h1'], ['h1', 'h2'], [join(stage.folder, 'hosts')]])
  expect(played.result('later', 'h2')['msg']).toEqual([['h2'], ['h1', 'h2']])
})

test('add_host is done once, by the first host', async () => {
  const played = await stage.play(`
- hosts: all
  gather_facts: false
  tasks:
    - add_host: {name: new, by: "{{ inventory_hostname }}"}
    - name: sees
      assert: {that: "hostvars['new'].by == 'h1'"}
`)
  expect([played.status('sees', 'h1'), played.status('sees', 'h2')]).toEqual(['ok', 'ok'])
})

test('a task without a name has an empty one in a rescue, and all tags are those of a run that names none', async () => {
  const played = await stage.play(`
- hosts: h1
  gather_facts: false
  tasks:
    - block:
        - fail:
      rescue:
        - name: sees
          assert: {that: ["ansible_failed_task.name == ''", "ansible_failed_task.action == 'fail'", "ansible_run_tags == ['all']"]}
`)
  expect(played.status('sees')).toBe('ok')
})

test('inventory_hostnames gives the hosts that a pattern selects', async () => {
  const played = await stage.play(`
- hosts: h1
  gather_facts: false
  vars: {others: "{{ query('inventory_hostnames', 'all:!h1') }}"}
  tasks:
    - name: sees
      debug: {msg: "{{ item }}"}
      with_inventory_hostnames: all:!h2
    - name: both
      debug: {msg: "{{ others }} {{ query('inventory_hostnames', 'all', 'nobody') }}"}
`)
  expect(played.result('sees')['results']).toMatchObject([{ msg: 'h1' }])
  expect(played.result('both')).toMatchObject({ msg: "['h2'] ['h1', 'h2']" })
})

test('hosts that add_host brings go before those of the inventory', async () => {
  const played = await stage.play(`
- hosts: h1
  gather_facts: false
  tasks: [{add_host: {name: new, groups: [last]}}, {name: says, debug: {msg: "{{ groups.all }}"}}, {name: nobody, debug: {msg: x}, delegate_to: ""}]
`)
  expect(played.result('says')['msg']).toEqual(['new', 'h1', 'h2'])
  expect(played.status('nobody')).toBe('ok')
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

test('add_host counts as a change only when the inventory learns something', async () => {
  const played = await stage.play('- hosts: h1\n  gather_facts: false\n  tasks: [{name: adds, add_host: {name: new}}, {name: again, add_host: {name: new}}]\n')
  expect([played.status('adds'), played.status('again')]).toEqual(['changed', 'ok'])
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

test('group_by with run_once is about the host that does it', async () => {
  const played = await stage.play(`
- hosts: all
  gather_facts: false
  tasks:
    - {group_by: {key: red}, run_once: true}
    - {name: sees, debug: {msg: "{{ groups.red }}"}}
`)
  expect(played.result('sees')['msg']).toEqual(['h1'])
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
