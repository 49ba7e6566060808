/** Reads the keywords of a mapping into typed fields; what does not fit is an error with its place. */
import { PlonerunError } from '../errors/plonerun-error.ts'
import type { Position } from '../errors/position.ts'
import { didYouMean } from '../errors/suggest.ts'
import { Float } from '../values/float.ts'
import { isNumeric } from '../values/number.ts'
import { str } from '../values/print.ts'
import { asBool, typeName } from '../values/python.ts'
import { hasTemplateMarks, Template } from '../values/template.ts'
import type { Dict, Value } from '../values/value.ts'
import { KEYWORDS, keywordAt, keywordsAt, type Keyword, type KeywordType, type Place } from './keywords.ts'
import { NOWHERE, positionOf, valuePositionOf } from '../values/positions.ts'
import type { Condition, Count, Flag, Text } from './tree/keywords.ts'
import { checkVariableNames } from './variable-name.ts'

/** What each type of keyword gives. */
interface Typed {
  text: Text
  flag: Flag
  count: Count
  percent: Count
  name: string
  texts: readonly Text[]
  names: readonly string[]
  tags: readonly Text[]
  conditions: readonly Condition[]
  vars: Dict
  environment: readonly (Dict | Template)[]
  module_defaults: readonly Dict[]
  serial: readonly (string | number | Template)[]
  value: Value
}

type Camel<S extends string> = S extends `${infer Head}_${infer Tail}` ? `${Head}${Capitalize<Camel<Tail>>}` : S

/** The keywords that were written, by their names in camel case. One that is empty (null) counts as not written, unless it takes anything. */
export type Fields = { readonly [K in Keyword as Camel<K>]?: Typed[(typeof KEYWORDS)[K]['type']] }

/**
 * Reads the keywords of a mapping.
 * @param other says which other keys are in order (modules, with_ loops, role parameters); they are left out
 */
export function readFields(source: Dict, place: Place, other: (key: string) => boolean = () => false): Fields {
  const fields: Record<string, unknown> = {}
  for (const [key, value] of source) {
    const name = str(key)
    const spec = typeof key === 'string' ? keywordAt(place, key) : undefined
    if (spec === undefined) {
      if (other(name)) continue
      throw unknownKeyword(source, key, place)
    }
    if (value === null && spec.type !== 'value') continue
    const field: Field = { keyword: name, source, position: valuePositionOf(source, key) }
    fields[name.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase())] = READERS[spec.type](value, field)
  }
  return fields
}

/** The error for a key that means nothing at that place. */
export function unknownKeyword(source: Dict, key: Value, place: Place): PlonerunError {
  const name = str(key)
  const elsewhere = Object.hasOwn(KEYWORDS, name) ? KEYWORDS[name as Keyword].places.map((other) => SUBJECTS[other]) : []
  const inPlay = place === 'play' ? 'modules are called in tasks, which go under tasks:' : undefined
  const hint = elsewhere.length > 0 ? `it can stand in ${elsewhere.join(', ')}` : (didYouMean(name, keywordsAt(place)) ?? inPlay)
  return new PlonerunError(`'${name}' is not a valid attribute for ${SUBJECTS[place]}`, { where: positionOf(source, key), hint })
}

const SUBJECTS: Readonly<Record<Place, string>> = {
  play: 'a Play',
  role: 'a role entry',
  block: 'a Block',
  task: 'a Task',
  handler: 'a Handler',
  loop_control: 'loop_control',
  vars_prompt: 'vars_prompt',
  import_playbook: 'import_playbook',
}

interface Field {
  readonly keyword: string
  readonly source: Dict
  readonly position: Position | undefined
}

