/** Reaches a host over ssh: programs in exec channels, files by SFTP, tunnels by forwarding. */
import type { Duplex } from 'node:stream'
import { setImmediate as afterwards } from 'node:timers/promises'
import type { ClientChannel, SFTPWrapper } from 'ssh2'
import { PlonerunError } from '../../errors/plonerun-error.ts'
import { quote } from '../../shell/quote.ts'
import type { HostAddress } from '../address.ts'
import { endName, type Backend, type Channel, type ChannelEnd, type TunnelEnd } from '../channel.ts'
import type { Pool } from '../pool.ts'
import { receiveFile, sendFile } from '../stream-file.ts'
import { connectClient, forward, type SshClient } from './client.ts'
import { dial } from './dial.ts'
import { getFile, openSftp, putFile } from './sftp.ts'
import { parseSshArguments } from './words.ts'
import { resolveTarget, type SshTarget } from './target.ts'

/**
 * @param way what has been dialled; undefined for a host behind others
 * @throws PlonerunError of kind `unreachable`
 */
export async function sshBackend(target: SshTarget, way: Duplex | undefined, address: HostAddress, pool: Pool): Promise<Backend> {
  const connected = await connectClient(target, way ?? (await wayTo(target, await lastJump(target, address, pool))))
  let sftp: Promise<SFTPWrapper | undefined> | undefined
  let broken: string | undefined
  void connected.gone.then((why) => (broken = why))

  const open: Backend['open'] = (argv, { pty = false } = {}) => openChannel(connected, address.name, argv, pty, () => broken)
  /** One SFTP channel is kept; hosts that have none get files through a shell. */
  const files = (): Promise<SFTPWrapper | undefined> => (sftp ??= openSftp(connected.ssh))

  return {
    open,
    async upload(content, remotePath, mode) {
      const channel = await files()
      await (channel ? putFile(channel, connected.ssh, content, remotePath, mode) : sendFile(open, content, remotePath, mode))
    },
    async download(remotePath, localPath) {
      const channel = await files()
      await (channel ? getFile(channel, connected.ssh, remotePath, localPath) : receiveFile(open, remotePath, localPath))
    },
    tunnel: (end) => openTunnel(connected, address.name, end, () => broken),
    async close() {
      connected.close()
      await connected.gone
    },
  }
}

async function wayTo(target: SshTarget, through: SshClient | undefined): Promise<Duplex> {
  return through ? await forward(through, target) : dial(target)
}

/**
 * The connection to the last jump host, shared by all hosts behind it; hops are reached one through the other.
 * @param seen hops on the way there, which do not lead through themselves again (`Host *` with a ProxyJump)
 */
async function lastJump({ jumps }: SshTarget, address: HostAddress, pool: Pool, seen: readonly string[] = []): Promise<SshClient | undefined> {
  let through: SshClient | undefined
  let route = ''
  for (const jump of jumps.filter((hop) => !seen.includes(hop))) {
    const previous = through
    route += `${jump},`
    through = await pool.share(`jump ${route}`, async () => {
      const target = resolveTarget(jumpAddress(jump, address), (message) => pool.warn(message))
      return await connectClient(target, await wayTo(target, previous ?? (await lastJump(target, address, pool, [...seen, ...jumps]))))
    })
  }
  return through
}

/**
 * `user@host:port`, `[::1]:22` or `ssh://...`. It shares with the host what the person said about keys and host keys;
 * of the ssh arguments only the configuration file, as with ssh.
 */
function jumpAddress(jump: string, { timeout, privateKeyFile, passphrase, hostKeyChecking, knownHostsFile, sshArgs = [] }: HostAddress): HostAddress {
  const { configFile } = parseSshArguments(sshArgs)
  const [, user, bracketed, plain, port] = /^(?:ssh:\/\/)?(?:([^@]+)@)?(?:\[([^\]]+)\]|([^:]+))(?::(\d+))?\/?$/.exec(jump) ?? []
  const host = bracketed ?? plain
  if (host === undefined) throw new PlonerunError(`'${jump}' is no jump host`, { hint: 'write it as user@host:port' })
  return {
    name: `jump host ${host}`,
    connection: 'ssh',
    host,
    timeout,
    ...(configFile !== undefined && { sshArgs: ['-F', configFile] }),
    ...(user !== undefined && { user }),
    ...(port !== undefined && { port: Number(port) }),
    ...(privateKeyFile !== undefined && { privateKeyFile }),
    ...(passphrase && { passphrase }),
    ...(hostKeyChecking && { hostKeyChecking }),
    ...(knownHostsFile !== undefined && { knownHostsFile }),
  }
}

function openChannel({ client, gone }: SshClient, name: string, argv: readonly string[], pty: boolean, broken: () => string | undefined): Promise<Channel> {
  return new Promise((resolve, reject) => {
    const fail = (why: string, cause?: unknown): void => reject(new PlonerunError(`${name}: no program can be started over the connection`, { kind: 'unreachable', why, cause }))
    const why = broken()
    if (why !== undefined) {
      fail(why)
      return
    }
    void gone.then((reason) => fail(reason))
    client.exec(argv.map(quote).join(' '), { pty }, (error, stream) => {
      if (error) fail(error.message, error)
      else resolve(toChannel(stream, gone))
    })
  })
}

function toChannel(stream: ClientChannel, gone: Promise<string>): Channel {
  let end: (end: ChannelEnd) => void
  const closed = new Promise<ChannelEnd>((resolve) => (end = resolve))
  let code: number | null = null
  stream.on('exit', (status: number | null) => (code = status))
  // A broken connection closes its channels first and tells why a moment later.
  stream.on('close', () => setImmediate(() => end({ code })))
  stream.on('error', () => undefined)
  void gone.then((broken) => end({ code: null, broken }))
  return {
    stdin: stream.stdin,
    stdout: stream,
    stderr: stream.stderr,
    closed,
    destroy() {
      stream.destroy()
      end({ code: null })
    },
  }
}

async function openTunnel({ ssh }: SshClient, name: string, end: TunnelEnd, broken: () => string | undefined): Promise<Duplex> {
  try {
    return await ('socket' in end ? ssh.forwardOutStreamLocal(end.socket) : ssh.forwardOut('127.0.0.1', 0, end.host, end.port))
  } catch (cause) {
    // A connection that breaks meanwhile tells its tunnels first.
    await afterwards()
    const why = broken()
    throw new PlonerunError(`${name}: no connection to ${endName(end)}`, { kind: why === undefined ? 'task' : 'unreachable', why: why ?? (cause as Error).message, cause })
  }
}
