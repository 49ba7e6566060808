/** Facts of the operating system and of the ssh server, from what a host printed. */
import { expect, test } from 'vitest'
import { hostKeys } from '../../../src/facts/host-keys.ts'
import { system } from '../../../src/facts/system.ts'

const printed = (virtual: string): string => `Linux\nh1\n6.12.0\n#1 SMP\nx86_64\nh1.example.org\napt \nsystemd\ndisabled\nnone\n${virtual}\n64\n0\n==> /etc/os-release <==\nID=debian\nVERSION_ID="13"\nVERSION_CODENAME=trixie\n\n==> /etc/debian_version <==\n13.8\n`

test.each([
  ['none', { virtualization_type: '', virtualization_role: '', virtualization_tech_guest: [] }],
  ['kvm', { virtualization_type: 'kvm', virtualization_role: 'guest', virtualization_tech_guest: ['kvm'] }],
  ['oracle', { virtualization_type: 'virtualbox', virtualization_tech_guest: ['virtualbox', 'oracle'] }],
  ['systemd-nspawn', { virtualization_type: 'container', virtualization_tech_guest: ['container', 'systemd-nspawn'] }],
])('a machine of %s', (virtual, wanted) => expect(system.parse(printed(virtual))).toMatchObject(wanted))

test('the point release of Debian', () => expect(system.parse(printed('none'))).toMatchObject({ distribution_version: '13.8', distribution_major_version: '13', distribution_minor_version: '8' }))

test('keys of the ssh server that are there', () => {
  const output = '==> /etc/ssh/ssh_host_rsa_key.pub <==\nssh-rsa AAAA root@h1\n\n==> /etc/ssh/ssh_host_ed25519_key.pub <==\nssh-ed25519 BBBB root@h1\n'
  expect(hostKeys.parse(output)).toEqual({ ssh_host_key_rsa_public: 'AAAA', ssh_host_key_rsa_public_keytype: 'ssh-rsa', ssh_host_key_ed25519_public: 'BBBB', ssh_host_key_ed25519_public_keytype: 'ssh-ed25519' })
})
