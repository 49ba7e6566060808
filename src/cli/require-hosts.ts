/** Host patterns are checked before the run: a misspelt one must not look like work that was done. */
import { PlonerunError } from '../errors/plonerun-error.ts'
import { limitHosts, selectHosts, type Selection } from '../load/inventory/patterns.ts'
import type { Play, Playbook } from '../load/tree/play.ts'
import { str } from '../values/print.ts'
import { Template } from '../values/template.ts'
import { isList } from '../values/tuple.ts'
import type { Value } from '../values/value.ts'
import { scopeOf } from '../vars/scope.ts'
import type { Project } from './project.ts'

/**
 * One play without hosts is no mistake, since a playbook may know groups that an inventory does not have.
 * @throws PlonerunError when no play has any, and for a part of --limit that matches nothing
 */
export function requireHosts(project: Project, playbooks: readonly Playbook[], limit: string | undefined): void {
  const { inventory } = project
  if (limit !== undefined) refuse(limitHosts(inventory, [], limit), 'no host matches --limit')
  const plays = playbooks.flatMap((playbook) => playbook.plays)
  // What a template gives may depend on what the run finds out.
  if (plays.some(({ hosts }) => hosts.some((text) => text instanceof Template))) return
  const selections = plays.map((play) => ({ play, ...selectHosts(inventory, [patternOf(play, project)]) }))
  if (selections.some(({ hosts }) => hosts.length > 0)) return
  for (const selection of selections) refuse(selection, 'no host matches', selection.play)
}

/** The hosts of a play as one pattern, evaluated with what is known before a run. */
export function patternOf(play: Play, { templating, extraVars }: Project): string {
  const scope = scopeOf([extraVars, play.vars])
  return play.hosts.map((text) => patternText(templating.resolve(text, scope, { basedir: process.cwd(), searchPath: [] }))).join(',')
}

function patternText(value: Value): string {
  return isList(value) ? value.map(str).join(',') : str(value)
}

function refuse({ unmatched: [missed] }: Pick<Selection, 'unmatched'>, what: string, play?: Play): void {
  if (!missed) return
  throw new PlonerunError(`${what} '${missed.pattern}'`, { where: play?.position, hint: missed.suggestion === undefined ? '`plonerun inventory -i ...` shows the hosts and groups' : `did you mean '${missed.suggestion}'?` })
}
