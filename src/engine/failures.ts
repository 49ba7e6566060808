/** When failures of some hosts end the play for all: any_errors_fatal and max_fail_percentage. */
import type { Task } from '../load/types.ts'
import type { RunContext } from './context.ts'
import type { Turn } from './conclude.ts'
import type { PlayState } from './play-state.ts'
import { evaluateFlag, evaluateNumber, viewTask } from './task-view.ts'

/** After a task: ends the batch where too much has failed. */
export function stopsBatch({ run, play }: { readonly run: RunContext; readonly play: PlayState }, task: Task, turns: readonly Turn[]): void {
  const failed = turns.filter(({ host, status }) => (status === 'failed' || status === 'unreachable') && (host.status !== 'running' || host.doomed))
  if (failed.length === 0) return
  const view = viewTask({ run, play, host: failed[0]!.host }, task, new Map())
  const fatal = evaluateFlag(view, 'any_errors_fatal', task.anyErrorsFatal) === true
  const percentage = evaluateNumber(view, 'max_fail_percentage', play.play.maxFailPercentage)
  const lost = play.batch.filter(({ status }) => status === 'failed' || status === 'unreachable').length
  const tooMany = percentage !== undefined && (lost / play.batch.length) * 100 > percentage
  if (!fatal && !tooMany) return
  run.note('warning', fatal ? 'any_errors_fatal: the play ends for all hosts' : `more than ${percentage ?? 0} % of the hosts failed: the play ends for all hosts`, task.position)
  for (const host of play.batch) if (host.status === 'running') host.status = 'failed'
}
