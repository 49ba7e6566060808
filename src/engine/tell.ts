/** From outcomes to events: names, masks and times. */
import { PlonerunError } from '../errors/plonerun-error.ts'
import type { Task } from '../load/tree/task.ts'
import { toPlain } from '../values/convert.ts'
import { Unknown } from '../values/unknown.ts'
import type { RunContext } from './context.ts'
import type { ErrorInfo, TaskInfo, TaskStatus } from './events.ts'
import { taskName } from './handlers.ts'
import { mask } from './mask.ts'
import type { ItemOutcome, TaskOutcome } from './outcome.ts'
import type { Place } from './place.ts'

const HIDDEN = "hidden, because the task says 'no_log'"

/** How a task is named in events. */
export function taskInfo(place: Place, task: Task, id: number): TaskInfo {
  const role = task.role?.name
  const name = mask(taskName(place, task), place.run.secrets)
  return {
    id,
    name: role === undefined ? name : `${role} : ${name}`,
    module: task.module,
    position: task.position,
    handler: task.kind === 'handler',
    ...(role !== undefined && { role }),
  }
}

/** Tells that an item, or the whole task, is settled. */
export function tellOutcome(run: RunContext, task: TaskInfo, host: string, outcome: ItemOutcome | TaskOutcome, status: TaskStatus, seconds: number, item?: string): void {
  const { noLog, error } = outcome
  const own = 'item' in outcome ? outcome : outcome.items.length === 1 ? outcome.items[0] : undefined
  const result = outcome.result instanceof Unknown ? { unknown: outcome.result.of } : (toPlain(outcome.result) as Record<string, unknown>)
  run.emit(
    mask(
      {
        type: 'task-ended' as const,
        task,
        host,
        ...(own?.delegatedTo !== undefined && { delegatedTo: own.delegatedTo }),
        ...(item !== undefined && { item: noLog ? HIDDEN : item }),
        status,
        changes: noLog ? [] : (own?.changes ?? []),
        diffs: noLog ? [] : (own?.diffs ?? []),
        result: noLog ? { censored: HIDDEN, changed: result['changed'] === true } : result,
        ...(error !== undefined && { error: noLog ? { kind: 'task' as const, message: HIDDEN, where: task.position } : errorInfo(error) }),
        seconds,
      },
      run.secrets,
    ),
  )
}

/** An error as events carry it. */
export function errorInfo(error: Error): ErrorInfo {
  if (!(error instanceof PlonerunError)) return { kind: 'task', message: error.message, ...(error.stack !== undefined && { why: error.stack }) }
  const { kind, message, where, why, hint } = error
  return { kind, message, ...(where && { where }), ...(why !== undefined && { why }), ...(hint !== undefined && { hint }) }
}
