/** Connects to a host, and keeps the sessions of its users. */
import { PlonerunError } from '../errors/plonerun-error.ts'
import type { HostAddress } from './address.ts'
import type { Backend } from './channel.ts'
import { createChannelLimit } from './channel-limit.ts'
import type { Become, Connection } from './contract.ts'
import { containerBackend, localBackend } from './local.ts'
import { createMeter } from './meter.ts'
import type { Pool } from './pool.ts'
import { createSession, type ManagedSession } from './session.ts'
import { dial } from './ssh/dial.ts'
import { resolveTarget } from './ssh/target.ts'
import { startCommand } from './start-command.ts'

/** sshd allows 10 (MaxSessions); one is for files, one for what cannot wait. Elsewhere a channel is a process. */
const MOST_CHANNELS = { ssh: 8, other: 64 }
/** Seconds that sudo and a login shell may take, however impatient the connection is. */
const LEAST_OPENING = 30

/**
 * Connects to a host.
 * @param folder where programs start that run on this machine itself
 * @throws PlonerunError of kind `unreachable` when the host does not answer, shows another key or refuses the login
 */
export async function connect(address: HostAddress, pool: Pool, folder = process.cwd()): Promise<Connection> {
  const begun = performance.now()
  const backend = await openBackend(address, pool, folder)
  return createConnection(backend, address, performance.now() - begun)
}

async function openBackend(address: HostAddress, pool: Pool, folder: string): Promise<Backend> {
  switch (address.connection) {
    case 'local':
      return localBackend(folder)
    case 'docker':
    case 'podman':
    case 'nsenter':
      return containerBackend(address)
    case 'unsupported':
      throw new PlonerunError(`${address.name}: the connection '${address.kind ?? ''}' is not supported`, { kind: 'task', hint: 'Supported are ssh, local, docker and podman.' })
    case 'ssh': {
      const target = resolveTarget(address, (message) => pool.warn(message))
      const way = target.jumps.length === 0 ? dial(target) : undefined
      // Loaded late: it takes as long as the host takes to say hello, and not every command needs it.
      const { sshBackend } = await import('./ssh/backend.ts')
      return await sshBackend(target, way, address, pool)
    }
  }
}

function createConnection(backend: Backend, { name, timeout, connection }: HostAddress, connectMs: number): Connection {
  const meter = createMeter()
  const limit = createChannelLimit(connection === 'ssh' ? MOST_CHANNELS.ssh : MOST_CHANNELS.other)
  const sessions = new Map<string, { readonly become: Become | undefined; readonly session: ManagedSession }>()
  const all = (): ManagedSession[] => [...sessions.values()].map(({ session }) => session)

  return {
    async session(become, lane = '') {
      const key = `${lane} ${keyOf(become)}`
      const known = sessions.get(key)
      if (known) return known.session
      const session = createSession({ backend, host: name, become, timeout: Math.max(timeout, LEAST_OPENING), limit, meter })
      sessions.set(key, { become, session })
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
    tunnel: (end) => backend.tunnel(end),
    async reset() {
      await Promise.all(all().map((session) => session.reset()))
    },
    async leave(but) {
      const own = keyOf(but)
      await Promise.all([...sessions.values()].filter(({ become }) => become !== undefined && keyOf(become) !== own).map(({ session }) => session.leave()))
    },
    async interrupt() {
      await Promise.all(all().map((session) => session.interrupt()))
    },
    async close() {
      await Promise.all(all().map((session) => session.close()))
      await backend.close()
    },
    get stats() {
      return { ...meter, connectMs }
    },
  }
}

function keyOf(become: Become | undefined): string {
  return JSON.stringify([become?.method, become?.user, become?.flags, become?.exe, become?.password?.reveal()])
}
