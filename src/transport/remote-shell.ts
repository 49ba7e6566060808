/** A stand-in for ssh: programs of this machine that start one (rsync) reach a host through the connection that stands. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Channel } from './channel.ts'

export interface RemoteShell {
  /** The words to start instead of ssh; behind them come a host's name, which does not matter, and the command. */
  readonly argv: readonly string[]
  /** What programs on the host, or their connection, had to complain of so far. */
  readonly complaints: string
  close(): Promise<void>
}

/** It tells the command over a socket beside it, and is a pipe from then on. As with ssh, its end is that of the command. */
const STAND_IN = `const { connect } = require('node:net')
const socket = connect({ path: require('node:path').join(__dirname, 'socket'), allowHalfOpen: true })
socket.write(JSON.stringify(process.argv.slice(3).join(' ')) + '\\n')
process.stdin.pipe(socket)
socket.pipe(process.stdout)
socket.on('end', () => process.exit())
socket.on('error', () => process.exit(255))
`

/** @param start starts a command line on the host */
export async function serveRemoteShell(start: (command: string) => Promise<Channel>): Promise<RemoteShell> {
  const folder = await mkdtemp(join(tmpdir(), 'plonerun-shell-'))
  await writeFile(join(folder, 'stand-in.cjs'), STAND_IN)
  const sockets = new Set<Socket>()
  let complaints = ''
  const complain = (what: string): void => {
    complaints = (complaints + what).slice(-4000)
  }
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    serve(socket, start, complain).catch((error: unknown) => {
      complain(String(error))
      socket.destroy()
    })
  })
  await new Promise<void>((listening) => void server.listen(join(folder, 'socket'), listening))
  return {
    argv: [process.execPath, join(folder, 'stand-in.cjs')],
    get complaints() {
      return complaints
    },
    async close() {
      for (const socket of sockets) socket.destroy()
      await new Promise((closed) => server.close(closed))
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function serve(socket: Socket, start: (command: string) => Promise<Channel>, complain: (what: string) => void): Promise<void> {
  const channel = await start(await firstLine(socket))
  channel.stderr.on('data', (chunk: Buffer) => complain(chunk.toString('utf8')))
  socket.on('error', () => channel.destroy())
  socket.on('close', () => channel.destroy())
  socket.pipe(channel.stdin)
  channel.stdout.pipe(socket)
  const { broken } = await channel.closed
  if (broken !== undefined) throw new Error(broken)
}

/** What comes behind it stays in the socket. */
function firstLine(socket: Socket): Promise<string> {
  return new Promise((resolve, reject) => {
    let read: Buffer = Buffer.alloc(0)
    const onData = (chunk: Buffer): void => {
      read = Buffer.concat([read, chunk])
      const end = read.indexOf(10)
      if (end < 0) return
      socket.off('data', onData).off('error', reject).pause()
      socket.unshift(read.subarray(end + 1))
      resolve(JSON.parse(read.toString('utf8', 0, end)) as string)
    }
    socket.on('data', onData).on('error', reject)
  })
}
