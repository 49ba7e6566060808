/** until, retries and delay: tries an item again until its conditions hold. */
import { Unknown } from '../values/unknown.ts'
import type { Value } from '../values/value.ts'
import { PlonerunError } from '../errors/plonerun-error.ts'
import type { Errand } from './frame.ts'
import type { ItemOutcome } from './outcome.ts'
import { reach } from './reach.ts'
import type { Item } from './loop.ts'
import { sleep } from './sleep.ts'
import { evaluateConditions, evaluateNumber, viewWith } from './task-view.ts'

const DEFAULT_TRIES = 3
const DEFAULT_DELAY_SECONDS = 5

/** Runs `attempt` as often as the task's `until` asks for. Without until and retries: once. */
export async function retryUntil({ task, place }: Errand, item: Item, attempt: (item: Item) => Promise<ItemOutcome>): Promise<ItemOutcome> {
  if (task.until === undefined && task.retries === undefined) return attempt(item)
  const retries = evaluateNumber(item.view, 'retries', task.retries)
  const tries = retries === undefined ? DEFAULT_TRIES : Math.max(1, retries + 1)
  const delay = evaluateNumber(item.view, 'delay', task.delay) ?? DEFAULT_DELAY_SECONDS
  for (let number = 1; ; number++) {
    const outcome = number === 1 ? await firstAttempt() : await attempt({ ...item, attempt: number })
    if (outcome.status === 'skipped' || outcome.status === 'unknown' || outcome.result instanceof Unknown) return outcome
    outcome.result.set('attempts', number)
    if (isDone(task, item, outcome)) return outcome
    if (number >= tries) {
      // As Ansible counts: those after the first.
      outcome.result.set('attempts', tries - 1)
      if (outcome.status === 'failed') return outcome
      outcome.result.set('failed', true)
      // failed_when has the last word on the task, though not on its result.
      if (task.failedWhen !== undefined) return outcome
      return { ...outcome, status: 'failed', error: new PlonerunError(`'until' did not hold after ${number} tries`, { kind: 'task', where: task.position }) }
    }
    await sleep(delay, place.run.signal)
    lookAnew()
  }

  /** What nothing was done for may have been found a while ago, when the host was asked for it ahead of time: that is no try. */
  async function firstAttempt(): Promise<ItemOutcome> {
    const outcome = await attempt({ ...item, attempt: 1 })
    if (outcome.action !== undefined || outcome.changes.length > 0 || outcome.status === 'skipped' || outcome.result instanceof Unknown || isDone(task, item, outcome)) return outcome
    lookAnew()
    return attempt({ ...item, attempt: 1 })
  }

  /** The host may have come to another state by itself. */
  function lookAnew(): void {
    reach(item.view).machine.wrote(['anything'])
  }
}

function isDone(task: Errand['task'], item: Item, { status, result }: ItemOutcome): boolean {
  if (task.until === undefined) return status !== 'failed'
  const names = new Map<Value, Value>(task.register === undefined ? [] : [[task.register, result]])
  // What check mode cannot know, no further try tells.
  return evaluateConditions(viewWith(item.view, names), task.until).holds !== false
}
