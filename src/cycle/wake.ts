/** The first requests to a backend that has started, made directly to it. */
import { isFatal } from '../errors/plonerun-error.ts'
import { endpointText, type Endpoint } from '../values/endpoint.ts'
import { until, type Box } from './box.ts'
import type { WakeUrl } from './order.ts'

/** Rounds over all urls at most; the caches that they fill are full by then. */
const MOST_ROUNDS = 5
/** Characters of an answer that are searched for a text. */
const SEARCHED = 4_000_000

/**
 * Requests all urls, each until its answer is as it must be, and again until that gets no faster.
 * @param seconds the deadline for each url
 * @throws PlonerunError of kind `task`
 */
export async function wake(box: Box, backend: Endpoint, urls: readonly WakeUrl[], seconds: number): Promise<void> {
  let last = Infinity
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const began = performance.now()
    for (const url of urls) await until(box, seconds, () => wrong(box, backend, url, seconds))
    const took = performance.now() - began
    if (took > last / 2) return
    last = took
  }
}

/** What is wrong with the answer, if anything. */
async function wrong(box: Box, backend: Endpoint, url: WakeUrl, seconds: number): Promise<string | undefined> {
  try {
    const answer = await request(box, backend, url.path, seconds)
    const status = Number(/^HTTP\/\S+ (\d+)/.exec(answer)?.[1] ?? 0)
    if (status !== url.status) return `${url.path} is answered with status ${status}`
    return url.text === undefined || answer.includes(url.text) ? undefined : `the answer to ${url.path} does not hold '${url.text}'`
  } catch (error) {
    if (isFatal(error)) throw error
    return `${url.path} is not answered (${String(error instanceof Error ? error.message : error)})`
  }
}

/** A whole answer, head and body. HTTP/1.0, so that its end is the connection's. */
async function request(box: Box, backend: Endpoint, path: string, seconds: number): Promise<string> {
  const stream = await box.connect(backend.address, backend.port)
  const timer = setTimeout(() => stream.destroy(new Error(`no answer in ${seconds} seconds`)), seconds * 1000)
  try {
    stream.write(`GET ${path} HTTP/1.0\r\nHost: ${endpointText(backend)}\r\nUser-Agent: plonerun\r\n\r\n`)
    const chunks: Buffer[] = []
    let length = 0
    for await (const chunk of stream as AsyncIterable<Buffer>) if ((length += chunk.length) < SEARCHED) chunks.push(chunk)
    return Buffer.concat(chunks).toString()
  } finally {
    clearTimeout(timer)
    stream.destroy()
  }
}
