/** Kernel, mounts, names, time and alternatives: what is planned for a host in a given state. */
import { describe, expect, it } from 'vitest'
import { iptables } from '../../../../src/modules/network/iptables.ts'
import { ufw } from '../../../../src/modules/network/ufw.ts'
import { debconf } from '../../../../src/modules/packages/debconf.ts'
import { dpkgSelections } from '../../../../src/modules/packages/dpkg_selections.ts'
import { alternatives } from '../../../../src/modules/system/alternatives.ts'
import { withEntry, withoutEntry } from '../../../../src/modules/system/fstab.ts'
import { hostname } from '../../../../src/modules/system/hostname.ts'
import { localeGen } from '../../../../src/modules/system/locale_gen.ts'
import { modprobe } from '../../../../src/modules/system/modprobe.ts'
import { mount } from '../../../../src/modules/system/mount.ts'
import { sysctl, withParameter } from '../../../../src/modules/system/sysctl.ts'
import { timezone } from '../../../../src/modules/system/timezone.ts'
import type { Module, StateModule } from '../../../../src/modules/contract/module.ts'
import type { Plain } from '../../../../src/values/value.ts'
import { planBehind, planWith, resultWith } from '../../../support/drive.ts'

const said = (stdout: string, code = 0): { stdout: string; code: number } => ({ stdout, code })
const at = (path: string, exists = true): Record<string, unknown> => ({ path, realPath: path, umask: 0o022, exists, type: 'file', mode: 0o644, uid: 0, gid: 0, owner: 'root', group: 'root', checksum: '' })
const fileState = (path: string, text: string | null): Record<string, unknown> => ({
  entry: at(path, text !== null),
  parent: { ...at('/etc'), type: 'directory' },
  content: text === null ? { bytes: null, why: 'missing', realPath: path } : { bytes: Buffer.from(text), realPath: path },
})

/** The commands of a plan; a file that is written is `write`. */
function commands(module: Module, args: Record<string, Plain>, state: Record<string, unknown>): readonly string[] {
  const { changes, fail } = planWith(module, args, state)
  if (fail !== undefined) return [`fail: ${fail}`]
  return changes.flatMap(({ steps }) => steps.map(({ argv }) => (argv[0] === '/bin/sh' ? (argv[2]!.startsWith('set -e\ndest=') ? 'write' : argv.slice(4).join(' ')) : argv.join(' '))))
}

describe('sysctl', () => {
  it.each<[string, string, string | undefined, string | undefined]>([
    ['added', '# mine\nb = 2', '1', '# mine\nb=2\na=1\n'],
    ['changed, blanks and doubles gone', 'a = 0\nb= 2\na=3\n', '1', 'a=1\nb=2\n'],
    ['as it is', 'a = 1\n', '1', undefined],
    ['removed', 'a=1\nb=2\n', undefined, 'b=2\n'],
    ['not there to be removed', 'b = 2\n', undefined, undefined],
  ])('%s', (_, before, value, after) => expect(withParameter(before, 'a', value)).toBe(after))

  const state = (text: string, current: string): Record<string, unknown> => ({ ...fileState('/etc/sysctl.conf', text), current: said(`${current}\n`) })
  it.each<[string, Record<string, Plain>, Record<string, unknown>, readonly string[]]>([
    ['written and read again', { name: 'a', value: true }, state('', '0'), ['write', '-p /etc/sysctl.conf']],
    ['written only', { name: 'a', value: '1', reload: false }, state('', '0'), ['write']],
    ['set at once', { name: 'a', value: '1', sysctl_set: true, ignoreerrors: true }, state('a=1\n', '0'), ['-e -w a=1', '-e -p /etc/sysctl.conf']],
    ['another value in the kernel', { name: 'a', value: '1 2' }, state('a=1 2\n', '1\t3'), ['-p /etc/sysctl.conf']],
    ['as it is', { name: 'a', value: '1 2', sysctl_set: true }, state('a = 1 2\n', '1\t2'), []],
    ['blank', { name: 'a', value: ' ' }, state('', ''), ['fail: value cannot be blank']],
  ])('%s', (_, args, known, wanted) => expect(commands(sysctl, args, known)).toEqual(wanted))
})

