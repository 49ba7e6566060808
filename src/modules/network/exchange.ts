/** One HTTP request and its answer over a stream that is open. */
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { gunzipSync } from 'node:zlib'
import { PlonerunError } from '../../errors/plonerun-error.ts'
import type { TlsSettings } from './route.ts'

export interface HttpRequest {
  readonly url: string
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: Uint8Array
  /** Seconds without a byte. */
  readonly timeout: number
  readonly tls: TlsSettings
  /** Which redirects are followed; `safe`: those of GET and HEAD; `urllib2`: as Python does by itself, which is those of POST besides. */
  readonly redirects: 'all' | 'none' | 'safe' | 'urllib2'
  /** Headers, in lower case, that do not go along with a redirect. */
  readonly unredirected?: readonly string[]
  /** Whether an answer that is compressed is unpacked. */
  readonly decompress: boolean
}

export interface HttpAnswer {
  readonly status: number
  readonly reason: string
  /** In lower case. */
  readonly headers: Readonly<Record<string, string>>
  /** What the servers on the way have set. */
  readonly cookies: Readonly<Record<string, string>>
  readonly body: Buffer
  /** After redirects, without a login. */
  readonly url: string
  readonly redirected: boolean
}

type Exchanged = Omit<HttpAnswer, 'redirected' | 'url'>

/**
 * Sends the request and reads the answer to its end; the stream is closed then.
 * @param absolute the headers that a proxy wants, which is told the whole url
 */
export async function exchange({ method, headers, body, timeout, url: written, decompress }: HttpRequest, stream: Duplex, absolute?: Readonly<Record<string, string>>): Promise<Exchanged> {
  const url = new URL(written)
  const path = `${absolute ? url.origin : ''}${url.pathname}${url.search}`
  // Node loads it when it is wanted: a run that asks no server starts sooner.
  const { request } = await import('node:http')
  try {
    return await new Promise((resolve, reject) => {
      const fail = (error: Error): void => reject(new PlonerunError(`no answer from ${written}`, { kind: 'task', why: error.message }))
      const timer = setTimeout(() => stream.destroy(new Error(`it took longer than ${timeout} seconds`)), timeout * 1000)
      stream.on('error', fail)
      const sent = request({ method, path, headers: { Host: url.host, Connection: 'close', ...absolute, ...headers, ...(body && { 'Content-Length': body.length }) }, createConnection: () => stream }, (answer: IncomingMessage) => {
        const chunks: Buffer[] = []
        answer.on('data', (chunk: Buffer) => {
          timer.refresh()
          chunks.push(chunk)
        })
        answer.on('error', () => fail(new Error('Incomplete read: the connection ended before the answer did')))
        answer.on('end', () => {
          clearTimeout(timer)
          resolve({ status: answer.statusCode ?? 0, reason: answer.statusMessage ?? '', headers: joined(answer), cookies: cookiesOf(answer), body: unpacked(Buffer.concat(chunks), answer, decompress) })
        })
      })
      sent.on('error', (error) => {
        clearTimeout(timer)
        fail(error)
      })
      sent.end(body)
    })
  } finally {
    stream.destroy()
  }
}

function unpacked(body: Buffer, { headers }: IncomingMessage, decompress: boolean): Buffer {
  return decompress && body.length > 0 && headers['content-encoding']?.toLowerCase() === 'gzip' ? gunzipSync(body) : body
}

function joined({ headers }: IncomingMessage): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : (value ?? '')]))
}

function cookiesOf({ headers }: IncomingMessage): Record<string, string> {
  const pairs = (headers['set-cookie'] ?? []).map((cookie) => /^([^=;]*)=([^;]*)/.exec(cookie))
  return Object.fromEntries(pairs.flatMap((pair) => (pair ? [[pair[1]!.trim(), pair[2]!.trim()]] : [])))
}
