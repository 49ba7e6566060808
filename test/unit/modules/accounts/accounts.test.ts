import { describe, expect, it } from 'vitest'
import { group } from '../../../../src/modules/accounts/group.ts'
import { user } from '../../../../src/modules/accounts/user.ts'

import type { Module } from '../../../../src/modules/contract/module.ts'
import { userRead, type UserState } from '../../../../src/probe/account.ts'
import type { Plain } from '../../../../src/values/value.ts'
import { inputOf, planWith, resultWith } from '../../../support/drive.ts'

const ZOPE: UserState = {
  name: 'zope', uid: 500, gid: 500, group: 'zope', groups: ['adm', 'www'], comment: 'Zope', home: '/srv/zope', shell: '/bin/bash',
  shadow: { password: '$6$a$old', lastChange: 1, minimum: 0, maximum: 99999, warning: 7, inactive: undefined, expires: undefined },
}
const GROUPS = { 'group zope': { name: 'zope', gid: 500, members: [] }, 'group adm': { name: 'adm', gid: 4, members: ['zope'] }, 'group www': { name: 'www', gid: 33, members: ['zope'] }, 'group sudo': { name: 'sudo', gid: 27, members: [] }, 'group 33': { name: 'www', gid: 33, members: ['zope'] } }
const HOME = { exists: true }

function changes(args: Readonly<Record<string, Plain>>, state: Readonly<Record<string, unknown>> = {}): ReturnType<typeof planWith>['changes'] {
  const plan = planWith(user, { name: 'zope', ...args }, { user: ZOPE, home: HOME, ...GROUPS, ...state })
  expect(plan.fail).toBeUndefined()
  return plan.changes
}

const argvs = (args: Readonly<Record<string, Plain>>, state: Readonly<Record<string, unknown>> = {}): string[] => changes(args, state).flatMap(({ steps }) => steps.map(({ argv }) => argv.join(' ')))

describe('a user that exists', () => {
  it.each<[string, Record<string, Plain>, readonly string[], readonly string[]]>([
    ['as described', { uid: 500, group: 'zope', shell: '/bin/bash', home: '/srv/zope', comment: 'Zope', groups: ['www', 'adm'], password: '$6$a$old', expires: -1 }, [], []],
    ['shell and comment', { shell: '/bin/sh', comment: '' }, ["user zope: comment Zope -> '', shell /bin/bash -> /bin/sh"], ['usermod -c  -s /bin/sh zope']],
    ['uid', { uid: 501, non_unique: true }, ['user zope: uid 500 -> 501'], ['usermod -u 501 -o zope']],
    ['home', { home: '/home/zope', move_home: true }, ['user zope: home /srv/zope -> /home/zope'], ['usermod -d /home/zope -m zope']],
    ['primary group', { group: 'adm' }, ['user zope: group zope -> adm'], ['usermod -g adm zope']],
    ['exactly these groups', { groups: ['adm', 'sudo'] }, ['user zope: groups +sudo -www'], ['usermod -G adm,sudo zope']],
    ['one group more', { groups: 'sudo', append: true }, ['user zope: groups +sudo'], ['usermod -a -G sudo zope']],
    ['a group it is in', { groups: 'adm', append: true }, [], []],
    ['a group by its number', { groups: ['33', 'adm'] }, [], []],
    ['no groups', { groups: [] }, ['user zope: groups -adm -www'], ['usermod -G  zope']],
    ['no groups, as an empty text', { groups: '' }, ['user zope: groups -adm -www'], ['usermod -G  zope']],
    ['its primary group among them', { groups: ['zope', 'adm', 'www'] }, [], []],
    ['password', { password: '$6$a$new' }, ['user zope: password'], ['chpasswd -e']],
    ['password only for a new user', { password: '$6$a$new', update_password: 'on_create' }, [], []],
    ['lock', { password_lock: true }, ['user zope: lock the password'], ['usermod -L zope']],
    ['unlock what is not locked', { password_lock: false }, [], []],
    ['expiry', { expires: 1_422_403_387 }, ['user zope: expires on 2015-01-28'], ['usermod -e 2015-01-28 zope']],
    ['ageing', { password_expire_max: 30, password_expire_min: 0, password_expire_warn: 7, password_expire_account_disable: -1 }, ['user zope: ageing of the password (chage -M 30)'], ['chage -M 30 zope']],
  ])('%s', (_, args, summaries, calls) => {
    expect(changes(args).map(({ summary }) => summary)).toEqual(summaries)
    expect(argvs(args)).toEqual(calls)
  })

  it('gets its home again, unless that is not wanted', () => {
    expect(changes({}, { home: { exists: false } }).map(({ summary }) => summary)).toEqual(['create home /srv/zope'])
    expect(changes({ create_home: false }, { home: undefined })).toEqual([])
  })

  it('is removed', () => {
    expect(argvs({ state: 'absent' })).toEqual(['userdel zope'])
    expect(argvs({ state: 'absent', remove: true, force: true })).toEqual(['userdel -f -r zope'])
    expect(argvs({ state: 'absent' }, { user: null })).toEqual([])
  })
})

