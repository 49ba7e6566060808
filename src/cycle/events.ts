/** What a cycle tells while it runs, for whoever shows it. Plain data; nothing here influences the cycle. */
import type { BackendState } from './balancer.ts'
import type { SiteStatus } from './status.ts'

/** The seven steps of a backend's turn, in their order. */
export const STEPS = ['leave', 'drain', 'stop', 'start', 'listen', 'wake', 'return'] as const

/**
 * leave: out of the balancer. drain: until nobody is connected or bound to it. stop, start: its unit.
 * listen: until the kernel has its listening socket. wake: until its wake urls are answered well.
 * return: into the balancer, until that has seen it alive.
 */
export type Step = (typeof STEPS)[number]

export type CycleEvent = CycleStarted | StepStarted | BackendsSeen | TurnEnded | CycleEnded | SiteSeen

/** The lock is held, the state was read, and the turns are settled. A dry run tells this alone. */
export interface CycleStarted {
  readonly kind: 'cycle-started'
  readonly site: string
  /** `pound 4`, `haproxy` ... */
  readonly balancer: string
  /** All backends of the site, in its own order. */
  readonly backends: readonly PlannedBackend[]
  /** How many others must be live while one is out. */
  readonly minimum: number
}

export interface PlannedBackend {
  readonly name: string
  /** `127.0.0.1:8080`, `[::1]:8080`. */
  readonly endpoint: string
  /** The inventory name of its machine, where that is not the balancer's. */
  readonly host?: string
  readonly state: BackendState
  /** Its place among the turns, from 1; absent when it is left alone. */
  readonly turn?: number
  /** It will be in the balancer afterwards: it is now, or a cycle that ended early took it out. */
  readonly inUse: boolean
  /** A cycle that ended early had it in hand. */
  readonly halfDone: boolean
}

export interface StepStarted {
  readonly kind: 'step-started'
  readonly site: string
  readonly backend: string
  readonly step: Step
}

/** One look at the balancer and at the kernel's tables, while something is waited for. */
export interface BackendsSeen {
  readonly kind: 'backends-seen'
  readonly site: string
  /** The backend in hand, and the others as far as the same look shows them. */
  readonly backends: readonly SeenBackend[]
}

export interface SeenBackend {
  readonly name: string
  /** Open connections: ESTABLISHED and CLOSE_WAIT at its end. */
  readonly open: number
  readonly listening: boolean
  /** Absent when the look was not at the balancer. */
  readonly state?: BackendState
}

/**
 * restarted: it is back. retired: it was stopped, and is needed no more. not-left: too few others were live, and it was not touched. not-drained: a client never ended its
 * request in time; it is in the balancer as before, and was not stopped. not-back: it did not stop, start or answer;
 * it is out of the balancer. interrupted: the run was stopped, and it was brought back. lost: the connection to the host broke.
 */
export type TurnOutcome = 'restarted' | 'retired' | 'not-left' | 'not-drained' | 'not-back' | 'interrupted' | 'lost'

export interface TurnEnded {
  readonly kind: 'turn-ended'
  readonly site: string
  readonly backend: string
  readonly outcome: TurnOutcome
  /** Seconds of each step that was begun. */
  readonly seconds: Readonly<Partial<Record<Step, number>>>
  /** Whether it is in the balancer now, as far as the cycle knows. */
  readonly inUse: boolean
}

export interface CycleEnded {
  readonly kind: 'cycle-ended'
  readonly site: string
  /** Names of the backends whose turn did not come. */
  readonly left: readonly string[]
  /** From the lock to its release. */
  readonly seconds: number
}

/** How a site stands, cycled or not: plonerun.status. */
export interface SiteSeen {
  readonly kind: 'site-seen'
  readonly site: string
  readonly status: SiteStatus
}
