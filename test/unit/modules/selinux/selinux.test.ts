/** SELinux, which no host of the tests has: the exact commands. */
import { expect, it } from 'vitest'
import type { Module } from '../../../../src/modules/contract/module.ts'
import { seboolean } from '../../../../src/modules/selinux/seboolean.ts'
import { sefcontext } from '../../../../src/modules/selinux/sefcontext.ts'
import { selinux } from '../../../../src/modules/selinux/selinux.ts'
import { seport } from '../../../../src/modules/selinux/seport.ts'
import type { Plain } from '../../../../src/values/value.ts'
import { planBehind, planWith } from '../../../support/drive.ts'

const said = (stdout: string, code = 0): { stdout: string; code: number } => ({ stdout, code })

function commands(module: Module, args: Record<string, Plain>, state: Record<string, unknown>): readonly string[] {
  const { changes, fail } = planWith(module, args, state)
  expect(planBehind(module, args, state).changes, 'check mode foresees that nothing is left to do').toEqual([])
  return fail === undefined ? changes.flatMap(({ steps }) => steps.map(({ argv }) => (argv[0] === '/bin/sh' ? 'write' : argv.join(' ')))) : [`fail: ${fail}`]
}

const on = { enabled: said('') }
const off = { enabled: said('', 1) }

it.each<[Record<string, Plain>, Record<string, unknown>, readonly string[]]>([
  [{ name: 'httpd_x', state: true }, { ...on, current: said('httpd_x --> off\n'), lasting: said('') }, ['setsebool httpd_x on']],
  [{ name: 'httpd_x', state: true, persistent: true }, { ...on, current: said('httpd_x --> on\n'), lasting: said('httpd_x   (on   ,  off)  Allow\n') }, ['setsebool -P httpd_x on']],
  [{ name: 'httpd_x', state: 'yes', persistent: true }, { ...on, current: said('httpd_x --> on\n'), lasting: said('httpd_x   (on   ,   on)  Allow\n') }, []],
  [{ name: 'httpd_x', state: true }, { ...off, current: said('', 1), lasting: said('', 1) }, ['fail: SELinux is disabled on this host.']],
  [{ name: 'nosuch', state: true }, { ...on, current: said('', 1), lasting: said('') }, ['fail: SELinux boolean nosuch does not exist.']],
])('seboolean %j', (args, state, wanted) => expect(commands(seboolean, args, state)).toEqual(wanted))

const ports = 'http_port_t                    tcp      80, 81, 443\nssh_port_t                     tcp      22\n'
it.each<[Record<string, Plain>, Record<string, unknown>, readonly string[]]>([
  [{ ports: [8080, '81'], proto: 'tcp', setype: 'http_port_t' }, { ...on, listing: said(ports), own: said('') }, ['semanage port -a -t http_port_t -p tcp 8080']],
  [{ ports: '22', proto: 'tcp', setype: 'http_port_t', reload: false }, { ...on, listing: said(ports), own: said('') }, ['semanage port -m -t http_port_t -p tcp -N 22']],
  [{ ports: '81', proto: 'tcp', setype: 'http_port_t', state: 'absent' }, { ...on, listing: said(ports), own: said('http_port_t  tcp  81\n') }, ['semanage port -d -t http_port_t -p tcp 81']],
  [{ ports: '80', proto: 'tcp', setype: 'http_port_t', state: 'absent' }, { ...on, listing: said(ports), own: said('') }, []],
  [{ ports: '80', proto: 'tcp', setype: 'x' }, { ...on, listing: said('', 127), own: said('') }, ['fail: semanage failed on the host: it needs policycoreutils-python-utils, and root']],
])('seport %j', (args, state, wanted) => expect(commands(seport, args, state)).toEqual(wanted))

const own = '/srv/www(/.*)?    all files    system_u:object_r:httpd_sys_content_t:s0\n\n/data = /srv\n'
it.each<[Record<string, Plain>, string, readonly string[]]>([
  [{ target: '/srv/www(/.*)?', setype: 'httpd_sys_content_t' }, own, []],
  [{ target: '/srv/www(/.*)?', setype: 'httpd_sys_rw_content_t' }, own, ['semanage fcontext -m -f a -t httpd_sys_rw_content_t -s system_u -r s0 /srv/www(/.*)?']],
  [{ target: '/opt', setype: 'usr_t', ftype: 'd', reload: false }, own, ['semanage fcontext -N -a -f d -t usr_t -s system_u -r s0 /opt']],
  [{ target: '/srv/www(/.*)?', setype: 'x', state: 'absent' }, own, ['semanage fcontext -d -f a /srv/www(/.*)?']],
  [{ target: '/data', substitute: '/srv' }, own, []],
  [{ target: '/data', substitute: '/var' }, own, ['semanage fcontext -m -e /var /data']],
  [{ target: '/data', state: 'absent' }, own, ['semanage fcontext -d -e /srv /data']],
  [{ target: '/opt' }, own, ['fail: one of setype and substitute is needed']],
])('sefcontext %j', (args, listing, wanted) => expect(commands(sefcontext, args, { ...on, own: said(listing) })).toEqual(wanted))

const entry = { path: '/etc/selinux/config', realPath: '/etc/selinux/config', umask: 0o022, exists: true, type: 'file', mode: 0o644, uid: 0, gid: 0, owner: 'root', group: 'root' }
it.each<[Record<string, Plain>, string, readonly string[]]>([
  [{ state: 'permissive', policy: 'targeted' }, 'Enforcing', ['setenforce 0', 'write']],
  [{ state: 'enforcing', policy: 'targeted' }, 'Enforcing', []],
  [{ state: 'enforcing', policy: 'targeted' }, 'Permissive', ['setenforce 1']],
  [{ state: 'disabled' }, 'Enforcing', ['setenforce 0', 'write']],
  [{ state: 'enforcing', policy: 'mls' }, 'Disabled', ['write']],
  [{ state: 'enforcing' }, 'Enforcing', ["fail: Policy is required if state is not 'disabled'"]],
])('selinux %j when it is %s', (args, running, wanted) =>
  expect(commands(selinux, args, { entry, content: { bytes: Buffer.from('# mine\nSELINUX=enforcing\nSELINUXTYPE=targeted\n'), realPath: entry.path }, parent: { ...entry, type: 'directory' }, enforcing: said(`${running}\n`) })).toEqual(wanted))
