/** What became of changes that were sent. */
import type { Change } from '../modules/contract/change.ts'
import type { Reads, State } from '../modules/contract/module.ts'
import type { Reply } from '../shell/fragment.ts'
import { failedOutcome, finish, type ItemOutcome } from './outcome.ts'
import { appliedResult, type FullPlan } from './plan.ts'
import { answersOf, type StateWork } from './reads.ts'

/** Work whose plan is made. */
export interface Planned {
  readonly work: StateWork
  readonly state: State<Reads>
  readonly plan: FullPlan
}

/** The outcome of changes that were sent. */
export function appliedOutcome({ work, state, plan }: Planned, replies: readonly Reply[]): ItemOutcome {
  try {
    const after = work.module.readsAgain === true ? answersOf(work) : undefined
    const done = changesDone(plan.changes, replies)
    return finish(work, appliedResult(work, state, plan, replies, after?.complete === true ? after.state : undefined), done)
  } catch (error) {
    if (!(error instanceof Error)) throw error
    return failedOutcome(work.item, error, work.noLog, work.delegatedTo)
  }
}

/** The changes whose steps all went well, and the one that failed: it may have begun. */
function changesDone(changes: readonly Change[], replies: readonly Reply[]): readonly Change[] {
  let step = 0
  return changes.filter(({ steps }) => {
    const first = replies[step]
    step += steps.length
    return first?.skipped !== true
  })
}
