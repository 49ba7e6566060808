/** Many hosts at once: the hosts on which a task changed something are told in one event instead of one each. */
import type { Emit, RunEvent, TaskEnded } from '../engine/events.ts'
import { formatHosts } from './format.ts'

/**
 * Passes events on, except that changes of one task that follow each other become one event for all their hosts.
 * @param many whether the hosts of the current play are so many that they are worth it
 */
export function grouped(next: Emit, many: () => boolean): Emit {
  let held: TaskEnded[] = []

  function flush(): void {
    if (held.length > 0) next(merge(held))
    held = []
  }

  return (event: RunEvent) => {
    if (isSilent(event, held[0])) {
      next(event)
      return
    }
    const fits = event.type === 'task-ended' && event.status === 'changed' && event.item === undefined && event.diffs.length === 0 && many()
    if (!fits || (held[0] && held[0].task.id !== event.task.id)) flush()
    if (fits) held.push(event)
    else next(event)
  }
}

/** Tasks that begin, output and hosts with nothing to do show no line, so they do not break a group. */
function isSilent(event: RunEvent, held: TaskEnded | undefined): boolean {
  if (event.type === 'task-started' || event.type === 'output') return true
  return event.type === 'task-ended' && event.status === 'ok' && event.task.id === held?.task.id
}

/** What changed is kept where it was the same on all of them. */
function merge(events: readonly TaskEnded[]): TaskEnded {
  const [first] = events
  const same = events.every(({ changes }) => changes.join('\n') === first!.changes.join('\n'))
  return { ...first!, host: formatHosts(events.map(({ host }) => host)), changes: same ? first!.changes : [], result: {} }
}