describe('mount', () => {
  const entry = { src: '/dev/x', name: '/srv/a b', fstype: 'ext4', opts: 'defaults', dump: '0', passno: '2' }
  it('an entry is added, changed and taken away', () => {
    const added = withEntry('# static\n/dev/y / ext4 defaults', entry)
    expect(added).toBe('# static\n/dev/y / ext4 defaults\n/dev/x /srv/a\\040b ext4 defaults 0 2\n')
    expect(withEntry(added, entry)).toBe(added)
    expect(withEntry(added, { ...entry, opts: 'ro' })).toContain('/dev/x /srv/a\\040b ext4 ro 0 2\n')
    expect(withoutEntry(added, { name: '/srv/a b' })).toBe('# static\n/dev/y / ext4 defaults\n')
  })
  it('an entry with other blanks is left as it is', () => expect(withEntry('/dev/x\t/srv  ext4 defaults\n', { ...entry, name: '/srv', passno: '0' })).toBe('/dev/x\t/srv  ext4 defaults\n'))
  it('swap is told apart by its source', () => expect(withEntry('/dev/a none swap sw 0 0\n', { ...entry, src: '/dev/b', name: 'none', fstype: 'swap' })).toMatch(/^\/dev\/a.*\n\/dev\/b/))

  const known = (fstab: string, mountinfo = '', exists = true): Record<string, unknown> => ({ ...fileState('/etc/fstab', fstab), point: { ...at('/mnt', exists), type: 'directory' }, mounts: said(mountinfo), 'above /mnt': at('/mnt', exists) })
  const mounted = '40 1 8:1 / /mnt rw - ext4 /dev/x rw\n'
  const line = '/dev/x /mnt ext4 defaults 0 0\n'
  const args = { path: '/mnt', src: '/dev/x', fstype: 'ext4' }
  it.each<[string, Record<string, Plain>, Record<string, unknown>, readonly string[]]>([
    ['in fstab only', { ...args, state: 'present' }, known(''), ['write']],
    ['mounted', { ...args, state: 'mounted' }, known(''), ['write', '/etc/fstab  /mnt /mnt']],
    ['mounted already', { ...args, state: 'mounted' }, known(line, mounted), []],
    ['mounted with other options', { ...args, state: 'mounted', opts: 'ro' }, known(line, mounted), ['write', '/mnt 2 -o remount /mnt']],
    ['unmounted', { path: '/mnt', state: 'unmounted' }, known(line, mounted), ['umount /mnt']],
    ['unmounted already', { path: '/mnt', state: 'unmounted' }, known(line), []],
    ['gone altogether', { path: '/mnt', state: 'absent' }, known(line, mounted), ['write', 'umount /mnt', 'rmdir -- /mnt']],
    ['remounted', { path: '/mnt', state: 'remounted', opts: 'ro' }, known(line, mounted), ['mount -o remount,ro /mnt']],
    ['for now', { ...args, state: 'ephemeral', opts: 'ro' }, known(''), ['  /mnt -t ext4 -o ro /dev/x /mnt']],
    ['another one is mounted', { ...args, src: '/dev/z', state: 'ephemeral' }, known('', mounted), ['fail: /mnt is mounted with another source (/dev/x): unmount it first']],
    ['another file', { ...args, state: 'mounted', fstab: '/etc/other' }, known(line), ['/etc/other  /mnt -T /etc/other /mnt']],
  ])('%s', (_, given, state, wanted) => expect(commands(mount, given, state)).toEqual(wanted))
})

it.each<[string, Record<string, Plain>, string, string, readonly string[]]>([
  ['by systemd', { name: 'b' }, 'systemd\n---\na\n---\na\n', 'a\n', ['hostnamectl --pretty --static set-hostname b', 'hostnamectl --transient set-hostname b']],
  ['by a file', { name: 'b' }, '---\na\n---\na\n', 'a\n', ['write', 'hostname b']],
  ['for now', { name: 'b', use: 'generic' }, 'systemd\n---\na\n---\na\n', 'a\n', ['hostname b']],
  ['as it is', { name: 'a' }, 'systemd\n---\na\n---\na\n', 'a\n', []],
])('hostname %s', (_, args, current, text, wanted) => expect(commands(hostname, args, { ...fileState('/etc/hostname', text), current: said(current) })).toEqual(wanted))

