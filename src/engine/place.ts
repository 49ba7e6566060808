/** Where a task stands: the run, the play and the host whose variables it sees. */
import type { Dict, Value } from '../values/value.ts'
import type { RunContext } from './context.ts'
import type { HostState } from './host.ts'
import type { PlayState } from './play-state.ts'

export interface Place {
  readonly run: RunContext
  readonly play: PlayState
  readonly host: HostState
  /** Only while looking ahead. */
  readonly foreseen?: Foreseen
}

/** What look-ahead knows of tasks that have not settled: values it could work out, and names that it could not. */
export interface Foreseen {
  readonly values: Dict
  readonly pending: Set<string>
  /** Facts that modules give; undefined: not known yet. */
  readonly facts: Map<string, Value | undefined>
}
