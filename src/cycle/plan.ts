/** Whose turn it is, in which order, and how many may be out at a time: worked out from how all backends stand. */
import { didYouMean } from '../errors/suggest.ts'
import { PlonerunError } from '../errors/plonerun-error.ts'
import type { BackendState } from './balancer.ts'
import type { Backend, Order } from './order.ts'
import type { Hand, Progress } from './progress.ts'

/** How a backend stands. */
export interface Standing {
  readonly backend: Backend
  readonly state: BackendState
  readonly active: boolean
  /** The run of its unit (systemd's InvocationID); empty when it is down. */
  readonly invocation: string
}

export interface Turn extends Standing {
  readonly kind: 'restart' | 'retire'
  /** Is to be in the balancer afterwards: it is now, or a cycle that was ended took it out. */
  readonly inUse: boolean
  /** A cycle that was ended had it in hand. */
  readonly halfDone: boolean
}

export interface Plan {
  readonly turns: readonly Turn[]
  /** Names of those that a canary leaves for a resume. */
  readonly left: readonly string[]
  /** How many others must be live while one is out. */
  readonly minimum: number
  /** How many may be out at a time. */
  readonly slots: number
  /** Nobody serves: all are started at once. */
  readonly down: boolean
}

/**
 * What is half done or dead comes first, because its restart takes nothing away.
 * @throws PlonerunError of kind `task` for a name that no backend has, and when even a cycle without accident would leave too few
 */
export function planCycle(order: Order, standings: readonly Standing[], progress: Progress): Plan {
  checkNames(order)
  const turns = standings.map((standing) => turnOf(order, standing, progress)).filter((turn) => turn !== undefined)
  const restarts = turns.filter(({ kind }) => kind === 'restart').sort((a, b) => rank(a) - rank(b))
  const chosen = restarts.slice(0, order.canary ?? restarts.length)
  const serving = standings.filter(({ backend, state }) => state.enabled || progress.hands.some((hand) => hand.inUse && hand.name === backend.name))
  const down = !standings.some(isLive)
  return {
    turns: [...turns.filter(({ kind }) => kind === 'retire'), ...chosen],
    left: restarts.slice(chosen.length).map(({ backend }) => backend.name),
    down,
    ...(down ? { minimum: 0, slots: chosen.length } : room(order, serving.length, chosen)),
  }
}

export function isLive({ state, active }: Standing): boolean {
  return state.enabled && state.alive && active
}

function checkNames({ site, backends, only = [], retire }: Order): void {
  const names = backends.map(({ name }) => name)
  const unknown = [...only, ...retire].find((name) => !names.includes(name))
  if (unknown !== undefined) throw new PlonerunError(`${site} has no backend '${unknown}'`, { kind: 'task', hint: didYouMean(unknown, names) ?? `it has ${names.join(', ')}` })
}

function turnOf({ only, serving, retire, resume }: Order, standing: Standing, { hands, left }: Progress): Turn | undefined {
  const { backend, state, active } = standing
  const { name } = backend
  if (retire.includes(name)) return state.enabled || active ? { ...standing, kind: 'retire', inUse: false, halfDone: false } : undefined
  const hand = hands.find((each) => each.name === name && !isDone(each, standing))
  const wanted = hand !== undefined || (resume ? left.includes(name) : retire.length === 0 && (only ?? serving).includes(name))
  return wanted ? { ...standing, kind: 'restart', inUse: hand?.inUse ?? state.enabled, halfDone: hand !== undefined } : undefined
}

/** The run of the unit is another one, and it is where it belongs: the cycle was ended after all was done. */
function isDone({ inUse, invocation }: Hand, { state, active, invocation: now }: Standing): boolean {
  return active && now !== invocation && state.enabled === inUse && (state.alive || !inUse)
}

function rank({ halfDone, state, active }: Turn): number {
  return halfDone ? 0 : state.enabled && state.alive && active ? 2 : 1
}

function room({ site, serial, minimum: wanted, force, retire }: Order, inUse: number, turns: readonly Turn[]): Pick<Plan, 'minimum' | 'slots'> {
  const atOnce = Math.max(1, serial < 1 ? Math.floor(inUse * serial) : serial)
  if (force) return { minimum: 0, slots: atOnce }
  const minimum = wanted ?? (retire.length > 0 ? 1 : Math.max(1, inUse - atOnce))
  const takesAway = turns.some((turn) => turn.inUse && isLive(turn))
  if (takesAway && inUse - 1 < minimum) {
    const why = inUse === 1 ? 'one Zope serves it: to restart that means that the site is down meanwhile' : `to restart one leaves ${inUse - 1} of its ${inUse} in use, and ${minimum} must stay`
    throw new PlonerunError(`${site} would have too few Zopes`, { kind: 'task', why, hint: '--force restarts it all the same' })
  }
  return { minimum, slots: Math.max(1, Math.min(atOnce, inUse - minimum)) }
}