it.each<[Record<string, Plain>, string, readonly string[]]>([
  [{ name: 'Europe/Berlin' }, 'Timezone=Etc/UTC\nLocalRTC=no\nsystemd=yes\n', ['timedatectl set-timezone Europe/Berlin']],
  [{ name: 'Europe/Berlin' }, 'Timezone=Europe/Berlin\nLocalRTC=no\nsystemd=yes\nfile=Etc/UTC\n', []],
  [{ name: 'Europe/Berlin' }, 'Timezone=Etc/UTC\nLocalRTC=no\n', ['Europe/Berlin']],
  [{ hwclock: 'local' }, 'Timezone=Etc/UTC\nLocalRTC=no\nsystemd=yes\n', ['timedatectl set-local-rtc yes']],
  [{ name: 'X/Y' }, 'Timezone=Etc/UTC\n', ['fail: given timezone "X/Y" is not available: /usr/share/zoneinfo/X/Y does not exist (package tzdata)']],
])('timezone %j', (args, current, wanted) => expect(commands(timezone, args, { current: said(current), zone: { stdout: '', code: args['name'] === 'X/Y' ? 1 : 0 } })).toEqual(wanted))

it('timezone tells what it ran', () =>
  expect(resultWith(timezone, { name: 'Europe/Berlin' }, { current: said('Timezone=Etc/UTC\nsystemd=yes\n'), zone: said('') }, { changed: true })).toMatchObject({ msg: 'executed `/usr/bin/timedatectl set-timezone Europe/Berlin`' }))

it.each<[Record<string, Plain>, string, string | null, string, readonly string[]]>([
  [{ name: 'de_DE.UTF-8' }, 'C\n', '# de_DE.UTF-8 UTF-8\n', '', ['write', 'locale-gen']],
  [{ name: 'de_DE.UTF-8' }, 'C\nde_DE.utf8\n', '# de_DE.UTF-8 UTF-8\n', '', []],
  [{ name: 'de_DE.UTF-8', state: 'absent' }, 'de_DE.utf8\n', 'de_DE.UTF-8 UTF-8\n', '', ['write', 'locale-gen']],
  [{ name: ['de_DE.UTF-8'] }, 'C\n', null, 'legacy\n', ['locale-gen de_DE.UTF-8']],
  [{ name: 'xx_XX' }, 'C\n', '', '', ['fail: The following locales you have entered are not available on your system: xx_XX']],
  [{ name: 'de_DE.UTF-8' }, '', null, '', ['fail: /var/lib/locales/supported.d and /etc/locale.gen are missing. Is the package "locales" installed?']],
])('locale_gen %j', (args, there, text, more, wanted) => expect(commands(localeGen, args, { ...fileState('/etc/locale.gen', text), there: said(there), supported: said(`de_DE.UTF-8 UTF-8\n${more}`) })).toEqual(wanted))

