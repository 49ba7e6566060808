/** A playbook of one task, for commands that run a module without one. */
import { resolve } from 'node:path'
import { PlonerunError } from '../errors/plonerun-error.ts'
import type { Loader } from '../load/loader.ts'
import type { Playbook } from '../load/tree/play.ts'
import { parseYaml } from '../load/yaml.ts'
import { shortName } from '../modules/contract/module.ts'
import { hasTemplateMarks, Template } from '../values/template.ts'
import type { Value } from '../values/value.ts'

const NAME = '--args'

/**
 * A play over the pattern with the one task.
 * @param args as on the command line: `k=v` words, the free form, or a mapping in JSON or YAML
 * @param folder that roles, files and modules of the person's own are beside
 */
export function singleTask(loader: Pick<Loader, 'loadPlays'>, pattern: string, module: string, args: string, folder = '.'): Playbook {
  const file = resolve(folder, NAME)
  const task = new Map<Value, Value>([[module, argumentsOf(args)]])
  const play = new Map<Value, Value>([
    ['name', shortName(module)],
    ['hosts', pattern],
    ['gather_facts', true],
    ['tasks', [task]],
  ])
  return { file, plays: loader.loadPlays([play], file) }
}

function argumentsOf(args: string): Value {
  if (!args.trimStart().startsWith('{') || args.trimStart().startsWith('{{')) return hasTemplateMarks(args) ? new Template(args, { file: NAME, line: 1, column: 1 }) : args
  const value = parseYaml(args, NAME)
  if (value instanceof Map) return value
  throw new PlonerunError(`--args wants k=v, a free form or a mapping, not '${args}'`)
}
