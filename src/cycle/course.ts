/** What the turns of a cycle work with: the site's machines, and what is noted for the next cycle in case this one is ended. */
import pLimit from 'p-limit'
import type { Balancer } from './balancer.ts'
import type { Box, Command } from './box.ts'
import type { CycleEvent } from './events.ts'
import type { Backend, Order } from './order.ts'
import type { Plan } from './plan.ts'
import { writeProgress, type Hand, type Progress } from './progress.ts'

/** The machines of a site. */
export interface Reach {
  readonly balancer: Box
  of(backend: Backend): Box
  /** The same, through a session of its own: what runs there does not wait for what runs elsewhere. */
  slot(number: number): Reach
}

export interface Cycle {
  readonly order: Order
  readonly balancer: Balancer
  readonly reach: Reach
  /** The same after the run was interrupted: for what must not be left half done. */
  readonly closing: Reach
  readonly tell: (event: CycleEvent) => void
}

/** What the turns of a cycle share. */
export interface Course extends Cycle {
  readonly plan: Plan
  /** One backend leaves at a time, so that two do not both count on the other. */
  readonly leaving: <Result>(work: () => Promise<Result>) => Promise<Result>
  /** Commands that keep what would be half done if the run ended now. */
  takeUp(hand: Hand): Command
  /** Its turn is over. */
  putDown(name: string): Command
  /** It was not restarted, and its turn is still to come. */
  giveBack(name: string): Command
  /** Names of those whose turn has not come. */
  left(): readonly string[]
}

/** @param before what an earlier cycle has noted */
export function createCourse(cycle: Cycle, plan: Plan, before: Progress): Course {
  const { site } = cycle.order
  const limit = pLimit(1)
  // What an earlier cycle has left half done stays so until its turn is over.
  const hands = new Map(before.hands.filter(({ name }) => plan.turns.some(({ backend, halfDone }) => halfDone && backend.name === name)).map((hand) => [hand.name, hand]))
  const left = new Set([...plan.turns.filter(({ kind }) => kind === 'restart').map(({ backend }) => backend.name), ...plan.left])
  const write = (): Command => writeProgress(site, { hands: [...hands.values()], left: [...left] })
  return {
    ...cycle,
    plan,
    leaving: (work) => limit(work),
    takeUp(hand) {
      hands.set(hand.name, hand)
      left.delete(hand.name)
      return write()
    },
    putDown(name) {
      hands.delete(name)
      return write()
    },
    giveBack(name) {
      hands.delete(name)
      left.add(name)
      return write()
    },
    left: () => [...left],
  }
}
