/** Facts are gathered when a variable first asks for one. */
import { PlonerunError } from '../errors/plonerun-error.ts'
import { familyNames } from '../facts/families.ts'
import { sendFrame, type Errand } from './frame.ts'
import { factsPlace, factsRead, factsTask, takeFacts } from './gather.ts'
import type { HostState } from './host.ts'
import { Computing } from '../values/value.ts'
import { NeedsFacts } from './fact-variables.ts'
import { askEarlyFacts } from './late-facts.ts'
import type { Place } from './place.ts'

/** Computes something from a task's variables; facts that it finds missing are asked for, what takes long is waited for, and it is computed again. */
export async function withFacts<Result>(errand: Errand, compute: () => Result | Promise<Result>): Promise<Result> {
  for (;;) {
    try {
      return await errand.place.run.templating.waiting(compute)
    } catch (error) {
      if (error instanceof Computing) {
        await error.ready
        continue
      }
      if (!(error instanceof NeedsFacts)) throw error
      const { host, family } = error
      if (host === errand.place.host) await gather(errand, family)
      else await gatherFrom(host, errand, family)
    }
  }
}

/** Gathers what a task's name and what decides about it for all hosts ask for. A host that cannot be reached is told of at its turn. */
export async function gatherEarly(errand: Errand): Promise<void> {
  try {
    await withFacts(errand, () => askEarlyFacts(errand.place, errand.task))
  } catch (error) {
    if (!isUnreachable(error)) throw error
  }
}

async function gather(errand: Errand, family: string): Promise<void> {
  if (takeFacts(errand.place, family)) return
  const { machine, become } = factsPlace(errand.place)
  // The task itself is one that is looked at ahead: it may ask more than its facts.
  await sendFrame({ ...errand, next: errand.cursor }, machine, become, [], [factsRead(errand.place, family)])
  takeFacts(errand.place, family)
}

/** Asks at once for all facts of a host that nobody has asked for: a cache holds them all. A host that is gone keeps what is known of it. */
export async function gatherAll(place: Place): Promise<void> {
  const missing = familyNames().filter((family) => !place.host.gathered.has(family) && !takeFacts(place, family))
  if (missing.length === 0) return
  const { machine, become } = factsPlace(place)
  try {
    await sendFrame({ place, task: factsTask(place), cursor: null, next: null }, machine, become, [], missing.map((family) => factsRead(place, family)))
    for (const family of missing) takeFacts(place, family)
  } catch (error) {
    if (!isUnreachable(error)) throw error
  }
}

/** Facts of another host, which hostvars asked for. One that cannot be reached has none. */
async function gatherFrom(host: HostState, errand: Errand, family: string): Promise<void> {
  try {
    await gather({ ...errand, place: { ...errand.place, host }, cursor: null, next: null }, family)
  } catch (error) {
    if (!isUnreachable(error)) throw error
    host.gathered.add(family)
  }
}

function isUnreachable(error: unknown): boolean {
  return error instanceof PlonerunError && error.kind === 'unreachable'
}
