/** Checks templates, and keeps the names of the variables that they read. */
import type { Condition } from '../../load/tree/keywords.ts'
import type { Templating, Written } from '../../template/templating.ts'
import { Template } from '../../values/template.ts'
import type { Value } from '../../values/value.ts'

/** All methods give the template files that what they check takes in, and throw a PlonerunError for what is wrong. */
export interface References {
  /** The variables that anything checked so far reads. */
  readonly names: Set<string>
  check(written: Written): ReadonlySet<string>
  /** All templates within a value. */
  checkAll(value: Value): ReadonlySet<string>
  checkCondition(condition: Condition): ReadonlySet<string>
}

const NONE: ReadonlySet<string> = new Set()

export function createReferences(templating: Templating): References {
  const names = new Set<string>()
  const known = new Map<Template, ReadonlySet<string>>()

  const check = (written: Written): ReadonlySet<string> => {
    const found = templating.check(written)
    for (const name of found.names) names.add(name)
    return found.templates
  }
  const checkAll = (value: Value): ReadonlySet<string> => {
    if (value instanceof Template) {
      const templates = known.get(value) ?? check(value)
      known.set(value, templates)
      return templates
    }
    const items = Array.isArray(value) ? (value as readonly Value[]) : value instanceof Map ? [...value.values()] : []
    return items.length === 0 ? NONE : new Set(items.flatMap((item) => [...checkAll(item)]))
  }
  return {
    names,
    check,
    checkAll,
    checkCondition: ({ expression, position }) => (typeof expression === 'string' ? check({ expression, position }) : expression instanceof Template ? checkAll(expression) : NONE),
  }
}
