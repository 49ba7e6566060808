/** When failures of some hosts end the play for all: any_errors_fatal and max_fail_percentage. */
import type { Task } from '../load/tree/task.ts'
import type { RunContext } from './context.ts'
import { failFrom, type Turn } from './conclude.ts'
import { isFlush } from './control.ts'
import { currentTask, isFailing } from './cursor.ts'
import { hasNotified } from './handlers.ts'
import type { HostState } from './host.ts'
import type { PlayState } from './play-state.ts'
import { evaluateFlag, evaluateNumber, viewTask } from './task-view.ts'

/** After a task: ends the batch where too much has failed. */
export function stopsBatch({ run, play }: { readonly run: RunContext; readonly play: PlayState }, task: Task, turns: readonly Turn[]): void {
  const failed = turns.filter(({ host, status }) => status === 'failed' || status === 'rescued' || (status === 'unreachable' && host.status === 'unreachable'))
  if (failed.length === 0) return
  const view = viewTask({ run, play, host: failed[0]!.host }, task, new Map())
  const fatal = (evaluateFlag(view, 'any_errors_fatal', task.anyErrorsFatal) ?? run.defaults?.anyErrorsFatal) === true
  // Hosts that go at their own pace do not end each other's play by their number; those that cannot be reached do not count.
  const percentage = play.strategy === 'free' ? undefined : evaluateNumber(view, 'max_fail_percentage', play.play.maxFailPercentage)
  const lost = play.batch.filter(isLost).length
  const others = play.batch.filter((host) => host.status === 'running' && !failed.some((turn) => turn.host === host))
  if (percentage !== undefined && (lost / play.batchSize) * 100 > percentage) {
    run.note('warning', `more than ${percentage} % of the hosts failed: the play ends for all hosts`, task.position)
    for (const host of others) host.status = 'failed'
  } else if (fatal) {
    if (others.length > 0) run.note('warning', 'any_errors_fatal: a failure on one host is one for all', task.position)
    // As if it had failed on each of them: what rescues and cleans up runs.
    for (const host of others) failFrom(host, turns.find((turn) => turn.host === host)?.from ?? host.cursor)
  }
}

/** Whether nothing is left to do for a host that has failed: with force_handlers it may still have handlers. */
function isLost(host: HostState): boolean {
  if (host.status !== 'running') return host.status === 'failed'
  const next = currentTask(host.cursor)
  return isFailing(host.cursor) && next !== undefined && next.implicit && isFlush(next) && !hasNotified(host)
}
