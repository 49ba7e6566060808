import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { askFront, type FrontAnswer } from '../../../src/cycle/front.ts'

async function serve(listener: RequestListener): Promise<URL> {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.close()
    server.closeAllConnections()
  })
  return new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
}

/** The first answers, without their times. */
async function answers(number: number, url: URL): Promise<readonly Omit<FrontAnswer, 'seconds'>[]> {
  const told: FrontAnswer[] = []
  const end = askFront(url, (answer) => told.push(answer))
  while (told.length < number) await sleep(10)
  await end()
  return told.slice(0, number).map(({ seconds: _, ...rest }) => rest)
}

test('good answers, redirects, errors, and answers that are cut or do not come', async () => {
  let asked = 0
  const url = await serve((_, response) => {
    asked++
    if (asked === 1) response.end('well')
    if (asked === 2) response.writeHead(302, { location: '/elsewhere' }).end()
    if (asked === 3) response.writeHead(503).end()
    if (asked === 4) response.writeHead(200, { 'content-length': 9 }).write('half', () => response.socket!.destroy())
    if (asked === 5) response.socket!.resetAndDestroy()
    if (asked > 5) response.end()
  })
  expect(await answers(5, url)).toEqual([
    { status: 200 },
    { status: 302 },
    { status: 503, failed: 'status 503' },
    { status: 200, failed: 'the answer was cut: aborted' },
    { failed: 'read ECONNRESET' },
  ])
})

test('a slow answer keeps no other back, and is told before the end', async () => {
  let asked = 0
  const url = await serve((_, response) => (asked++ === 0 ? setTimeout(() => response.end(), 900) : response.end()))
  const told: number[] = []
  const end = askFront(url, ({ seconds }) => told.push(seconds))
  while (asked < 3) await sleep(10)
  await end()
  expect(told).toHaveLength(asked)
  expect(told.at(-1)).toBeGreaterThan(0.8)
})
