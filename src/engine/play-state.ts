/** One play as it runs over one batch of hosts. */
import type { Handler, Task } from '../load/tree/task.ts'
import type { Included, Play } from '../load/tree/play.ts'
import type { Role } from '../load/tree/role.ts'
import type { Layer } from '../vars/scope.ts'
import type { Dict } from '../values/value.ts'
import type { HostState } from './host.ts'
import type { RoleLayers } from './role-layers.ts'

export interface PlayState {
  readonly play: Play
  readonly name: string
  /** Answers of vars_prompt. */
  readonly prompted: Layer
  /** All hosts of the play, also those of other batches, whatever its order. */
  readonly allHosts: readonly string[]
  readonly batch: readonly HostState[]
  /** Counts those that failed in an earlier play, too. */
  readonly batchSize: number
  /** The state of any host of the run; made when first asked for (hostvars, delegation). */
  readonly hostState: (name: string) => HostState | undefined
  /** The play's handlers, and those of roles that were included since. */
  readonly handlers: Handler[]
  /** Roles whose defaults and vars all tasks see; include_role with public adds to it. */
  readonly roles: Role[]
  /** Of these roles. */
  roleLayers: RoleLayers
  /** What includes gave, so that hosts that include the same thing walk the same tasks. */
  readonly included: Map<Task, readonly (IncludedHere & { readonly vars: Dict })[]>
  /** end_play: no further batch begins. */
  over: boolean
  readonly strategy: 'linear' | 'free'
  readonly gatherFacts: boolean
  /** Hosts that failed still run what they were notified of. */
  readonly forceHandlers: boolean
  /** Every name that a task of the play may set, on any host. */
  readonly settable: ReadonlySet<string>
}

/** What an include of this play has brought. */
export interface IncludedHere extends Included {
  /** The file or role, for the person. */
  readonly what: string
}
