/** Comparing what two runs left on two hosts. */
import { expect, test } from 'vitest'
import { differences } from '../../roles/end-state.mjs'

const state = 'file /etc/motd 644 root:root abc\nfile /srv/ 755 root:root\npackage ed 1.0 installed\nuser www:x:33:33\nlistens tcp *:80\n'

test('alike hosts have no differences, whatever the order', () => {
  expect(differences(state, state.split('\n').reverse().join('\n'))).toEqual([])
})

test('what differs, and what only one has', () => {
  const other = state.replace('644', '600').replace('package ed 1.0 installed\n', '').replace('*:80', '*:81')
  expect(differences(state, other)).toEqual([
    { thing: 'file /etc/motd', one: '644 root:root abc', other: '600 root:root abc' },
    { thing: 'listens tcp *:80', one: '', other: undefined },
    { thing: 'listens tcp *:81', one: undefined, other: '' },
    { thing: 'package ed', one: '1.0 installed', other: undefined },
  ])
})
