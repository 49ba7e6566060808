/** check mode: a second task like the first foresees no change. */
import { expect, it } from 'vitest'
import type { Module } from '../../../../src/modules/contract/module.ts'
import { acl } from '../../../../src/modules/files/acl.ts'
import { xattr } from '../../../../src/modules/files/xattr.ts'
import { debconf } from '../../../../src/modules/packages/debconf.ts'
import { dpkgDivert } from '../../../../src/modules/packages/dpkg_divert.ts'
import { dpkgSelections } from '../../../../src/modules/packages/dpkg_selections.ts'
import { drive, type Remote } from '../../../support/drive.ts'
import type { Imagined } from '../../../../src/probe/read.ts'
import type { Plain } from '../../../../src/values/value.ts'
import { localRemote } from '../../../support/drive.ts'

/** This machine, with programs that answer so. */
const withPrograms = (programs: Readonly<Record<string, string>>): Remote => (script, stdin) =>
  localRemote(`${Object.entries(programs).map(([name, body]) => `${name.replaceAll('-', '_')}() { ${body}; }\nalias ${name}=${name.replaceAll('-', '_')}`).join('\n')}\n${script}`, stdin)

const HOST = withPrograms({
  'debconf-show': `printf '* d/old: yes\\n'`,
  dpkg: `printf 'base-files\\tinstall\\n'`,
  'dpkg-divert': ':',
  getfattr: `printf 'user.old=0seA==\\n'`,
  getfacl: `printf 'user::rwx\\n'`,
  setfacl: `printf '/: u::rwx,u:root:r--,g::r-x,m::r-x,o::r-x,*\\n'`,
})

it.each<[Module, Record<string, Plain>, Record<string, Plain>]>([
  [debconf, { name: 'd', question: 'd/q', vtype: 'boolean', value: true }, { name: 'd', question: 'd/q', vtype: 'boolean', value: false }],
  [debconf, { name: 'd', question: 'd/q', vtype: 'password', value: 's' }, { name: 'd', question: 'd/q', vtype: 'password', value: 't' }],
  [debconf, { name: 'd', question: 'd/old', vtype: 'string', value: 'no' }, { name: 'd', question: 'd/old', vtype: 'string', value: 'yes' }],
  [dpkgSelections, { name: 'base-files', selection: 'hold' }, { name: 'base-files', selection: 'install' }],
  [dpkgDivert, { path: '/etc/nosuch' }, { path: '/etc/nosuch', state: 'absent' }],
  [xattr, { path: '/', key: 'k', value: 'v' }, { path: '/', key: 'k', state: 'absent' }],
  [xattr, { path: '/', key: 'old', value: 'v' }, { path: '/', key: 'old', value: 'x' }],
  [acl, { path: '/', etype: 'user', entity: 'root', permissions: 'r', state: 'present' }, { path: '/', etype: 'user', entity: 'root', state: 'absent' }],
])('$name %j', (module, args, back) => {
  const imagined: Imagined[] = []
  const changes = [args, args, back].map((each) => {
    const { plan } = drive(HOST, module, each, { check: true, imagined })
    expect(plan.fail).toBeUndefined()
    imagined.push(...plan.changes.flatMap(({ leaves }) => leaves ?? []))
    return plan.changes.length
  })
  expect(changes).toEqual([1, 0, 1])
})
