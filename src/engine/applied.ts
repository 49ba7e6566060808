/** What became of changes that were sent. */
import type { Change, FullPlan } from '../modules/contract/change.ts'
import type { Job, Reads, State } from '../modules/contract/module.ts'
import type { Reply } from '../shell/fragment.ts'
import { Unknown } from '../values/unknown.ts'
import { failedOutcome, finish, unknownOutcome, type ItemOutcome } from './outcome.ts'
import { startedJob } from './jobs.ts'
import { appliedResult } from './plan.ts'
import { answersOf, type StateWork } from './reads.ts'

/** Work whose plan is made. */
export interface Planned {
  readonly work: StateWork
  readonly state: State<Reads>
  readonly plan: FullPlan
  /** The job that its changes are, when they go on in the background. */
  readonly job?: string
}

/** The outcome of changes that were sent. */
export function appliedOutcome({ work, state, plan, job }: Planned, replies: readonly Reply[]): ItemOutcome {
  try {
    if (job !== undefined && replies[0]?.code === 0) {
      const concluded: Job = { conclude: (its) => appliedResult(work, state, plan, its, undefined) }
      return finish(work, startedJob(work, job, concluded, true, replies[0].stdout.toString()), plan.changes)
    }
    const after = work.module.readsAgain === true ? answersOf(work) : undefined
    const done = changesDone(plan.changes, replies)
    return orUnknown(work, finish(work, appliedResult(work, state, plan, replies, after?.complete === true ? after.state : undefined), done))
  } catch (error) {
    if (!(error instanceof Error)) throw error
    return failedOutcome(work.item, error, work.noLog, work)
  }
}

/**
 * A run in check mode: what is done all the same may fail only because something before it was not done. Whose errors
 * are ignored fails, because its tasks ask whether it did.
 */
function orUnknown(work: StateWork, outcome: ItemOutcome): ItemOutcome {
  const { place, task } = work.item.view
  if (outcome.status !== 'failed' || !place.run.check || !work.machine.imagination.unforeseeable || task.ignoreErrors !== undefined) return outcome
  return unknownOutcome(work.item, new Unknown(`what ${work.module.name} does (${outcome.error?.message ?? 'it failed'})`), [], work.noLog)
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
