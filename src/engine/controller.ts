/** What modules may use of the machine plonerun runs on: files beside the playbook, templates, variables. */
import { readFileSync } from 'node:fs'
import type { Controller } from '../modules/contract/module.ts'
import { Secret } from '../values/secret.ts'
import { NotKnown, Unknown } from '../values/unknown.ts'
import { isVault } from '../values/vault-text.ts'
import type { Dict } from '../values/value.ts'
import { findFile } from './find-file.ts'
import { namedPython } from './named-python.ts'
import { viewWith, evaluate, type TaskView } from './task-view.ts'

const EMPTY: Dict = new Map()

export function createController(view: TaskView, diff: boolean): Controller {
  const { place, task, context } = view
  const { run } = place
  const readFile = (file: string, { decrypt = true } = {}): Buffer => {
    const bytes = readFileSync(file)
    if (!decrypt || !isVault(bytes)) return bytes
    return Buffer.from(run.decrypt(bytes.toString('utf8'), file))
  }
  return {
    diff,
    position: task.position,
    findFile: (kind, name) => findFile(kind, name, context, task),
    readFile,
    readVars: (file) => run.loader.loadVarsFileNow(file),
    render(file, { extra, ...options }) {
      const rendered = run.templating.render(readFile(file).toString('utf8'), file, viewWith(view, extra ?? EMPTY).scope, context, options)
      if (rendered instanceof Unknown) throw new NotKnown(rendered)
      return rendered instanceof Secret ? { text: rendered.reveal(), secret: true } : { text: rendered, secret: false }
    },
    python: () => namedPython(view),
    variable(name) {
      const value = view.scope.lookup(name)
      return value === undefined ? undefined : evaluate(view, value)
    },
  }
}
