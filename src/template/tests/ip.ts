/** Tests of IP and hardware addresses, as the collection ansible.utils has them. */
import type { Value } from '../../values/value.ts'
import { str } from '../../values/print.ts'
import { macDigits } from '../ip/hardware.ts'
import { contains, netmask, parseNetwork, rangeOf, type Network } from '../ip/network.ts'
import { anything, list } from '../plugins/parameter.ts'
import { plugin, type Plugins } from '../plugins/plugin.ts'

function about(ask: (network: Network) => boolean) {
  return plugin({ value: anything }, ({ value }) => {
    const network = parse(value)
    return network !== undefined && ask(network)
  })
}

function parse(value: Value): Network | undefined {
  return typeof value === 'string' ? parseNetwork(value) : undefined
}

function within(value: Value, outer: Value): boolean {
  const [a, b] = [parse(value), parse(outer)]
  return a !== undefined && b !== undefined && contains(b, a)
}

const range = (...names: string[]) => about((network) => names.includes(rangeOf(network)))
const inAny = { value: anything, networks: list }

export const ipTests: Plugins = {
  ip: about(() => true),
  ip_address: about(({ written }) => !written),
  ipv4: about(({ version }) => version === 4),
  ipv6: about(({ version }) => version === 6),
  ipv4_address: about(({ version, written }) => version === 4 && !written),
  ipv6_address: about(({ version, written }) => version === 6 && !written),
  ipv4_netmask: about(({ version, address }) => version === 4 && Array.from({ length: 33 }, (_, prefix) => netmask({ version: 4, address, prefix, written: true })).includes(address)),
  loopback: range('loopback'),
  multicast: range('multicast'),
  private: range('private', 'uniqueLocal', 'linkLocal', 'loopback'),
  public: range('unicast'),
  unspecified: about(({ address }) => address === 0n),
  in_network: plugin({ value: anything, network: anything }, ({ value, network }) => within(value, network)),
  in_any_network: plugin(inAny, ({ value, networks }) => networks.some((network) => within(value, network))),
  in_one_network: plugin(inAny, ({ value, networks }) => networks.some((network) => within(value, network))),
  subnet_of: plugin({ value: anything, network: anything }, ({ value, network }) => within(value, network)),
  supernet_of: plugin({ value: anything, network: anything }, ({ value, network }) => within(network, value)),
  mac: plugin({ value: anything }, ({ value }) => macDigits(str(value)) !== undefined),
}
