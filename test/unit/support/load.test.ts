/** The load program notices every way in which an answer can be lost. */
import { createHash } from 'node:crypto'
import { createServer, type RequestListener, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import type { Answer } from '../../support/load/answer.ts'
import { DEFAULTS, startLoad, type LoadOptions } from '../../support/load/load.ts'
import { summarize, summaryLines } from '../../support/load/summary.ts'

const KINDS = ['page', 'post', 'slow', 'throttled']
const PAGE = '<html>a page</html>\n'

/** A site whose every answer is right, unless a test says otherwise. */
const site: RequestListener = (request, response) => {
  void (async () => {
    const { pathname, searchParams } = new URL(request.url!, 'http://site')
    if (pathname === '/load-echo') response.end(`${createHash('sha256').update(await buffer(request)).digest('hex')}\nwhole\n`)
    else if (pathname === '/load-slow') response.end(`${'.'.repeat(1024 * Number(searchParams.get('kb')))}whole\n`)
    else response.setHeaders(new Headers(request.headers.cookie === undefined ? { 'set-cookie': `_ZopeId=${Math.random()}; Path=/` } : {})).end(PAGE)
  })()
}

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.close()
    server.closeAllConnections()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
}

/** Lets clients ask until their answers are enough. */
async function loadUntil(enough: (answers: readonly Answer[]) => boolean, url: string, options: Partial<LoadOptions> = {}) {
  const load = startLoad({ ...DEFAULTS, url, pause: 0.01, slowSeconds: 0.3, throttledKb: 200, ...options })
  while (!enough(load.answers)) await sleep(10)
  return summarize(await load.stop())
}

/** One client that asks until after the third answer, which is spoilt. */
async function spoilt(spoil: (response: ServerResponse) => void, options: Partial<LoadOptions> = {}) {
  let asked = 0
  const url = await serve((request, response) => (++asked === 3 ? spoil(response) : site(request, response)))
  const { failed } = await loadUntil(({ length }) => length > 3, url, { clients: 1, loadPages: false, ...options })
  return failed.map(({ outcome, status, bytes, why }) => ({ outcome, status, bytes, why }))
}

test('a site without fault has none, whatever is asked of it', async () => {
  const { failed, kinds } = await loadUntil((answers) => KINDS.every((kind) => answers.some((answer) => answer.kind === kind)), await serve(site), { clients: 4 })
  expect(failed).toEqual([])
  expect(Object.keys(kinds).sort()).toEqual(KINDS)
})

test('half of the clients keep their connection, the others their session', async () => {
  const seen: { readonly cookie: string | undefined; readonly port: number }[] = []
  const url = await serve((request, response) => {
    seen.push({ cookie: request.headers.cookie, port: request.socket.remotePort! })
    site(request, response)
  })
  await loadUntil(({ length }) => length > 20, url, { clients: 2, loadPages: false })
  const keeping = seen.filter(({ cookie }) => cookie === undefined)
  const sticky = seen.filter(({ cookie }) => cookie !== undefined)
  // One connection, and the one on which the other client was given its session.
  expect(new Set(keeping.map(({ port }) => port)).size).toBe(2)
  expect(new Set(sticky.map(({ cookie }) => cookie)).size).toBe(1)
  expect(new Set(sticky.map(({ port }) => port)).size).toBe(sticky.length)
})

test('a slow reader takes its time', async () => {
  const { kinds } = await loadUntil((answers) => answers.some(({ kind }) => kind === 'throttled'), await serve(site), { clients: 4, slowSeconds: 0.5 })
  expect(kinds.throttled!.median).toBeGreaterThan(0.45)
})

test('a status other than 200 is a failure', async () => {
  expect(await spoilt((response) => response.writeHead(503).end(PAGE))).toEqual([{ outcome: 'status', status: 503, bytes: PAGE.length, why: undefined }])
})

test('an answer that ends before its length is cut', async () => {
  expect(await spoilt((response) => response.writeHead(200, { 'content-length': 100 }).write('<html>', () => response.socket!.destroy()))).toMatchObject([{ outcome: 'cut', status: 200, bytes: 6 }])
})

test('a chunked answer without its last chunk is cut', async () => {
  expect(await spoilt((response) => response.write('<html>', () => response.socket!.destroy()))).toMatchObject([{ outcome: 'cut', status: 200, bytes: 6 }])
})

test('a page that ends as HTTP wants it and not as the page does is wrong', async () => {
  expect(await spoilt((response) => response.end('<html>half a'))).toEqual([{ outcome: 'wrong', status: 200, bytes: 12, why: 'it does not end with </html>' }])
})

test('a reset and a closed connection are no answer', async () => {
  expect(await spoilt((response) => response.socket!.resetAndDestroy())).toEqual([{ outcome: 'refused', status: undefined, bytes: 0, why: 'read ECONNRESET' }])
  expect(await spoilt((response) => response.socket!.end())).toEqual([{ outcome: 'refused', status: undefined, bytes: 0, why: 'socket hang up (ECONNRESET)' }])
})

test('an answer that does not come is late', async () => {
  expect(await spoilt(() => undefined, { limit: 0.1 })).toEqual([{ outcome: 'late', status: undefined, bytes: 0, why: 'no whole answer in 0.1 seconds' }])
})

test('a body that arrives altered is noticed', async () => {
  const url = await serve((request, response) => {
    request.resume().on('end', () => response.end(`${createHash('sha256').update('else').digest('hex')}\nwhole\n`))
  })
  const { failed } = await loadUntil((answers) => answers.some(({ kind }) => kind === 'post'), url, { clients: 1 })
  expect(failed.find(({ kind }) => kind === 'post')).toMatchObject({ outcome: 'wrong', why: 'the body did not arrive as it was sent' })
})

test('the summary counts, and names what failed', () => {
  const answer = { client: 3, kind: 'page', at: 1.5, outcome: 'whole', status: 200, seconds: 0.25, bytes: 10, reused: false } as const
  const answers = [answer, { ...answer, outcome: 'cut', why: 'aborted', reused: true } as const, { ...answer, kind: 'post', outcome: 'status', status: 503 } as const]
  expect(summaryLines(summarize(answers)).join('\n')).toMatchInlineSnapshot(`
    "3 answers, 2 failed (1 cut, 1 status)
      page            2 answers    1 failed   median 0.25 s, 99 % under 0.25 s, slowest 0.25 s
      post            1 answers    1 failed   median 0.25 s, 99 % under 0.25 s, slowest 0.25 s
      at 1.50 s  client 3  page  cut, status 200, 10 bytes in 0.25 s, on a kept connection: aborted
      at 1.50 s  client 3  post  status, status 503, 10 bytes in 0.25 s"
  `)
})
