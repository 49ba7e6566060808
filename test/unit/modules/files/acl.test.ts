/** Access control lists: the exact commands. */
import { expect, it } from 'vitest'
import { acl } from '../../../../src/modules/files/acl.ts'
import type { Plain } from '../../../../src/values/value.ts'
import { inputOf, planWith, resultWith } from '../../../support/drive.ts'

const state = (test = '/srv: *,*\n', code = 0, type = 'directory'): Record<string, unknown> => ({
  file: { exists: true, type, path: '/srv', realPath: '/srv' },
  acl: { stdout: 'user::rwx\ngroup::r-x\nother::r-x\n\n', code: 0 },
  test: { stdout: test, code },
})
const DIFFERS = '/srv: u::rwx,u:zope:rwx,g::r-x,m::rwx,o::r-x,*\n'

it.each<[Record<string, Plain>, readonly string[]]>([
  [{ etype: 'user', entity: 'zope', permissions: 'rwx', state: 'present' }, ['setfacl', '-m', 'user:zope:rwx', '--', '/srv']],
  [{ entry: 'default:group:web:rX', state: 'present', recursive: true }, ['setfacl', '-d', '-R', '-m', 'group:web:rX', '--', '/srv']],
  [{ etype: 'mask', permissions: 'r', state: 'present', recalculate_mask: 'no_mask' }, ['setfacl', '--no-mask', '-m', 'mask::r', '--', '/srv']],
  [{ etype: 'user', entity: 'zope', permissions: 'rwx', state: 'absent', default: true, recurse: true, follow: false }, ['setfacl', '-d', '-R', '-P', '-x', 'user:zope', '--', '/srv']],
])('%j', (args, argv) => {
  expect(planWith(acl, { path: '/srv', ...args }, state(DIFFERS)).changes[0]!.steps[0]!.argv).toEqual(argv)
  expect(planWith(acl, { path: '/srv', ...args }, state()).changes).toEqual([])
})

it('query only tells', () => {
  expect(planWith(acl, { path: '/srv' }, state()).changes).toEqual([])
  expect(resultWith(acl, { path: '/srv' }, state())).toEqual({ msg: 'current acl', acl: ['user::rwx', 'group::r-x', 'other::r-x'] })
})

it('tells the entries that new files get where they are asked for', () => {
  const args = { path: '/srv', entry: 'default:user:zope:rwx', state: 'present' }
  expect(resultWith(acl, args, state())).toMatchObject({ msg: 'user:zope:rwx is present' })
  const reads = acl.reads(inputOf(acl, args), undefined, {})
  expect(reads['acl']!.key).toContain('getfacl --absolute-names --omit-header -d')
})

it.each<[Record<string, Plain>, Record<string, unknown>, string]>([
  [{}, { ...state(), acl: { stdout: '', code: 127 } }, 'install acl'],
  [{}, { ...state(), file: { exists: false, path: '/srv' } }, 'Path not found or not accessible.'],
  [{ entry: 'user:nosuch:r', state: 'present' }, state('setfacl: Option -m: Invalid argument near character 6\n', 2), 'Invalid argument'],
  [{ entry: 'd:user:x:r', state: 'present' }, state(DIFFERS, 0, 'file'), 'default is for folders'],
])('%j fails', (args, known, message) => expect(planWith(acl, { path: '/srv', ...args }, known).fail).toContain(message))

it.each<[Record<string, Plain>, string]>([
  [{ state: 'present' }, "either 'entry' or 'etype'"],
  [{ state: 'present', etype: 'user' }, "'permissions' MUST be set"],
  [{ recursive: true }, "'recursive' MUST NOT be set"],
  [{ entry: 'nonsense', state: 'present' }, "'entry' MUST have"],
  [{ use_nfsv4_acls: true }, 'use_nfsv4_acls is not supported'],
])('%j is refused', (args, message) => expect(() => planWith(acl, { path: '/srv', ...args }, state())).toThrow(message))
