/** What can be known to be wrong before any host is touched: modules, parameters, templates, files, variables. */
import { PlonerunError } from '../../errors/plonerun-error.ts'
import { formatPosition, type Position } from '../../errors/position.ts'
import type { Inventory } from '../../load/inventory/types.ts'
import type { Loader } from '../../load/loader.ts'
import type { Play, Playbook } from '../../load/tree/play.ts'
import type { Role } from '../../load/tree/role.ts'
import type { Module } from '../../modules/contract/module.ts'
import type { Templating } from '../../template/templating.ts'
import type { Dict } from '../../values/value.ts'
import type { Modules } from '../context.ts'
import { findFile } from '../find-file.ts'
import { warnOfReservedInPlay } from '../reserved-names.ts'
import { searchPath } from '../search-path.ts'
import { isOthers, reachOf, statementsOf, type Reached } from './reached.ts'
import { createReferences, type References } from './references.ts'
import { checkTask, moduleOf } from './task-checks.ts'
import { checkTemplateFile, findTemplateFile, templateFilesOf } from './template-files.ts'
import { definitionsOf, hasLocalHosts } from './variables.ts'

export interface Validation {
  readonly modules: Modules
  readonly templating: Templating
  readonly loader: Loader
  readonly inventory: Inventory
  readonly extraVars: Dict
  readonly limit?: string | undefined
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
  const { tasks, roles } = reachOf(plays, validation.loader, validation.templating)
  const references = createReferences(validation.templating)
  const filesMayCome = worksHere(plays, tasks, validation)
  for (const reached of tasks) {
    if (reached.broken === undefined) checkReached(reached, { ...validation, references, filesMayCome })
    else judgeInclude(reached, reached.broken, filesMayCome, validation)
  }
  checkVariables(plays, roles, references, validation)
}

interface Checks extends Validation {
  readonly references: References
  /** Whether tasks may make files on this machine that others take from it. */
  readonly filesMayCome: boolean
}

function checkReached({ play, task, conditional }: Reached, checks: Checks): void {
  const { modules, templating, references, filesMayCome, decrypt, warn } = checks
  const passable = conditional && isOthers(play, task.role)
  let module: Module | undefined
  // A misspelt name was an error when the task was read; what is left are modules that plonerun does not have.
  judge(true, task.modulePosition, warn, () => (module = moduleOf(task, modules)))
  let taken: ReadonlySet<string> = new Set()
  judge(passable, task.modulePosition, warn, () => (taken = checkTask(task, module, references)))
  const rendered = module === undefined ? [] : templateFilesOf(task, module, templating)
  const path = searchPath(play, task)
  for (const { name, syntax } of [...[...taken].map((each) => ({ name: each, syntax: {} })), ...rendered]) {
    const file = findTemplateFile(name, path)
    if (file !== undefined) judge(isOthers(play, task.role), task.modulePosition, warn, () => checkTemplateFile(file, syntax, path, references, decrypt))
    else if (!taken.has(name) && !conditional && !filesMayCome) findFile('templates', name, { searchPath: path }, task)
  }
}

/** What an include names need not be there where only the run decides if it comes to that, and not yet where tasks make files. */
function judgeInclude({ play, task, conditional }: Reached, error: PlonerunError, filesMayCome: boolean, { warn }: Validation): void {
  const isMissing = error.where !== undefined && formatPosition(error.where) === formatPosition(task.modulePosition)
  if (isMissing && filesMayCome) return
  judge(conditional && (isMissing || isOthers(play, task.role)), task.modulePosition, warn, () => { throw error })
}

function checkVariables(plays: readonly Play[], roles: Iterable<Role>, references: References, validation: Validation): void {
  const definitions = definitionsOf(plays, roles, validation)
  // Nobody names those that say how a host is reached.
  for (const name of definitions.keys()) if (name.startsWith('ansible_')) references.names.add(name)
  // Grows while it is gone through: variables read others.
  for (const name of references.names)
    for (const { value, role } of definitions.get(name) ?? [])
      judge(plays.every((play) => isOthers(play, role)), plays[0]!.position, validation.warn, () => references.checkAll(value))
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

/** Whether a task works on this machine: it may make the files that others take from it. */
function worksHere(plays: readonly Play[], tasks: readonly Reached[], validation: Validation): boolean {
  return tasks.some(({ task }) => task.delegateTo !== undefined || task.connection !== undefined) || plays.some((play) => play.keywords.connection !== undefined || hasLocalHosts(play, validation))
}
