/** What the machine runs on: iron, a hypervisor or a container. */
import type { Plain } from '../values/value.ts'
import type { FactSection } from './section.ts'

/** What systemd calls otherwise than Ansible does. */
const VIRTUALIZATIONS: Readonly<Record<string, string>> = { oracle: 'virtualbox', microsoft: 'VirtualPC', 'systemd-nspawn': 'container', 'lxc-libvirt': 'lxc', qemu: 'kvm', amazon: 'kvm', google: 'kvm', bochs: 'kvm' }

export const virtualization: FactSection = {
  name: 'virtualization',
  facts: ['virtualization_type', 'virtualization_role', 'virtualization_tech_guest', 'virtualization_tech_host'],
  script: 'systemd-detect-virt 2>/dev/null || echo none',
  parse(_, output): Readonly<Record<string, Plain>> {
    const found = output.trim()
    if (found === 'none') return { virtualization_type: '', virtualization_role: '', virtualization_tech_guest: [], virtualization_tech_host: [] }
    const type = VIRTUALIZATIONS[found] ?? found
    return { virtualization_type: type, virtualization_role: 'guest', virtualization_tech_guest: [...new Set([type, found])], virtualization_tech_host: [] }
  },
}
