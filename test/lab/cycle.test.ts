/** Restarts of real Zopes behind Pound while visitors are at the site: not one request may fail. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { atStep, cycledSite } from '../support/cycled-site.ts'
import { labHost } from '../support/lab.ts'
import { DEFAULTS, startLoad } from '../support/load/load.ts'
import type { Answer } from '../support/load/answer.ts'
import type { Finished } from '../support/plonerun.ts'

const host = labHost('noon')
const site = cycledSite(host)

beforeAll(async () => {
  expect((await site.deploy()).output).toMatch(/failed=0/)
}, 600_000)
afterAll(() => site.remove())

/** Does some work while clients are at the site, half of them on kept connections, half bound to their Zope. */
async function atNoon<Result>(work: () => Promise<Result>): Promise<{ readonly result: Result; readonly failed: readonly Answer[]; readonly answers: number }> {
  const load = startLoad({ ...DEFAULTS, url: `https://${host.address}/`, clients: 8, loadPages: false })
  const result = await work()
  const answers = await load.stop()
  return { result, failed: answers.filter(({ outcome }) => outcome !== 'whole'), answers: answers.length }
}

test('a cycle under load loses no request, and a second one is told who is at it', async () => {
  let second: Promise<Finished> | undefined
  const { result, failed, answers } = await atNoon(() => site.start([], atStep('start', 'zope0', () => (second = site.cycle()))).ended)
  expect(result.code).toBe(0)
  expect(failed).toEqual([])
  expect(answers).toBeGreaterThan(30)
  expect(await site.zopes()).toEqual(['zope0 in alive active', 'zope1 in alive active', 'zope2 in alive active'])
  expect((await second!).output).toMatch(/demo is locked by \S+@\S+ \(cycle\), since /)
})

test('neither does a deploy that changes their configuration and takes one away', async () => {
  const { result, failed } = await atNoon(() => site.deploy({ threads: 3, numzopes: 2 }))
  expect(result.code).toBe(0)
  expect(failed).toEqual([])
  expect(await site.zopes()).toEqual(['zope0 in alive active', 'zope1 in alive active', 'zope2 out alive inactive'])
  expect((await site.deploy({ threads: 3, numzopes: 2 })).output).toMatch(/ changed=0 /)
})
