/** HTTP requests that start at the host: through a tunnel of its connection, so that the host needs no program for it. */
import { PlonerunError } from '../../errors/plonerun-error.ts'
import { exchange, type HttpAnswer, type HttpRequest } from './exchange.ts'
import { basicLogin, openStream, type Route } from './route.ts'

const MOST_REDIRECTS = 10

/**
 * Sends a request and reads the whole answer, whatever its status.
 * @throws PlonerunError when there is no answer: no connection, a certificate that is not trusted, a time-out
 */
export async function send(request: HttpRequest, route: Route): Promise<HttpAnswer> {
  const cookies: Record<string, string> = {}
  let current = withLogin(request)
  for (let hop = 0; ; hop++) {
    const { stream, absolute } = await openStream(new URL(current.url), current, route)
    const answer = await exchange(current, stream, absolute)
    Object.assign(cookies, answer.cookies)
    const next = redirected(current, answer.headers['location'], answer.status)
    if (next === undefined) return { ...answer, cookies, url: current.url, redirected: hop > 0 }
    if (hop >= MOST_REDIRECTS) throw new PlonerunError(`${current.url} redirects more than ${MOST_REDIRECTS} times`, { kind: 'task' })
    const jar = Object.entries(answer.cookies).map(([name, value]) => `${name}=${value}`)
    current = jar.length > 0 && sameServer(next.url, current.url) ? { ...next, headers: { ...next.headers, Cookie: jar.join('; ') } } : next
  }
}

/** A login in the url goes into the header, and nobody sees it any more. */
function withLogin(request: HttpRequest): HttpRequest {
  if (!URL.canParse(request.url)) throw new PlonerunError(`'${request.url}' is no url`, { kind: 'task' })
  const url = new URL(request.url)
  if (url.username === '') return request
  const login = basicLogin(url)
  url.username = url.password = ''
  return { ...request, url: url.href, headers: { Authorization: login, ...request.headers } }
}

function sameServer(one: string, other: string): boolean {
  return new URL(one).host === new URL(other).host
}

/** The request that a redirect asks for, where it is followed. A login is for the server it was given for. */
function redirected(request: HttpRequest, location: string | undefined, status: number): HttpRequest | undefined {
  const { method, redirects, unredirected = [], body, ...rest } = request
  if (location === undefined || ![301, 302, 303, 307, 308].includes(status) || !follows(redirects, method, status)) return undefined
  const url = new URL(location, request.url).href
  const keeps = status === 307 || status === 308
  const becomesGet = method !== 'HEAD' && (status === 302 || status === 303 || (status === 301 && method === 'POST'))
  const dropped = [...unredirected, ...(sameServer(url, request.url) ? [] : ['authorization', 'cookie']), ...(keeps ? [] : ['content-type', 'content-length', 'transfer-encoding'])]
  const headers = Object.fromEntries(Object.entries(request.headers).filter(([name]) => !dropped.includes(name.toLowerCase())))
  return { ...rest, redirects, unredirected, url, headers, method: becomesGet ? 'GET' : method, ...(keeps && body && { body }) }
}

function follows(redirects: HttpRequest['redirects'], method: string, status: number): boolean {
  if (redirects === 'all') return true
  if (redirects === 'none') return false
  return ['GET', 'HEAD'].includes(method) || (redirects === 'urllib2' && method === 'POST' && status <= 303)
}

/** The name that the server gives to what it sends, without any folder. */
export function attachmentName({ headers }: HttpAnswer): string | undefined {
  return /filename="?([^";]+)"?/.exec(headers['content-disposition'] ?? '')?.[1]?.split('/').at(-1) || undefined
}
