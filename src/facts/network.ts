/** Interfaces, addresses and the way out, from iproute2 and what the kernel says of each link. */
import type { Plain } from '../values/value.ts'
import { words, type FactSection } from './section.ts'

interface Address {
  readonly device: string
  readonly family: 'inet' | 'inet6'
  readonly address: string
  readonly prefix: string
  readonly broadcast: string
  readonly scope: string
  /** The device, or the device and a word of the administrator's. */
  readonly label: string
  readonly secondary: boolean
}

interface Link {
  readonly device: string
  readonly active: boolean
  readonly mtu: number
  readonly mac: string
  readonly addresses: readonly Address[]
}

/** What the kernel numbers, by Ansible's name. */
const TYPES: Readonly<Record<string, string>> = { 1: 'ether', 32: 'infiniband', 512: 'ppp', 772: 'loopback', 65534: 'tunnel' }

/** Asked the way to, as Ansible asks: no packet goes there. */
const FAR = { inet: '8.8.8.8', inet6: '2404:6800:400a:800::1012' } as const

/**
 * One program answers all questions about addresses, where it can (busybox's does not).
 * The order of interfaces is the kernel's own, as Ansible has it: sorted, it would be another.
 */
const SCRIPT = `
set -- addr 'route get ${FAR.inet}' 'route get ${FAR.inet6}'
printed=$(printf '%s\\n' "$@" | ip -force -batch - 2>/dev/null)
if [ -n "$printed" ]; then printf '%s\\n' "$printed"; else for question do ip $question; done 2>/dev/null; fi
tell() { [ -r "$2" ] && { IFS= read -r line <"$2"; } 2>/dev/null && printf '%s %s\\n' "$1" "$line"; }
for device in $(ls -U /sys/class/net 2>/dev/null || ls /sys/class/net 2>/dev/null); do
  path=/sys/class/net/$device
  [ -d "$path" ] || continue
  echo "=$device"
  tell state "$path/operstate"; tell type "$path/type"; tell flags "$path/flags"; tell speed "$path/speed"
  if [ -e "$path/device" ]; then
    link=$(readlink -f "$path/device"); echo "pciid \${link##*/}"
    [ ! -e "$path/device/driver/module" ] || { link=$(readlink -f "$path/device/driver/module"); echo "module \${link##*/}"; }
  fi
  if [ -e "$path/bridge" ]; then
    tell bridge_id "$path/bridge/bridge_id"; tell stp_state "$path/bridge/stp_state"
    echo interfaces $(ls -U "$path/brif" 2>/dev/null || ls "$path/brif" 2>/dev/null)
  fi
  [ ! -e "$path/bonding" ] || for name in slaves mode miimon lacp_rate primary all_slaves_active; do tell $name "$path/bonding/$name"; done
  tell perm_hwaddr "$path/bonding_slave/perm_hwaddr"
done
:`

export const network: FactSection = {
  name: 'network',
  facts: ['interfaces', 'default_ipv4', 'default_ipv6', 'all_ipv4_addresses', 'all_ipv6_addresses', 'lo'],
  script: SCRIPT,
  parse(_, output) {
    const [iproute = '', ...told] = output.split(/^=/m)
    const kernel = new Map(told.map((each) => [each.slice(0, each.indexOf('\n')), attributes(each)]))
    const shown = iproute.split(/^(?=\d+: )/m).flatMap(linkOf)
    const order = [...kernel.keys()]
    const links = [...order.flatMap((device) => shown.find((link) => link.device === device) ?? []), ...shown.filter((link) => !order.includes(link.device))]
    const interfaces = new Map(links.flatMap((link) => factsOf(link, kernel.get(link.device) ?? new Map())))
    const addresses = links.flatMap((link) => link.addresses)
    const all = (family: Address['family']): string[] => addresses.filter((each) => each.family === family).map(({ address }) => address)
    return {
      ...Object.fromEntries([...interfaces].map(([name, facts]) => [name.replaceAll('-', '_'), facts])),
      interfaces: [...interfaces.keys()],
      default_ipv4: wayOut(iproute, 'inet', links, interfaces),
      default_ipv6: wayOut(iproute, 'inet6', links, interfaces),
      all_ipv4_addresses: all('inet').filter((address) => !address.startsWith('127.')),
      all_ipv6_addresses: all('inet6').filter((address) => address !== '::1'),
    }
  },
}

/** Lines of a name and what is said of it. */
function attributes(text: string): ReadonlyMap<string, string> {
  return new Map([...text.matchAll(/^(\w+) (.*)$/gm)].map(([, name, value]) => [name!, value!.trim()]))
}

/** A link as `ip addr` shows it, with its addresses: those that came second come last. */
function linkOf(block: string): readonly Link[] {
  const [, device, flags, mtu] = /^\d+: ([^:@\s]+)(?:@\S+)?: <([^>]*)> mtu (\d+)/.exec(block) ?? []
  if (device === undefined) return []
  const addresses = [...block.matchAll(/^\s+(inet6?) ([0-9a-fA-F.:]+)(?: peer [0-9a-fA-F.:]+)?(?:\/(\d+))?(.*)$/gm)].map(([line, family, address, prefix, rest = '']): Address => ({
    device,
    family: family as Address['family'],
    address: address!,
    prefix: prefix ?? (family === 'inet' ? '32' : '128'),
    broadcast: / brd (\S+)/.exec(rest)?.[1] ?? '',
    scope: / scope (\S+)/.exec(rest)?.[1] ?? '',
    label: (family === 'inet' ? line.trim().split(/\s+/).at(-1) : undefined) ?? device,
    secondary: / (secondary|temporary)( |$)/.test(rest),
  }))
  const up = flags!.split(',').includes('UP') && !block.includes(' state DOWN ')
  return [{ device, active: up, mtu: Number(mtu), mac: /^\s+link\/\w+ (\S+:\S+)/m.exec(block)?.[1] ?? '', addresses: [...addresses.filter((each) => !each.secondary), ...addresses.filter((each) => each.secondary)] }]
}

