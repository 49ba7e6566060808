/** TCP connections of a machine, counted from the kernel's tables: /proc/net/tcp and tcp6 (Linux, proc_pid_net(5)). */
import ipaddr from 'ipaddr.js'

export interface Connections {
  /** Rows with this end in ESTABLISHED or CLOSE_WAIT. */
  readonly open: number
  readonly listening: boolean
}

/**
 * A shell text that prints `ADDRESS:PORT STATE COUNT` for the local ends with these ports, all in hex.
 * grep throws away the other rows, so that a large table costs little more than to read it.
 */
export function tcpScript(ports: readonly number[]): string {
  const wanted = ports.map((port) => hex(port, 4)).join('|')
  const row = `^ *[0-9]+: [0-9A-F]+:(${wanted}) [0-9A-F]+:[0-9A-F]+ 0[18A] `
  return `LC_ALL=C grep -hE '${row}' /proc/net/tcp /proc/net/tcp6 2>/dev/null | awk '{ rows[$2 " " $4]++ } END { for (end in rows) print end, rows[end] }'`
}

/**
 * Counts the rows of an address and port from what tcpScript printed.
 * A socket that listens on all addresses listens on this one too. Rows count for their local end only:
 * on loopback both ends of a connection have one.
 * @param address IPv4 or IPv6, as text
 */
export function connectionsOf(printed: string, address: string, port: number): Connections {
  const wanted = ipaddr.process(address).toNormalizedString()
  let open = 0
  let listening = false
  for (const line of printed.split('\n')) {
    const [end = '', state, count = '0'] = line.split(' ')
    const [hexAddress = '', hexPort] = end.split(':')
    if (hexPort !== hex(port, 4)) continue
    const own = addressOf(hexAddress) === wanted
    if (state === LISTEN) listening ||= own || /^0+$/.test(hexAddress)
    else if (own) open += Number(count)
  }
  return { open, listening }
}

const LISTEN = '0A'

function hex(number: number, digits: number): string {
  return number.toString(16).toUpperCase().padStart(digits, '0')
}

/** An address is printed as words of 32 bits in the byte order of the machine, which is little-endian. */
function addressOf(printed: string): string {
  const words = printed.match(/.{8}/g) ?? []
  const bytes = words.flatMap((word) => [...Buffer.from(word, 'hex')].reverse())
  const address = ipaddr.fromByteArray(bytes)
  return (address instanceof ipaddr.IPv6 && address.isIPv4MappedAddress() ? address.toIPv4Address() : address).toNormalizedString()
}
