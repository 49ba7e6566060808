/** Whose facts a task sets. */
import type { Task } from '../load/tree/task.ts'
import type { Place } from './place.ts'
import type { HostState } from './host.ts'
import type { ItemOutcome } from './outcome.ts'

/** The host whose turn it is, or with delegate_facts the one that the item was delegated to. */
export function factOwner({ play, host }: Place, task: Task, { delegatedTo }: ItemOutcome): HostState {
  return delegatedTo !== undefined && task.delegateFacts === true ? (play.hostState(delegatedTo) ?? host) : host
}
