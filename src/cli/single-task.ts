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

export interface SingleTask {
  readonly module: string
  /** As on the command line: `k=v` words, the free form, or a mapping in JSON or YAML. */
  readonly args: string
  /** Seconds. */
  readonly taskTimeout?: number | undefined
  /** Seconds that it may go on in the background. */
  readonly background?: number | undefined
  /** Seconds between looks at what is in the background; 0 does not wait. */
  readonly poll?: number | undefined
}

/**
 * A play over the pattern with the one task.
 * @param folder that roles, files and modules of the person's own are beside
 */
export function singleTask(loader: Pick<Loader, 'loadPlays'>, pattern: string, { module, args, taskTimeout, background, poll }: SingleTask, folder = '.'): Playbook {
  const file = resolve(folder, NAME)
  const task = new Map<Value, Value>([[module, argumentsOf(args)]])
  for (const [key, value] of Object.entries({ timeout: taskTimeout, async: background, poll })) if (value !== undefined) task.set(key, value)
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
