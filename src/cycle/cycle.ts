/** A cycle: every backend of a site restarted, one after the other, without anybody noticing. */
import { PlonerunError } from '../errors/plonerun-error.ts'
import type { Balancer, BackendState, Endpoint } from './balancer.ts'
import { until, type Box } from './box.ts'
import { connectionsOf, tcpScript, type Connections } from './proc-net-tcp.ts'
import { readProgress, writeProgress } from './lock.ts'
import { wake } from './wake.ts'

export interface Backend extends Endpoint {
  readonly name: string
  readonly unit: string
  /** Its log, whose end is shown when it does not come back. */
  readonly log: string
  /** Made when it answers. */
  readonly awake: string
}

/** Deadlines in seconds. */
export interface Deadlines {
  readonly drain: number
  readonly stop: number
  /** From the start to the first sign that it listens. */
  readonly listen: number
  /** For each wake url. */
  readonly wake: number
  /** Until the balancer has seen that it answers. */
  readonly alive: number
}

export interface Order {
  readonly site: string
  readonly backends: readonly Backend[]
  /** Names of the only ones that are wanted. */
  readonly only?: readonly string[]
  /** How many; the rest is left alone. */
  readonly canary?: number
  /** How many others must be live while one is out; all but one unless given. */
  readonly minimum?: number
  /** Goes below the minimum. */
  readonly force: boolean
  /** Only what a cycle before has left. */
  readonly resume: boolean
  readonly wake: readonly string[]
  readonly deadlines: Deadlines
}

/** One backend and how it stood before. */
export interface Turn {
  readonly backend: Backend
  readonly state: BackendState
  /** It was in the balancer, or was taken out by a cycle that ended early. */
  readonly inUse: boolean
}

export interface Cycle {
  readonly box: Box
  readonly balancer: Balancer
  readonly order: Order
  readonly say: (line: string) => void
}

/** The backends in the order of their turns: what is half done or down comes first, because its restart costs nobody anything. */
export async function planTurns({ box, balancer, order }: Cycle): Promise<readonly Turn[]> {
  const { backends, only, canary, resume } = order
  const unknown = only?.find((name) => !backends.some((backend) => backend.name === name))
  if (unknown !== undefined) throw new PlonerunError(`${order.site} has no backend '${unknown}'`, { kind: 'task', hint: `it has ${backends.map(({ name }) => name).join(', ')}` })
  const [states, progress] = [await balancer.states(backends), await readProgress(box, order.site)]
  const turns = backends.map((backend, index): Turn => {
    const state = states[index]!
    return { backend, state, inUse: state.enabled || progress?.hand === backend.name }
  })
  const wanted = (name: string): boolean =>
    progress?.hand === name || (resume ? progress?.left.includes(name) === true : only === undefined || only.includes(name))
  const rank = ({ backend, state }: Turn): number => (backend.name === progress?.hand ? 0 : state.enabled && !state.alive ? 1 : 2)
  const sorted = turns.filter(({ backend }) => wanted(backend.name)).sort((a, b) => rank(a) - rank(b))
  return sorted.slice(0, canary ?? sorted.length)
}

/** @throws PlonerunError when even a cycle without accident would leave too few backends */
export function checkMinimum({ backends, force, site }: Order): void {
  if (backends.length > 1 || force) return
  throw new PlonerunError(`${site} has one backend: to restart it means that the site is down meanwhile`, { kind: 'task', hint: '--force does it all the same' })
}

/**
 * Takes the turns one after the other, and stops at the first backend that does not come back.
 * @param closing puts the backend in hand back when the run is interrupted
 */
export async function cycle(run: Cycle, closing: Cycle, turns: readonly Turn[]): Promise<void> {
  const { box, order } = run
  for (const [index, turn] of turns.entries()) {
    const left = turns.slice(index + 1).map(({ backend }) => backend.name)
    await keepMinimum(run, turn)
    await writeProgress(box, order.site, { ...(turn.inUse && { hand: turn.backend.name }), left })
    try {
      await restart(run, turn)
    } catch (error) {
      if (!(error instanceof PlonerunError) || error.kind !== 'interrupted') throw error
      run.say(`${turn.backend.name}  interrupted: it is brought back first`)
      await bringBack(closing, turn)
      await writeProgress(closing.box, order.site, left.length > 0 ? { left } : undefined)
      throw error
    }
  }
  await writeProgress(box, order.site, undefined)
}

