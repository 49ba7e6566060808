/** The operating system: distribution, kernel, names, package and service managers. */
import type { Plain } from '../values/value.ts'
import { assignments, words, type FactSection } from './section.ts'

/** os-release's ID -> the name and family that Ansible gives it. */
const DISTRIBUTIONS: Readonly<Record<string, readonly [name: string, family: string]>> = {
  debian: ['Debian', 'Debian'],
  ubuntu: ['Ubuntu', 'Debian'],
  linuxmint: ['Linux Mint', 'Debian'],
  raspbian: ['Debian', 'Debian'],
  kali: ['Kali', 'Debian'],
  devuan: ['Devuan', 'Debian'],
  pop: ['Pop!_OS', 'Debian'],
  rhel: ['RedHat', 'RedHat'],
  centos: ['CentOS', 'RedHat'],
  rocky: ['Rocky', 'RedHat'],
  almalinux: ['AlmaLinux', 'RedHat'],
  fedora: ['Fedora', 'RedHat'],
  ol: ['OracleLinux', 'RedHat'],
  amzn: ['Amazon', 'RedHat'],
  opensuse: ['openSUSE', 'Suse'],
  'opensuse-leap': ['openSUSE Leap', 'Suse'],
  'opensuse-tumbleweed': ['openSUSE Tumbleweed', 'Suse'],
  sles: ['SLES', 'Suse'],
  arch: ['Archlinux', 'Archlinux'],
  alpine: ['Alpine', 'Alpine'],
  gentoo: ['Gentoo', 'Gentoo'],
}

/** Program -> ansible_pkg_mgr. Of those that are there, one of the distribution's own family comes first: dnf may be installed on Debian, and apt on Red Hat. */
const PACKAGE_MANAGERS = [['apt', '/usr/bin/apt-get'], ['dnf5', '/usr/bin/dnf5'], ['dnf', '/usr/bin/dnf'], ['yum', '/usr/bin/yum'], ['zypper', '/usr/bin/zypper'], ['pacman', '/usr/bin/pacman'], ['apk', '/sbin/apk']] as const
const MANAGERS_OF: Readonly<Record<string, readonly string[]>> = { RedHat: ['dnf5', 'dnf', 'yum'], Suse: ['zypper'] }

export const system: FactSection = {
  name: 'system',
  facts: [
    'distribution', 'distribution_version', 'distribution_major_version', 'distribution_minor_version', 'distribution_release', 'distribution_file_variety', 'distribution_file_path', 'distribution_file_parsed', 'os_family',
    'system', 'kernel', 'kernel_version', 'architecture', 'machine', 'nodename', 'hostname', 'fqdn', 'domain',
    'pkg_mgr', 'service_mgr', 'machine_id', 'cmdline', 'proc_cmdline', 'selinux', 'selinux_python_present', 'apparmor', 'is_chroot', 'fips',
  ],
  files: [
    '/proc/sys/kernel/ostype', '/proc/sys/kernel/hostname', '/proc/sys/kernel/osrelease', '/proc/sys/kernel/version', '/proc/sys/crypto/fips_enabled', '/sys/fs/selinux/enforce', '/sys/fs/selinux/policyvers', '/etc/selinux/config', '/proc/1/comm',
    '/proc/cmdline', '/etc/os-release', '/etc/debian_version', '/etc/redhat-release', '/etc/machine-id', '/etc/hosts',
  ],
  script: `
uname -m
read -r host </proc/sys/kernel/hostname
known=
[ ! -r /etc/hosts ] || while read -r _ names; do case " \${names%%#*} " in *[[:space:]]"$host"[[:space:]]*) known=1 ;; esac; done </etc/hosts
if [ -n "$known" ]; then echo; else
  address=$(timeout 2 getent ahosts "$host" 2>/dev/null); address=\${address%%[[:space:]]*}
  echo $( { [ -n "$address" ] && timeout 2 getent hosts "$address" || echo - $(timeout 2 hostname -f || echo "$host"); } 2>/dev/null)
fi
for m in ${PACKAGE_MANAGERS.map(([name, path]) => `${name}:${path}`).join(' ')}; do [ -x "\${m#*:}" ] && printf '%s ' "\${m%%:*}"; done; echo
if [ -d /run/systemd/system ]; then echo systemd; elif [ -d /run/openrc ]; then echo openrc; else echo; fi
[ -e /sys/module/apparmor ] && echo enabled || echo disabled
:`,
  parse(files, output) {
    const [machine, names, packages, manager, apparmor] = output.split('\n')
    const told = (file: string): string | undefined => files.get(file)?.trim()
    const name = told('/proc/sys/kernel/hostname') ?? ''
    const services = manager || told('/proc/1/comm') || 'service'
    const release = distribution(files)
    const full = qualified(namesIn(files.get('/etc/hosts') ?? '', name) ?? words(names).slice(1)) ?? name
    return {
      ...release,
      system: told('/proc/sys/kernel/ostype') ?? 'Linux',
      kernel: told('/proc/sys/kernel/osrelease'),
      kernel_version: told('/proc/sys/kernel/version'),
      architecture: machine,
      machine,
      nodename: name,
      hostname: name.split('.')[0],
      fqdn: full,
      domain: full.includes('.') ? full.slice(full.indexOf('.') + 1) : '',
      pkg_mgr: packageManager(packages ?? '', release.os_family),
      service_mgr: services === 'init' ? 'sysvinit' : services,
      machine_id: told('/etc/machine-id'),
      ...commandLine(told('/proc/cmdline') ?? ''),
      apparmor: { status: apparmor },
      selinux: securityModule(told),
      // Whether modules could look after contexts, which ours can without it.
      selinux_python_present: true,
      is_chroot: false,
      fips: told('/proc/sys/crypto/fips_enabled') === '1',
    }
  },
}

