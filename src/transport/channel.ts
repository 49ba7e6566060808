/** What ssh, local and container connections differ in: how a program is started on the host, files and tunnels. */
import type { Duplex, Readable, Writable } from 'node:stream'

/** A program running on the host. */
export interface Channel {
  readonly stdin: Writable
  readonly stdout: Readable
  readonly stderr: Readable
  /** Never rejects. */
  readonly closed: Promise<ChannelEnd>
  /** Lets go of it. A program that does not read or write any more runs on. */
  destroy(): void
}

export interface ChannelEnd {
  readonly code: number | null
  /** The connection itself broke, and why. */
  readonly broken?: string
}

/** Where a tunnel leads: to a TCP port that the host reaches, or to a socket in its file system, as the login user. */
export type TunnelEnd = { readonly host: string; readonly port: number } | { readonly socket: string }

export function endName(end: TunnelEnd): string {
  return 'socket' in end ? end.socket : `${end.host}:${end.port}`
}

export interface Backend {
  /** @param options.pty gives it a terminal, which then carries stderr too */
  open(argv: readonly string[], options?: { readonly pty?: boolean }): Promise<Channel>
  upload(content: Uint8Array | { readonly file: string }, remotePath: string, mode: number): Promise<void>
  download(remotePath: string, localPath: string): Promise<void>
  tunnel(end: TunnelEnd): Promise<Duplex>
  close(): Promise<void>
}
