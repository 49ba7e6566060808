/** Asks the front of a site again and again, as a visitor would, and tells what came of each request. */
import { request as overHttp, type ClientRequest, type IncomingMessage } from 'node:http'
import { request as overHttps } from 'node:https'

export interface FrontAnswer {
  /** Absent when no answer began. */
  readonly status?: number
  /** Until the last byte, or until it was clear that there is none. */
  readonly seconds: number
  /** What is wrong with it. */
  readonly failed?: string
}

/** Milliseconds between two requests; one that takes long does not keep the next one back. */
const INTERVAL = 250
/** Seconds after which an answer is given up. */
const LIMIT = 30

/**
 * Begins at once; every request has a connection of its own. A redirect is an answer like any other, and certificates are not checked.
 * @param tell takes each answer as it is whole, or as it has failed
 * @returns ends it: no further request, and the answers that are under way have been told when it resolves
 */
export function askFront(url: URL, tell: (answer: FrontAnswer) => void): () => Promise<void> {
  const underWay = new Set<Promise<void>>()
  const ask = (): void => {
    const answer = askOnce(url).then(tell).finally(() => underWay.delete(answer))
    underWay.add(answer)
  }
  ask()
  const timer = setInterval(ask, INTERVAL)
  return async () => {
    clearInterval(timer)
    await Promise.all(underWay)
  }
}

/** Does not reject. */
async function askOnce(url: URL): Promise<FrontAnswer> {
  const began = performance.now()
  const request = send(url)
  const timer = setTimeout(() => request.destroy(new Error(`no whole answer in ${LIMIT} seconds`)), LIMIT * 1000)
  let status: number | undefined
  const answer = (failed?: string): FrontAnswer => ({ seconds: (performance.now() - began) / 1000, ...(status !== undefined && { status }), ...(failed !== undefined && { failed }) })
  try {
    const response = await responseTo(request)
    status = response.statusCode
    for await (const _ of response.resume()) continue
    if (!response.complete) return answer('the answer was cut')
    return answer(status !== undefined && status >= 400 ? `status ${status}` : undefined)
  } catch (error) {
    return answer(status === undefined ? (error as Error).message : `the answer was cut: ${(error as Error).message}`)
  } finally {
    clearTimeout(timer)
  }
}

function send(url: URL): ClientRequest {
  const options = { agent: false, rejectUnauthorized: false, headers: { 'user-agent': 'plonerun' } } as const
  return (url.protocol === 'https:' ? overHttps(url, options) : overHttp(url, options)).end()
}

function responseTo(request: ClientRequest): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request.on('response', resolve)
    // It stays for errors in the middle of an answer, which its stream tells as well.
    request.on('error', reject)
  })
}
