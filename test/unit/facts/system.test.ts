/** Facts of the operating system and of the ssh server, from what a host printed. */
import { expect, test } from 'vitest'
import { hostKeys } from '../../../src/facts/host-keys.ts'
import { filesOf } from '../../../src/facts/section.ts'
import { system } from '../../../src/facts/system.ts'
import { userspace } from '../../../src/facts/userspace.ts'

const files = filesOf(`
==> /proc/sys/kernel/ostype <==
Linux

==> /proc/sys/kernel/hostname <==
h1

==> /proc/sys/kernel/osrelease <==
6.12.0

==> /proc/1/comm <==
init

==> /etc/os-release <==
ID=debian
VERSION_ID="13"
VERSION_CODENAME=trixie

==> /etc/debian_version <==
13.8
`.trimStart())
const printed = (manager: string, names = '127.0.1.1 h1.example.org h1'): string => `x86_64\n${names}\napt \n${manager}\ndisabled\n`

test('the point release of Debian', () => expect(system.parse(files, printed('systemd'))).toMatchObject({ distribution_version: '13.8', distribution_major_version: '13', distribution_minor_version: '8' }))

test('names and the kernel', () => expect(system.parse(files, printed('systemd'))).toMatchObject({ system: 'Linux', nodename: 'h1', hostname: 'h1', fqdn: 'h1.example.org', domain: 'example.org', kernel: '6.12.0', machine: 'x86_64', selinux: { status: 'disabled' }, fips: false, pkg_mgr: 'apt' }))

test('SELinux, as it runs and as its file has it', () => {
  const enforcing = filesOf('==> /sys/fs/selinux/enforce <==\n1\n==> /sys/fs/selinux/policyvers <==\n33\n==> /etc/selinux/config <==\n# SELINUX= says\nSELINUX=Permissive\nSELINUXTYPE=targeted\n')
  expect(system.parse(enforcing, printed('systemd'))).toMatchObject({ selinux: { status: 'enabled', policyvers: 33, config_mode: 'permissive', mode: 'enforcing', type: 'targeted' }, selinux_python_present: true })
})

test('what programs are built for', () => {
  expect(userspace.parse(new Map(), 'x86_64\n64\n')).toEqual({ userspace_architecture: 'x86_64', userspace_bits: '64' })
  expect(userspace.parse(new Map(), 'x86_64\n32\n')).toEqual({ userspace_architecture: 'i386', userspace_bits: '32' })
})

test.each([
  ['127.0.1.1 h1 h1.example.org', 'h1.example.org', 'example.org'],
  ['127.0.0.1 localhost', 'localhost', ''],
  ['- h1', 'h1', ''],
  ['', 'h1', ''],
])('the whole name of a host with the names %j', (names, fqdn, domain) => expect(system.parse(files, printed('systemd', names))).toMatchObject({ fqdn, domain, hostname: 'h1' }))

test.each([
  ['127.0.0.1 localhost\n127.0.1.1 h1.example.org h1 # its own\n', 'h1.example.org'],
  ['10.0.0.5 www.example.net www\n10.0.0.5 h1\n', 'www.example.net'],
  ['127.0.1.1\th1\n', 'h1'],
  ['# h1.example.com h1\n10.0.0.6 h2.example.org h2\n', 'h1.example.org'],
])('the whole name of a host whose /etc/hosts is %j', (hosts, fqdn) => expect(system.parse(new Map([...files, ['/etc/hosts', hosts]]), printed('systemd', '10.0.0.7 h1.example.org'))).toMatchObject({ fqdn }))

test.each([
  ['systemd', 'systemd'],
  ['openrc', 'openrc'],
  ['', 'sysvinit'],
])('the manager of services where there is %j', (manager, wanted) => expect(system.parse(files, printed(manager))).toMatchObject({ service_mgr: wanted }))

test('keys of the ssh server that are there', () => {
  const keys = filesOf('==> /etc/ssh/ssh_host_rsa_key.pub <==\nssh-rsa AAAA root@h1\n\n==> /etc/ssh/ssh_host_ed25519_key.pub <==\nssh-ed25519 BBBB root@h1\n')
  expect(hostKeys.parse(keys, '')).toEqual({ ssh_host_key_rsa_public: 'AAAA', ssh_host_key_rsa_public_keytype: 'ssh-rsa', ssh_host_key_ed25519_public: 'BBBB', ssh_host_key_ed25519_public_keytype: 'ssh-ed25519' })
})
