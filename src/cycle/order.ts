/** What a cycle is asked to do. */
import type { Endpoint } from '../values/endpoint.ts'

export interface Backend extends Endpoint {
  readonly name: string
  readonly unit: string
  /** Its log, whose end is shown when it does not come back. */
  readonly log: string
  /** Made when it answers. */
  readonly awake: string
  /** The inventory name of its machine, where that is not the balancer's. */
  readonly host?: string
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

/** A first request to a backend, made directly, and what its answer must be. */
export interface WakeUrl {
  readonly path: string
  readonly status: number
  /** A text that the answer must hold. */
  readonly text?: string
}

export interface Order {
  readonly site: string
  /** All that the balancer may send requests to, spare ones included. */
  readonly backends: readonly Backend[]
  /** Names of those that serve. */
  readonly serving: readonly string[]
  /** Names of the only ones that are to be restarted. */
  readonly only?: readonly string[]
  /** Names of those that are to be taken out and stopped. */
  readonly retire: readonly string[]
  /** How many; the rest is left for a later `resume`. */
  readonly canary?: number
  /** How many at a time: a number, or a share of those in use such as 0.3. */
  readonly serial: number
  /** How many others must be live while one is out; all in use but those of `serial` unless given. */
  readonly minimum?: number
  /** Nobody serves the site: restart all at once and wake them, or only start them. */
  readonly whenDown: 'cycle' | 'start'
  /** Goes below the minimum. */
  readonly force: boolean
  /** Only what a cycle before has left. */
  readonly resume: boolean
  readonly wake: readonly WakeUrl[]
  readonly deadlines: Deadlines
}
