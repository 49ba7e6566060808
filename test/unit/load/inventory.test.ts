import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createLoader } from '../../../src/load/loader.ts'
import { Template } from '../../../src/values/template.ts'
import type { Value } from '../../../src/values/value.ts'
import { errorText, tree } from './tree.ts'

const load = (root: string, ...sources: readonly string[]) => createLoader().loadInventory(sources.map((source) => join(root, source)))

/** All variables of a host, the strongest last, without where the inventory is. */
function varsOf(root: string, sources: readonly string[], host: string, playbook?: string): Record<string, Value> {
  const loader = createLoader()
  const layers = loader.hostVarLayers(loader.loadInventory(sources.map((source) => join(root, source))), host, playbook && join(root, playbook))
  const { inventory_file: _file, inventory_dir: _dir, ...vars } = Object.fromEntries(layers.flatMap(({ vars }) => [...vars])) as Record<string, Value>
  return vars
}

test('INI: ranges, ports, groups of groups', () => {
  const root = tree({ hosts: '; note\nlone # behind\n10.0.0.9:2222\n[web]\nweb[01:03].example.org\nw-[a:c:2]\n[2001:db8::1]:22\n[db]\ndb1\nweb02.example.org\n[site:children]\nweb\ndb\n[empty]\n' })
  const inventory = load(root, 'hosts')
  expect(inventory.hostsOf('ungrouped')).toEqual(['lone', '10.0.0.9'])
  expect(inventory.hostsOf('web')).toEqual(['web01.example.org', 'web02.example.org', 'web03.example.org', 'w-a', 'w-c', '2001:db8::1'])
  expect(inventory.hostsOf('site')).toEqual([...inventory.hostsOf('web'), 'db1'])
  expect(inventory.hostsOf('empty')).toEqual([])
  expect([...inventory.groups].map(([name, { depth }]) => `${name} ${depth}`)).toEqual(['all 0', 'ungrouped 1', 'web 2', 'db 2', 'site 1', 'empty 1'])
  expect(inventory.groupsOf('web02.example.org').map(({ name }) => name)).toEqual(['all', 'site', 'db', 'web'])
  expect(varsOf(root, ['hosts'], '10.0.0.9')).toEqual({ ansible_port: 2222 })
})

/** Observed with ansible-core 2.19. */
test('a port counts where the host is named first', () => {
  const root = tree({ hosts: 'a\nb:2222 ansible_port=1\n[web]\na:2222\nb:2223\n', 'hosts.yml': 'all: {hosts: {"c:8022": {}}, children: {web: {hosts: {"c:8023": {v: 1}}}}}' })
  expect(['a', 'b'].map((host) => varsOf(root, ['hosts'], host))).toEqual([{}, { ansible_port: 1 }])
  expect(varsOf(root, ['hosts.yml'], 'c')).toEqual({ ansible_port: 8022, v: 1 })
})

/** Observed with ansible-core 2.19. */
test('INI: values are Python literals, or text', () => {
  const root = tree({
    hosts: `h a=1 b="x y" c='{"k": [1, "{{ z }}"]}' d="{'u':1}" e=yes f=True g=0644 h=1,2 i="it's" j=r\\ b#c\n[web]\nh\n[web:vars]\nx = 1 # c\ny=foo # c\nz="{{ a }} q"\nlist=['a','b']\n`,
  })
  const { c, z, ...rest } = varsOf(root, ['hosts'], 'h')
  expect(rest).toEqual({ a: 1, b: 'x y', d: new Map([['u', 1]]), e: 'yes', f: true, g: '0644', h: [1, 2], i: "it's", j: 'r b', x: 1, y: 'foo # c', list: ['a', 'b'] })
  expect(z).toEqual(new Template('{{ a }} q', { file: join(root, 'hosts'), line: 7, column: 4 }))
  expect(((c as Map<Value, Value>).get('k') as Value[])[1]).toMatchObject({ source: '{{ z }}', position: { line: 1 } })
})

