import { expect, test } from 'vitest'
import { connectionsOf } from '../../../src/cycle/proc-net-tcp.ts'

const none = { open: 0, listening: false }

test.each([
  ['ESTABLISHED and CLOSE_WAIT are open', '0100007F:1F90 01 3\n0100007F:1F90 08 2', '127.0.0.1', 8080, { open: 5, listening: false }],
  ['a listening socket', '0100007F:1F90 0A 1', '127.0.0.1', 8080, { open: 0, listening: true }],
  ['one that listens on all addresses', '00000000:1F90 0A 1', '127.0.0.1', 8080, { open: 0, listening: true }],
  ['one that listens on all addresses, IPv6', '00000000000000000000000000000000:1F90 0A 1', '::1', 8080, { open: 0, listening: true }],
  ['an IPv4 connection of an IPv6 socket', '0000000000000000FFFF00000100007F:1F90 01 4', '127.0.0.1', 8080, { open: 4, listening: false }],
  ['IPv6, word by word', 'B80D0120000000000000000001000000:1F90 01 2', '2001:db8::1', 8080, { open: 2, listening: false }],
  ['another address', '0200007F:1F90 01 2\n0200007F:1F90 0A 1', '127.0.0.1', 8080, none],
  ['a neighbouring port', '0100007F:0328 01 2\n0100007F:0328 0A 1', '127.0.0.1', 8080, none],
  ['port 808', '0100007F:0328 01 2\n0100007F:1F90 01 7', '127.0.0.1', 808, { open: 2, listening: false }],
  ['no rows', '', '127.0.0.1', 8080, none],
])('%s', (_, printed, address, port, expected) => {
  expect(connectionsOf(printed, address, port)).toEqual(expected)
})
