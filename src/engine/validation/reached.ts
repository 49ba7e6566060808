/**
 * The tasks that a run may come to, as far as the files say: those of the plays, and what includes bring whose names are written out.
 * What the roles of others include on a condition is left to its turn: most of it is for other systems.
 */
import { dirname, join } from 'node:path'
import { PlonerunError } from '../../errors/plonerun-error.ts'
import { formatPosition } from '../../errors/position.ts'
import type { Loader } from '../../load/loader.ts'
import type { Included, Play } from '../../load/tree/play.ts'
import type { Role } from '../../load/tree/role.ts'
import type { Statement, Task } from '../../load/tree/task.ts'
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
}

export function reachOf(plays: readonly Play[], loader: Loader, templating: Templating): Reach {
  const tasks: Reached[] = []
  const roles = new Set<Role>(plays.flatMap((play) => play.roles))
  /** Where includes stand that have been followed: files may include themselves, and a role may be used a hundred times. */
  const followed = new Set<string>()

  const visit = (play: Play, statements: readonly Statement[], within: boolean): void => {
    for (const task of statements.flatMap(tasksIn)) {
      const lenient = mayFail(task)
      // What an include brings is not let fail with it.
      if (lenient && !isInclude(task)) continue
      const conditional = within || task.when.length > 0 || task.loop !== undefined || task.tags.includes('never')
      const place = formatPosition(task.modulePosition)
      const follows = isInclude(task) && !followed.has(place) && !(conditional && isOthers(play, task.role))
      followed.add(place)
      try {
        for (const { tasks: brought, handlers, roles: others } of follows ? included(play, task) : []) {
          for (const role of others) roles.add(role)
          visit(play, [...brought, ...handlers], conditional)
        }
        tasks.push({ play, task, conditional })
      } catch (error) {
        if (!(error instanceof PlonerunError)) throw error
        if (!lenient) tasks.push({ play, task, conditional, broken: error })
      }
    }
  }

  const included = (play: Play, task: Task): readonly Included[] =>
    writtenOut(task, templating).flatMap((read) => {
      try {
        return loadIncluded(loader, play, task, requestOf(task, read))
      } catch (error) {
        if (error instanceof Pending) return []
        throw error
      }
    })

  for (const play of plays) visit(play, statementsOf(play), false)
  return { tasks, roles }
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

/** Whoever lets a task fail, or says himself when it has, is told at its turn. */
function mayFail({ ignoreErrors, failedWhen }: Task): boolean {
  return (ignoreErrors !== undefined && ignoreErrors !== false) || failedWhen !== undefined
}