test('YAML: groups, ranges, variables', () => {
  const root = tree({ 'hosts.yml': 'all:\n  vars: {v: all}\n  hosts:\n    lone: {n: 010}\n  children:\n    stage:\n      vars: {v: stage}\n      children:\n        web:\n          hosts: {"w[1:2]:8022": {a: 1}}\nalone:\n  hosts: single\n' })
  const inventory = load(root, 'hosts.yml')
  expect(inventory.hostsOf('stage')).toEqual(['w1', 'w2'])
  expect(inventory.hostsOf('alone')).toEqual(['single'])
  expect(inventory.hostsOf('ungrouped')).toEqual(['lone'])
  expect(varsOf(root, ['hosts.yml'], 'w2')).toEqual({ v: 'stage', ansible_port: 8022, a: 1 })
  expect(varsOf(root, ['hosts.yml'], 'lone')).toEqual({ v: 'all', n: 8 })
})

test('a folder: files in order, YAML and INI and programs, what is ignored', () => {
  const root = tree({
    'inv/01-hosts': '[web]\nw1 a=1\n',
    'inv/02.yml': 'web: {hosts: {w1: {a: 2}, w2: }}\n',
    'inv/03-script': '#!/bin/sh\n[ "$1" = --list ] && echo \'{"scr": {"hosts": ["s1"], "vars": {"sv": 1.0}, "children": ["low"]}, "low": ["s2"], "_meta": {"hostvars": {"s1": {"m": "{{ q }}"}}}}\'\n',
    'inv/notes.txt': 'these are no hosts',
    'inv/.hidden': 'h\n',
    'inv/group_vars/all.yml': 'g: 1\n',
    'inv/sub/more': 'below\n',
  })
  const inventory = load(root, 'inv')
  expect(inventory.hostsOf('all')).toEqual(['below', 'w1', 'w2', 's1', 's2'])
  expect(varsOf(root, ['inv'], 'w1')).toEqual({ a: 2, g: 1 })
  expect(varsOf(root, ['inv'], 's1')).toMatchObject({ m: { source: '{{ q }}' }, g: 1 })
  expect(inventory.hostsOf('low')).toEqual(['s2'])
  expect(inventory.folders).toEqual([join(root, 'inv')])
})

test('a program without _meta is asked for each host', () => {
  const root = tree({ script: '#!/bin/sh\nif [ "$1" = --list ]; then echo \'{"g": {"hosts": ["a", "b"]}}\'; else echo "{\\"name\\": \\"$2\\"}"; fi\n' })
  expect(varsOf(root, ['script'], 'b')).toEqual({ name: 'b' })
})

test('layers of variables, with their sources, in the order of precedence', () => {
  const root = tree({
    'inv/hosts': '[web]\nw1 v=host\n[site:children]\nweb\n[web:vars]\nv=web\n[site:vars]\nv=site\n[all:vars]\nv=all\n',
    'inv/group_vars/all/a.yml': 'v: 1\n',
    'inv/group_vars/all/b.json': '{"v": 2}',
    'inv/group_vars/web.yaml': 'v: 3\n',
    'inv/host_vars/w1': 'v: 4\n',
    'pb/group_vars/all.yml': 'v: 5\n',
    'pb/group_vars/site.yml': 'v: 6\n',
    'pb/host_vars/w1.yml': 'v: 7\n',
  })
  const loader = createLoader()
  const layers = loader.hostVarLayers(loader.loadInventory([join(root, 'inv')]), 'w1', join(root, 'pb'))
  expect(layers.map(({ kind, group, source, vars }) => [kind, group, source.replace(`${root}/`, ''), String(vars.get('v') as string | number)].join(' | '))).toEqual([
    'all group | all | inv/hosts | all',
    'group | site | inv/hosts | site',
    'group | web | inv/hosts | web',
    'group_vars/all beside the inventory | all | inv/group_vars/all/a.yml | 1',
    'group_vars/all beside the inventory | all | inv/group_vars/all/b.json | 2',
    'group_vars/all beside the playbook | all | pb/group_vars/all.yml | 5',
    'group_vars beside the inventory | web | inv/group_vars/web.yaml | 3',
    'group_vars beside the playbook | site | pb/group_vars/site.yml | 6',
    'host |  | inv/hosts | host',
    'host_vars beside the inventory | w1 | inv/host_vars/w1 | 4',
    'host_vars beside the playbook | w1 | pb/host_vars/w1.yml | 7',
  ].map((line) => line.replace('| w1 |', '|  |')))
})

