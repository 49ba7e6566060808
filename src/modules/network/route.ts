/** Streams to web servers: from the host, through the proxy that it uses, with TLS. */
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { isIP } from 'node:net'
import type { Duplex } from 'node:stream'
import type { TLSSocket } from 'node:tls'
import { PlonerunError } from '../../errors/plonerun-error.ts'
import type { TunnelEnd } from '../../transport/channel.ts'

export interface Route {
  /** Opens a stream from the host. */
  readonly tunnel: (end: TunnelEnd) => Promise<Duplex>
  /** The proxy for a url. */
  readonly proxy: (url: URL) => URL | undefined
  /** The certificates that the host trusts. */
  readonly hostCertificates: () => Promise<Buffer | undefined>
}

export interface TlsSettings {
  /** Whether a certificate that is not trusted is refused. */
  readonly validate: boolean
  /** Certificates to trust instead of the usual ones. */
  readonly ca?: Buffer
  /** Those that may be used, in OpenSSL's words; the usual ones unless given. */
  readonly ciphers?: string
  /** The client's own certificate, and its key where that stands elsewhere. */
  readonly cert?: Buffer
  readonly key?: Buffer
}

interface Wish {
  readonly tls: TlsSettings
  /** Seconds. */
  readonly timeout: number
}

/**
 * Opens a stream for requests to a url. `absolute`: it leads to a proxy that wants to be told the whole url, with these headers.
 * @throws PlonerunError when the server cannot be reached or is not trusted
 */
export async function openStream(url: URL, wish: Wish, route: Route): Promise<{ readonly stream: Duplex; readonly absolute?: Readonly<Record<string, string>> }> {
  const secure = url.protocol === 'https:'
  if (!secure && url.protocol !== 'http:') throw new PlonerunError(`${url.href} is no http or https url`, { kind: 'task' })
  const proxy = route.proxy(url)
  if (proxy === undefined) return { stream: secure ? await secured(url, wish.tls, () => reach(url, route), route) : await reach(url, route) }
  const login = proxyLogin(proxy)
  const toProxy = async (): Promise<Duplex> => (proxy.protocol === 'https:' ? secured(proxy, { validate: wish.tls.validate }, () => reach(proxy, route), route) : reach(proxy, route))
  if (!secure) return { stream: await toProxy(), absolute: login }
  return { stream: await secured(url, wish.tls, async () => beyond(await toProxy(), proxy, url, login, wish.timeout), route) }
}

function portOf(url: URL): number {
  return Number(url.port) || (url.protocol === 'https:' ? 443 : 80)
}

function nameOf(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, '')
}

async function reach(url: URL, { tunnel }: Route): Promise<Duplex> {
  return tunnel({ host: nameOf(url), port: portOf(url) }).catch((error: unknown) => {
    throw new PlonerunError(`the host cannot reach ${url.host}`, { kind: 'task', why: (error as Error).message })
  })
}

/** The header of the login that a url carries. */
export function basicLogin({ username, password }: URL): string {
  return `Basic ${Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString('base64')}`
}

function proxyLogin(proxy: URL): Record<string, string> {
  return proxy.username === '' ? {} : { 'Proxy-Authorization': basicLogin(proxy) }
}

/** A stream that a proxy opens to the server. */
async function beyond(stream: Duplex, proxy: URL, url: URL, login: Readonly<Record<string, string>>, timeout: number): Promise<Duplex> {
  const target = `${url.hostname}:${portOf(url)}`
  const { request } = await import('node:http')
  return new Promise((resolve, reject) => {
    const fail = (why: string): void => {
      clearTimeout(timer)
      stream.destroy()
      reject(new PlonerunError(`the host cannot reach ${url.host} through the proxy ${proxy.host}`, { kind: 'task', why }))
    }
    const timer = setTimeout(() => fail(`it took longer than ${timeout} seconds`), timeout * 1000)
    const asked = request({ method: 'CONNECT', path: target, headers: { Host: target, ...login }, createConnection: () => stream })
    asked.on('connect', ({ statusCode = 0, statusMessage = '' }, opened) => {
      clearTimeout(timer)
      if (statusCode === 200) resolve(opened)
      else fail(`it says ${statusCode} ${statusMessage}`)
    })
    asked.on('response', ({ statusCode = 0, statusMessage = '' }) => fail(`it says ${statusCode} ${statusMessage}`))
    asked.on('error', (error) => fail(error.message))
    asked.end()
  })
}

/** What says that a certificate's issuer is not known here. */
const DISTRUST = ['UNABLE_TO_GET_ISSUER_CERT', 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'SELF_SIGNED_CERT_IN_CHAIN', 'DEPTH_ZERO_SELF_SIGNED_CERT', 'CERT_UNTRUSTED']

/** TLS over a stream. An issuer that this machine does not know may still be one that the host trusts. */
async function secured(url: URL, tls: TlsSettings, open: () => Promise<Duplex>, { hostCertificates }: Route): Promise<TLSSocket> {
  try {
    return await handshake(url, tls, await open())
  } catch (error) {
    if (!(error instanceof Error) || error instanceof PlonerunError) throw error
    const { code } = error as NodeJS.ErrnoException
    const ca = tls.ca === undefined && DISTRUST.includes(code ?? '') ? await hostCertificates() : undefined
    if (ca === undefined) throw notSecured(url, error)
    return handshake(url, { ...tls, ca }, await open()).catch((later: unknown) => {
      throw notSecured(url, later as Error)
    })
  }
}

function notSecured(url: URL, error: Error): PlonerunError {
  const { code } = error as NodeJS.ErrnoException
  if (code !== 'ERR_TLS_CERT_ALTNAME_INVALID' && !DISTRUST.includes(code ?? '') && !(code ?? '').startsWith('CERT_')) return new PlonerunError(`no answer from ${url.host}`, { kind: 'task', why: error.message })
  return new PlonerunError(`Failed to validate the SSL certificate of ${url.host}: certificate verify failed, ${error.message}`, { kind: 'task', hint: 'ca_path names a file on the host with certificates to trust; validate_certs: false trusts any.' })
}

async function handshake(url: URL, { validate, ca, cert, key, ciphers }: TlsSettings, socket: Duplex): Promise<TLSSocket> {
  const name = nameOf(url)
  const { connect, rootCertificates } = await import('node:tls')
  const trusted = ca ?? (await extraCertificates(rootCertificates))
  try {
    const stream = connect({ socket, host: name, ...(isIP(name) === 0 && { servername: name }), rejectUnauthorized: validate, ...(trusted && { ca: trusted }), ...(ciphers !== undefined && { ciphers }), ...(cert && { cert, key: key ?? cert }) })
    await once(stream, 'secureConnect')
    return stream
  } catch (error) {
    socket.destroy()
    throw error
  }
}

/** Node's own certificates and those of NODE_EXTRA_CA_CERTS, which Node itself may not have seen (`plonerun`, the launcher). One that cannot be read is as if it were not set, as in Node. */
async function extraCertificates(own: readonly string[]): Promise<string[] | undefined> {
  const path = process.env['NODE_EXTRA_CA_CERTS']
  const extra = path === undefined ? undefined : await readFile(path, 'utf8').catch(() => undefined)
  return extra === undefined ? undefined : [...own, extra]
}
