/** Filters of IP and hardware addresses, as the collection ansible.utils has them. */
import { PlonerunError } from '../../errors/plonerun-error.ts'
import { didYouMean } from '../../errors/suggest.ts'
import { isInteger, isNumeric } from '../../values/number.ts'
import { str } from '../../values/print.ts'
import { truth } from '../../values/python.ts'
import { isList } from '../../values/tuple.ts'
import type { Value } from '../../values/value.ts'
import { addressText, contains, first, last, networkText, parseAddress, parseNetwork, size, subnetText, usable, widthOf, type Network } from '../ip/network.ts'
import { MAC_FORMATS, macDigits } from '../ip/hardware.ts'
import { QUERIES } from '../ip/queries.ts'
import { anything, int, list, or, string, text } from '../plugins/parameter.ts'
import { plugin, type Plugins } from '../plugins/plugin.ts'

/** The network that a value stands for: a text, or the number of an address. */
function networkOf(value: Value, version: number | undefined): Network | undefined {
  const given = isNumeric(value) && typeof value !== 'boolean' ? str(value) : typeof value === 'string' ? value.trim() : ''
  const [address = '', prefix] = given.split('/')
  if (!/^\d+$/.test(address)) return given === '' ? undefined : parseNetwork(given)
  const number = BigInt(address)
  const kind = version === 6 || number >= 1n << 32n ? 6 : 4
  const network: Network = { version: kind, address: number, prefix: prefix === undefined ? widthOf(kind) : Number(prefix), written: prefix !== undefined }
  return addressText(number, kind) === undefined || network.prefix > widthOf(kind) ? undefined : network
}

/** Asks a query of one value, or of each item of a list, keeping those that have an answer. */
function ipaddr(value: Value, query: Value, version?: number): Value {
  if (isList(value)) return value.map((item) => ipaddr(item, query, version)).filter(truth)
  const network = networkOf(value, version)
  if (!network || (version !== undefined && network.version !== version)) return false
  const own = typeof value === 'string' && !/^\d+(?:\/|$)/.test(value) ? value : network.written ? networkText(network) : `${addressText(network.address, network.version)!}/${network.prefix}`
  const name = str(query)
  const known = Object.hasOwn(QUERIES, name) ? QUERIES[name] : undefined
  if (known) {
    const answer = known(network, own)
    return answer === undefined ? null : answer
  }
  if (isInteger(query) || /^-?\d+$/.test(name)) return nth(network, BigInt(name))
  const outer = parseNetwork(name)
  if (outer) return contains(outer, network) ? own : null
  const hint = didYouMean(name, Object.keys(QUERIES))
  throw new PlonerunError(`ipaddr: unknown filter type: ${name}`, hint ? { hint } : {})
}

/** The nth address of a network with its prefix, counted from the end when negative. */
function nth(network: Network, index: bigint): Value {
  if (size(network) === 1n) return network.written ? networkText(network) : addressText(network.address, network.version)!
  if (index >= size(network) || index < -size(network)) return false
  return networkText({ ...network, address: index < 0n ? last(network) + 1n + index : first(network) + index })
}

const asking = (version?: number) => plugin({ value: anything, query: or<Value>(anything, '') }, ({ value, query }) => ipaddr(value, query, version))

function required(value: string): Network {
  const network = parseNetwork(value)
  if (!network) throw new PlonerunError(`You must pass a valid IP address; ${value} is invalid`)
  return network
}

/** The address some places away, if hosts of its network can have it. */
function usableAt(value: string, offset: bigint): Value {
  const network = parseNetwork(value)
  if (!network) return false
  const start = network.written && network.address === first(network) ? first(network) : network.address
  const [low, high] = usable(network)
  const address = start + offset
  return size(network) > 1n && address >= low && address <= high ? addressText(address, network.version)! : null
}

/** Subnets of a network: how many of a size there are, the one with an index, or a subnet's place in a larger one. */
function ipsubnet(value: string, query: string, index: Value | undefined): Value {
  const network = parseNetwork(value)
  if (!network) return false
  if (query === '') return subnetText(network)
  if (!/^\d+$/.test(query)) return String(placeIn(network, query))
  const [width, wanted] = [widthOf(network.version), Number(query)]
  if (wanted > width) return false
  const isAddress = size(network) === 1n || network.address !== first(network)
  if (isAddress && size(network) === 1n) return supernetOf(network, wanted, index)
  if (wanted < network.prefix) throw new PlonerunError(`Requested subnet size of ${wanted} is invalid`)
  const count = 1n << BigInt(wanted - network.prefix)
  if (index === undefined || index === null) return str(Number(count))
  const given = BigInt(str(index))
  const at = given < 0n ? given + count : given
  if (at < 0n || at >= count) return false
  return networkText({ version: network.version, address: first(network) + (at << BigInt(width - wanted)), prefix: wanted, written: true })
}

/** The networks around an address, widest first. */
function supernetOf(network: Network, prefix: number, index: Value | undefined): Value {
  const at = index === undefined || index === null ? 0 : Number(str(index))
  const length = at < 0 ? network.prefix + at : prefix + at
  return length < prefix || length >= network.prefix ? false : subnetText({ ...network, prefix: length })
}

function placeIn(network: Network, outerText: string): bigint {
  const outer = required(outerText)
  if (!contains(outer, network)) throw new PlonerunError(`${subnetText(network)} is not in the subnet ${subnetText(outer)}`)
  return ((first(network) - first(outer)) >> BigInt(widthOf(network.version) - network.prefix)) + 1n
}

