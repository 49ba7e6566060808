/** Work on a site that its visitors may not notice. */
import { expect } from 'vitest'
import type { LabHost } from './lab.ts'
import { DEFAULTS, startLoad } from './load/load.ts'

/** Does some work while visitors are at the site of a host; each of them gets whole answers. */
export async function unnoticed<Result>(front: LabHost, work: () => Promise<Result>): Promise<Result> {
  const load = startLoad({ ...DEFAULTS, url: `https://${front.address}/`, clients: 4, loadPages: false })
  const result = await work().finally(() => load.stop())
  expect(load.answers.filter(({ outcome }) => outcome !== 'whole')).toEqual([])
  expect(load.answers.length).toBeGreaterThan(4)
  return result
}
