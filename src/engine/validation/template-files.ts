/** The template files that tasks name outright: whether they are there, and what is in them. */
import { readFileSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Task } from '../../load/tree/task.ts'
import type { Module, RenderRequest } from '../../modules/contract/module.ts'
import { findFile as findTemplate } from '../../template/files.ts'
import type { Templating } from '../../template/templating.ts'
import { isVault } from '../../values/vault-text.ts'
import type { References } from './references.ts'
import { textsWrittenOut } from './written-out.ts'

/** A template file, and how it is written. */
export interface TemplateFile {
  readonly name: string
  readonly syntax: RenderRequest
}

/** Those that a task renders. */
export function templateFilesOf(task: Task, module: Module, templating: Templating): readonly TemplateFile[] {
  const { renders } = module
  const [source, syntax] = [renders && task.args.get(renders.option), renders?.syntax(task.args)]
  if (source === undefined || syntax === undefined) return []
  return textsWrittenOut(task, source, templating).map((name) => ({ name, syntax }))
}

export function findTemplateFile(name: string, searchPath: readonly string[]): string | undefined {
  const file = findTemplate(name, { basedir: searchPath.at(-1)!, searchPath }, 'templates')
  return file !== undefined && statSync(file).isFile() ? file : undefined
}

/**
 * Checks a template file and those that it takes in, as far as they are there.
 * @throws PlonerunError for what is wrong in one of them
 */
export function checkTemplateFile(file: string, options: RenderRequest, searchPath: readonly string[], references: References, decrypt: (content: string, file: string) => string): void {
  const seen = new Set<string>()
  const check = (path: string, syntax: RenderRequest): void => {
    if (seen.has(path)) return
    seen.add(path)
    const bytes = readFileSync(path)
    const text = isVault(bytes) ? decrypt(bytes.toString('utf8'), path) : bytes.toString('utf8')
    for (const name of references.check({ text, file: path, options: syntax })) {
      const taken = findTemplateFile(name, [...searchPath, dirname(path)])
      // As they are parsed where they are taken in.
      if (taken !== undefined) check(taken, {})
    }
  }
  check(file, options)
}
