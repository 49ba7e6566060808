/** Capabilities and extended attributes: the exact commands. They run for real in test/lab/modules.test.ts. */
import { expect, it } from 'vitest'
import type { Module } from '../../../../src/modules/contract/module.ts'
import { capabilities } from '../../../../src/modules/files/capabilities.ts'
import { xattr } from '../../../../src/modules/files/xattr.ts'
import type { Plain } from '../../../../src/values/value.ts'
import { planWith, resultWith } from '../../../support/drive.ts'

const file = { path: '/opt/x', realPath: '/opt/x', exists: true, type: 'file' }
const listing = (stdout: string, code = 0): Record<string, unknown> => ({ file, listing: { stdout, code } })

function commands(module: Module, args: Record<string, Plain>, state: Record<string, unknown>): readonly string[] {
  const { changes, fail } = planWith(module, { path: '/opt/x', ...args }, state)
  return fail === undefined ? changes.flatMap(({ steps }) => steps.map(({ argv }) => argv.join(' '))) : [`fail: ${fail}`]
}

it.each<[Record<string, Plain>, Record<string, unknown>, readonly string[]]>([
  [{ capability: 'cap_net_raw=ep' }, listing('/opt/x\n'), ['setcap cap_net_raw=ep /opt/x']],
  [{ capability: 'cap_net_raw+ep' }, listing('/opt/x cap_net_raw=ep\n'), []],
  [{ capability: 'CAP_NET_RAW=ep' }, listing('/opt/x = cap_net_admin,cap_net_raw+ep\n'), []],
  [{ capability: 'cap_chown=p' }, listing('/opt/x cap_net_admin,cap_net_raw=ep\n'), ['setcap cap_net_admin=ep cap_net_raw=ep cap_chown=p /opt/x']],
  [{ capability: 'cap_net_raw', state: 'absent' }, listing('/opt/x cap_net_admin,cap_net_raw=ep\n'), ['setcap cap_net_admin=ep /opt/x']],
  [{ capability: 'cap_net_raw', state: 'absent' }, listing('/opt/x cap_net_raw=ep\n'), ['setcap -r /opt/x']],
  [{ capability: 'cap_net_raw', state: 'absent' }, listing('/opt/x\n'), []],
  [{ capability: 'cap_net_raw=ep' }, listing('', 127), ['fail: getcap and setcap were not found on the host: install libcap2-bin (Debian) or libcap (Red Hat)']],
])('capabilities %j', (args, state, wanted) => expect(commands(capabilities, args, state)).toEqual(wanted))

it('a capability that is granted has flags', () => {
  expect(() => planWith(capabilities, { path: '/opt/x', capability: 'cap_net_raw' }, listing(''))).toThrow('the capability cap_net_raw has no operator and flags')
})

const ATTRIBUTES = '# file: /opt/x\nuser.colour=0scmVk\nuser.empty\n'
it.each<[Record<string, Plain>, readonly string[]]>([
  [{ key: 'colour', value: 'red' }, []],
  [{ key: 'user.colour', value: 'blue', state: 'present' }, ['setfattr -n user.colour -v blue -- /opt/x']],
  [{ key: 'origin', namespace: 'trusted', value: 'here', follow: false }, ['setfattr -h -n trusted.origin -v here -- /opt/x']],
  [{ key: 'colour', state: 'absent' }, ['setfattr -x user.colour -- /opt/x']],
  [{ key: 'nosuch', state: 'absent' }, []],
  [{ state: 'all' }, []],
])('xattr %j', (args, wanted) => expect(commands(xattr, args, listing(ATTRIBUTES))).toEqual(wanted))

it('tells attributes', () => {
  const told = (args: Record<string, Plain>): unknown => resultWith(xattr, { path: '/opt/x', ...args }, listing(ATTRIBUTES))
  expect(told({ state: 'all' })).toEqual({ msg: 'dumping all', xattr: { 'user.colour': 'red', 'user.empty': '' } })
  expect(told({ key: 'colour' })).toEqual({ msg: 'returning user.colour', xattr: { 'user.colour': 'red' } })
  expect(told({ state: 'keys' })).toEqual({ msg: 'returning all keys', xattr: { 'user.colour': '', 'user.empty': '' } })
})
