/** Which tasks a host walks by without a word: not selected by tags, or of a role that has run already. */
import type { Task } from '../load/tree/task.ts'
import { str } from '../values/print.ts'
import { evaluate, viewTask } from './task-view.ts'
import type { Place } from './place.ts'

export function passesSilently(place: Place, task: Task): boolean {
  const { role } = task
  if (task.kind === 'handler') return false
  if (role !== undefined && !role.allowDuplicates && place.host.rolesDone.has(role.key)) return true
  return !isSelected(place, task)
}

function isSelected(place: Place, task: Task): boolean {
  const { tags: only, skipTags } = place.run
  // The marks that nobody wrote keep handlers and roles in order whatever is selected.
  if (task.implicit && task.tags.length === 0) return true
  const tags = new Set(task.tags.flatMap((tag) => (typeof tag === 'string' ? [tag] : tagsOf(place, task, tag))))
  return areSelected(tags, only, skipTags)
}

/** Whether a task with these tags runs with --tags and --skip-tags as given. */
export function areSelected(tags: ReadonlySet<string>, only: readonly string[], skip: readonly string[]): boolean {
  return matches(only, tags) && !isSkipped(skip, tags)
}

function tagsOf(place: Place, task: Task, tag: Task['tags'][number]): string[] {
  const value = evaluate(viewTask(place, task, new Map()), tag)
  return Array.isArray(value) ? value.map(str) : str(value).split(',').map((each) => each.trim())
}

/** Ansible's rules: `always` runs unless skipped by name, `never` only when one of its tags is asked for. */
function matches(only: readonly string[], tags: ReadonlySet<string>): boolean {
  if (tags.has('always')) return true
  const asked = only.length === 0 ? ['all'] : only
  if (asked.some((tag) => tags.has(tag))) return true
  if (tags.has('never')) return false
  return asked.includes('all') || (asked.includes('tagged') && tags.size > 0) || (asked.includes('untagged') && tags.size === 0)
}

function isSkipped(skip: readonly string[], tags: ReadonlySet<string>): boolean {
  if (skip.some((tag) => tags.has(tag))) return true
  if (skip.includes('all')) return !(tags.has('always') && !skip.includes('always'))
  return (skip.includes('tagged') && tags.size > 0) || (skip.includes('untagged') && tags.size === 0)
}
