/** What a cycle wants of a load balancer. Each balancer is a file of its own: it says what to run, and runs nothing. */
import { endpointText, type Endpoint } from '../values/endpoint.ts'
import { PlonerunError } from '../errors/plonerun-error.ts'
import type { Command } from './box.ts'

export interface BackendState {
  /** Gets requests, unless it is dead. */
  readonly enabled: boolean
  /** The balancer has not found it dead. */
  readonly alive: boolean
  /** How many visitors are bound to it. */
  readonly sessions: number
}

/** A backend as a balancer finds it: some go by the address, some by the name. */
export interface NamedEndpoint extends Endpoint {
  readonly name: string
}

export interface Balancer {
  /** `Pound 4`. */
  readonly title: string
  /** A shell text that prints its state. */
  readonly look: string
  /**
   * Reads what `look` printed.
   * @throws PlonerunError of kind `task` when that does not tell the state
   */
  read(printed: string): Reading
}

/** A balancer as it was seen last. Whatever it finds a backend by (a name, an index) is looked up in that. */
export interface Reading {
  /** @throws PlonerunError of kind `task` for a backend that the balancer does not know, as the others do */
  state(backend: NamedEndpoint): BackendState
  enable(backend: NamedEndpoint): Command
  /** It gets no more requests but those of visitors that are bound to it. */
  disable(backend: NamedEndpoint): Command
  /** Lets visitors that are bound to it be bound to others, many of them at once; undefined when there are none that could be. New ones may come meanwhile. */
  unbind(backend: NamedEndpoint): Command | undefined
}

/** The error about a backend that a balancer does not have. */
export function unknownBackend(balancer: string, backend: NamedEndpoint, known: readonly string[]): PlonerunError {
  return new PlonerunError(`${balancer} has no backend ${backend.name} (${endpointText(backend)})`, { kind: 'task', why: `it has ${known.join(', ')}`, hint: 'a deploy brings its configuration up to date' })
}