describe('a new user', () => {
  const none = { user: null, 'group zope': null }

  it.each<[string, Record<string, Plain>, Record<string, unknown>, readonly string[]]>([
    ['plain', {}, none, ['useradd -m zope']],
    ['of the system', { system: true, create_home: false, shell: '/usr/sbin/nologin', home: '/nonexistent' }, none, ['useradd -d /nonexistent -s /usr/sbin/nologin -M -r zope']],
    ['with groups', { group: 'adm', groups: ['sudo', '33'], uid: 7 }, none, ['useradd -u 7 -g adm -G sudo,www -m zope']],
    ['beside a group of its name', {}, { user: null }, ['useradd -N -m zope']],
    ['with a home of its own', { home: '/srv/z', skeleton: '/opt/skel', umask: '027', comment: 'Z O' }, none, ['useradd -c Z O -d /srv/z -m -k /opt/skel -K UMASK=027 zope']],
    ['with an expiry and ageing', { expires: -1, password_expire_max: 9 }, none, ['useradd -e  -m zope', 'chage -M 9 zope']],
  ])('%s', (_, args, state, calls) => expect(argvs(args, state)).toEqual(calls))

  it('gets its password through stdin, so that no process list shows it', () => {
    const [change] = changes({ password: '$6$a$hash', password_lock: true }, none)
    expect(change!.steps.map(({ argv }) => argv.join(' ')).join()).not.toContain('hash')
    expect(change!.steps[1]).toEqual({ argv: ['chpasswd', '-e'], stdin: 'zope:!$6$a$hash\n' })
    expect(change!.summary).toBe('create user zope')
  })

  it.each([['umask', { umask: '077' }], ['uid_min', { uid_min: 1000 }], ['uid_max', { uid_max: 2000 }]])('cannot have %s together with local, which knows none', (name, args) => {
    expect(planWith(user, { name: 'zope', local: true, ...args }, none).fail).toBe(`'${name}' cannot be used with 'local'`)
    expect(planWith(user, { name: 'zope', local: false, ...args }, none).fail).toBeUndefined()
  })

  it('is laid over what later tasks read in check mode', () =>
    expect(changes({ uid: 7, home: '/srv/z', group: 'adm' }, none)[0]!.leaves).toEqual([
      { kind: 'user', name: 'zope', entry: { uid: 7, group: 'adm', groups: [], home: '/srv/z' } },
      { kind: 'path', path: '/srv/z', state: { type: 'directory', owner: 'zope', group: 'adm' } },
    ]))

  it('gets a key, whose passphrase goes through stdin', () => {
    const [, key] = changes({ generate_ssh_key: true, ssh_key_type: 'ed25519', ssh_key_passphrase: 'hidden' }, { ...none, key: { stdout: '', code: 1 } })
    expect(key!.summary).toBe('create ssh key ~zope/.ssh/id_ed25519')
    expect(key!.steps[0]!.stdin).toBe('hidden\n')
    expect(key!.steps[0]!.argv.join(' ')).not.toContain('hidden')
  })
})

