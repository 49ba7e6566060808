/** What a cycle wants of a load balancer. Each balancer is a file of its own. */

export interface BackendState {
  /** Gets requests, unless it is dead. */
  readonly enabled: boolean
  /** The balancer has not found it dead. */
  readonly alive: boolean
  /** How many visitors are bound to it. */
  readonly sessions: number
}

/** Where a backend listens. */
export interface Endpoint {
  readonly address: string
  readonly port: number
}

export interface Balancer {
  /** The state of a few backends, read anew. Throws a PlonerunError for one that the balancer does not know. */
  states(backends: readonly Endpoint[]): Promise<readonly BackendState[]>
  /** Gives it no more requests but those of visitors that are bound to it. */
  disable(backend: Endpoint): Promise<void>
  /** Lets visitors that are bound to it be bound to others. New ones may have come meanwhile. */
  dropSessions(backend: Endpoint): Promise<void>
  enable(backend: Endpoint): Promise<void>
}
