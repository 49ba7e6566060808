/** `plonerun eval`: what a template gives. */
import { text as readAll } from 'node:stream/consumers'
import { hasTemplateMarks, Template } from '../../values/template.ts'
import type { Value } from '../../values/value.ts'
import type { RunCommand } from '../command-info.ts'
import { hostScope } from '../host-scope.ts'
import { openProject, type ProjectOptions } from '../project.ts'
import { withSettings } from '../settings.ts'
import { tellWarning } from '../tell-error.ts'
import { valueJson } from '../value-json.ts'

export const run: RunCommand = async ([given], options) => {
  const { host = 'localhost', ...rest }: ProjectOptions & { readonly host?: string } = options
  const template = given === '-' ? await readAll(process.stdin) : String(given)
  const project = await openProject(withSettings(rest, tellWarning), tellWarning)
  const { scope, context } = hostScope(project, host)
  // Without marks it is a text like any other.
  const value: Value = hasTemplateMarks(template) ? new Template(template, { file: '(template)', line: 1, column: 1 }) : template
  process.stdout.write(`${valueJson(project.templating.resolve(value, scope, context))}\n`)
  return 'ok'
}
