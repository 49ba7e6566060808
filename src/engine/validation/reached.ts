/**
 * The tasks that a run may come to, as far as the files say: those of the plays, and what includes bring whose names are written out.
 * What the roles of others include on a condition is left to its turn: most of it is for other systems.
 */
import { dirname, join } from 'node:path'
import { PlonerunError } from '../../errors/plonerun-error.ts'
import { formatPosition } from '../../errors/position.ts'
import type { Loader } from '../../load/loader.ts'
import type { Play } from '../../load/tree/play.ts'
import type { Role } from '../../load/tree/role.ts'
import type { Handler, Statement, Task } from '../../load/tree/task.ts'
import type { Templating } from '../../template/templating.ts'
import { Pending } from '../../values/value.ts'
import { isInclude, loadIncluded, requestOf } from '../control.ts'
import { writtenOut } from './written-out.ts'

export interface Reached {
  readonly play: Play
  readonly task: Task
  /** Whether only the run decides if it comes to that: by a condition, a loop, or a tag that has to be asked for. */
  readonly conditional: boolean
  /** Of an include: why what it names cannot be read. */
  readonly broken?: PlonerunError
}

export interface Reach {
  readonly tasks: readonly Reached[]
  /** Those of the plays and those that includes bring. */
  readonly roles: ReadonlySet<Role>
  /** Those of each play; it is not among them where an include that cannot be read yet may bring more. */
  readonly handlers: ReadonlyMap<Play, readonly Handler[]>
}

export function reachOf(plays: readonly Play[], loader: Loader, templating: Templating): Reach {
  const tasks: Reached[] = []
  const roles = new Set<Role>(plays.flatMap((play) => play.roles))
  const handlers = new Map<Play, Handler[]>(plays.map((play) => [play, [...play.handlers]]))

  /** @param followed where includes stand that have been read: files may include themselves, and a role may be used a hundred times */
  const visit = (play: Play, statements: readonly Statement[], within: boolean, followed: Set<string>): void => {
    if (statements.some(hidesInclude)) handlers.delete(play)
    for (const task of statements.flatMap(tasksIn)) {
      const conditional = within || task.when.length > 0 || task.loop !== undefined || task.tags.includes('never')
      if (isInclude(task)) {
        const place = formatPosition(task.modulePosition)
        if (!followed.has(place)) follow(play, task, conditional, followed.add(place))
      }
      // What an include brings is not let fail with it.
      if (!mayFail(task)) tasks.push({ play, task, conditional })
    }
  }

  const follow = (play: Play, task: Task, conditional: boolean, followed: Set<string>): void => {
    const readers = conditional && isOthers(play, task.role) ? undefined : writtenOut(task, templating)
    if (readers === undefined) handlers.delete(play)
    for (const read of readers ?? [])
      try {
        const brought = loadIncluded(loader, play, task, requestOf(task, read))
        for (const role of brought.roles) roles.add(role)
        handlers.get(play)?.push(...brought.handlers)
        visit(play, [...brought.tasks, ...brought.handlers], conditional, followed)
      } catch (error) {
        handlers.delete(play)
        if (error instanceof Pending) continue
        if (!(error instanceof PlonerunError)) throw error
        if (!mayFail(task)) tasks.push({ play, task, conditional, broken: error })
      }
  }

  for (const play of plays) visit(play, statementsOf(play), false, new Set())
  return { tasks, roles, handlers }
}

/** Roles that others wrote carry branches that nobody takes here, and mistakes in them that their authors never met. One's own are in roles/ beside the playbook. */
export function isOthers({ file }: Play, role: Role | undefined): boolean {
  return role !== undefined && !role.path.startsWith(join(dirname(file), 'roles', '/'))
}

export function statementsOf({ preTasks, roleTasks, tasks, postTasks, handlers }: Play): readonly Statement[] {
  return [...preTasks, ...roleTasks, ...tasks, ...postTasks, ...handlers]
}

/** The tasks of a statement, without those whose failure a rescue is there for: they are judged at their turn. */
function tasksIn(statement: Statement): readonly Task[] {
  if (statement.kind !== 'block') return [statement]
  const { block, rescue, always } = statement
  return [...(rescue.length > 0 ? [] : block), ...rescue, ...always].flatMap(tasksIn)
}

/** Whether something is included where a rescue keeps it from being looked at. */
function hidesInclude(statement: Statement): boolean {
  if (statement.kind !== 'block') return false
  const { block, rescue, always } = statement
  return (rescue.length > 0 && block.flatMap(tasksIn).some(isInclude)) || [...block, ...rescue, ...always].some(hidesInclude)
}

/** Whoever lets a task fail, or says himself when it has, is told at its turn. */
function mayFail({ ignoreErrors, failedWhen }: Task): boolean {
  return (ignoreErrors !== undefined && ignoreErrors !== false) || failedWhen !== undefined
}
