/** -e: variables of the command line. */
import { PlonerunError } from '../errors/plonerun-error.ts'
import { parseArgsText } from '../load/args-text.ts'
import type { Loader } from '../load/loader.ts'
import { parseYaml } from '../load/yaml.ts'
import { hasTemplateMarks, Template } from '../values/template.ts'
import type { Dict, Value } from '../values/value.ts'

/** Where these variables stand, for errors. */
const FILE = '--extra-vars'

/**
 * The variables of all uses of -e together, a later one winning.
 * Each is `@FILE`, JSON or YAML in brackets, or `k=v` words whose values are texts.
 */
export function parseExtraVars(given: readonly string[], loader: Pick<Loader, 'loadVarsFile'>): Dict {
  return new Map(given.flatMap((text) => [...parseOne(text.trim(), loader)]))
}

function parseOne(text: string, loader: Pick<Loader, 'loadVarsFile'>): Dict {
  if (text.startsWith('@')) return loader.loadVarsFile(text.slice(1))
  if (text.startsWith('{') || text.startsWith('[')) {
    const value = parseYaml(text, FILE)
    if (value instanceof Map) return value
    throw new PlonerunError(`--extra-vars wants variables, not a list: ${text}`)
  }
  return parseWords(text)
}

/** `a=1 b="two words"` as texts. */
export function parseWords(text: string, file = FILE): Dict {
  const { options, rest } = parseArgsText(text, undefined, { file, line: 1, column: 1 })
  if (rest.trim() !== '') throw new PlonerunError(`--extra-vars wants k=v, JSON, YAML or @FILE, not '${rest.trim()}'`)
  return new Map(options.map(({ name, value, offset }): [Value, Value] => [name, hasTemplateMarks(value) ? new Template(value, { file, line: 1, column: offset + 1 }) : value]))
}
