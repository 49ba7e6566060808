/** Clients that ask a site for as long as they are let, and a record of every answer. */
import { createHash, randomBytes } from 'node:crypto'
import { Agent as HttpAgent } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'
import { setMaxListeners } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Answer, Kind } from './answer.ts'
import { ask, type Question } from './ask.ts'

export interface LoadOptions {
  /** Of the site's front. */
  readonly url: string
  readonly clients: number
  /** Pages of the site, which end with `</html>`. */
  readonly pages: readonly string[]
  /** The site has the package `loadpages`: some clients ask for what takes its time, all of them send bodies now and then. */
  readonly loadPages: boolean
  /** What a slow answer takes, in seconds. */
  readonly slowSeconds: number
  /** The size of the file that is read slowly: too much for the buffers on its way. */
  readonly throttledKb: number
  /** Seconds between an answer and the next request, on average. */
  readonly pause: number
  /** Seconds after which an answer is given up. */
  readonly limit: number
}

export const DEFAULTS = { clients: 20, pages: ['/'], loadPages: true, slowSeconds: 20, throttledKb: 20_000, pause: 0.4, limit: 90 } as const

export interface Load {
  /** All answers until now. */
  readonly answers: readonly Answer[]
  /** Lets every client have the answer that it waits for, and no further one. */
  stop(): Promise<readonly Answer[]>
}

/** One client in so many asks for slow answers only. */
const SLOW_AMONG = 10
/** One request in so many sends a body. */
const POST_AMONG = 5
const POST_BYTES = 100_000
const SLOW_KB = 40
const SESSION = /^_ZopeId=[^;]*/

/** Begins at once. */
export function startLoad(options: LoadOptions): Load {
  const answers: Answer[] = []
  const began = performance.now()
  const stopping = new AbortController()
  setMaxListeners(options.clients, stopping.signal)
  const clients = Array.from({ length: options.clients }, (_, client) => runClient(options, client, stopping.signal, (make) => answers.push(make((performance.now() - began) / 1000))))
  return {
    answers,
    async stop() {
      stopping.abort()
      await Promise.all(clients)
      return answers
    },
  }
}

/**
 * Even ones keep a connection and never a cookie; odd ones keep their session and open a connection for each request.
 * @param record takes what makes an answer from the seconds since the load began
 */
async function runClient(options: LoadOptions, client: number, signal: AbortSignal, record: (make: (now: number) => Answer) => void): Promise<void> {
  const keeps = client % 2 === 0
  const agent = keeps && keptAlive(options.url)
  const isSlow = options.loadPages && Math.floor(client / 2) % SLOW_AMONG === 1
  let cookie: string | undefined
  for (let turn = client; !signal.aborted; turn++) {
    const kind = isSlow ? (turn % 2 === 0 ? 'slow' : 'throttled') : options.loadPages && turn % POST_AMONG === 0 ? 'post' : 'page'
    const { cookies, ...reply } = await ask({ ...questionOf(kind, options, turn), agent, cookie, limit: options.limit })
    record((now) => ({ client, kind, at: now - reply.seconds, ...reply }))
    if (!keeps) cookie = cookies.map((each) => SESSION.exec(each)?.[0]).find((session) => session !== undefined) ?? cookie
    await sleep(options.pause * 2000 * Math.random(), undefined, { signal }).catch(() => undefined)
  }
  if (agent) agent.destroy()
}

function keptAlive(url: string): HttpAgent {
  return new URL(url).protocol === 'https:' ? new HttpsAgent({ keepAlive: true, maxSockets: 1 }) : new HttpAgent({ keepAlive: true, maxSockets: 1 })
}

function questionOf(kind: Kind, { url, pages, slowSeconds, throttledKb }: LoadOptions, turn: number): Pick<Question, 'url' | 'body' | 'rate' | 'check'> {
  switch (kind) {
    case 'page':
      return { url: new URL(pages[turn % pages.length]!, url), check: endsWith('</html>') }
    case 'slow':
      return { url: new URL(`/load-slow?seconds=${slowSeconds}&kb=${SLOW_KB}`, url), check: isWhole(SLOW_KB) }
    case 'throttled':
      return { url: new URL(`/load-slow?seconds=0&kb=${throttledKb}`, url), rate: (throttledKb * 1024) / slowSeconds, check: isWhole(throttledKb) }
    case 'post': {
      const body = randomBytes(POST_BYTES)
      const expected = `${createHash('sha256').update(body).digest('hex')}\nwhole\n`
      return { url: new URL('/load-echo', url), body, check: (answer) => (answer.toString() === expected ? undefined : 'the body did not arrive as it was sent') }
    }
  }
}

function endsWith(end: string): Question['check'] {
  return (body) => (body.toString().trimEnd().endsWith(end) ? undefined : `it does not end with ${end}`)
}

function isWhole(kb: number): Question['check'] {
  return (body) => (body.length === kb * 1024 + 6 && body.subarray(-6).toString() === 'whole\n' ? undefined : `${body.length} bytes are not the ${kb * 1024 + 6} of it`)
}