/** The facts of a link, and of each label that its addresses have. */
function factsOf({ device, active, mtu, mac, addresses }: Link, kernel: ReadonlyMap<string, string>): readonly (readonly [name: string, facts: Record<string, Plain>])[] {
  const state = kernel.get('state')
  const v6 = addresses.filter(({ family }) => family === 'inet6')
  const flags = kernel.get('flags')
  const labels = [...new Set(addresses.map(({ label }) => label))].filter((label) => label !== device)
  return [
    [device, {
      device,
      active: state === undefined ? active : state !== 'down',
      mtu,
      type: typeOf(device, kernel),
      ...(mac !== '' && mac !== '00:00:00:00:00:00' && { macaddress: mac }),
      ...(flags !== undefined && { promisc: (Number(flags) & 0x100) > 0 }),
      ...(kernel.has('speed') && { speed: Number(kernel.get('speed')) }),
      ...Object.fromEntries([...kernel].filter(([name]) => name === 'pciid' || name === 'module')),
      ...bridge(kernel),
      ...bonding(kernel),
      ...v4(addresses.filter(({ label, secondary }) => label === device || secondary)),
      ...(v6.length > 0 && { ipv6: v6.map(({ address, prefix, scope }) => ({ address, prefix, scope })) }),
    }],
    ...labels.map((label) => [label.replaceAll(':', '_'), v4(addresses.filter((each) => each.label === label))] as const),
  ]
}

function typeOf(device: string, kernel: ReadonlyMap<string, string>): string {
  if (kernel.has('bridge_id')) return 'bridge'
  if (kernel.has('mode')) return 'bonding'
  const type = kernel.get('type')
  return type === undefined ? (device === 'lo' ? 'loopback' : 'ether') : (TYPES[type] ?? 'unknown')
}

function bridge(kernel: ReadonlyMap<string, string>): Record<string, Plain> {
  const id = kernel.get('bridge_id')
  return id === undefined ? {} : { id, stp: kernel.get('stp_state') === '1', interfaces: words(kernel.get('interfaces')) }
}

function bonding(kernel: ReadonlyMap<string, string>): Record<string, Plain> {
  const hardware = kernel.get('perm_hwaddr')
  const slave: Record<string, Plain> = hardware === undefined ? {} : { perm_macaddress: hardware }
  if (!kernel.has('mode')) return slave
  const primary = kernel.get('primary')
  const first = ['mode', 'miimon', 'lacp_rate'].map((name): [string, Plain] => [name, words(kernel.get(name))[0] ?? ''])
  return { ...slave, slaves: words(kernel.get('slaves')), ...Object.fromEntries(first), ...(primary && { primary, all_slaves_active: kernel.get('all_slaves_active') === '1' }) }
}

/** The first address that is nobody's second, and those behind it. */
function v4(addresses: readonly Address[]): Record<string, Plain> {
  const own = addresses.filter(({ family }) => family === 'inet')
  const first = own.find(({ secondary }) => !secondary)
  const others = own.filter((each) => each !== first)
  return { ...(first && { ipv4: ipv4(first) }), ...(others.length > 0 && { ipv4_secondaries: others.map(ipv4) }) }
}

function ipv4({ address, prefix, broadcast }: Address): Record<string, Plain> {
  const bits = Number(prefix)
  const mask = bits === 0 ? 0 : (0xffffffff << (32 - bits)) >>> 0
  const number = address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0)
  return { address, prefix, netmask: dotted(mask), network: dotted((number & mask) >>> 0), broadcast }
}

function dotted(number: number): string {
  return [24, 16, 8, 0].map((shift) => (number >>> shift) & 255).join('.')
}

/** Where packets for elsewhere leave, and as whose. */
function wayOut(output: string, family: Address['family'], links: readonly Link[], interfaces: ReadonlyMap<string, Record<string, Plain>>): Record<string, Plain> {
  const route = output.split('\n').find((line) => line.startsWith(`${FAR[family]} `))
  if (route === undefined) return {}
  const after = (word: string): string | undefined => new RegExp(` ${word} (\\S+)`).exec(route)?.[1]
  const [device, source, gateway] = [after('dev'), after('src'), after('via')]
  const link = links.find((each) => each.addresses.some(({ address }) => address === source))
  const own = link?.addresses.find(({ address }) => address === source)
  return {
    ...(gateway !== undefined && { gateway }),
    ...(device !== undefined && { interface: device }),
    ...(source !== undefined && { address: source }),
    ...(link && own && {
      ...(family === 'inet' ? { ...ipv4(own), alias: own.label } : { prefix: own.prefix, scope: own.scope }),
      type: interfaces.get(link.device)?.['type'] ?? 'unknown',
      mtu: link.mtu,
      macaddress: link.mac,
    }),
  }
}
