/** Interfaces, addresses, default routes and name servers, from iproute2. */
import type { Plain } from '../values/value.ts'
import { filesOf, type FactSection } from './section.ts'

interface Address {
  readonly device: string
  readonly family: 'inet' | 'inet6'
  readonly address: string
  readonly prefix: string
  readonly broadcast: string
  readonly scope: string
}

export const network: FactSection = {
  name: 'network',
  facts: ['interfaces', 'default_ipv4', 'default_ipv6', 'all_ipv4_addresses', 'all_ipv6_addresses', 'dns', 'lo'],
  script: `ip -o link 2>/dev/null; ip -o addr 2>/dev/null; ip -4 route show default 2>/dev/null; ip -6 route show default 2>/dev/null\nhead -v -n 50 /etc/resolv.conf /etc/hosts 2>/dev/null\n:`,
  parse(output) {
    const addresses = [...output.matchAll(/^\d+: (\S+)\s+(inet6?) ([0-9a-fA-F.:]+)(?:\/(\d+))?(.*)$/gm)].map(([, device, family, address, prefix, rest]): Address => ({
      device: device!,
      family: family as Address['family'],
      address: address!,
      prefix: prefix ?? (family === 'inet' ? '32' : '128'),
      broadcast: /brd (\S+)/.exec(rest ?? '')?.[1] ?? '',
      scope: /scope (\S+)/.exec(rest ?? '')?.[1] ?? '',
    }))
    const links = [...output.matchAll(/^\d+: ([^:@\s]+)(?:@\S+)?: <([^>]*)> mtu (\d+)(.*)$/gm)].map(([, device, flags, mtu, rest]) => ({
      device: device!,
      active: flags!.split(',').includes('UP'),
      mtu: Number(mtu),
      mac: /link\/\w+ (\S+)/.exec(rest ?? '')?.[1] ?? '',
    }))
    const interfaces: Record<string, Plain> = {}
    for (const { device, active, mtu, mac } of links) {
      const own = addresses.filter((each) => each.device === device)
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
    const files = filesOf(output)
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

function ipv4({ address, prefix, broadcast }: Address): Record<string, Plain> {
  const bits = Number(prefix)
  const mask = bits === 0 ? 0 : (0xffffffff << (32 - bits)) >>> 0
  const number = address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0)
  return { address, prefix, netmask: dotted(mask), network: dotted((number & mask) >>> 0), broadcast }
}

function dotted(number: number): string {
  return [24, 16, 8, 0].map((shift) => (number >>> shift) & 255).join('.')
}

function defaultRoute(output: string, family: Address['family'], addresses: readonly Address[], links: readonly { device: string; mtu: number; mac: string }[]): Record<string, Plain> {
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
