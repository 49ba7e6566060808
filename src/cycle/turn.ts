/** The turn of one backend: out of the balancer, drained, stopped, started, awake, and back. */
import { PlonerunError } from '../errors/plonerun-error.ts'
import type { Reading } from './balancer.ts'
import { until, type Command } from './box.ts'
import type { Course, Reach } from './course.ts'
import { listens, look, type Seen } from './look.ts'
import type { Backend } from './order.ts'
import { isLive, type Turn } from './plan.ts'
import { startCommand } from './start.ts'
import { followSteps, type Steps } from './steps.ts'
import { wake } from './wake.ts'

/** Looks that must find nobody: a request may be on its way when the first one is made. */
const QUIET_LOOKS = 2

/**
 * Takes a backend through its turn.
 * @throws PlonerunError: of kind `task` when it did not come back (it is out of the balancer then) or was not touched (it is as it
 *   was); of kind `interrupted` after it was brought back
 */
export async function takeTurn(course: Course, turn: Turn): Promise<void> {
  const { backend } = turn
  const steps = followSteps(course.order.site, backend.name, course.tell)
  try {
    const out = await leaveAndDrain(course, turn, steps)
    if (turn.kind === 'retire') await retire(course, turn, steps)
    else await restart(course, turn, steps, out)
  } catch (error) {
    if (error instanceof PlonerunError && error.kind === 'interrupted') await undo(course, turn, steps)
    else if (error instanceof PlonerunError && error.kind === 'unreachable') steps.end('lost', false)
    throw error
  }
}

/** Out of the balancer, and nobody connected or bound to it. What fails here leaves it as it was. */
async function leaveAndDrain(course: Course, turn: Turn, steps: Steps): Promise<Seen> {
  steps.begin('leave')
  let left = false
  try {
    const seen = await course.leaving(() => leave(course, turn))
    left = true
    steps.begin('drain')
    return await drain(course, turn.backend, seen)
  } catch (error) {
    if (!isTask(error)) throw error
    if (left && turn.kind === 'restart') await putBack(course, course.reach, turn)
    steps.end(left ? 'not-drained' : 'not-left', turn.inUse)
    throw untouched(course, turn, left, error)
  }
}

function untouched({ order }: Course, { kind, backend, inUse }: Turn, left: boolean, error: PlonerunError): PlonerunError {
  const now = !left ? 'it was not touched' : kind === 'retire' ? 'it is out of the balancer, and runs on' : inUse ? 'it is back in the balancer' : 'it is as it was'
  return new PlonerunError(`${backend.name} of ${order.site} was not ${kind === 'retire' ? 'stopped' : 'restarted'}: ${error.message}`, { kind: 'task', why: error.why, hint: `${now}; the others are as they were`, cause: error })
}

/** Waits until enough others are live, then takes it out. */
async function leave(course: Course, turn: Turn): Promise<Seen> {
  const { order, reach, balancer, plan } = course
  const { kind, backend, inUse, invocation } = turn
  let reading: Reading | undefined
  await until(reach.balancer, order.deadlines.alive, async () => {
    const { seen } = await reach.balancer.exchange([], [balancer.look])
    reading = balancer.read(seen[0] ?? '')
    // One that serves nobody takes nothing away.
    if (!isLive(turn)) return undefined
    const others = order.backends.filter((other) => other !== backend && reading!.state(other).enabled && reading!.state(other).alive)
    return others.length >= plan.minimum ? undefined : `${others.length} others are live, and ${plan.minimum} must be`
  })
  // One that is to be retired needs nobody to put it back.
  return look(course, reach, backend, [...(kind === 'restart' ? [course.takeUp({ name: backend.name, inUse, invocation })] : []), reading!.disable(backend)])
}