describe('modprobe', () => {
  const known = (loaded: boolean, files: Record<string, string> = {}): Record<string, unknown> => {
    const state: Record<string, unknown> = { loaded: said('', loaded ? 0 : 1), listing: said(Object.keys(files).map((file) => `${file}\n`).join('')) }
    for (const file of ['/etc/modules-load.d/dm-x.conf', '/etc/modprobe.d/dm-x.conf', ...Object.keys(files)]) {
      const { entry, content, parent } = fileState(file, files[file] ?? null)
      Object.assign(state, { [`entry ${file}`]: entry, [`content ${file}`]: content, [`parent ${file}`]: parent })
    }
    return state
  }
  it.each<[Record<string, Plain>, Record<string, unknown>, readonly string[]]>([
    [{ name: 'dm-x', params: 'a=1 b="x y"' }, known(false), ['modprobe -- dm-x a=1 b=x y']],
    [{ name: 'dm-x' }, known(true), []],
    [{ name: 'dm-x', state: 'absent' }, known(true), ['modprobe -r -- dm-x']],
    [{ name: 'dm-x', persistent: 'present', params: 'a=1' }, known(true), ['write', 'write']],
    [{ name: 'dm-x', persistent: 'present', params: 'a=1' }, known(true, { '/etc/modules-load.d/my.conf': 'dm-x\n', '/etc/modprobe.d/dm-x.conf': 'options dm-x a=1\n' }), []],
    [{ name: 'dm-x', persistent: 'absent' }, known(true, { '/etc/modules-load.d/my.conf': 'dm-x # mine\nother\n' }), ['write']],
  ])('%j', (args, state, wanted) => {
    expect(commands(modprobe, args, state)).toEqual(wanted)
    expect(planBehind(modprobe, args, state).changes, 'foreseen').toEqual([])
  })
  it('comments out what is not to be any more', () => {
    const [change] = planWith(modprobe, { name: 'dm-x', persistent: 'absent' }, known(true, { '/etc/modules-load.d/my.conf': 'dm-x # mine\nother\n' })).changes
    expect(change!.diff).toMatchObject({ after: '#dm-x # mine\nother\n' })
  })
})

describe('alternatives', () => {
  const shown = 'java - auto mode\n  link best version is /opt/b\n  link currently points to /opt/b\n  link java is /usr/bin/java\n  slave javac is /usr/bin/javac\n/opt/a - priority 10\n  slave javac: /opt/a-c\n/opt/b - priority 20\n'
  const known = (stdout = shown, exists = true): Record<string, unknown> => ({ display: said(stdout), program: at('/opt/a', exists) })
  it.each<[string, Record<string, Plain>, Record<string, unknown>, readonly string[]]>([
    ['chosen', { name: 'java', path: '/opt/a' }, known(), ['--set java /opt/a']],
    ['chosen already', { name: 'java', path: '/opt/b' }, known(), []],
    ['installed and chosen', { name: 'java', path: '/opt/c', link: '/usr/bin/java' }, known(''), ['--install /usr/bin/java java /opt/c 50', '--set java /opt/c']],
    ['another priority keeps what goes along', { name: 'java', path: '/opt/a', priority: 30, state: 'present' }, known(), ['--install /usr/bin/java java /opt/a 30 --slave /usr/bin/javac javac /opt/a-c']],
    ['the same that goes along', { name: 'java', path: '/opt/a', state: 'present', subcommands: [{ name: 'javac', path: '/opt/a-c', link: '/usr/bin/javac' }] }, known(), []],
    ['by itself again', { name: 'java', path: '/opt/b', state: 'auto' }, known(shown.replace('auto mode', 'manual mode')), ['--auto java']],
    ['taken away', { name: 'java', path: '/opt/a', state: 'absent' }, known(), ['--remove java /opt/a']],
    ['no such program', { name: 'x', path: '/opt/c', link: '/usr/bin/x' }, known('', false), ['fail: Specified path /opt/c does not exist']],
    ['a package would have brought it', { name: 'x', path: '/opt/c' }, { ...known(''), program: { ...at('/opt/c', false), uncertain: true } }, ['--install /usr/bin/x x /opt/c 50', '--set x /opt/c']],
    ['no link', { name: 'x', path: '/opt/c' }, known(''), ['fail: Needed to install the alternative, but unable to do so as we are missing the link']],
  ])('%s', (_, args, state, wanted) => expect(commands(alternatives, args, state)).toEqual(wanted))
})

