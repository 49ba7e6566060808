/** HTTP requests that start at the host: through a tunnel of its connection, so that the host needs no program for it. */
import { readFileSync } from 'node:fs'
import { request as httpRequest, type IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { connect as tlsConnect } from 'node:tls'
import { PlonerunError } from '../../errors/plonerun-error.ts'

export interface HttpRequest {
  readonly url: string
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: Uint8Array
  /** Seconds without a byte. */
  readonly timeout: number
  readonly validateCerts: boolean
  /** A file of the controller with certificates to trust besides the usual ones. */
  readonly caFile?: string
  /** Which redirects are followed; `safe`: those of GET and HEAD. */
  readonly redirects: 'all' | 'none' | 'safe'
}

export interface HttpAnswer {
  readonly status: number
  readonly reason: string
  /** In lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
  /** After redirects. */
  readonly url: string
  readonly redirected: boolean
}

/** Opens a TCP stream from the host. */
export type Tunnel = (host: string, port: number) => Promise<Duplex>

const MOST_REDIRECTS = 10

/**
 * Sends a request and reads the whole answer, whatever its status.
 * @throws PlonerunError when there is no answer: no connection, a certificate that is not trusted, a time-out
 */
export async function send(request: HttpRequest, tunnel: Tunnel): Promise<HttpAnswer> {
  let current = request
  for (let hop = 0; ; hop++) {
    const answer = await sendOnce(current, tunnel)
    const location = answer.headers['location']
    const follows = request.redirects === 'all' || (request.redirects === 'safe' && ['GET', 'HEAD'].includes(current.method))
    if (location === undefined || ![301, 302, 303, 307, 308].includes(answer.status) || !follows) return { ...answer, redirected: hop > 0 }
    if (hop >= MOST_REDIRECTS) throw new PlonerunError(`${request.url} redirects more than ${MOST_REDIRECTS} times`, { kind: 'task' })
    current = redirected(current, new URL(location, current.url), answer.status)
  }
}

/** A login is for the server it was given for. */
function redirected(request: HttpRequest, url: URL, status: number): HttpRequest {
  const elsewhere = url.host !== new URL(request.url).host
  const headers = Object.fromEntries(Object.entries(request.headers).filter(([name]) => !elsewhere || !['authorization', 'cookie'].includes(name.toLowerCase())))
  const keeps = status === 307 || status === 308 || ['GET', 'HEAD'].includes(request.method)
  const { body, ...rest } = request
  return { ...rest, url: url.href, headers, method: keeps ? request.method : 'GET', ...(keeps && body && { body }) }
}

async function sendOnce(request: HttpRequest, tunnel: Tunnel): Promise<Omit<HttpAnswer, 'redirected'>> {
  const url = new URL(request.url)
  const secure = url.protocol === 'https:'
  if (!secure && url.protocol !== 'http:') throw new PlonerunError(`${request.url} is no http or https url`, { kind: 'task' })
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const socket = await tunnel(host, Number(url.port) || (secure ? 443 : 80)).catch((error: unknown) => {
    throw new PlonerunError(`the host cannot reach ${url.host}`, { kind: 'task', why: (error as Error).message })
  })
  const stream = secure ? tlsConnect({ socket, servername: host, rejectUnauthorized: request.validateCerts, ...(request.caFile !== undefined && { ca: readFileSync(request.caFile) }) }) : socket
  try {
    return await exchange(request, url, stream)
  } finally {
    stream.destroy()
    socket.destroy()
  }
}

function exchange({ method, headers, body, timeout, url: written }: HttpRequest, url: URL, stream: Duplex): Promise<Omit<HttpAnswer, 'redirected'>> {
  return new Promise((resolve, reject) => {
    const fail = (error: Error): void => reject(new PlonerunError(`no answer from ${written}`, { kind: 'task', why: error.message }))
    const timer = setTimeout(() => stream.destroy(new Error(`it took longer than ${timeout} seconds`)), timeout * 1000)
    stream.on('error', fail)
    const sent = httpRequest(
      { method, path: `${url.pathname}${url.search}`, headers: { Host: url.host, Connection: 'close', ...headers, ...(body && { 'Content-Length': body.length }) }, createConnection: () => stream },
      (answer: IncomingMessage) => {
        const chunks: Buffer[] = []
        answer.on('data', (chunk: Buffer) => {
          timer.refresh()
          chunks.push(chunk)
        })
        answer.on('error', fail)
        answer.on('end', () => {
          clearTimeout(timer)
          resolve({ status: answer.statusCode ?? 0, reason: answer.statusMessage ?? '', headers: joined(answer), body: Buffer.concat(chunks), url: written })
        })
      },
    )
    sent.on('error', (error) => {
      clearTimeout(timer)
      fail(error)
    })
    sent.end(body)
  })
}

function joined({ headers }: IncomingMessage): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : (value ?? '')]))
}
