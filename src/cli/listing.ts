/** --list-tasks, --list-tags, --list-hosts and --syntax-check: playbooks that are read and not run. */
import { relative } from 'node:path'
import { PlonerunError } from '../errors/plonerun-error.ts'
import { areSelected } from '../engine/selection.ts'
import { validate } from '../engine/validation/validate.ts'
import { chosenHosts } from '../load/inventory/patterns.ts'
import type { Play, Playbook } from '../load/tree/play.ts'
import type { Statement, Task } from '../load/tree/task.ts'
import type { Text } from '../load/tree/keywords.ts'
import { str } from '../values/print.ts'
import { Template } from '../values/template.ts'
import { isList } from '../values/tuple.ts'
import type { Dict } from '../values/value.ts'
import { scopeOf } from '../vars/scope.ts'
import type { Outcome } from './exit-codes.ts'
import { openProject, type Project } from './project.ts'
import { patternOf } from './require-hosts.ts'
import { runOptions, runSession } from './session.ts'
import type { SessionOptions } from './session-options.ts'
import { withSettings } from './settings.ts'
import { tellWarning } from './tell-error.ts'

interface ListingOptions extends SessionOptions {
  readonly syntaxCheck?: boolean
  readonly listTasks?: boolean
  readonly listTags?: boolean
  readonly listHosts?: boolean
}

/** Runs the playbooks, unless the options ask only to look at them. */
export async function runOrList(options: ListingOptions, choose: (project: Project) => readonly Playbook[]): Promise<Outcome> {
  const { syntaxCheck, listTasks, listTags, listHosts } = options
  if (!syntaxCheck && !listTasks && !listTags && !listHosts) return runSession(options, choose)
  const project = await openProject(withSettings(options, tellWarning), tellWarning)
  const playbooks = choose(project)
  validate(playbooks, { ...project, warn: (message, position) => tellWarning({ message, position }) })
  for (const playbook of playbooks) process.stdout.write(listing(playbook, project, options))
  return 'ok'
}

/** The hosts that a pattern and the limit choose, as ansible lists them. */
export async function listHosts(pattern: string, options: SessionOptions): Promise<Outcome> {
  const project = await openProject(withSettings(options, tellWarning), tellWarning)
  const hosts = chosenHosts(project.inventory, [pattern], runOptions(project, options).limit)
  process.stdout.write([`  hosts (${hosts.length}):`, ...hosts.map((host) => `    ${host}`), ''].join('\n'))
  return 'ok'
}

/** What a playbook holds, laid out as ansible-playbook does it. */
export function listing({ file, plays }: Playbook, project: Project, options: ListingOptions): string {
  const { tags, skipTags, limit } = runOptions(project, options)
  const lines = plays.flatMap((play, index) => {
    const pattern = patternOf(play, project)
    const tagsOf = ({ tags: written, vars, role }: Pick<Task, 'tags' | 'vars' | 'role'>): string[] => [...new Set(written.flatMap((tag) => tagWords(tag, [project.extraVars, vars, play.vars, role?.vars, role?.defaults], project)))]
    // Who asks which tags there are wants those of tasks, too, that only run when they are asked for.
    const asked = options.listTags && tags.length === 0 ? ['all', 'never'] : tags
    const tasks = tasksIn(play).filter((task) => areSelected(new Set(tagsOf(task)), asked, skipTags))
    const ownTags = tagsOf({ ...play.keywords, vars: new Map() })
    return [
      `  play #${index + 1} (${pattern}): ${play.name === undefined ? pattern : textOf(play.name)}\tTAGS: [${ownTags.join(',')}]`,
      ...(options.listHosts ? hostLines(pattern, limit, project) : []),
      ...(options.listTasks ? ['    tasks:', ...tasks.map((task) => `      ${titleOf(task)}\tTAGS: [${tagsOf(task).sort().join(', ')}]`)] : []),
      ...(options.listTags ? [`      TASK TAGS: [${[...new Set(tasks.flatMap(tagsOf))].sort().join(', ')}]`] : []),
      ...(options.listHosts || options.listTasks || options.listTags ? [''] : []),
    ]
  })
  const shown = options.listHosts || options.listTasks || options.listTags
  return ['', `playbook: ${relative(process.cwd(), file)}`, ...(shown ? ['', ...lines] : []), ''].join('\n')
}

function hostLines(pattern: string, limit: string | undefined, project: Project): string[] {
  const hosts = chosenHosts(project.inventory, [pattern], limit)
  return [`    pattern: ['${pattern}']`, `    hosts (${hosts.length}):`, ...hosts.map((host) => `      ${host}`)]
}

function tasksIn({ preTasks, roleTasks, tasks, postTasks }: Play): Task[] {
  return [...preTasks, ...roleTasks, ...tasks, ...postTasks].flatMap(tasksOf).filter((task) => !task.implicit)
}

function tasksOf(statement: Statement): Task[] {
  return statement.kind === 'block' ? [...statement.block, ...statement.rescue, ...statement.always].flatMap(tasksOf) : [statement]
}

/** The tags that a text gives with the variables of its play. One that needs a host is shown as it is written. */
function tagWords(tag: Text, layers: readonly (Dict | undefined)[], { templating }: Project): string[] {
  if (!(tag instanceof Template)) return [tag]
  try {
    const value = templating.resolve(tag, scopeOf(layers), { basedir: process.cwd(), searchPath: [] })
    return isList(value) ? value.map(str) : str(value).split(',').map((word) => word.trim())
  } catch (error) {
    if (!(error instanceof PlonerunError)) throw error
    return [tag.source]
  }
}

function titleOf({ name, module, role }: Task): string {
  const title = name === undefined ? module : textOf(name)
  return role ? `${role.name} : ${title}` : title
}

/** What cannot be evaluated without a host is shown as it is written. */
function textOf(text: Text): string {
  return text instanceof Template ? text.source : text
}
