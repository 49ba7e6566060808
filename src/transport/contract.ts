/** What callers get of this folder: connections, and the sessions of users on them. */
import type { Duplex } from 'node:stream'
import type { Fragment, Reply } from '../shell/fragment.ts'
import type { Secret } from '../values/secret.ts'
import type { Channel, TunnelEnd } from './channel.ts'

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
  /** A stream that starts at the host. */
  tunnel(end: TunnelEnd): Promise<Duplex>
  /** Closes all shells, so that the next ones see changed groups, limits and environment. */
  reset(): Promise<void>
  /**
   * Closes the shells of other users than the login user, but the one that is given: those that are idle now, the others when they are.
   * A user with a shell cannot be removed, and one whose groups change gets them with the next.
   */
  leave(but: Become | undefined): Promise<void>
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
