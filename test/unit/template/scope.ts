/** Variables, and places to stand at, for the tests of templates. */
import { fromPlain } from '../../../src/values/convert.ts'
import { hasTemplateMarks, Template } from '../../../src/values/template.ts'
import type { Plain, Scope, Value } from '../../../src/values/value.ts'
import type { TemplateContext } from '../../../src/template/context.ts'
import type { Position } from '../../../src/errors/position.ts'

export const here: Position = { file: 'play.yml', line: 10, column: 5 }
export const context: TemplateContext = { basedir: import.meta.dirname, searchPath: [] }

/** A template as it would stand in play.yml. */
export function template(source: string): Template {
  return new Template(source, here)
}

/** Variables as a vars file gives them: texts with template marks are templates of vars.yml. */
export function scopeOf(variables: Record<string, Plain>): Scope {
  const names = new Map(Object.entries(variables).map(([name, value]) => [name, withTemplates(fromPlain(value))]))
  return { lookup: (name) => names.get(name), names: () => names.keys() }
}

function withTemplates(value: Value): Value {
  if (typeof value === 'string') return hasTemplateMarks(value) ? new Template(value, { file: 'vars.yml', line: 1, column: 1 }) : value
  if (Array.isArray(value)) return (value).map(withTemplates)
  if (value instanceof Map) return new Map([...(value)].map(([key, item]) => [key, withTemplates(item)]))
  return value
}