test('of groups at one depth the higher priority wins, then the later name', () => {
  const hosts = (priority: string) => `[a]\nh\n[b]\nh\n[a:vars]\nv=a\n${priority}\n[b:vars]\nv=b\n`
  expect(varsOf(tree({ hosts: hosts('') }), ['hosts'], 'h')).toEqual({ v: 'b' })
  expect(varsOf(tree({ hosts: hosts('ansible_group_priority=10') }), ['hosts'], 'h')).toEqual({ v: 'a' })
})

test('lists of hosts on the command line, and several sources', () => {
  const root = tree({ one: '[web]\na v=1\n', two: '[web]\nb\na v=2\n' })
  const inventory = createLoader().loadInventory([join(root, 'one'), 'c,d:2222,', join(root, 'two')])
  expect(inventory.hostsOf('all')).toEqual(['c', 'd', 'a', 'b'])
  expect(inventory.host('d')!.vars[0]!.vars.get('ansible_port')).toBe(2222)
  expect(varsOf(root, ['one', 'two'], 'a')).toEqual({ v: 2 })
})

test('localhost is there without being named, outside of all', () => {
  const inventory = load(tree({ hosts: 'a\n[all:vars]\nx=1\n' }), 'hosts')
  const localhost = inventory.host('localhost')!
  expect(localhost).toMatchObject({ name: 'localhost', implicit: true })
  expect(inventory.hostsOf('all')).toEqual(['a'])
  expect(inventory.groupsOf('localhost').map(({ name }) => name)).toEqual(['all'])
  expect(load(tree({ hosts: 'localhost x=1\n' }), 'hosts').host('127.0.0.1')).toMatchObject({ name: 'localhost', implicit: false })
  expect(inventory.host('other')).toBeUndefined()
})

test('hosts and groups come while the run goes on', () => {
  const inventory = load(tree({ hosts: '[web]\na\n' }), 'hosts')
  expect(inventory.addHost('new', { groups: ['web', 'fresh'], vars: { source: 'add_host', vars: new Map([['v', 1]]) } })).toBe(true)
  expect(inventory.addHost('new', { groups: ['web'], vars: { source: 'add_host', vars: new Map([['v', 1]]) } })).toBe(false)
  expect(inventory.addHost('new', { vars: { source: 'add_host', vars: new Map([['v', 2]]) } })).toBe(true)
  expect(inventory.hostsOf('web')).toEqual(['a', 'new'])
  expect(inventory.hostsOf('fresh')).toEqual(['new'])
  expect(inventory.addHost('bare')).toBe(true)
  expect(inventory.hostsOf('ungrouped')).toEqual(['bare'])
  expect(inventory.addGroup('os_debian', { hosts: ['bare'], parents: ['os'] })).toBe(true)
  expect(inventory.addGroup('os_debian', { hosts: ['bare'], parents: ['os'] })).toBe(false)
  expect(inventory.hostsOf('ungrouped')).toEqual([])
  expect(inventory.groupsOf('bare').map(({ name, depth }) => `${name} ${depth}`)).toEqual(['all 0', 'os 1', 'os_debian 2'])
  expect(() => inventory.addGroup('os', { parents: ['os_debian'] })).toThrow("the group 'os' cannot stand in 'os_debian', because 'os_debian' stands in it")
})

