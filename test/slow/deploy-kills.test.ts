/** Deploys that are killed in the middle: no site goes down that was up, and the next deploy finishes. */
import { spawn, type ChildProcessByStdio } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { beforeAll, describe, expect, test, vi } from 'vitest'
import { labHost } from '../support/lab.ts'
import { ploneSite } from '../support/plone-site.ts'
import { launcher } from '../support/plonerun.ts'
import { unnoticed } from '../support/unnoticed.ts'

// Each kill is two deploys and more.
vi.setConfig({ testTimeout: 900_000, hookTimeout: 900_000 })

const box = labHost('kills')
const site = ploneSite(box, { numzopes: 2 })

beforeAll(async () => {
  expect((await site.deploy()).output).toMatch(/failed=0/)
})

interface Definition {
  readonly numzopes?: number
  readonly [key: string]: unknown
}

type Deploy = ChildProcessByStdio<null, Readable, null>

/**
 * Kills a deploy, and has the next one finish it.
 * @param moment settles when it is to be killed
 * @returns the signal that it ended by; null when it was done before
 */
async function killAndFinish(definition: Definition, moment: (deploy: Deploy) => Promise<unknown>): Promise<NodeJS.Signals | null> {
  const signal = await unnoticed(box, async () => {
    site.define(definition)
    const killed = spawn(launcher, ['deploy', site.inventory, '--output', 'json'], { stdio: ['ignore', 'pipe', 'ignore'] })
    killed.stdout.resume()
    const ended = once(killed, 'exit')
    await Promise.race([ended, moment(killed)])
    killed.kill('SIGKILL')
    await ended
    const { code, output } = await site.deploy(definition)
    expect(output).toMatch(/failed=0/)
    expect(code).toBe(0)
    return killed.signalCode
  })
  expect((await box.ssh('/srv/demo/bin/backends')).match(/^zope\d in alive$/gm)).toHaveLength(definition.numzopes ?? 2)
  expect((await site.deploy(definition)).output).toMatch(/ changed=0 /)
  return signal
}

test('while its last Zope is out of the balancer: it comes back', async () => {
  const signal = await killAndFinish({ threads: 4 }, async ({ stdout }) => {
    for await (const line of createInterface({ input: stdout })) if (/"backend":"zope1".*"step":"listen"/.test(line)) return
  })
  expect(signal).toBe('SIGKILL')
})

test('while it installs packages: what it has left running is waited for', async () => {
  const begun = 'before=$(ls /srv/demo/venvs); while [ "$(ls /srv/demo/venvs)" = "$before" ]; do sleep 0.05; done'
  expect(await killAndFinish({ eggs: ['toml'] }, () => box.ssh(begun))).toBe('SIGKILL')
})

/** Numbers from 0 to 1 that follow from a seed (mulberry32, by Tommy Ettinger; public domain). */
function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

const seed = Number(process.env['SEED'] ?? Date.now() % 100_000)

describe(`at a random moment, SEED=${seed}`, () => {
  const random = randomFrom(seed)
  /** The two states that deploys go back and forth between: content, Zopes, balancer, cache and front differ. */
  const states: readonly [Definition, Definition] = [{}, { threads: 3, numzopes: 3, properties: { mylist: ['a'] }, varnish: { deliver: 'set resp.http.X-State = "other";' }, apache: { headers: { 'X-Front': 'other' } } }]
  /** Milliseconds. */
  let usual: number

  beforeAll(async () => {
    await site.deploy(states[1])
    const began = Date.now()
    expect((await site.deploy(states[0])).output).toMatch(/failed=0/)
    usual = Date.now() - began
  })

  test.each(Array.from({ length: 10 }, (_, number) => [number + 1, random()] as const))('for the %i. time, after %f of its time', async (number, share) => {
    await killAndFinish(states[number % 2]!, () => sleep(share * usual))
  })
})
