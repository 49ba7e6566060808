/** Files through a program's stdin and stdout, where there is no SFTP. */
import { createReadStream, createWriteStream } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { PlonerunError } from '../errors/plonerun-error.ts'
import type { Backend, Channel } from './channel.ts'

/** Writes a file that must not exist yet. */
export async function sendFile(open: Backend['open'], content: Uint8Array | { readonly file: string }, remotePath: string, mode: number): Promise<void> {
  const script = 'umask 077; set -C; cat >"$1" && chmod "$2" "$1"'
  const channel = await open(['/bin/sh', '-c', script, 'sh', remotePath, mode.toString(8)])
  channel.stdout.resume()
  const source = content instanceof Uint8Array ? Readable.from([content]) : createReadStream(content.file)
  await finish(channel, pipeline(source, channel.stdin), `${remotePath} cannot be written`)
}

export async function receiveFile(open: Backend['open'], remotePath: string, localPath: string): Promise<void> {
  const channel = await open(['/bin/sh', '-c', 'exec cat <"$1"', 'sh', remotePath])
  channel.stdin.end()
  await finish(channel, pipeline(channel.stdout, createWriteStream(localPath)), `${remotePath} cannot be read`)
}

async function finish(channel: Channel, copied: Promise<void>, what: string): Promise<void> {
  let stderr = ''
  channel.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString('utf8')))
  const [copying] = await Promise.allSettled([copied])
  const { code } = await channel.closed
  if (code === 0 && copying.status === 'fulfilled') return
  // The program's own words say more than the pipe that broke with it.
  const cause: unknown = copying.status === 'rejected' ? copying.reason : undefined
  const why = stderr.trim() || (cause instanceof Error ? cause.message : `exit code ${code}`)
  throw new PlonerunError(what, { kind: 'task', why, cause })
}