describe('what a person should know', () => {
  const warnings = (args: Readonly<Record<string, Plain>>): number => planWith(user, { name: 'zope', ...args }, { user: ZOPE, home: HOME, ...GROUPS }).warnings!.length
  const sha512 = `$6$rounds=656000$salt$${'a'.repeat(86)}`
  it.each<[string, Record<string, Plain>, number]>([
    ['a hash', { password: sha512 }, 0],
    ['a yescrypt hash', { password: '$y$jCT$ZiF3ZV39$Ih6bI4OXU52OnWWqt3T1' }, 0],
    ['no password', { password: '!' }, 0],
    ['none either', { password: '*************' }, 0],
    ['a locked hash', { password: `!${sha512}` }, 0],
    ['a plain password', { password: 'plain' }, 1],
    ['a hash that was cut', { password: sha512.slice(0, -1) }, 1],
    ['a hash with other characters', { password: `${sha512.slice(0, -1)}+` }, 1],
    ['append without groups', { append: true }, 1],
  ])('%s', (_, args, count) => expect(warnings(args)).toBe(count))
})

it('paths are expanded before they go into the accounts', () =>
  expect(argvs({ shell: '~/sh', home: '$BASE/z' }, { user: null, 'group zope': null, 'path shell': { stdout: '/root/sh', code: 0 }, 'path home': { stdout: '/srv/z', code: 0 } })).toEqual(['useradd -d /srv/z -s /root/sh -m zope']))

it('a group that is not there is named', () => expect(planWith(user, { name: 'z', groups: 'nosuch' }, { user: null, 'group nosuch': null, 'group z': null }).fail).toBe('Group nosuch does not exist'))

it('returns what Ansible does, without the password', () => {
  const of = user
  const result = of.result!(inputOf(user, { name: 'zope', groups: ['adm', 'www'], password: 'x' }), { user: ZOPE }, { changed: false, foreseen: false, replies: [] }, undefined)
  expect(result).toEqual({ name: 'zope', state: 'present', append: false, move_home: false, comment: 'Zope', home: '/srv/zope', shell: '/bin/bash', uid: 500, group: 500, groups: 'adm,www', password: 'NOT_LOGGING_PASSWORD' })
})

describe('group', () => {
  const found = { name: 'zope', gid: 500, members: [] }
  it.each<[string, Record<string, Plain>, unknown, readonly string[]]>([
    ['is there', {}, found, []],
    ['is there with its number', { gid: 500 }, found, []],
    ['is there with another number', { gid: 501 }, found, ['groupmod -g 501 zope']],
    ['is not there', { system: true, gid: 7, gid_min: 5 }, null, ['groupadd -g 7 -K GID_MIN=5 -r zope']],
    ['is removed', { state: 'absent', force: true }, found, ['groupdel -f zope']],
    ['is gone already', { state: 'absent' }, null, []],
    ['is another one of that number', {}, { name: 'other', gid: 5, members: [] }, ['groupadd zope']],
  ])('%s', (_, args, state, calls) => expect(planWith(group, { name: 'zope', ...args }, { group: state }).changes.map(({ steps }) => steps[0]!.argv.join(' '))).toEqual(calls))
})

describe('local accounts, where the host has libuser', () => {
  const libuser = { stdout: '/usr/sbin/luseradd', code: 0 }
  const none = { user: null, 'group zope': null, libuser }

  it.each<[string, Record<string, Plain>, Record<string, unknown>, readonly string[]]>([
    ['a new one', { groups: ['adm', 'sudo'], expires: 86_400, skeleton: '/opt/skel' }, none, ['luseradd -k /opt/skel zope', 'lchage -E 1 zope', 'lgroupmod -M zope adm', 'lgroupmod -M zope sudo']],
    ['a new one beside a group of its name', { system: true, create_home: false }, { user: null, libuser }, ['luseradd -n -M -r zope']],
    ['shell and groups', { shell: '/bin/sh', groups: ['adm', 'sudo'] }, { libuser }, ['lusermod -s /bin/sh zope', 'lgroupmod -M zope sudo', 'lgroupmod -m zope www']],
    ['expiry alone', { expires: 86_400 }, { libuser }, ['lchage -E 1 zope']],
    ['a lock', { password_lock: true }, { libuser }, ['lusermod -L zope']],
    ['a removal', { state: 'absent', remove: true, force: true }, { libuser }, ['luserdel -r zope']],
    ['a new one where there is no libuser', {}, { ...none, libuser: { stdout: '', code: 127 } }, ['useradd -m zope']],
  ])('%s', (_, args, state, calls) => expect(argvs({ local: true, ...args }, state)).toEqual(calls))

  it('has a program for groups too', () => {
    const calls = (args: Readonly<Record<string, Plain>>, found: unknown): unknown => planWith(group, { name: 'zope', local: true, ...args }, { group: found, libuser }).changes.map(({ steps }) => steps[0]!.argv.join(' '))
    expect(calls({ system: true }, null)).toEqual(['lgroupadd -r zope'])
    expect(calls({ state: 'absent' }, { name: 'zope', gid: 500, members: [] })).toEqual(['lgroupdel zope'])
  })
})