const READERS: { readonly [T in KeywordType]: (value: Value, field: Field) => Typed[T] } = {
  text,
  flag(value, field) {
    const known = value instanceof Template ? value : asBool(value)
    if (known !== undefined) return known
    // Whoever lets the task fail is told when its turn comes.
    return typeof value === 'string' && field.source.has('ignore_errors') ? new Template(value, field.position ?? NOWHERE) : wrong(field, 'yes or no', value)
  },
  count,
  percent: (value, field) => count(typeof value === 'string' ? value.replace(/%$/, '') : value, field),
  name(value, field) {
    if (typeof value !== 'string') throw new PlonerunError(`Invalid variable name in '${field.keyword}': ${describe(value)}`, { where: field.position })
    const name = value
    checkVariableNames([name], () => field.position)
    return name
  },
  texts: (value, field) => listOf(value, field, text),
  // As Ansible has it, nothing is evaluated here: braces are part of the name.
  names: (value, field) => listOf(value, field, (item, at) => (item instanceof Template ? item.source : plainText(item, at))),
  // The tags of a list are whole, commas and all.
  tags: (value, field) => (typeof value === 'string' ? splitTags(value) : listOf(value, field, text)),
  conditions: (value, field) => listOf(value, field, condition),
  vars(value, field) {
    const dict = value instanceof Map ? value : wrong(field, 'a mapping of variables', value)
    checkVariableNames(dict.keys(), (name) => positionOf(dict, name))
    return dict
  },
  environment: (value, field) => listOf(value, field, (item, at) => (item instanceof Map || item instanceof Template ? item : wrong(at, 'a mapping of variables', item))),
  module_defaults: (value, field) => listOf(value, field, (item, at) => (item instanceof Map ? item : wrong(at, 'a mapping of modules', item))),
  serial: (value, field) => listOf(value, field, (item, at) => (item instanceof Template ? item : isBatchSize(item) ? item : wrong(at, 'a number or a percentage', item))),
  value: (value) => value,
}

function text(value: Value, field: Field): Text {
  return value instanceof Template ? value : plainText(value, field)
}

function plainText(value: Value, field: Field): string {
  return typeof value === 'string' || typeof value === 'boolean' || isNumeric(value) ? str(value) : wrong(field, 'a text', value)
}

function count(value: Value, field: Field): Count {
  if (value instanceof Template || typeof value === 'number') return value
  if (value instanceof Float) return value.value
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : NaN
  return Number.isNaN(number) ? wrong(field, 'a number', value) : number
}

function condition(value: Value, field: Field): Condition {
  const position = field.position ?? NOWHERE
  if (value instanceof Template) return { expression: value, position }
  if (typeof value === 'boolean') return { expression: value, position }
  if (value === null || value === '') return { expression: true, position }
  return { expression: typeof value === 'string' || isNumeric(value) ? str(value) : wrong(field, 'an expression', value), position }
}

/** A size that `serial` takes: a number of hosts, or a percentage of them. */
export function isBatchSize(value: Value): value is string | number {
  return typeof value === 'number' || (typeof value === 'string' && /^\s*-?\d+(\.\d+)?\s*%?\s*$/.test(value))
}

function splitTags(tags: string): string[] {
  return tags.split(',').map((tag) => tag.trim())
}

/** A list, or a single value that stands for a list of one. */
function listOf<T>(value: Value, field: Field, read: (item: Value, field: Field) => T): readonly T[] {
  if (!Array.isArray(value)) return [read(value, field)]
  const items: readonly Value[] = value
  return items.map((item, index) => read(item, { ...field, position: valuePositionOf(value, index) ?? field.position }))
}

function wrong(field: Field, wanted: string, value: Value): never {
  throw new PlonerunError(`'${field.keyword}' takes ${wanted}, not ${describe(value)}`, { where: field.position })
}

/** How an error names a value: `the text 'abc'`, `a list`. */
export function describe(value: Value): string {
  if (typeof value === 'string') return hasTemplateMarks(value) || value.length > 60 ? 'a text' : `the text '${value}'`
  if (value instanceof Template) return 'a template'
  if (value === null) return 'nothing'
  if (value instanceof Map) return 'a mapping'
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'boolean' || isNumeric(value)) return str(value)
  return `a value of type ${typeName(value)}`
}