describe('ufw', () => {
  const active = 'Status: active\nLogging: on (low)\ncode=0\nENABLED=yes\nLOGLEVEL=low\nDEFAULT_INPUT_POLICY="DROP"\nDEFAULT_OUTPUT_POLICY="ACCEPT"\n'
  const tuple = '### tuple ### allow tcp 22 0.0.0.0/0 any 0.0.0.0/0 in\n### tuple ### allow tcp 22 ::/0 any ::/0 in\n'
  const known = (over: Record<string, unknown> = {}): Record<string, unknown> => ({ status: said(active), rules: said(''), ...over })
  it.each<[string, Record<string, Plain>, Record<string, unknown>, readonly string[]]>([
    ['a rule', { rule: 'allow', port: 22, proto: 'tcp' }, known({ dry: said(tuple) }), ['ufw allow from any to any port 22 proto tcp']],
    ['a rule that is there', { rule: 'allow', port: 22, proto: 'tcp' }, known({ dry: said('Skipping adding existing rule\nSkipping adding existing rule (v6)\n') }), []],
    ['a rule that is not there to be deleted', { rule: 'allow', port: 22, delete: true }, known({ dry: said('Could not delete non-existent rule\n') }), []],
    ['only its own family counts', { rule: 'allow', from: '10.0.0.1' }, known({ rules: said(tuple), dry: said('### tuple ### allow any any 0.0.0.0/0 any 10.0.0.1 in\n') }), ['ufw allow from 10.0.0.1 to any']],
    ['all there is to say', { rule: 'deny', route: true, interface_in: 'eth0', interface_out: 'eth1', log: true, to: '10.0.0.1', insert: 2, comment: 'no way' }, known({ dry: said(tuple) }), ['ufw route insert 2 deny in on eth0 out on eth1 log from any to 10.0.0.1 comment no way']],
    ['behind the last of IPv4', { rule: 'deny', insert: 0, insert_relative_to: 'last-ipv4' }, known({ numbered: said('[ 1] 22 ALLOW\n[ 2] 80 ALLOW\n[ 3] 22 (v6) ALLOW\n'), dry: said(tuple) }), ['ufw insert 2 deny from any to any']],
    ['enabled already', { state: 'enabled' }, known(), []],
    ['disabled', { state: 'disabled' }, known(), ['ufw -f disable']],
    ['policies', { policy: 'reject', direction: 'outgoing' }, known(), ['ufw default reject outgoing']],
    ['a policy that is so', { default: 'deny' }, known(), []],
    ['logging', { logging: 'full' }, known(), ['ufw logging full']],
    ['logging that is on', { logging: 'on' }, known(), []],
    ['not installed', { state: 'enabled' }, known({ status: said('code=127\n') }), ['fail: ufw was not found on the host: install it first']],
    ['an interface without direction', { rule: 'allow', interface: 'eth0' }, known(), ['fail: interface needs direction']],
  ])('%s', (_, args, state, wanted) => expect(commands(ufw, args, state)).toEqual(wanted))

  it.each<[Record<string, Plain>]>([[{ rule: 'allow', port: 22 }], [{ rule: 'allow', from: '10.0.0.1' }], [{ rule: 'allow', from: '2001:db8::1', delete: true }]])('check mode foresees that the opposite of %j then has something to do', (rule) => {
    const state = known({ dry: said(rule['delete'] === true ? '*filter\n' : tuple.replaceAll('any', '10.0.0.1')), rules: said(rule['delete'] === true ? '### tuple ### allow any any ::/0 any 2001:db8::1 in\n' : '') })
    expect(planBehind(ufw, rule, state, { ...rule, delete: rule['delete'] !== true }).changes).toHaveLength(1)
  })
})

it.each<[Record<string, Plain>, readonly string[]]>([
  [{ name: 'p', question: 'p/a', vtype: 'boolean', value: true }, []],
  [{ name: 'p', question: 'p/a', vtype: 'boolean', value: false }, ['debconf-set-selections']],
  [{ name: 'p', question: 'p/m', vtype: 'multiselect', value: ['b', 'a'] }, []],
  [{ name: 'p', question: 'p/new', vtype: 'string', value: 'x', unseen: true }, ['debconf-set-selections -u']],
  [{ name: 'p', question: 'p/secret', vtype: 'password', value: 'here' }, []],
  [{ name: 'p' }, []],
])('debconf %j', (args, wanted) => expect(commands(debconf, args, { shown: said('* p/a: true\n  p/m: a, b\n* p/secret: (password omitted)\n'), password: said('here\n') })).toEqual(wanted))

