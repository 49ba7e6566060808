/** How keywords of a play, role, import or block reach what stands inside. */
import type { Fields } from './fields.ts'
import { Template } from '../values/template.ts'
import type { Value } from '../values/value.ts'
import { Overruling, type Keywords } from './tree/keywords.ts'

export const NO_KEYWORDS: Keywords = { when: [], tags: [], vars: new Map(), environment: [], moduleDefaults: [], collections: [] }

/** Of these the innermost is taken. */
const INNERMOST = [
  'anyErrorsFatal',
  'become',
  'becomeExe',
  'becomeFlags',
  'becomeMethod',
  'becomeUser',
  'checkMode',
  'collections',
  'connection',
  'debugger',
  'delegateFacts',
  'delegateTo',
  'diff',
  'ignoreErrors',
  'ignoreUnreachable',
  'noLog',
  'notify',
  'port',
  'remoteUser',
  'runOnce',
  'throttle',
  'timeout',
] as const satisfies readonly (keyof Keywords & keyof Fields)[]

/** The keywords that hold for something with these fields, inside of what has the outer ones. */
export function inherit(outer: Keywords, fields: Fields): Keywords {
  return {
    ...outer,
    ...overruled(outer, pick(fields, INNERMOST)),
    when: [...outer.when, ...(fields.when ?? [])],
    tags: [...new Set([...outer.tags, ...(fields.tags ?? [])])],
    vars: fields.vars === undefined ? outer.vars : new Map([...outer.vars, ...fields.vars]),
    environment: [...outer.environment, ...(fields.environment ?? [])],
    moduleDefaults: [...outer.moduleDefaults, ...(fields.moduleDefaults ?? [])],
  }
}

function overruled(outer: Keywords, inner: Pick<Fields, (typeof INNERMOST)[number]>): typeof inner {
  const overruling = Object.entries(inner).map(([key, value]) => {
    const beyond = outer[key as (typeof INNERMOST)[number]]
    return [key, value instanceof Template && beyond !== undefined ? new Overruling(value, beyond as Value) : value]
  })
  return Object.fromEntries(overruling) as typeof inner
}

/** What a task has as keywords, for what an import in its place brings. */
export function keywordsOf({ when, tags, vars, environment, moduleDefaults, collections, ...task }: Keywords): Keywords {
  return { ...pick(task, INNERMOST.filter((key) => key !== 'collections')), when, tags, vars, environment, moduleDefaults, collections }
}

/** Only these properties, and of them only those that are there. */
export function pick<T extends object, K extends keyof T>(source: T, keys: readonly K[]): Pick<T, K> {
  return Object.fromEntries(keys.filter((key) => source[key] !== undefined).map((key) => [key, source[key]])) as Pick<T, K>
}