/** Waits until nobody is connected to a backend that is out, and nobody bound to it whom the balancer could bind to another. */
async function drain(course: Course, backend: Backend, first: Seen): Promise<Seen> {
  const { reach, order } = course
  let seen = first
  let commands: readonly Command[] | undefined
  let quiet = 0
  await until(reach.balancer, order.deadlines.drain, async () => {
    if (commands) seen = await look(course, reach, backend, commands)
    const { state, reading } = seen
    commands = [state.enabled ? reading.disable(backend) : undefined, reading.unbind(backend)].filter((command) => command !== undefined)
    quiet = commands.length === 0 && seen.open === 0 ? quiet + 1 : 0
    return quiet >= QUIET_LOOKS ? undefined : `it is not drained: ${count(seen.open, 'connection')} and ${count(state.sessions, 'session')} are left`
  })
  return seen
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`
}

async function stop(course: Course, { unit, ...backend }: Backend, steps: Steps): Promise<void> {
  steps.begin('stop')
  await course.reach.of({ unit, ...backend }).exchange([{ summary: `stop ${unit}`, argv: ['systemctl', 'stop', unit], seconds: course.order.deadlines.stop }], [])
}

async function retire(course: Course, { backend }: Turn, steps: Steps): Promise<void> {
  await stop(course, backend, steps)
  steps.end('retired', false)
}

async function restart(course: Course, turn: Turn, steps: Steps, out: Seen): Promise<void> {
  const { backend, inUse } = turn
  try {
    await stop(course, backend, steps)
    await bringBack(course, course.reach, turn, steps)
    steps.end('restarted', inUse)
  } catch (error) {
    if (!isTask(error)) throw error
    steps.end('not-back', false)
    throw await notBack(course, course.reach, turn, out, error)
  }
}

/** From whatever state it is in: started, listening, awake, and in the balancer if it was. */
async function bringBack(course: Course, reach: Reach, turn: Turn, steps: Steps): Promise<void> {
  const { order } = course
  const { backend, inUse } = turn
  const box = reach.of(backend)
  steps.begin('start')
  await box.exchange([startCommand('start', [backend.unit])], [])
  steps.begin('listen')
  await until(box, order.deadlines.listen, async () => {
    const { listening, failed } = await listens(course, reach, backend)
    if (failed) throw new PlonerunError(`${backend.unit} ends again as soon as it is started`, { kind: 'task' })
    return listening ? undefined : `it does not listen at ${backend.address}:${backend.port}`
  })
  steps.begin('wake')
  await wake(box, backend, order.wake, order.deadlines.wake)
  steps.begin('return')
  await box.exchange([{ summary: `note that ${backend.name} is awake`, argv: ['touch', backend.awake] }], [])
  let seen = await look(course, reach, backend)
  seen = await look(course, reach, backend, [...(inUse ? [seen.reading.enable(backend)] : []), course.putDown(backend.name)])
  if (!inUse || isSeenAlive(seen)) return
  await until(reach.balancer, order.deadlines.alive, async () => (isSeenAlive(await look(course, reach, backend)) ? undefined : 'the balancer does not see it'))
}

function isSeenAlive({ state }: Seen): boolean {
  return state.enabled && state.alive
}

/** It stays out of the balancer, and the next cycle begins with it. The error shows the end of its log. */
async function notBack(course: Course, reach: Reach, { backend, inUse, invocation }: Turn, out: Seen, error: PlonerunError): Promise<PlonerunError> {
  const isOut = await goesThrough(reach.balancer.exchange([course.takeUp({ name: backend.name, inUse, invocation }), out.reading.disable(backend)], []))
  const { seen } = await reach.of(backend).exchange([], [`tail -n 15 ${backend.log}`, `journalctl --unit ${backend.unit} --lines 15 --no-pager --output cat`])
  return new PlonerunError(`${backend.name} of ${course.order.site} does not come back: ${error.message}`, {
    kind: 'task',
    why: [error.why, ...seen].map((text) => text?.trim() ?? '').filter((text) => text !== '').join('\n'),
    hint: !isOut ? 'the balancer does not answer, so it may have it still; the next cycle begins with it' : inUse ? 'it is out of the balancer, the others serve; the next cycle begins with it' : 'the others serve',
    cause: error,
  })
}

async function goesThrough(act: Promise<unknown>): Promise<boolean> {
  try {
    await act
    return true
  } catch (error) {
    if (!isTask(error)) throw error
    return false
  }
}

/** Whatever it was interrupted at, it is brought to where it was before. One that was to be retired stays as far as it had come. */
async function undo(course: Course, turn: Turn, steps: Steps): Promise<void> {
  const { closing } = course
  const { kind, inUse } = turn
  try {
    if (kind === 'restart') {
      if (steps.current === 'leave' || steps.current === 'drain') await putBack(course, closing, turn)
      else await bringBack(course, closing, turn, steps)
    }
    steps.end('interrupted', inUse)
  } catch (error) {
    steps.end(isTask(error) ? 'not-back' : 'lost', false)
    throw error
  }
}

/** Into the balancer again, where it was there; it was not stopped. */
async function putBack(course: Course, reach: Reach, { backend, inUse }: Turn): Promise<void> {
  const { reading } = await look(course, reach, backend)
  await reach.balancer.exchange([...(inUse ? [reading.enable(backend)] : []), course.giveBack(backend.name)], [])
}

function isTask(error: unknown): error is PlonerunError {
  return error instanceof PlonerunError && error.kind === 'task'
}
