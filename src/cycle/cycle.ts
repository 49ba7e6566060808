/** A cycle: the backends of a site restarted, a few at a time, without anybody noticing. */
import { endpointText } from '../values/endpoint.ts'
import type { Reading } from './balancer.ts'
import type { Box } from './box.ts'
import { createCourse, type Course, type Cycle, type Reach } from './course.ts'
import type { CycleEvent } from './events.ts'
import { withLock } from './lock.ts'
import type { Order } from './order.ts'
import { planCycle, type Plan, type Standing, type Turn } from './plan.ts'
import { progressScript, readProgress, type Progress } from './progress.ts'
import { startCommand } from './start.ts'
import { takeTurn } from './turn.ts'

/**
 * Takes the turns, and stops at the first backend that does not come back.
 * @param reason for whoever meets the lock
 * @returns names of the backends that were restarted or retired
 * @throws PlonerunError of kind `task` that says which one failed and how
 */
export function runCycle(cycle: Cycle, reason: string): Promise<readonly string[]> {
  const { order, reach, closing, tell } = cycle
  const began = performance.now()
  return withLock(reach.balancer, closing.balancer, order.site, reason, async () => {
    const { plan, progress, standings } = await preparePlan(cycle)
    if (order.whenDown === 'start' && plan.down) return startAll(cycle, plan)
    tell(startedEvent(cycle, plan, standings))
    const course = createCourse(cycle, plan, progress)
    try {
      await takeTurns(course)
      return plan.turns.map(({ backend }) => backend.name)
    } finally {
      tell({ kind: 'cycle-ended', site: order.site, left: course.left(), seconds: (performance.now() - began) / 1000 })
    }
  })
}

/** How all backends stand, and what would be done. It only reads. */
export async function dryRun(cycle: Cycle): Promise<Plan> {
  const { plan, standings } = await preparePlan(cycle)
  cycle.tell(startedEvent(cycle, plan, standings))
  return plan
}

interface Prepared {
  readonly plan: Plan
  readonly progress: Progress
  readonly standings: readonly Standing[]
}

async function preparePlan({ order, balancer, reach }: Cycle): Promise<Prepared> {
  const { seen } = await reach.balancer.exchange([], [balancer.look, progressScript(order.site)])
  const isRunning = (seen[0] ?? '').trim() !== ''
  const progress = readProgress(seen[1] ?? '')
  const standings = await standingsOf(order, reach, isRunning || order.whenDown === 'cycle' ? balancer.read(seen[0] ?? '') : undefined)
  return { plan: planCycle(order, standings, progress), progress, standings }
}

/** Starts them anew side by side, and leaves it to others to wait for them. */
async function startAll({ reach }: Cycle, { turns }: Plan): Promise<readonly string[]> {
  const backends = turns.map(({ backend }) => backend)
  for (const box of new Set(backends.map((backend) => reach.of(backend)))) {
    const units = backends.filter((backend) => reach.of(backend) === box).map(({ unit }) => unit)
    await box.exchange([startCommand('restart', units)], [])
  }
  return backends.map(({ name }) => name)
}

/** @param reading none when the balancer does not run: nobody serves */
async function standingsOf({ backends }: Order, reach: Reach, reading: Reading | undefined): Promise<readonly Standing[]> {
  const boxes = [...new Set(backends.map((backend) => reach.of(backend)))]
  const printed = new Map(await Promise.all(boxes.map(async (box): Promise<[Box, string]> => {
    const units = backends.filter((backend) => reach.of(backend) === box).map(({ unit }) => unit)
    return [box, (await box.exchange([], [`systemctl show --property ActiveState,InvocationID ${units.join(' ')}`])).seen[0] ?? '']
  })))
  const next = new Map(boxes.map((box) => [box, (printed.get(box) ?? '').trim().split('\n\n').values()]))
  return backends.map((backend) => {
    const shown = next.get(reach.of(backend))?.next().value ?? ''
    return { backend, state: reading?.state(backend) ?? { enabled: false, alive: false, sessions: 0 }, active: /^ActiveState=active$/m.test(shown), invocation: /^InvocationID=(\w+)$/m.exec(shown)?.[1] ?? '' }
  })
}

function startedEvent({ order, balancer }: Cycle, plan: Plan, standings: readonly Standing[]): CycleEvent {
  const turnOf = (name: string): Turn | undefined => plan.turns.find(({ backend }) => backend.name === name)
  return {
    kind: 'cycle-started',
    site: order.site,
    balancer: balancer.title,
    minimum: plan.minimum,
    backends: standings
      .filter(({ backend, state, active }) => state.enabled || active || turnOf(backend.name) !== undefined)
      .map(({ backend, state }) => {
        const turn = turnOf(backend.name)
        return {
          name: backend.name,
          endpoint: endpointText(backend),
          ...(backend.host !== undefined && { host: backend.host }),
          state,
          ...(turn && { turn: plan.turns.indexOf(turn) + 1 }),
          inUse: turn?.inUse ?? state.enabled,
          halfDone: turn?.halfDone ?? false,
        }
      }),
  }
}

/** As many side by side as there are slots; after a failure nobody begins another turn. Throws the first error when all have come to their end. */
async function takeTurns(course: Course): Promise<void> {
  const queue = [...course.plan.turns]
  const slots = Array.from({ length: course.plan.slots }, (_, number): Course => ({ ...course, reach: course.reach.slot(number), closing: course.closing.slot(number) }))
  const ended = await Promise.allSettled(slots.map(async (slot) => {
    try {
      for (let turn = queue.shift(); turn !== undefined; turn = queue.shift()) await takeTurn(slot, turn)
    } catch (error) {
      queue.length = 0
      throw error
    }
  }))
  const failed = ended.find((each) => each.status === 'rejected')
  if (failed) throw failed.reason
}
