/** A connection to a host: the sessions on it, files, tunnels. */
import type { Duplex } from 'node:stream'
import type { Fragment, Reply } from '../shell/fragment.ts'
import type { Secret } from '../values/secret.ts'
import type { HostAddress } from './address.ts'
import type { Backend, Channel } from './channel.ts'
import { createChannelLimit } from './channel-limit.ts'
import { containerBackend, localBackend } from './local.ts'
import { createMeter } from './meter.ts'
import type { Pool } from './pool.ts'
import { createSession, type ManagedSession } from './session.ts'
import { startCommand } from './start-command.ts'

/** Another user to work as. */
export interface Become {
  readonly method: 'sudo' | 'su' | 'doas'
  readonly user: string
  readonly password?: Secret
  /** Replaces the method's usual options. */
  readonly flags?: string
  /** The program, when it is not the one named as the method. */
  readonly exe?: string
}

/** A shell of one user on the host. Its fragments run one after the other. */
export interface Session {
  /**
   * Sends the fragments in one frame and waits for all replies; they come in the fragments' order.
   * Exchanges of a session are queued. The shell is opened by the first one, and anew when it died: what had not begun
   * then is sent again, what was running is lost.
   * @param options.deadline seconds; past it what is running is ended, and it and the rest are lost
   * @throws PlonerunError of kind `unreachable` or `task` when no shell could be opened
   */
  exchange(fragments: readonly Fragment[], options?: { readonly deadline?: number }): Promise<Reply[]>
  close(): Promise<void>
}

export interface Connection {
  /**
   * The session of the login user, or of another; always the same one for the same Become.
   * @param lane one of several of that user, for what must not wait for each other
   */
  session(become?: Become, lane?: string): Promise<Session>
  /**
   * Starts a command line, which /bin/sh parses, for a caller that talks with it; what it prints waits until it is resumed or piped.
   * @throws PlonerunError when it cannot be started, or the user not be become
   */
  start(command: string, options?: { readonly become?: Become | undefined; readonly environment?: Readonly<Record<string, string>> }): Promise<Channel>
  /** Writes a file as the login user, which must not exist yet. */
  upload(content: Uint8Array | { readonly file: string }, remotePath: string, mode: number): Promise<void>
  /** Reads a file as the login user. */
  download(remotePath: string, localPath: string): Promise<void>
  /** A TCP connection made from the host. */
  tunnel(host: string, port: number): Promise<Duplex>
  /** Closes all shells, so that the next ones see changed groups, limits and environment. */
  reset(): Promise<void>
  /** Ends the commands that run on the host. They and what was to follow them in their frames are lost. */
  interrupt(): Promise<void>
  close(): Promise<void>
  readonly stats: Stats
}

export interface Stats {
  /** Waits for the host: one for each frame. */
  readonly roundTrips: number
  /** Shells opened. */
  readonly opened: number
  readonly bytesSent: number
  readonly bytesReceived: number
  /** Milliseconds until the connection stood. */
  readonly connectMs: number
}

/** sshd allows 10 (MaxSessions); one is for files, one for what cannot wait. Elsewhere a channel is a process. */
const MOST_CHANNELS = { ssh: 8, other: 64 }
/** Seconds that sudo and a login shell may take, however impatient the connection is. */
const LEAST_OPENING = 30

/**
 * Connects to a host.
 * @throws PlonerunError of kind `unreachable` when the host does not answer, shows another key or refuses the login
 */
export async function connect(address: HostAddress, pool: Pool): Promise<Connection> {
  const begun = performance.now()
  const backend = await openBackend(address, pool)
  return createConnection(backend, address, performance.now() - begun)
}

async function openBackend(address: HostAddress, pool: Pool): Promise<Backend> {
  switch (address.connection) {
    case 'local':
      return localBackend()
    case 'docker':
    case 'podman':
    case 'nsenter':
      return containerBackend(address)
    case 'ssh': {
      // Loaded late: most of the start-up time would be ssh2's, and not every command needs it.
      const { sshBackend } = await import('./ssh/backend.ts')
      return await sshBackend(address, pool)
    }
  }
}

function createConnection(backend: Backend, { name, timeout, connection }: HostAddress, connectMs: number): Connection {
  const meter = createMeter()
  const limit = createChannelLimit(connection === 'ssh' ? MOST_CHANNELS.ssh : MOST_CHANNELS.other)
  const sessions = new Map<string, ManagedSession>()

  return {
    async session(become, lane = '') {
      const key = JSON.stringify([lane, become?.method, become?.user, become?.flags, become?.exe, become?.password?.reveal()])
      const known = sessions.get(key)
      if (known) return known
      const session = createSession({ backend, host: name, become, timeout: Math.max(timeout, LEAST_OPENING), limit, meter })
      sessions.set(key, session)
      return session
    },
    async start(command, options) {
      const holder = { idle: false, retire: () => Promise.resolve() }
      await limit.acquire(holder)
      try {
        const channel = await startCommand(backend, command, { ...options, host: name, timeout: Math.max(timeout, LEAST_OPENING) })
        void channel.closed.then(() => limit.release(holder))
        return channel
      } catch (error) {
        limit.release(holder)
        throw error
      }
    },
    upload: (content, remotePath, mode) => backend.upload(content, remotePath, mode),
    download: (remotePath, localPath) => backend.download(remotePath, localPath),
    tunnel: (host, port) => backend.tunnel(host, port),
    async reset() {
      await Promise.all([...sessions.values()].map((session) => session.reset()))
    },
    async interrupt() {
      await Promise.all([...sessions.values()].map((session) => session.interrupt()))
    },
    async close() {
      await Promise.all([...sessions.values()].map((session) => session.close()))
      await backend.close()
    },
    get stats() {
      return { ...meter, connectMs }
    },
  }
}