it('debconf never shows a password', () => {
  const { changes } = planWith(debconf, { name: 'p', question: 'p/s', vtype: 'password', value: 'hidden' }, { shown: said(''), password: said('') })
  expect(changes[0]!.summary).toBe('p: p/s')
  expect(changes[0]!.steps[0]!.stdin).toBe('p p/s password hidden\n')
})

it.each<[string, string, readonly string[]]>([
  ['vim\t\tinstall\n', 'hold', ['dpkg --set-selections']],
  ['vim\t\thold\n', 'hold', []],
  ['dpkg: no packages found matching vim\n', 'hold', ["fail: Failed to find package 'vim' to perform selection 'hold'."]],
])('dpkg_selections %j', (current, selection, wanted) => expect(commands(dpkgSelections, { name: 'vim', selection }, { current: said(current) })).toEqual(wanted))

it.each<[string, StateModule, Record<string, Plain>, Record<string, unknown>]>([
  ['timezone', timezone, { name: 'Europe/Berlin' }, { current: said('Timezone=Etc/UTC\nLocalRTC=no\nsystemd=yes\nfile=Etc/UTC\n'), zone: said('') }],
  ['timezone of a clock', timezone, { hwclock: 'local' }, { current: said('Timezone=Etc/UTC\nLocalRTC=no\nsystemd=yes\n'), zone: said('') }],
  ['locale_gen', localeGen, { name: ['de_DE.UTF-8'] }, { ...fileState('/etc/locale.gen', null), there: said('C\n'), supported: said('de_DE.UTF-8 UTF-8\nlegacy\n') }],
  ['locale_gen absent', localeGen, { name: ['de_DE.UTF-8'], state: 'absent' }, { ...fileState('/etc/locale.gen', null), there: said('C\nde_DE.utf8\n'), supported: said('de_DE.UTF-8 UTF-8\nlegacy\n') }],
  ['mount unmounted', mount, { path: '/mnt', state: 'unmounted' }, { ...fileState('/etc/fstab', ''), point: { ...at('/mnt'), type: 'directory' }, mounts: said('40 1 8:1 / /mnt rw - ext4 /dev/x rw\n') }],
  ['alternatives', alternatives, { name: 'x', path: '/b', link: '/usr/bin/x', subcommands: [{ name: 'y', path: '/c', link: '/usr/bin/y' }] }, { display: said('x - auto mode\n  link best version is /a\n  link currently points to /a\n  link x is /usr/bin/x\n/a - priority 10\n'), program: at('/b') }],
  ['alternatives auto', alternatives, { name: 'x', path: '/a', state: 'auto' }, { display: said('x - manual mode\n  link currently points to /b\n  link x is /usr/bin/x\n/a - priority 10\n/b - priority 5\n'), program: at('/a') }],
  ['alternatives absent', alternatives, { name: 'x', path: '/a', state: 'absent' }, { display: said('x - auto mode\n  link currently points to /a\n  link x is /usr/bin/x\n/a - priority 10\n'), program: at('/a') }],
  ['iptables', iptables, { chain: 'INPUT', jump: 'ACCEPT' }, { 'iptables rule': said('', 1) }],
  ['iptables chain', iptables, { chain: 'MINE', chain_management: true }, { 'iptables rule': said('', 1), 'iptables chain': said('', 1) }],
  ['iptables policy', iptables, { chain: 'INPUT', policy: 'DROP' }, { 'iptables policy': said('-P INPUT ACCEPT\n') }],
  ['iptables absent', iptables, { chain: 'INPUT', jump: 'ACCEPT', state: 'absent' }, { 'iptables rule': said('') }],
  ['ufw', ufw, { state: 'enabled', default: 'deny', logging: 'low' }, { status: said('Status: inactive\ncode=0\nLOGLEVEL=off\nDEFAULT_INPUT_POLICY="ACCEPT"\n'), rules: said('') }],
  ['ufw rule', ufw, { rule: 'allow', to_port: '22' }, { status: said('Status: active\ncode=0\n'), rules: said(''), dry: said('### tuple ### allow any 22\n') }],
])('check mode foresees a second %s as no change', (_, module, args, state) => {
  expect([planWith(module, args, state).changes.length > 0, planBehind(module, args, state).changes]).toEqual([true, []])
})
