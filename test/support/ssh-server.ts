/** An ssh server in this process that runs real local shells, counts what reaches it and can misbehave. */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import ssh2, { type AuthContext, type ServerChannel } from 'ssh2'
import type { HostAddress } from '../../src/transport/address.ts'
import { Secret } from '../../src/values/secret.ts'
import { serveFiles } from './sftp-server.ts'

export interface SshServerOptions {
  readonly hostKey?: 'ed25519' | 'ecdsa' | 'rsa'
  /** How users may log in, with the password `secret` or the key in `keyFile`. All of them when left out. */
  readonly logins?: readonly ('publickey' | 'password' | 'keyboard-interactive')[]
  /** Milliseconds that everything takes in each direction, once logged in. */
  readonly delay?: number
  readonly sftp?: boolean
  /** Whether tunnels are answered at all. */
  readonly answersTunnels?: boolean
  /** Added to the environment of the shells. */
  readonly environment?: Readonly<Record<string, string>>
}

export interface SshServer {
  /** How to reach it: strict, by password, with a known_hosts of its own. */
  address(more?: Partial<HostAddress>): HostAddress
  readonly port: number
  /** A folder of this server, removed with it. */
  readonly folder: string
  readonly knownHosts: string
  /** A private key that is let in. */
  readonly keyFile: string
  /** The host's public key: type and base64. */
  readonly hostKey: string
  readonly counts: Counts
  /** Cuts all connections without a word, as a failing network does. */
  drop(): void
  close(): Promise<void>
}

export interface Counts {
  connections: number
  /** Exec channels opened. */
  channels: number
  /** Exec channels open now, and the most there were at a time. */
  open: number
  mostOpen: number
  /** Frames received, over all channels. */
  frames: number
  /** Bytes of shells' stdin and stdout. */
  bytesIn: number
  bytesOut: number
  tunnels: number
  /** What was executed. */
  readonly commands: string[]
}

