/** What the machine runs on, and what runs on it: iron, a hypervisor or a container, found out as Ansible does. */
import type { Plain } from '../values/value.ts'
import type { FactSection } from './section.ts'

/** One thing that was found: whose guest the machine is, or what it is a host of. */
interface Finding {
  readonly tech: string
  readonly role: 'guest' | 'host'
  /** Other than the technique's own name. */
  readonly type?: string
  /** It says what the machine is, but is no technique. */
  readonly only?: 'type' | 'tech'
}

const DMI = '/sys/devices/virtual/dmi/id'
const FILES = ['/proc/1/cgroup', '/run/systemd/container', '/proc/xen/capabilities', '/proc/modules', '/proc/cpuinfo', `${DMI}/product_name`, `${DMI}/sys_vendor`, `${DMI}/product_family`, `${DMI}/bios_vendor`]
/** Whose existence tells. */
const PATHS = ['/.dockerenv', '/.dockerinit', '/proc/vz', '/proc/lve', '/proc/bc', '/proc/xen', '/dev/kvm']

const CONTAINERS = new Set(['docker', 'lxc', 'podman', 'openvz', 'containerd'])

/** What firmware says -> the technique. */
const PRODUCTS: Readonly<Record<string, string>> = {
  KVM: 'kvm', 'KVM Server': 'kvm', Bochs: 'kvm', AHV: 'kvm', 'CloudStack KVM Hypervisor': 'kvm', 'OpenStack Compute': 'openstack', 'OpenStack Nova': 'openstack',
}
const BIOSES: Readonly<Record<string, string>> = { Xen: 'xen', 'innotek GmbH': 'virtualbox', 'Amazon EC2': 'kvm', DigitalOcean: 'kvm', Hetzner: 'kvm', Linode: 'kvm' }
const VENDORS: Readonly<Record<string, string>> = {
  oVirt: 'oVirt', QEMU: 'kvm', 'Amazon EC2': 'kvm', DigitalOcean: 'kvm', Google: 'kvm', Scaleway: 'kvm', Nutanix: 'kvm', KubeVirt: 'KubeVirt', 'Microsoft Corporation': 'VirtualPC',
  'Parallels Software International Inc.': 'parallels', 'OpenStack Foundation': 'openstack',
}
const PROCESSORS: readonly (readonly [line: RegExp, tech: string])[] = [
  [/^model name.*QEMU Virtual CPU/m, 'kvm'], [/^vendor_id.*User Mode Linux/m, 'uml'], [/^model name.*UML/m, 'uml'], [/^machine.*CHRP IBM pSeries .emulated by qemu./m, 'kvm'],
  [/^vendor_id.*PowerVM Lx86/m, 'powervm_lx86'], [/^vendor_id.*IBM\/S390/m, 'PR/SM'],
]

export const virtualization: FactSection = {
  name: 'virtualization',
  facts: ['virtualization_type', 'virtualization_role', 'virtualization_tech_guest', 'virtualization_tech_host'],
  files: FILES,
  script: `
for path in ${PATHS.join(' ')}; do [ ! -e "$path" ] || echo "$path"; done
tr '\\0' '\\n' 2>/dev/null </proc/1/environ | grep '^container='
:`,
  parse(files, output): Readonly<Record<string, Plain>> {
    const found = [...containers(files, output), ...xen(files, output), ...firmware(files), ...processor(files), ...modules(files, output)]
    // What was found first says what the machine is; what a machine holds beside that is told too.
    const first = found.find(({ only }) => only !== 'tech')
    const techs = (role: Finding['role']): string[] => [...new Set(found.filter((each) => each.role === role && each.only !== 'type').map(({ tech }) => tech))]
    return {
      virtualization_type: first?.type ?? first?.tech ?? 'NA',
      virtualization_role: first === undefined ? 'NA' : first.tech === 'PR/SM' ? 'LPAR' : first.role,
      virtualization_tech_guest: techs('guest'),
      virtualization_tech_host: techs('host'),
    }
  },
}

