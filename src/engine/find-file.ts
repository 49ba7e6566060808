/** Finds what a task names on the controller: its templates, files, vars and tasks. */
import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { isAbsolute, join, resolve } from 'node:path'
import { PlonerunError } from '../errors/plonerun-error.ts'
import type { Task } from '../load/tree/task.ts'
import { expectLater } from '../template/files.ts'
import type { TemplateContext } from '../template/templating.ts'

/**
 * Ansible's order: for each folder of the search path its subfolder of that kind, then the folder itself.
 * @throws PlonerunError that lists where it looked; NotKnown where an earlier task would make the file in a real run
 */
export function findFile(kind: 'files' | 'templates' | 'tasks' | 'vars', name: string, context: Pick<TemplateContext, 'searchPath' | 'mayAppear'>, task: Pick<Task, 'modulePosition'>): string {
  const expanded = name.startsWith('~/') ? join(homedir(), name.slice(2)) : name
  const candidates = isAbsolute(expanded) ? [expanded] : context.searchPath.flatMap((folder) => [resolve(folder, kind, expanded), resolve(folder, expanded)])
  const found = candidates.find((candidate) => existsSync(candidate))
  if (found !== undefined) return found
  expectLater(name, candidates, context)
  throw new PlonerunError(`there is no ${kind === 'templates' ? 'template' : 'file'} '${name}'`, {
    where: task.modulePosition,
    why: `looked for\n${[...new Set(candidates)].map((candidate) => `  ${candidate}`).join('\n')}`,
  })
}
