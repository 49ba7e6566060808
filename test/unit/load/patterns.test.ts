import { join } from 'node:path'
import { beforeEach, expect, test } from 'vitest'
import { limitHosts, selectHosts, splitPattern } from '../../../src/load/inventory/patterns.ts'
import type { Inventory } from '../../../src/load/inventory/types.ts'
import { createLoader } from '../../../src/load/loader.ts'
import { tree } from './tree.ts'

let root: string
let inventory: Inventory
beforeEach(() => {
  root = tree({ hosts: 'lone.example.org\n[web]\nweb[01:03]\nboth\n[db]\ndb1\nboth\n[site:children]\nweb\ndb\n[ipv6]\n[2001:db8::1]:22\n', limit: 'db1\n\nweb01\n' })
  inventory = createLoader().loadInventory([join(root, 'hosts')])
})
const select = (...patterns: readonly string[]) => selectHosts(inventory, patterns).hosts.join(' ')

test('a limit that says nothing lets all hosts through', () => {
  for (const limit of ['', ',', ' , ']) expect(limitHosts(inventory, ['web01', 'db1'], limit)).toEqual({ hosts: ['web01', 'db1'], unmatched: [] })
})

/** Observed with ansible-core 2.19. */
test.each([
  ['all', 'lone.example.org 2001:db8::1 web01 web02 web03 both db1'],
  ['*', 'lone.example.org 2001:db8::1 web01 web02 web03 both db1'],
  ['web', 'web01 web02 web03 both'],
  ['web:db', 'web01 web02 web03 both db1'],
  ['db:web', 'db1 both web01 web02 web03'],
  ['web,!both', 'web01 web02 web03'],
  ['!both,web', 'web01 web02 web03'],
  ['web:&db', 'both'],
  ['&db', 'both db1'],
  ['!site', 'lone.example.org 2001:db8::1'],
  ['all:!site:!ipv6', 'lone.example.org'],
  ['web[0]', 'web01'],
  ['web[-1]', 'both'],
  ['web[1:2]', 'web02 web03'],
  ['web[2:]', 'web03 both'],
  ['web0[13]', ''],
  ['web0[!1]', 'web02 web03'],
  ['w*1', 'web01'],
  ['*.example.org', 'lone.example.org'],
  ['~web0[12]', 'web01 web02'],
  ['~(s|d)', 'db1 both web01 web02 web03'],
  ['2001:db8::1', '2001:db8::1'],
  ['ungrouped', 'lone.example.org'],
  ['localhost', 'localhost'],
  ['db1:db1', 'db1'],
])('%s', (pattern, hosts) => {
  expect(select(pattern)).toBe(hosts)
})

test('several patterns are one', () => {
  expect(select('web', '!both', 'db1')).toBe('web01 web02 web03 db1')
})

test('what matches nothing is told, with what may have been meant', () => {
  expect(selectHosts(inventory, ['wbe:nosuchthing:db'])).toEqual({ hosts: ['db1', 'both'], unmatched: [{ pattern: 'wbe', suggestion: 'web' }, { pattern: 'nosuchthing' }] })
})

test('limits keep the order of the play, and may stand in a file', () => {
  const hosts = selectHosts(inventory, ['site']).hosts
  expect(limitHosts(inventory, hosts, 'db').hosts).toEqual(['both', 'db1'])
  expect(limitHosts(inventory, hosts, `@${root}/limit`).hosts).toEqual(['web01', 'db1'])
  expect(limitHosts(inventory, hosts, 'web:!web01').hosts).toEqual(['web02', 'web03', 'both'])
  expect(limitHosts(inventory, hosts, 'wbe').unmatched).toEqual([{ pattern: 'wbe', suggestion: 'web' }])
  expect(() => limitHosts(inventory, hosts, '@/nowhere')).toThrow("there is no limit file '/nowhere'")
})

test('errors', () => {
  expect(() => select('~[')).toThrow("'~[' is no host pattern")
  expect(() => select('web[7]')).toThrow("'web[7]' asks for a host that is not there")
})

test('where patterns are split', () => {
  expect(splitPattern('a, b,c:d')).toEqual(['a', 'b', 'c:d'])
  expect(splitPattern('a:b[1:2]:!c')).toEqual(['a', 'b[1:2]', '!c'])
  expect(splitPattern('fe80::1')).toEqual(['fe80::1'])
})