/** SELinux as it runs, and as it will after a start by its file. */
function securityModule(told: (file: string) => string | undefined): Plain {
  const enforce = told('/sys/fs/selinux/enforce')
  if (enforce === undefined) return { status: 'disabled' }
  const config = assignments(told('/etc/selinux/config') ?? '')
  return {
    status: 'enabled',
    policyvers: Number(told('/sys/fs/selinux/policyvers')) || 'unknown',
    config_mode: config.get('SELINUX')?.toLowerCase() ?? 'unknown',
    mode: enforce === '1' ? 'enforcing' : 'permissive',
    type: config.get('SELINUXTYPE') ?? 'unknown',
  }
}

/** The names that /etc/hosts has for the host's own address, if it has that: most hosts' do, and no other source of names comes before it. */
function namesIn(hosts: string, host: string): readonly string[] | undefined {
  const entries = hosts.split('\n').map((line) => words(line.replace(/#.*/, '')))
  const own = entries.find(([, ...names]) => names.includes(host))
  return own && entries.find(([address]) => address === own[0])?.slice(1)
}

/** The first name with a dot, or else the first: as Python's getfqdn chooses. */
function qualified(names: readonly string[]): string | undefined {
  return names.find((each) => each.includes('.')) ?? names[0]
}

function packageManager(found: string, family: string): string {
  const managers = found.trim().split(' ')
  const own = MANAGERS_OF[family] ?? []
  return own.find((each) => managers.includes(each)) ?? (managers[0] || 'unknown')
}

function distribution(files: ReadonlyMap<string, string>): Record<string, Plain> & { readonly os_family: string } {
  const release = assignments(files.get('/etc/os-release') ?? '')
  const id = release.get('ID') ?? 'linux'
  const like = (release.get('ID_LIKE') ?? '').split(' ')
  const [name, family] = DISTRIBUTIONS[id] ?? [release.get('NAME') ?? 'Linux', like.map((each) => DISTRIBUTIONS[each]?.[1]).find(Boolean) ?? 'Linux']
  // Debian's os-release has no point release; debian_version does (12.9), unless it is a name (trixie/sid).
  const debian = files.get('/etc/debian_version')?.trim() ?? ''
  const version = id === 'debian' && /^\d/.test(debian) ? debian : (release.get('VERSION_ID') ?? 'n/a')
  const codename = release.get('VERSION_CODENAME') ?? /\(([^)]+)\)/.exec(release.get('VERSION') ?? '')?.[1] ?? 'n/a'
  const major = version.split('.')[0] ?? version
  return {
    distribution: name,
    distribution_version: version,
    distribution_major_version: major,
    ...(id === 'debian' && version.includes('.') && { distribution_minor_version: version.split('.')[1] }),
    distribution_release: codename,
    distribution_file_variety: family,
    distribution_file_path: family === 'RedHat' && files.has('/etc/redhat-release') ? '/etc/redhat-release' : '/etc/os-release',
    distribution_file_parsed: true,
    os_family: family,
  }
}

function commandLine(text: string): Record<string, Plain> {
  const pairs = words(text).map((word): [string, Plain] => (word.includes('=') ? [word.slice(0, word.indexOf('=')), word.slice(word.indexOf('=') + 1)] : [word, true]))
  return { cmdline: Object.fromEntries(pairs), proc_cmdline: Object.fromEntries(pairs) }
}
