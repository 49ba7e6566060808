/** The host's TCP connections, from /proc/net/tcp and tcp6. */
import { read, type ProbeKind, type Read } from './read.ts'

export interface Endpoint {
  /** Dotted for IPv4 (also when mapped into IPv6), else eight groups of hexadecimal digits. */
  readonly address: string
  readonly port: number
}

export interface TcpRow {
  readonly local: Endpoint
  readonly remote: Endpoint
  readonly state: TcpState
}

const STATES = ['ESTABLISHED', 'SYN_SENT', 'SYN_RECV', 'FIN_WAIT1', 'FIN_WAIT2', 'TIME_WAIT', 'CLOSE', 'CLOSE_WAIT', 'LAST_ACK', 'LISTEN', 'CLOSING', 'NEW_SYN_RECV'] as const

/** A state's name; its number in the table counts from 1. */
export type TcpState = (typeof STATES)[number]

/** Asks for the rows whose local end has this port. Connections within the host are there once for each of their ends. */
export function tcpRead(port: number): Read<readonly TcpRow[]> {
  return read(tcpKind, { port })
}

/** grep finds the few rows of the port, so that a table of a hundred thousand lines stays where it is. */
export const tcpKind: ProbeKind<{ readonly port: number }, readonly TcpRow[]> = {
  name: 'tcp',
  script: (requests) => {
    const ports = [...new Set(requests.map(({ port }) => hex(port)))]
    return `grep -hE '^ *[0-9]+: [0-9A-F]+:(${ports.join('|')}) ' /proc/net/tcp /proc/net/tcp6 2>/dev/null || :`
  },
  parse(requests, stdout) {
    const rows = parseTcpTable(stdout.toString('latin1'))
    return requests.map(({ port }) => rows.filter(({ local }) => local.port === port))
  },
  touches: () => ['beyond:'],
}

function hex(port: number): string {
  return port.toString(16).toUpperCase().padStart(4, '0')
}

/** The rows of one of the tables or both; headings are passed over. */
export function parseTcpTable(text: string): TcpRow[] {
  return [...text.matchAll(/^ *\d+: ([0-9A-F]+):([0-9A-F]{4}) ([0-9A-F]+):([0-9A-F]{4}) ([0-9A-F]{2}) /gm)].map(([, local, localPort, remote, remotePort, state]) => ({
    local: { address: addressOf(local!), port: Number.parseInt(localPort!, 16) },
    remote: { address: addressOf(remote!), port: Number.parseInt(remotePort!, 16) },
    state: STATES[Number.parseInt(state!, 16) - 1] ?? 'CLOSE',
  }))
}

/** Words of 32 bits, each with its lowest byte first. */
function addressOf(digits: string): string {
  const bytes = digits.match(/.{8}/g)!.flatMap((word) => word.match(/../g)!.reverse().map((byte) => Number.parseInt(byte, 16)))
  if (bytes.length === 4) return bytes.join('.')
  const mapped = bytes.slice(0, 10).every((byte) => byte === 0) && bytes[10] === 0xff && bytes[11] === 0xff
  if (mapped) return bytes.slice(12).join('.')
  return Array.from({ length: 8 }, (_, index) => ((bytes[2 * index]! << 8) | bytes[2 * index + 1]!).toString(16)).join(':')
}
