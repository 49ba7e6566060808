import { createServer, connect, type AddressInfo } from 'node:net'
import { once } from 'node:events'
import { expect, it } from 'vitest'
import { parseTcpTable, tcpRead } from '../../../src/probe/tcp.ts'
import { ask } from './ask.ts'

const TABLE = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 12345 1 0000000000000000 100 0 0 10 0
   1: 0100007F:1F90 0200A8C0:C350 01 00000000:00000000 00:00000000 00000000     0        0 12346 1 0000000000000000 20 4 30 10 -1
   2: 0000000000000000FFFF00000100007F:1F90 0000000000000000FFFF00000100007F:C351 08 00000000:00000000 00:00000000 00000000     0        0 0 1
   3: B80D0120000000000000000001000000:0050 00000000000000000000000000000000:0000 06 00000000:00000000 00:00000000 00000000     0        0 0 1
`

it('reads both tables: little-endian words, mapped addresses, states', () =>
  expect(parseTcpTable(TABLE).map(({ local, remote, state }) => `${local.address} ${local.port} ${remote.address} ${remote.port} ${state}`)).toEqual([
    '127.0.0.1 8080 0.0.0.0 0 LISTEN',
    '127.0.0.1 8080 192.168.0.2 50000 ESTABLISHED',
    '127.0.0.1 8080 127.0.0.1 50001 CLOSE_WAIT',
    '2001:db8:0:0:0:0:0:1 80 0:0:0:0:0:0:0:0 0 TIME_WAIT',
  ]))

it('sees a port of this machine, and only that one', async () => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const client = connect(port, '127.0.0.1')
  await once(client, 'connect')
  const [rows, none] = ask([tcpRead(port), tcpRead(1)])
  client.destroy()
  server.close()
  expect(rows!.map(({ state }) => state).sort()).toEqual(['ESTABLISHED', 'LISTEN'])
  expect(none).toEqual([])
})