test.each([
  ['no such file', {}, 'hosts', /^there is no inventory '.*hosts'\nhint: a list of hosts has a comma: .*hosts,$/],
  ['a misspelt file', { 'hosts.yml': '' }, 'hosts.yaml', /hint: did you mean 'hosts.yml'\?$/],
  ['a group that is nowhere', { hosts: '[web]\na\n[site:children]\nwbe\n' }, 'hosts', "the group 'wbe' of [site:children] is defined nowhere\nhosts:4:1\nhint: did you mean 'web'?"],
  ['variables of a group that is nowhere', { hosts: '[web]\na\n[nowhere:vars]\nx=1\n' }, 'hosts', "the group 'nowhere' of [nowhere:vars] is defined nowhere\nhosts:3:1\nhint: write [nowhere] somewhere, even if it has no hosts"],
  ['an unknown section', { hosts: '[web:var]\nx=1\n' }, 'hosts', "there is no section of the kind 'var'\nhosts:1:1\nhint: did you mean 'vars'?"],
  ['a space in a section', { hosts: '[web servers]\n' }, 'hosts', "'[web servers]' is no section\nhosts:1:1\nhint: names of groups take no spaces and no brackets"],
  ['a word without a value', { hosts: 'a  b=1 c\n' }, 'hosts', "'c' is no variable\nhosts:1:8\nhint: write variables of a host as name=value, and quote values with spaces"],
  ['an open quote', { hosts: "a b='x\n" }, 'hosts', "a quote is not closed: ' is missing\nhosts:1:1"],
  ['a range without end', { hosts: 'w[01:]\n' }, 'hosts', "'[01:]' in 'w[01:]' is not a range of hosts\nhosts:1:1\nwhy: it takes a beginning and an end\nhint: write [01:10], [a:f], or [0:8:2] for every second one"],
  ['a range of unequal length', { hosts: 'w[01:100]\n' }, 'hosts', /why: beginning and end differ in length/],
  ['a variable of a group without a value', { hosts: '[a:vars]\nxyz\n' }, 'hosts', "'xyz' is no variable\nhosts:2:1\nhint: write variables of a group as name=value"],
  ['all in a group', { hosts: '[a:children]\nall\n' }, 'hosts', /^the group 'all' cannot stand in 'a', because every group stands in it/],
  ['groups in a circle', { hosts: '[a:children]\nb\n[b:children]\na\n' }, 'hosts', /^the group 'a' cannot stand in 'b', because 'b' stands in it/],
  ['a list in YAML', { 'h.yml': '- a\n' }, 'h.yml', 'an inventory is a mapping of groups, not a list\nh.yml:1:1'],
  ['hosts as a list', { 'h.yml': 'web:\n  hosts:\n    - a\n' }, 'h.yml', "'hosts' takes a mapping, not a list\nh.yml:2:3\nhint: write each name with a colon behind it, as in: hosts: {one: , two: }"],
  ['an unknown part of a group', { 'h.yml': 'web:\n  host:\n    a:\n' }, 'h.yml', "'host' is no part of a group\nh.yml:2:3\nhint: did you mean 'hosts'?"],
  ['a host that is a number', { 'h.yml': 'web:\n  hosts:\n    42:\n' }, 'h.yml', "Host pattern 42 must be a string, and is read as 42\nh.yml:3:5\nhint: quote it"],
  ['a plugin', { 'h.yml': 'plugin: aws_ec2\n' }, 'h.yml', "the inventory plugin 'aws_ec2' is not supported\nh.yml:1:1\nhint: there is constructed; an executable script that prints JSON can do what others do"],
  ['a failing program', { s: '#!/bin/sh\necho broken >&2\nexit 3\n' }, 's', 'the inventory script failed: s --list\nwhy: broken'],
  ['a program that prints no JSON', { s: '#!/bin/sh\necho hello\n' }, 's', /^the inventory script printed no JSON: s --list\nwhy: /],
])('%s is an error', (_, files, source, text) => {
  const root = tree(files)
  const got = errorText(root, () => load(root, source))
  if (typeof text === 'string') expect(got).toBe(text)
  else expect(got).toMatch(text)
})
