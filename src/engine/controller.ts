/** What modules may use of the machine plonerun runs on: files beside the playbook, templates, variables. */
import { existsSync, readFileSync } from 'node:fs'
import { isAbsolute, join, resolve } from 'node:path'
import { homedir } from 'node:os'
import { PlonerunError } from '../errors/plonerun-error.ts'
import type { Controller } from '../modules/contract/module.ts'
import { Secret } from '../values/secret.ts'
import { NotKnown, Unknown } from '../values/unknown.ts'
import type { Dict } from '../values/value.ts'
import { viewWith, evaluate, type TaskView } from './task-view.ts'

const EMPTY: Dict = new Map()
const VAULT_HEADER = '$ANSIBLE_VAULT;'

export function createController(view: TaskView, diff: boolean): Controller {
  const { place, task, context } = view
  const { run } = place
  const readFile = (file: string, { decrypt = true } = {}): Buffer => {
    const bytes = readFileSync(file)
    if (!decrypt || bytes.subarray(0, VAULT_HEADER.length).toString('latin1') !== VAULT_HEADER) return bytes
    return Buffer.from(run.decrypt(bytes.toString('utf8'), file))
  }
  return {
    diff,
    position: task.position,
    findFile: (kind, name) => findFile(kind, name, context.searchPath, view),
    readFile,
    render(file, { extra, ...options }) {
      const rendered = run.templating.render(readFile(file).toString('utf8'), file, viewWith(view, extra ?? EMPTY).scope, context, options)
      if (rendered instanceof Unknown) throw new NotKnown(rendered)
      return rendered instanceof Secret ? { text: rendered.reveal(), secret: true } : { text: rendered, secret: false }
    },
    variable(name) {
      const value = view.scope.lookup(name)
      return value === undefined ? undefined : evaluate(view, value)
    },
  }
}

/** Ansible's order: for each folder of the search path its subfolder of that kind, then the folder itself. */
function findFile(kind: string, name: string, searchPath: readonly string[], { task }: TaskView): string {
  const expanded = name.startsWith('~/') ? join(homedir(), name.slice(2)) : name
  const candidates = isAbsolute(expanded) ? [expanded] : searchPath.flatMap((folder) => [resolve(folder, kind, expanded), resolve(folder, expanded)])
  const found = candidates.find((candidate) => existsSync(candidate))
  if (found !== undefined) return found
  throw new PlonerunError(`there is no ${kind === 'templates' ? 'template' : 'file'} '${name}'`, {
    kind: 'task',
    where: task.modulePosition,
    why: `Looked for\n${[...new Set(candidates)].map((candidate) => `  ${candidate}`).join('\n')}`,
  })
}
