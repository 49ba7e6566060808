/** Where the files that a task names are looked for: in its roles, beside its task file, beside the playbook. */
import { dirname } from 'node:path'
import type { Play } from '../load/tree/play.ts'
import type { Role } from '../load/tree/role.ts'
import type { Task } from '../load/tree/task.ts'

/** Folders that files and templates named relatively are looked for in, the most specific first. */
export function searchPath({ file }: Pick<Play, 'file'>, task: Task | undefined): readonly string[] {
  const files = task?.enclosure.files.map((path) => dirname(path)) ?? []
  return [...new Set([...roleLine(task?.role).map(({ path }) => path), ...files, dirname(file)])]
}

/** The role and those it was brought by, the innermost first. */
export function roleLine(role: Role | undefined): readonly Role[] {
  return role ? [role, ...[...role.parents].reverse()] : []
}