/** Waits until enough others are live. */
async function keepMinimum({ box, balancer, order, say }: Cycle, { backend, inUse, state }: Turn): Promise<void> {
  // One that serves nobody takes nothing away.
  if (order.force || !inUse || !state.enabled || !state.alive) return
  const others = order.backends.filter((other) => other !== backend)
  const minimum = order.minimum ?? others.length
  await until(box, order.deadlines.alive, async () => {
    const live = (await balancer.states(others)).filter(({ enabled, alive }) => enabled && alive).length
    return live >= minimum ? undefined : `${backend.name} cannot leave the balancer: ${live} others are live, and ${minimum} must be`
  }).catch((error: unknown) => {
    say(`${backend.name}  is left as it is`)
    throw error
  })
}

async function restart(run: Cycle, turn: Turn): Promise<void> {
  const { box, balancer, order, say } = run
  const { backend } = turn
  const clock = stopwatch()
  await balancer.disable(backend)
  try {
    await drain(run, backend)
  } catch (error) {
    if (error instanceof PlonerunError && error.kind !== 'task') throw error
    if (turn.inUse) await balancer.enable(backend)
    await writeProgress(box, order.site, undefined)
    throw error
  }
  const drained = clock()
  await box.run(`stop ${backend.unit}`, ['timeout', String(order.deadlines.stop), 'systemctl', 'stop', backend.unit])
  const stopped = clock()
  const { listened, woken } = await bringBack(run, turn)
  say(`${backend.name}  drained ${drained} s, stopped ${stopped} s, started ${listened} s, woken ${woken} s${turn.inUse ? '' : ', stays out of the balancer as before'}`)
}

/** Waits until nobody is connected to a backend that is out, and nobody bound to it. Two looks, because a request may be on its way. */
async function drain({ box, balancer, order }: Cycle, backend: Backend): Promise<void> {
  let quiet = 0
  await until(box, order.deadlines.drain, async () => {
    const [state] = await balancer.states([backend])
    if (state!.sessions > 0) await balancer.dropSessions(backend)
    const { open } = await connections(box, backend)
    quiet = open === 0 && state!.sessions === 0 && !state!.enabled ? quiet + 1 : 0
    return quiet > 1 ? undefined : `${backend.name} is not drained: ${open} connections and ${state!.sessions} sessions are left`
  })
}

/** From whatever state it is in: started, listening, awake, and in the balancer if it was. */
async function bringBack({ box, balancer, order }: Cycle, { backend, inUse }: Turn): Promise<{ readonly listened: string; readonly woken: string }> {
  const { deadlines } = order
  const clock = stopwatch()
  try {
    await box.run(`start ${backend.unit}`, ['/bin/sh', '-c', 'systemctl daemon-reload; systemctl reset-failed "$1" 2>/dev/null; exec systemctl start "$1"', 'sh', backend.unit])
    await until(box, deadlines.listen, async () => {
      if ((await connections(box, backend)).listening) return undefined
      const state = (await box.look(`systemctl show --value --property ActiveState ${backend.unit}`)).trim()
      if (state === 'failed') throw new PlonerunError(`${backend.unit} ends again as soon as it is started`, { kind: 'task' })
      return `${backend.name} does not listen at ${backend.address}:${backend.port}`
    })
    const listened = clock()
    await wake(box, backend, order.wake, deadlines.wake)
    const woken = clock()
    await box.run(`${backend.name} is awake`, ['touch', backend.awake])
    if (inUse) {
      await balancer.enable(backend)
      await until(box, deadlines.alive, async () => ((await balancer.states([backend]))[0]!.alive ? undefined : `the balancer does not see ${backend.name}`))
    }
    return { listened, woken }
  } catch (error) {
    if (!(error instanceof PlonerunError) || error.kind !== 'task') throw error
    const log = await box.look(`tail -n 15 ${backend.log}; journalctl --unit ${backend.unit} --lines 15 --no-pager --output cat`)
    throw new PlonerunError(`${backend.name} does not come back: ${error.message}`, { kind: 'task', why: log.trim(), hint: 'it is out of the balancer, the others serve; the next cycle begins with it', cause: error })
  }
}

async function connections(box: Box, { address, port }: Endpoint): Promise<Connections> {
  return connectionsOf(await box.look(tcpScript([port])), address, port)
}

/** Gives the seconds since it was asked last. */
function stopwatch(): () => string {
  let last = performance.now()
  return () => {
    const seconds = (performance.now() - last) / 1000
    last = performance.now()
    return seconds.toFixed(1)
  }
}
