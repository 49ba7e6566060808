/** IP addresses with a prefix: read, written and computed with. */
import ipaddr from 'ipaddr.js'

/** An address in its network. */
export interface Network {
  readonly version: 4 | 6
  readonly address: bigint
  readonly prefix: number
  /** It was written with a prefix. */
  readonly written: boolean
}

function fromBytes(bytes: readonly number[]): bigint {
  return bytes.reduce((value, byte) => (value << 8n) | BigInt(byte), 0n)
}

export function widthOf(version: 4 | 6): number {
  return version === 4 ? 32 : 128
}

const { IPv4, IPv6 } = ipaddr

/** The network that a text is: `10.0.0.1`, `10.0.0.0/8`, `10.0.0.0/255.0.0.0`, `fe80::/10`. */
export function parseNetwork(text: string): Network | undefined {
  const [host = '', mask, ...rest] = text.split('/')
  if (rest.length) return undefined
  const found = parseAddress(host)
  if (!found) return undefined
  const width = widthOf(found.version)
  const prefix = mask === undefined ? width : prefixOf(mask, found.version)
  return prefix === undefined || prefix > width ? undefined : { ...found, prefix, written: mask !== undefined }
}

export function parseAddress(text: string): { version: 4 | 6; address: bigint } | undefined {
  if (IPv4.isValidFourPartDecimal(text)) return { version: 4, address: fromBytes(IPv4.parse(text).toByteArray()) }
  return text.includes(':') && !text.includes('%') && IPv6.isValid(text) ? { version: 6, address: fromBytes(IPv6.parse(text).toByteArray()) } : undefined
}

/** The length that a prefix, a netmask or a hostmask stands for. */
function prefixOf(mask: string, version: 4 | 6): number | undefined {
  if (/^\d+$/.test(mask)) return Number(mask)
  const parsed = parseAddress(mask)
  if (parsed?.version !== version) return undefined
  const width = widthOf(version)
  const bits = parsed.address.toString(2).padStart(width, '0')
  if (/^1*0*$/.test(bits)) return bits.lastIndexOf('1') + 1
  return /^0*1*$/.test(bits) ? bits.indexOf('1') : undefined
}

/** An address as text; undefined when the number is none. */
export function addressText(address: bigint, version: 4 | 6): string | undefined {
  if (address < 0n || address >= 1n << BigInt(widthOf(version))) return undefined
  const bytes = Array.from({ length: widthOf(version) / 8 }, (_, index) => Number((address >> BigInt(widthOf(version) - 8 * (index + 1))) & 0xffn))
  if (version === 4) return bytes.join('.')
  const parts = Array.from({ length: 8 }, (_, index) => bytes[index * 2]! * 256 + bytes[index * 2 + 1]!)
  const parsed = new IPv6(parts)
  return parsed.isIPv4MappedAddress() ? `::ffff:${bytes.slice(12).join('.')}` : parsed.toRFC5952String()
}

/** The name of the range that an address is in, as ipaddr.js has them. */
export function rangeOf({ address, version }: Network): string {
  return ipaddr.parse(addressText(address, version)!).range()
}

export function netmask({ version, prefix }: Network): bigint {
  const width = BigInt(widthOf(version))
  return ((1n << BigInt(prefix)) - 1n) << (width - BigInt(prefix))
}

export function size({ version, prefix }: Network): bigint {
  return 1n << BigInt(widthOf(version) - prefix)
}

export function first(network: Network): bigint {
  return network.address & netmask(network)
}

export function last(network: Network): bigint {
  return first(network) + size(network) - 1n
}

/** The first and last address that hosts can have. */
export function usable(network: Network): readonly [bigint, bigint] {
  return size(network) <= 2n ? [first(network), last(network)] : [first(network) + 1n, last(network) - 1n]
}

export function contains(outer: Network, inner: Network): boolean {
  return outer.version === inner.version && first(inner) >= first(outer) && last(inner) <= last(outer)
}

/** Address and prefix as text. */
export function networkText({ address, version, prefix }: Network): string {
  return `${addressText(address, version)!}/${prefix}`
}

/** The network itself: the first address with the prefix. */
export function subnetText(network: Network): string {
  return networkText({ ...network, address: first(network) })
}
