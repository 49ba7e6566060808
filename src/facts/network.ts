/** Interfaces, addresses, default routes and name servers, from iproute2. */
import type { Plain } from '../values/value.ts'
import type { FactSection } from './section.ts'

interface Address {
  readonly device: string
  readonly family: 'inet' | 'inet6'
  readonly address: string
  readonly prefix: string
  readonly broadcast: string
  readonly scope: string
}

interface Link {
  readonly device: string
  readonly active: boolean
  readonly mtu: number
  readonly mac: string
  readonly addresses: readonly Address[]
}

export const network: FactSection = {
  name: 'network',
  facts: ['interfaces', 'default_ipv4', 'default_ipv6', 'all_ipv4_addresses', 'all_ipv6_addresses', 'dns', 'lo'],
  files: ['/etc/resolv.conf'],
  script: 'ip addr 2>/dev/null; ip -4 route show default 2>/dev/null; ip -6 route show default 2>/dev/null\n:',
  parse(files, output) {
    const links = output.split(/^(?=\d+: )/m).flatMap(linkOf)
    const addresses = links.flatMap((link) => link.addresses)
    const interfaces: Record<string, Plain> = {}
    for (const { device, active, mtu, mac, addresses: own } of links) {
      const v4 = own.filter(({ family }) => family === 'inet')
      interfaces[device.replaceAll(/[-:.]/g, '_')] = {
        device,
        active,
        mtu,
        type: device === 'lo' ? 'loopback' : 'ether',
        ...(device !== 'lo' && { macaddress: mac }),
        ...(v4[0] && { ipv4: ipv4(v4[0]) }),
        ...(v4.length > 1 && { ipv4_secondaries: v4.slice(1).map(ipv4) }),
        ipv6: own.filter(({ family }) => family === 'inet6').map(({ address, prefix, scope }) => ({ address, prefix, scope })),
      }
    }
    return {
      ...interfaces,
      interfaces: links.map(({ device }) => device),
      default_ipv4: defaultRoute(output, 'inet', addresses, links),
      default_ipv6: defaultRoute(output, 'inet6', addresses, links),
      all_ipv4_addresses: addresses.filter(({ family, address }) => family === 'inet' && !address.startsWith('127.')).map(({ address }) => address),
      all_ipv6_addresses: addresses.filter(({ family, address }) => family === 'inet6' && address !== '::1').map(({ address }) => address),
      dns: dns(files.get('/etc/resolv.conf') ?? ''),
    }
  },
}

/** A link as `ip addr` shows it, with its addresses. */
function linkOf(block: string): readonly Link[] {
  const [, device, flags, mtu] = /^\d+: ([^:@\s]+)(?:@\S+)?: <([^>]*)> mtu (\d+)/.exec(block) ?? []
  if (device === undefined) return []
  const addresses = [...block.matchAll(/^\s+(inet6?) ([0-9a-fA-F.:]+)(?:\/(\d+))?(.*)$/gm)].map(([, family, address, prefix, rest]): Address => ({
    device,
    family: family as Address['family'],
    address: address!,
    prefix: prefix ?? (family === 'inet' ? '32' : '128'),
    broadcast: /brd (\S+)/.exec(rest ?? '')?.[1] ?? '',
    scope: /scope (\S+)/.exec(rest ?? '')?.[1] ?? '',
  }))
  return [{ device, active: flags!.split(',').includes('UP'), mtu: Number(mtu), mac: /^\s+link\/\w+ (\S+)/m.exec(block)?.[1] ?? '', addresses }]
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

function defaultRoute(output: string, family: Address['family'], addresses: readonly Address[], links: readonly Link[]): Record<string, Plain> {
  const route = [...output.matchAll(/^default via (\S+) dev (\S+)(.*)$/gm)].find(([, gateway]) => gateway!.includes(':') === (family === 'inet6'))
  if (route === undefined) return {}
  const [, gateway, device, rest] = route
  const source = /src (\S+)/.exec(rest ?? '')?.[1]
  const own = addresses.find((each) => each.device === device && each.family === family && each.scope !== 'link' && (source === undefined || each.address === source))
  const link = links.find((each) => each.device === device)
  return {
    gateway,
    interface: device,
    alias: device,
    type: 'ether',
    ...(own && (family === 'inet' ? ipv4(own) : { address: own.address, prefix: own.prefix, scope: own.scope })),
    ...(link && { mtu: link.mtu, macaddress: link.mac }),
  }
}

function dns(resolvConf: string): Record<string, Plain> {
  const values = (key: string): string[] => [...resolvConf.matchAll(new RegExp(`^${key}\\s+(.+)$`, 'gm'))].flatMap(([, rest]) => rest!.trim().split(/\s+/))
  const search = values('search')
  return { nameservers: values('nameserver'), ...(search.length > 0 && { search }) }
}