describe('what stands in the way is known before', () => {
  const HOLDER = { name: '44', uid: 44, gid: 44 }
  it.each<[Module, Record<string, Plain>, Record<string, unknown>, string | undefined]>([
    [group, { name: 'g', gid: 7 }, { group: null, holder: { name: 'h', gid: 7, members: [] } }, "groupadd: GID '7' already exists\n"],
    [group, { name: 'g', gid: 7 }, { group: { name: 'g', gid: 8, members: [] }, holder: { name: 'h', gid: 7, members: [] } }, "groupmod: GID '7' already exists\n"],
    [group, { name: 'g', gid: 7 }, { group: { name: 'g', gid: 7, members: [] }, holder: { name: 'h', gid: 7, members: [] } }, undefined],
    [group, { name: 'g', state: 'absent' }, { group: { name: 'g', gid: 7, members: [] }, member: { stdout: 'ann\n', code: 0 }, user: { name: 'ann' } }, "groupdel: cannot remove the primary group of user 'ann'\n"],
    [group, { name: 'g', state: 'absent' }, { group: { name: 'g', gid: 7, members: [] }, member: { stdout: 'ann\n', code: 0 }, user: null }, undefined],
    [user, { name: 'zope', uid: 44 }, { user: ZOPE, holder: HOLDER, home: HOME, ...GROUPS }, "usermod: UID '44' already exists\n"],
    [user, { name: 'zope', uid: 500 }, { user: ZOPE, holder: ZOPE, home: HOME, ...GROUPS }, undefined],
    [user, { name: 'new', uid: 44 }, { user: null, holder: HOLDER, 'group new': null }, 'useradd: UID 44 is not unique\n'],
  ])('%# $name', (module, args, state, why) => expect(planWith(module, args, state).fail).toBe(why))
})

describe('check mode knows what it has planned for a user', () => {
  const kind = userRead('zope', { shadow: true })
  const after = (args: Record<string, Plain>, before: UserState | null): unknown => {
    const { changes } = planWith(user, { name: 'zope', ...args }, { user: before, home: HOME, ...GROUPS })
    return kind.kind.imagine!(kind.request, before, changes.flatMap(({ leaves }) => leaves ?? []))
  }
  it.each<[Record<string, Plain>]>([
    [{ password: '$6$a$new' }],
    [{ password_lock: true }],
    [{ expires: 1_422_403_387 }],
    [{ password_expire_max: 30, password_expire_account_disable: 5 }],
    [{ home: '/home/zope', move_home: true }],
    [{ shell: '/bin/sh', groups: ['sudo'] }],
  ])('%j', (args) => {
    expect(changes(args, { user: after(args, ZOPE) })).toEqual([])
    expect(changes(args, { user: after(args, null) })).toEqual([])
  })
})

it('tells what the programs said, and of a user what was done', () => {
  const said = { code: 0, stdout: Buffer.alloc(0), stderr: Buffer.from('useradd: warning\n') }
  const made = resultWith(user, { name: 'zope' }, { user: null }, { changed: true, replies: [said], after: { user: ZOPE } })
  expect(made).toMatchObject({ stderr: 'useradd: warning\n', system: false, create_home: true })
  expect(Object.keys(made)).not.toContain('append')
  expect(Object.keys(resultWith(user, { name: 'zope' }, { user: ZOPE }))).toEqual(expect.arrayContaining(['append', 'move_home']))
  expect(resultWith(user, { name: 'zope', state: 'absent' }, { user: null })).toEqual({ name: 'zope', state: 'absent' })
})
