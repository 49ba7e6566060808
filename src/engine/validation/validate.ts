/** What can be known to be wrong before any host is touched: modules, parameters, templates, files, variables. */
import { PlonerunError } from '../../errors/plonerun-error.ts'
import { formatPosition, type Position } from '../../errors/position.ts'
import type { Inventory } from '../../load/inventory/types.ts'
import type { Loader } from '../../load/loader.ts'
import { NotTasks } from '../../load/task-file.ts'
import type { Play, Playbook } from '../../load/tree/play.ts'
import type { Role } from '../../load/tree/role.ts'
import { shortName, type Module } from '../../modules/contract/module.ts'
import type { Templating } from '../../template/templating.ts'
import type { Dict } from '../../values/value.ts'
import type { Modules, PlayDefaults } from '../context.ts'
import { findFile } from '../find-file.ts'
import { warnOfReservedInPlay } from '../reserved-names.ts'
import { searchPath } from '../search-path.ts'
import { missingHandlers } from './handlers.ts'
import { includedVars } from './included-vars.ts'
import { createPlayHosts, type PlayHosts } from './play-hosts.ts'
import { isOthers, reachOf, statementsOf, type Reached } from './reached.ts'
import { createReferences, type References } from './references.ts'
import { checkTask, moduleOf, sentFile } from './task-checks.ts'
import { checkTemplateFile, findTemplateFile, templateFilesOf } from './template-files.ts'
import { definitionsOf, rolesVars, type RoleVars } from './variables.ts'

export interface Validation {
  readonly modules: Modules
  readonly templating: Templating
  readonly loader: Loader
  readonly inventory: Inventory
  readonly extraVars: Dict
  readonly limit?: string | undefined
  readonly defaults?: Pick<PlayDefaults, 'missingHandlers'>
  readonly decrypt: (content: string, file: string) => string
  /** Modules that Ansible has and plonerun lacks, and mistakes that need not be reached: named now, an error only when their task is reached. Misleading names, too. */
  readonly warn: (message: string, where: Position) => void
}

/**
 * Checks everything that the files say outright.
 * @throws PlonerunError for the first mistake
 */
export function validate(playbooks: readonly Playbook[], validation: Validation): void {
  const plays = playbooks.flatMap((playbook) => playbook.plays)
  for (const play of plays) warnOfReservedInPlay(play, statementsOf(play), validation.warn)
  const reach = reachOf(plays, validation.loader, validation.templating)
  const { tasks, roles } = reach
  const hosts = createPlayHosts(validation)
  const checks: Checks = { ...validation, hosts, references: createReferences(validation.templating), filesMayCome: worksHere(plays, tasks, hosts), included: [] }
  for (const reached of tasks) {
    if (reached.broken === undefined) checkReached(reached, checks)
    else judgeInclude(reached, reached.broken, checks)
  }
  checkVariables(plays, roles, checks)
  // Ansible's error comes when a task changes something, and in most runs none does.
  for (const { name, where } of validation.defaults?.missingHandlers === true ? [] : missingHandlers(reach)) validation.warn(`there is no handler '${name}': tasks that notify it fail`, where)
}

interface Checks extends Validation {
  readonly hosts: PlayHosts
  readonly references: References
  /** Whether tasks may make files on this machine that others take from it. */
  readonly filesMayCome: boolean
  /** What tasks read from files of variables. */
  readonly included: RoleVars[]
}

function checkReached(reached: Reached, checks: Checks): void {
  const { play, task, conditional } = reached
  const { modules, templating, references, filesMayCome, decrypt, warn } = checks
  const passable = conditional && isOthers(play, task.role)
  let module: Module | undefined
  // A misspelt name was an error when the task was read; what is left are modules that plonerun does not have.
  judge(true, task.modulePosition, warn, () => (module = moduleOf(task, modules)))
  let taken: ReadonlySet<string> = new Set()
  judge(passable, task.modulePosition, warn, () => (taken = checkTask(task, module, references)))
  judge(passable, task.modulePosition, warn, () => checks.included.push(...includedVars(reached, checks).map((vars) => ({ vars, role: task.role }))))
  const rendered = module === undefined ? [] : templateFilesOf(task, module, templating)
  const path = searchPath(play, task)
  for (const { name, syntax } of [...[...taken].map((each) => ({ name: each, syntax: {} })), ...rendered]) {
    const file = findTemplateFile(name, path)
    if (file !== undefined) judge(isOthers(play, task.role), task.modulePosition, warn, () => checkTemplateFile(file, syntax, path, references, decrypt))
    else if (!taken.has(name) && !conditional && !filesMayCome) findFile('templates', name, { searchPath: path }, task)
  }
  const sent = conditional || filesMayCome ? undefined : sentFile(task, module)
  if (sent !== undefined) findFile('files', sent, { searchPath: path }, task)
}

/**
 * What an include names need not be there where only the run decides if it comes to that, and not yet where tasks make files.
 * A file of something else is wrong when it is included: authors have such, and never come there.
 */
function judgeInclude({ play, task, conditional }: Reached, error: PlonerunError, { filesMayCome, warn }: Checks): void {
  const isMissing = error.where !== undefined && formatPosition(error.where) === formatPosition(task.modulePosition)
  if (isMissing && filesMayCome) return
  judge(error instanceof NotTasks || (conditional && (isMissing || isOthers(play, task.role))), task.modulePosition, warn, () => { throw error })
}

function checkVariables(plays: readonly Play[], roles: Iterable<Role>, checks: Checks): void {
  const { references, included, warn } = checks
  const definitions = definitionsOf(plays, [...included, ...rolesVars(roles)], checks)
  // Nobody names those that say how a host is reached.
  for (const name of definitions.keys()) if (name.startsWith('ansible_')) references.names.add(name)
  // Grows while it is gone through: variables read others.
  for (const name of references.names)
    for (const { value, role } of definitions.get(name) ?? [])
      judge(plays.every((play) => isOthers(play, role)), plays[0]!.position, warn, () => references.checkAll(value))
}

/** @param passable whether a run may get by without coming to what is wrong */
function judge(passable: boolean, where: Position, warn: Validation['warn'], check: () => unknown): void {
  try {
    check()
  } catch (error) {
    if (!(error instanceof PlonerunError) || !passable) throw error
    warn(`${error.message}: tasks that reach it fail`, error.where ?? where)
  }
}

/** Whether a task works on this machine, or brings files to it: others may take them from there. */
function worksHere(plays: readonly Play[], tasks: readonly Reached[], hosts: PlayHosts): boolean {
  return tasks.some(({ task }) => task.delegateTo !== undefined || task.connection !== undefined || ['fetch', 'synchronize'].includes(shortName(task.module))) || plays.some((play) => play.keywords.connection !== undefined || hosts(play).mayBeLocal)
}