/** Starts one on a free port of the loopback interface. */
export async function startSshServer(options: SshServerOptions = {}): Promise<SshServer> {
  const { logins = ['publickey', 'password', 'keyboard-interactive'], delay = 0, sftp = true, answersTunnels = true } = options
  const folder = mkdtempSync(join(tmpdir(), 'plonerun-ssh-server-'))
  const host = newKey(options.hostKey ?? 'ed25519')
  const user = newKey('ed25519')
  const keyFile = join(folder, 'id')
  writeFileSync(keyFile, user.private, { mode: 0o600 })
  const counts: Counts = { connections: 0, channels: 0, open: 0, mostOpen: 0, frames: 0, bytesIn: 0, bytesOut: 0, tunnels: 0, commands: [] }
  const sockets = new Set<Socket>()
  const children = new Set<ChildProcess>()

  function authenticate(context: AuthContext): void {
    const isRight = (answer: string | undefined): void => {
      if (answer === 'secret') context.accept()
      else context.reject([...logins])
    }
    if (!logins.some((login) => login === context.method)) context.reject([...logins])
    else if (context.method === 'password') isRight(context.password)
    else if (context.method === 'keyboard-interactive') context.prompt([{ prompt: 'Password: ', echo: false }], ([answer]) => isRight(answer))
    else if (context.method === 'publickey' && context.key.data.equals(keyBytes(user.public))) context.accept()
    else context.reject([...logins])
  }

  function execute(command: string, channel: ServerChannel): void {
    counts.channels++
    counts.open++
    counts.mostOpen = Math.max(counts.mostOpen, counts.open)
    counts.commands.push(command)
    const child = spawn('/bin/sh', ['-c', command], {
      cwd: folder,
      env: { PATH: process.env['PATH'], HOME: folder, USER: 'tester', ...options.environment },
      detached: true,
    })
    children.add(child)
    const later = (act: () => void): void => {
      if (delay === 0) act()
      else setTimeout(act, delay)
    }
    let line = ''
    channel.on('data', (chunk: Buffer) => {
      counts.bytesIn += chunk.length
      const text = line + chunk.toString('latin1')
      counts.frames += text.match(/^plonerun_t=.*\n/gm)?.length ?? 0
      line = text.slice(text.lastIndexOf('\n') + 1).slice(0, 200)
      later(() => child.stdin.write(chunk))
    })
    channel.on('end', () => later(() => child.stdin.end()))
    channel.on('error', () => undefined)
    channel.on('close', () => {
      counts.open--
      for (const stream of child.stdio) stream?.destroy()
    })
    child.stdin.on('error', () => undefined)
    child.stdout.on('data', (chunk: Buffer) => {
      counts.bytesOut += chunk.length
      later(() => {
        if (channel.write(chunk)) return
        child.stdout.pause()
        channel.once('drain', () => child.stdout.resume())
      })
    })
    child.stderr.on('data', (chunk: Buffer) => later(() => channel.stderr.write(chunk)))
    child.on('close', (code, signal) => {
      children.delete(child)
      later(() => {
        if (code !== null) channel.exit(code)
        else channel.exit(signal?.slice(3) ?? 'KILL')
        channel.end()
      })
    })
  }

  const server = new ssh2.Server({ hostKeys: [host.private] }, (client) => {
    counts.connections++
    client.on('error', () => undefined)
    client.on('authentication', authenticate)
    client.on('session', (acceptSession) => {
      const session = acceptSession()
      session.on('exec', (accept, _reject, { command }) => execute(command, accept()))
      session.on('sftp', (accept, reject) => (sftp ? serveFiles(accept()) : reject()))
    })
    const lead = (open: () => Socket, accept: () => ServerChannel, reject: () => void): void => {
      if (!answersTunnels) return
      const socket = open()
      socket.on('error', () => reject())
      socket.on('connect', () => {
        counts.tunnels++
        const channel = accept()
        channel.on('error', () => undefined)
        socket.removeAllListeners('error').on('error', () => channel.destroy())
        channel.pipe(socket).pipe(channel)
      })
    }
    client.on('tcpip', (accept, reject, { destIP, destPort }) => lead(() => connect(destPort, destIP), accept, reject))
    client.on('openssh.streamlocal', (accept, reject, { socketPath }) => lead(() => connect(socketPath), accept, reject))
  })
  const listener = createServer((socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    server.injectSocket(socket)
  })
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve))
  const { port } = listener.address() as AddressInfo
  const knownHosts = join(folder, 'known_hosts')
  writeFileSync(knownHosts, `[127.0.0.1]:${port} ${host.public}\n`)

  return {
    port,
    folder,
    knownHosts,
    keyFile,
    hostKey: host.public,
    counts,
    address: (more) => ({
      name: 'web1',
      connection: 'ssh',
      host: '127.0.0.1',
      port,
      user: 'tester',
      password: new Secret('secret'),
      sshArgs: ['-F', '/dev/null', '-o', 'IdentityAgent=none', '-o', 'IdentityFile=none', '-o', 'GlobalKnownHostsFile=none'],
      knownHostsFile: knownHosts,
      timeout: 5,
      ...more,
    }),
    drop() {
      for (const socket of sockets) socket.destroy()
    },
    async close() {
      for (const socket of sockets) socket.destroy()
      for (const { pid } of children) if (pid !== undefined) endGroup(pid)
      await new Promise<void>((resolve) => listener.close(() => resolve()))
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function newKey(type: 'ed25519' | 'ecdsa' | 'rsa'): { readonly private: string; readonly public: string } {
  const { generateKeyPairSync, parseKey } = ssh2.utils
  const pair = type === 'rsa' ? generateKeyPairSync('rsa', { bits: 2048 }) : type === 'ecdsa' ? generateKeyPairSync('ecdsa', { bits: 256 }) : generateKeyPairSync('ed25519')
  // One in a few hundred of ssh2's own keys is malformed.
  return parseKey(pair.private) instanceof Error ? newKey(type) : pair
}

function keyBytes(line: string): Buffer {
  return Buffer.from(line.split(' ')[1] ?? '', 'base64')
}

function endGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGTERM')
  } catch {
    // It has ended by itself.
  }
}
