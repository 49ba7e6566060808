/** The queries of the filter ipaddr: what each says of an address or a network. */
import { PlonerunError } from '../../errors/plonerun-error.ts'
import { toInteger } from '../../values/number.ts'
import type { Value } from '../../values/value.ts'
import { addressText, contains, first, last, netmask, networkText, parseNetwork, rangeOf, size, subnetText, usable, widthOf, type Network } from './network.ts'

/** undefined: the address is none of the kind asked for. `value` is the text as it was given. */
type Query = (network: Network, value: string) => Value | undefined

const own = (network: Network): string => addressText(network.address, network.version)!
const text = (address: bigint, { version }: Network): string => addressText(address, version) ?? ''
const hostmask = (network: Network): bigint => size(network) - 1n
const isNetworkAddress = (network: Network): boolean => network.address === first(network)
/** Networks of two addresses or one have no broadcast address. */
const hasBroadcast = (network: Network): boolean => size(network) > 2n
const within = (cidr: string) => (network: Network): boolean => contains(parseNetwork(cidr)!, { ...network, prefix: widthOf(network.version) })

const isMulticast = (network: Network): boolean => within('224.0.0.0/4')(network) || within('ff00::/8')(network)

function when(condition: (network: Network) => boolean): Query {
  return (network, value) => (condition(network) ? value : undefined)
}

/** A query that makes sense for what was written with a prefix only. */
function ofNetwork(run: (network: Network) => Value | undefined): Query {
  return (network) => {
    if (!network.written) throw new PlonerunError('Not a network address')
    return run(network)
  }
}

const hostWithPrefix: Query = (network) => {
  if (size(network) > 2n && (isNetworkAddress(network) || (hasBroadcast(network) && network.address === last(network)))) return false
  return networkText(network)
}

const address: Query = (network) => {
  if (!isNetworkAddress(network) || !hasBroadcast(network) || network.version === 6) return own(network)
  return undefined
}

const isGlobal = (network: Network): boolean => {
  if (['239.0.0.0/8', '233.252.0.0/24', '225.0.0.0/8', '226.0.0.0/7', '228.0.0.0/6', '234.0.0.0/7', '236.0.0.0/7', '238.0.0.0/8', '192.88.99.0/24'].some((cidr) => within(cidr)(network))) return true
  return ['unicast', 'multicast', 'ipv4Mapped', 'teredo', 'amt', 'as112', 'as112v6'].includes(rangeOf(network)) && rangeOf(network) !== 'ipv4Mapped'
}

function step(by: bigint): Query {
  return ofNetwork((network) => {
    if (size(network) === 1n) return undefined
    const [low, high] = usable(network)
    const next = network.address + by
    return next >= low && next <= high ? text(next, network) : undefined
  })
}

const peer = ofNetwork((network) => {
  if (size(network) === 2n) return text(network.address ^ 1n, network)
  if (size(network) !== 4n) throw new PlonerunError('Not a point-to-point network')
  const place = network.address % 4n
  if (place === 0n || place === 3n) throw new PlonerunError(`${place === 0n ? 'Network' : 'Broadcast'} address of /30 has no peer`)
  return text(network.address ^ 3n, network)
})

const reverseName: Query = (network) => {
  if (network.version === 4) return `${own(network).split('.').reverse().join('.')}.in-addr.arpa.`
  return `${Array.from(network.address.toString(16).padStart(32, '0')).reverse().join('.')}.ip6.arpa.`
}

const toSixToFour: Query = (network, value) => {
  if (network.version === 6) return within('2002::/16')(network) ? value : false
  if ((size(network) > 1n && isNetworkAddress(network)) || isMulticast(network)) return false
  const hex = network.address.toString(16).padStart(8, '0')
  return `2002:${hex.slice(0, 4)}:${hex.slice(4)}::1/48`
}

function toVersion4(network: Network, value: string): Value {
  if (network.version === 4) return value
  const mapped = network.address >> 32n
  if (mapped !== 0n && mapped !== 0xffffn) return false
  return networkText({ version: 4, address: network.address & 0xffffffffn, prefix: Math.max(0, network.prefix - 96), written: true })
}

function toVersion6(network: Network, value: string): Value {
  return network.version === 6 ? value : networkText({ version: 6, address: network.address | (0xffffn << 32n), prefix: network.prefix + 96, written: true })
}

const loopback = when((network) => rangeOf(network) === 'loopback')
const hosts: Query = (network) => (!isNetworkAddress(network) || !hasBroadcast(network) ? networkText(network) : undefined)

export const QUERIES: Readonly<Record<string, Query>> = {
  '': (network) => (network.written ? networkText(network) : own(network)),
  '6to4': toSixToFour,
  address,
  ip: address,
  'address/prefix': hostWithPrefix,
  gateway: hostWithPrefix,
  gw: hostWithPrefix,
  'host/prefix': hostWithPrefix,
  hostnet: hostWithPrefix,
  router: hostWithPrefix,
  bool: () => true,
  broadcast: (network) => (hasBroadcast(network) ? text(last(network), network) : undefined),
  cidr: networkText,
  first_usable: ofNetwork((network) => (size(network) > 1n ? text(usable(network)[0], network) : undefined)),
  last_usable: ofNetwork((network) => (size(network) > 1n ? text(usable(network)[1], network) : undefined)),
  next_usable: step(1n),
  previous_usable: step(-1n),
  range_usable: ofNetwork((network) => (size(network) > 1n ? usable(network).map((each) => text(each, network)).join('-') : undefined)),
  peer,
  host: hosts,
  hostmask: (network) => text(hostmask(network), network),
  wildcard: (network) => text(hostmask(network), network),
  int: (network) => (network.written ? `${network.address}/${network.prefix}` : toInteger(network.address)),
  'ip/prefix': (network) => (size(network) === 2n || (size(network) > 1n && !isNetworkAddress(network)) ? networkText(network) : undefined),
  ip_netmask: (network) => (size(network) === 2n || (size(network) > 1n && !isNetworkAddress(network)) ? `${own(network)} ${text(netmask(network), network)}` : undefined),
  ipv4: toVersion4,
  v4: toVersion4,
  ipv6: toVersion6,
  v6: toVersion6,
  'link-local': when((network) => rangeOf(network) === 'linkLocal'),
  lo: loopback,
  loopback,
  multicast: when(isMulticast),
  unicast: when((network) => !isMulticast(network)),
  net: (network) => (size(network) > 1n && isNetworkAddress(network) ? networkText(network) : undefined),
  netmask: (network) => text(netmask(network), network),
  network: (network) => text(first(network), network),
  network_id: (network) => text(first(network), network),
  'network/prefix': subnetText,
  subnet: subnetText,
  network_netmask: (network) => `${text(first(network), network)} ${text(netmask(network), network)}`,
  network_wildcard: (network) => `${text(first(network), network)} ${text(hostmask(network), network)}`,
  prefix: (network) => network.prefix,
  private: when((network) => !isGlobal(network)),
  public: when((network) => isGlobal(network) && !isMulticast(network)),
  revdns: reverseName,
  size: (network) => toInteger(size(network)),
  size_usable: (network) => toInteger(size(network) === 1n ? 0n : size(network) === 2n ? 2n : size(network) - 2n),
  type: (network) => (size(network) === 1n || !isNetworkAddress(network) ? 'address' : 'network'),
  version: (network) => network.version,
  wrap: (network, value) => (network.version === 4 ? value : network.written ? `[${own(network)}]/${network.prefix}` : `[${own(network)}]`),
}