function told(files: ReadonlyMap<string, string>, path: string): string {
  return files.get(path)?.trim() ?? ''
}

function containers(files: ReadonlyMap<string, string>, output: string): readonly Finding[] {
  const paths = output.split('\n')
  const there = (path: string): boolean => paths.includes(path)
  const guest = (tech: string): Finding => ({ tech, role: 'guest' })
  const groups = told(files, '/proc/1/cgroup')
  const named = /^container=(.+)$/m.exec(output)?.[1]
  const systemd = told(files, '/run/systemd/container')
  const found = [
    ...(/\/docker(\/|-[0-9a-f]+\.scope)/.test(groups) ? [guest('docker')] : []),
    ...(/\/lxc\/|\/machine\.slice\/machine-lxc/.test(groups) ? [guest('lxc')] : []),
    ...(/\/system\.slice\/containerd\.service/.test(groups) ? [guest('containerd')] : []),
    ...(named?.startsWith('lxc') === true ? [guest('lxc')] : named?.startsWith('podman') === true ? [guest('podman')] : []),
    ...(named === undefined ? [] : [guest('container')]),
    ...(there('/proc/vz') && !there('/proc/lve') ? [{ tech: 'openvz', role: there('/proc/bc') ? 'host' : 'guest' } as const] : []),
    ...(systemd === '' ? [] : [guest(systemd)]),
    ...(there('/.dockerenv') || there('/.dockerinit') ? [guest('docker')] : []),
  ]
  const contained = systemd !== '' || found.some(({ tech, role }) => role === 'guest' && CONTAINERS.has(tech))
  return contained ? [...found, { tech: 'container', role: 'guest', only: 'tech' }] : found
}

function xen(files: ReadonlyMap<string, string>, output: string): readonly Finding[] {
  if (told(files, '/proc/xen/capabilities').includes('control_d')) return [{ tech: 'xen', role: 'host' }]
  return output.split('\n').includes('/proc/xen') ? [{ tech: 'xen', role: 'guest', only: 'type' }] : []
}

function firmware(files: ReadonlyMap<string, string>): readonly Finding[] {
  const [product, vendor, family, bios] = ['product_name', 'sys_vendor', 'product_family', 'bios_vendor'].map((name) => told(files, `${DMI}/${name}`)) as [string, string, string, string]
  const redHat = vendor !== 'Red Hat' ? undefined : family === 'RHV' ? 'RHV' : product === 'RHEV Hypervisor' ? 'RHEV' : undefined
  const techs = [PRODUCTS[product], redHat, product.startsWith('VMware') ? 'VMware' : undefined, BIOSES[bios], VENDORS[vendor]]
  return techs.flatMap((tech): Finding[] => (tech === undefined ? [] : [{ tech, role: 'guest' }]))
}

function processor(files: ReadonlyMap<string, string>): readonly Finding[] {
  const text = files.get('/proc/cpuinfo') ?? ''
  return PROCESSORS.flatMap(([line, tech]): Finding[] => (line.test(text) ? [{ tech, role: 'guest' }] : []))
}

/** What the kernel has loaded to be a host; a container sees what its host has loaded. */
function modules(files: ReadonlyMap<string, string>, output: string): readonly Finding[] {
  const loaded = new Set((files.get('/proc/modules') ?? '').split('\n').map((line) => line.split(' ')[0]))
  return [
    ...(loaded.has('kvm') ? [{ tech: 'kvm', role: 'host' } as const] : []),
    ...(loaded.has('vboxdrv') ? [{ tech: 'virtualbox', role: 'host' } as const] : []),
    ...(loaded.has('virtio') ? [{ tech: 'kvm', role: 'guest', only: 'type' } as const, { tech: 'kvm', role: 'host', only: 'tech' } as const] : []),
    ...(output.split('\n').includes('/dev/kvm') ? [{ tech: 'kvm', role: 'host' } as const] : []),
  ]
}
