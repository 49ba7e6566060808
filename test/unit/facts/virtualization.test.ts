/** What a machine runs on, and what it is a host of, in Ansible's words. */
import { expect, test } from 'vitest'
import { virtualization } from '../../../src/facts/virtualization.ts'

const DMI = '/sys/devices/virtual/dmi/id'

test.each<[string, Record<string, string>, string, readonly [type: string, role: string, guest: string[], host: string[]]]>([
  ['iron', { '/proc/modules': 'ext4 1 2\n' }, '', ['NA', 'NA', [], []]],
  ['iron that can be a host', { '/proc/modules': 'kvm_intel 1 0\nkvm 1 1 kvm_intel\n' }, '/dev/kvm\n', ['kvm', 'host', [], ['kvm']]],
  ['a guest of KVM', { [`${DMI}/sys_vendor`]: 'QEMU\n', [`${DMI}/product_name`]: 'Standard PC (Q35 + ICH9, 2009)\n' }, '', ['kvm', 'guest', ['kvm'], []]],
  ['a guest of KVM that can be a host', { [`${DMI}/sys_vendor`]: 'Amazon EC2\n' }, '/dev/kvm\n', ['kvm', 'guest', ['kvm'], ['kvm']]],
  ['VMware', { [`${DMI}/product_name`]: 'VMware Virtual Platform\n' }, '', ['VMware', 'guest', ['VMware'], []]],
  ['VirtualBox', { [`${DMI}/bios_vendor`]: 'innotek GmbH\n' }, '', ['virtualbox', 'guest', ['virtualbox'], []]],
  ['Hyper-V', { [`${DMI}/sys_vendor`]: 'Microsoft Corporation\n' }, '', ['VirtualPC', 'guest', ['VirtualPC'], []]],
  ['a Xen of its own', { '/proc/xen/capabilities': 'control_d\n' }, '/proc/xen\n', ['xen', 'host', [], ['xen']]],
  ['a guest of Xen', {}, '/proc/xen\n', ['xen', 'guest', [], []]],
  ['systemd-nspawn', { '/run/systemd/container': 'systemd-nspawn\n' }, 'container=systemd-nspawn\n', ['container', 'guest', ['container', 'systemd-nspawn'], []]],
  ['docker', { '/proc/1/cgroup': '0::/\n' }, '/.dockerenv\n', ['docker', 'guest', ['docker', 'container'], []]],
  ['docker as its groups tell', { '/proc/1/cgroup': '1:cpu:/docker/0123abcd\n' }, '', ['docker', 'guest', ['docker', 'container'], []]],
  ['podman', {}, 'container=podman\n', ['podman', 'guest', ['podman', 'container'], []]],
  ['LXC on a host of KVM', { '/proc/modules': 'kvm 1 0\n' }, 'container=lxc\n', ['lxc', 'guest', ['lxc', 'container'], ['kvm']]],
])('%s', (_, files, output, [type, role, guest, host]) => {
  expect(virtualization.parse(new Map(Object.entries(files)), output)).toEqual({ virtualization_type: type, virtualization_role: role, virtualization_tech_guest: guest, virtualization_tech_host: host })
})
