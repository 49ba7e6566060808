/** A connection to a host: the sessions on it, files, tunnels. */
import type { Duplex } from 'node:stream'
import type { Fragment, Reply } from '../shell/fragment.ts'
import type { Secret } from '../values/secret.ts'
import type { HostAddress } from './address.ts'
import type { Pool } from './pool.ts'

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
   * Exchanges of a session are queued.
   * @param options.deadline seconds; past it what is running is ended, and it and the rest are lost
   * @throws PlonerunError of kind `unreachable` or `task` when no shell could be opened
   */
  exchange(fragments: readonly Fragment[], options?: { readonly deadline?: number }): Promise<Reply[]>
  close(): Promise<void>
}

export interface Connection {
  /** The session of the login user, or of another; kept, and opened anew when its shell died or after `reset`. */
  session(become?: Become): Promise<Session>
  /** Writes a file as the login user, which must not exist yet. */
  upload(content: Uint8Array | { readonly file: string }, remotePath: string, mode: number): Promise<void>
  /** Reads a file as the login user. */
  download(remotePath: string, localPath: string): Promise<void>
  /** A TCP connection made from the host. */
  tunnel(host: string, port: number): Promise<Duplex>
  /** Closes all sessions, so that the next ones see changed groups, limits and environment. */
  reset(): Promise<void>
  /** Ends the process groups of the commands that run on the host. Their replies come as usual. */
  interrupt(): Promise<void>
  close(): Promise<void>
  readonly stats: Stats
}

export interface Stats {
  /** Waits for the host: one for each exchange. */
  readonly roundTrips: number
  /** Shells opened. */
  readonly opened: number
  readonly bytesSent: number
  readonly bytesReceived: number
  /** Milliseconds until the connection stood. */
  readonly connectMs: number
}

/**
 * Connects to a host.
 * @throws PlonerunError of kind `unreachable` when the host does not answer, shows another key or refuses the login
 */
export async function connect(_address: HostAddress, _pool: Pool): Promise<Connection> {
  throw new Error('not written yet')
}
