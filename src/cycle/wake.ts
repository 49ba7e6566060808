/** The first requests to a backend that has started, made directly to it. */
import { PlonerunError } from '../errors/plonerun-error.ts'
import type { Endpoint } from './balancer.ts'
import { until, type Box } from './box.ts'

/** Rounds over all urls at most; the caches that they fill are full by then. */
const MOST_ROUNDS = 5

/**
 * Requests all paths, each until its status is 200, and again until that gets no faster.
 * @param seconds the deadline for each path
 * @throws PlonerunError of kind `task`
 */
export async function wake(box: Box, backend: Endpoint, paths: readonly string[], seconds: number): Promise<void> {
  let last = Infinity
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const began = performance.now()
    for (const path of paths) await until(box, seconds, () => wrong(box, backend, path, seconds))
    const took = performance.now() - began
    if (took > last / 2) return
    last = took
  }
}

/** What is wrong with the answer, if anything. */
async function wrong(box: Box, backend: Endpoint, path: string, seconds: number): Promise<string | undefined> {
  try {
    const status = await statusOf(box, backend, path, seconds)
    return status === 200 ? undefined : `${path} is answered with status ${status}`
  } catch (error) {
    if (error instanceof PlonerunError && (error.kind === 'unreachable' || error.kind === 'interrupted')) throw error
    return `${path} is not answered (${String(error instanceof Error ? error.message : error)})`
  }
}

/** The status of a whole answer. HTTP/1.0, so that its end is the connection's. */
async function statusOf(box: Box, { address, port }: Endpoint, path: string, seconds: number): Promise<number> {
  const stream = await box.connect(address, port)
  const timer = setTimeout(() => stream.destroy(new Error(`no answer in ${seconds} seconds`)), seconds * 1000)
  try {
    stream.write(`GET ${path} HTTP/1.0\r\nHost: ${address}:${port}\r\nUser-Agent: plonerun\r\n\r\n`)
    let head = ''
    for await (const chunk of stream) if (head.length < 64) head += String(chunk)
    return Number(/^HTTP\/\S+ (\d+)/.exec(head)?.[1] ?? 0)
  } finally {
    clearTimeout(timer)
    stream.destroy()
  }
}
