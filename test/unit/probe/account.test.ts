import { expect, it } from 'vitest'
import { groupKind, groupRead, userKind, userRead, type UserState } from '../../../src/probe/account.ts'
import type { Imagined } from '../../../src/probe/read.ts'
import { ask } from './ask.ts'

const PASSWD = 'zope:x:500:500:Zope, the server:/srv/zope:/bin/bash\n'
const SHADOW = 'zope:!$6$a$b:19000:0:99999:7::20000:\n'
const GROUPS = 'root:x:0:\nzope:x:500:\nadm:x:4:zope,syslog\nwww:x:33:zope\n'

const parsed = (name = 'zope', shadow = false): UserState | null => userKind.parse([{ name, shadow }], Buffer.from([PASSWD, SHADOW, GROUPS, '', '', ''].join('\0')))[0]!

it('reads passwd, the members of groups and, when asked, shadow', () => {
  expect(parsed()).toEqual({ name: 'zope', uid: 500, gid: 500, group: 'zope', groups: ['adm', 'www'], comment: 'Zope, the server', home: '/srv/zope', shell: '/bin/bash' })
  expect(parsed('zope', true)?.shadow).toEqual({ password: '!$6$a$b', lastChange: 19000, minimum: 0, maximum: 99999, warning: 7, inactive: undefined, expires: 20000 })
})

it('a user that is not there is null', () => expect(parsed('zop')).toBeNull())

it('asks this machine for users and groups', () => {
  const [root, nobody] = ask([userRead('root', { shadow: true }), userRead('no-such-user')])
  expect(root).toMatchObject({ uid: 0, gid: 0, group: 'root', home: '/root' })
  expect(nobody).toBeNull()
  expect(ask([groupRead('root'), groupRead('0'), groupRead('no-such-group'), groupRead('root', { local: true })])).toMatchObject([{ gid: 0 }, { name: 'root' }, null, { gid: 0 }])
})

const created: Imagined = { kind: 'user', name: 'plone', entry: { uid: 600, home: '/srv/plone' } }

it.each<[string, Imagined, Partial<UserState> | null]>([
  ['a new user', created, { uid: 600, home: '/srv/plone', group: 'plone' }],
  ['another user', { ...created, name: 'zeo' }, null],
])('check mode: %s', (_, imagined, expected) => {
  const state = userKind.imagine!({ name: 'plone' }, null, [imagined])
  if (expected === null) expect(state).toBeNull()
  else expect(state).toMatchObject(expected)
})

it('check mode: a user that was removed is gone, a changed one keeps the rest', () => {
  expect(userKind.imagine!({ name: 'zope' }, parsed(), [{ kind: 'user', name: 'zope', entry: null }])).toBeNull()
  expect(userKind.imagine!({ name: 'zope' }, parsed(), [{ kind: 'user', name: 'zope', entry: { shell: '/bin/sh' } }])).toMatchObject({ shell: '/bin/sh', uid: 500 })
})

it('check mode: a new user brings the group of its name, unless it has another', () => {
  expect(groupKind.imagine!({ name: 'plone' }, null, [created])).toMatchObject({ name: 'plone' })
  expect(groupKind.imagine!({ name: 'plone' }, null, [{ kind: 'user', name: 'plone', entry: { group: 'users' } }])).toBeNull()
  expect(groupKind.imagine!({ name: 'plone' }, null, [{ kind: 'group', name: 'plone', entry: { gid: 7 } }])).toMatchObject({ gid: 7 })
})