/** The fewest networks that hold the same addresses. */
function merged(networks: readonly Network[]): Network[] {
  const sorted = [...networks].sort((a, b) => a.version - b.version || (first(a) < first(b) ? -1 : first(a) > first(b) ? 1 : a.prefix - b.prefix))
  const stack: Network[] = []
  for (let network of sorted.map((each) => ({ ...each, address: first(each) }))) {
    for (let below = stack.at(-1); below; below = stack.at(-1)) {
      if (contains(below, network)) {
        network = below
        stack.pop()
      } else if (below.version === network.version && below.prefix === network.prefix && below.address === first({ ...network, prefix: network.prefix - 1 }) && network.prefix > 0) {
        network = { ...below, prefix: below.prefix - 1 }
        stack.pop()
      } else break
    }
    stack.push(network)
  }
  return stack
}

function spanning(networks: readonly Network[]): string {
  const [one] = networks
  if (!one) throw new PlonerunError('cidr_merge: at least one network is needed')
  let outer = one
  while (!networks.every((network) => contains(outer, network))) {
    if (outer.prefix === 0) throw new PlonerunError('cidr_merge: IPv4 and IPv6 cannot be spanned by one network')
    outer = { ...outer, prefix: outer.prefix - 1 }
  }
  return subnetText(outer)
}

function hardware(value: string, query: string): Value {
  const digits = macDigits(value)
  if (digits === undefined) {
    if (query === '' || query === 'bool') return null
    throw new PlonerunError(`hwaddr: not a hardware address: ${value}`)
  }
  if (query === '') return value
  const format = Object.hasOwn(MAC_FORMATS, query) ? MAC_FORMATS[query] : undefined
  if (!format) throw new PlonerunError(`hwaddr: unknown filter type: ${query}`, { hint: `known are ${Object.keys(MAC_FORMATS).join(', ')}` })
  return format(digits)
}

/** The IPv6 address that a host with this hardware address gives itself in a network. */
function slaac(value: string, mac: string): Value {
  const [network, digits] = [parseNetwork(value), macDigits(mac)]
  if (network?.version !== 6 || digits === undefined) return false
  const bytes = Buffer.from(`${digits.slice(0, 6)}fffe${digits.slice(6)}`, 'hex')
  bytes[0] = bytes[0]! ^ 2
  return addressText(first(network) + BigInt(`0x${bytes.toString('hex')}`), 6)!
}

const inNetwork = { value: string, test: string }
const hwaddr = plugin({ value: text, query: or(string, '') }, ({ value, query }) => hardware(value, query))

export const ips: Plugins = {
  ipaddr: asking(),
  ipv4: asking(4),
  ipv6: asking(6),
  ipwrap: plugin({ value: anything, query: or<Value>(anything, '') }, ({ value }) => {
    const wrap = (item: Value): Value => {
      const answer = ipaddr(item, ipaddr(item, 'version') === 6 ? 'wrap' : '')
      return answer === false || answer === null ? item : answer
    }
    return isList(value) ? value.map(wrap) : wrap(value)
  }),
  ipmath: plugin({ value: string, amount: int }, ({ value, amount }) => {
    const { address, version } = required(value)
    const moved = addressText(address + BigInt(amount), version)
    if (moved === undefined) throw new PlonerunError(`ipmath: ${value} + ${amount} is outside of all addresses`)
    return moved
  }),
  ipsubnet: plugin({ value: anything, query: or<Value>(anything, ''), index: or<Value | undefined>(anything, undefined) }, ({ value, query, index }) => ipsubnet(str(value), str(query), index)),
  nthhost: plugin({ value: string, query: anything }, ({ value, query }) => {
    const network = parseNetwork(value)
    if (!network || !/^-?\d+$/.test(str(query)) || str(query) === '0') return false
    const answer = nth(network, BigInt(str(query)))
    return typeof answer === 'string' ? answer.split('/')[0]! : answer
  }),
  next_nth_usable: plugin({ value: string, offset: int }, ({ value, offset }) => usableAt(value, BigInt(offset))),
  previous_nth_usable: plugin({ value: string, offset: int }, ({ value, offset }) => usableAt(value, -BigInt(offset))),
  network_in_network: plugin(inNetwork, ({ value, test }) => contains(required(value), required(test))),
  network_in_usable: plugin(inNetwork, ({ value, test }) => {
    const [outer, inner] = [required(value), required(test)]
    const [low, high] = usable(outer)
    return outer.version === inner.version && first(inner) >= low && last(inner) <= high
  }),
  reduce_on_network: plugin({ value: list, network: string }, ({ value, network }) => {
    const outer = required(network)
    return value.filter((item) => contains(outer, required(str(item))))
  }),
  cidr_merge: plugin({ value: list, action: or(string, 'merge') }, ({ value, action }) => {
    const networks = value.map((item) => required(str(item)))
    if (action === 'merge') return merged(networks).map(networkText)
    if (action === 'span') return networks.length ? spanning(networks) : null
    throw new PlonerunError(`cidr_merge: invalid action '${action}'`, { hint: 'known are merge and span' })
  }),
  ip4_hex: plugin({ arg: string, delimiter: or(string, '') }, ({ arg, delimiter }) => {
    const parsed = parseAddress(arg)
    if (parsed?.version !== 4) throw new PlonerunError(`You must pass a valid IP address; ${arg} is invalid`)
    return parsed.address.toString(16).padStart(8, '0').match(/../g)!.join(delimiter)
  }),
  hwaddr,
  macaddr: hwaddr,
  slaac: plugin({ value: string, query: or(string, '') }, ({ value, query }) => slaac(value, query)),
}
