/** Typed fields of a mapping that a person writes: what each may hold, its default, and one line that explains it. */
import { didYouMean } from '../errors/suggest.ts'
import { PlonerunError } from '../errors/plonerun-error.ts'
import { Float } from '../values/float.ts'
import { floatText, repr, str } from '../values/print.ts'
import { Secret } from '../values/secret.ts'
import type { Dict, Value } from '../values/value.ts'
import { placed, placeOf } from './place.ts'

export interface Field<T> {
  /** For documentation: `whole number`, `list of texts`. */
  readonly type: string
  readonly doc: string
  readonly required: boolean
  readonly fallback?: T
  readonly choices?: readonly string[]
  /** Of a mapping: its own fields. */
  readonly fields?: Fields
  /** Of a list, or a mapping with names that the person chooses: what each entry may hold. */
  readonly item?: Field<unknown>
  /** Limits, as JSON Schema says them. */
  readonly limits?: Readonly<Record<string, string | number>>
  /** The typed value. Throws a PlonerunError that starts with `path`. */
  parse(value: Value, path: string): T
}

export type Fields = Readonly<Record<string, Field<unknown>>>

/** The typed mapping that a set of fields gives. */
export type Typed<F extends Fields> = { readonly [K in keyof F]: F[K] extends Field<infer T> ? T : never }

/**
 * Reads a mapping by its fields, filling in defaults; null counts as not given.
 * Throws a PlonerunError for an unknown key, a missing one and a value of the wrong type, with its position when it came from a file.
 * @param path how to name the mapping in an error: `site 'demo'`
 */
export function readFields<F extends Fields>(dict: Dict, fields: F, path: string): Typed<F> {
  for (const key of dict.keys()) {
    if (typeof key === 'string' && Object.hasOwn(fields, key)) continue
    const hint = typeof key === 'string' ? didYouMean(key, Object.keys(fields)) : undefined
    throw new PlonerunError(`${path} has no key ${repr(key)}`, { ...placeOf(dict, key), ...(hint !== undefined && { hint }) })
  }
  const typed = Object.entries(fields).map(([key, field]) => [key, readField(dict, key, field, path)])
  return Object.fromEntries(typed) as Typed<F>
}

function readField(dict: Dict, key: string, field: Field<unknown>, path: string): unknown {
  const value = dict.get(key) ?? null
  if (value !== null) return placed(dict, key, () => field.parse(value, `${path}: ${key}`))
  if (field.required) throw new PlonerunError(`${path} needs a ${key}`, { ...placeOf(dict), why: field.doc })
  return field.fallback !== undefined || field.fields === undefined ? field.fallback : readFields(new Map(), field.fields, `${path}: ${key}`)
}

/** How to name an entry of `sites:` in an error. */
export function pathOf(site: Dict, index: number): string {
  const name = site.get('name')
  return typeof name === 'string' ? `site '${name}'` : `sites[${index}]`
}

/** The error of a value that is not what its field takes. */
export function expected(what: string, value: Value, path: string): PlonerunError {
  const given = value instanceof Map ? 'a mapping' : Array.isArray(value) ? 'a list' : value instanceof Secret ? 'a secret' : repr(value)
  return new PlonerunError(`${path}: expected ${what}, got ${given}`)
}

/** Options that most fields take: a default, a pattern the text must match. */
interface TextOptions {
  readonly pattern?: RegExp
  /** What the pattern stands for, as an error says it. */
  readonly like?: string
}

/** A text; a number is taken as it was written. */
export function text(doc: string, { pattern, like = 'a text' }: TextOptions = {}): Field<string | undefined> {
  return {
    type: 'text',
    doc,
    required: false,
    // JSON Schema has no flags.
    ...(pattern?.flags === '' && { limits: { pattern: pattern.source } }),
    parse(value, path) {
      const given = typeof value === 'number' || value instanceof Float ? floatOrInteger(value) : value
      if (typeof given !== 'string' || pattern?.test(given) === false) throw expected(like, value, path)
      return given
    },
  }
}

/** A text that is never shown. */
export function secret(doc: string, options?: TextOptions): Field<string | Secret | undefined> {
  const revealed = text(doc, options)
  return { ...revealed, type: 'secret', parse: (value, path) => (value instanceof Secret ? value : revealed.parse(value, path)) }
}

/** A whole number within limits, both included. */
export function integer(doc: string, { min = 0, max = Number.MAX_SAFE_INTEGER }: { readonly min?: number; readonly max?: number } = {}): Field<number | undefined> {
  const range = max === Number.MAX_SAFE_INTEGER ? `of at least ${min}` : `from ${min} to ${max}`
  return {
    type: 'whole number',
    doc,
    required: false,
    limits: { minimum: min, maximum: max },
    parse(value, path) {
      const number = typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value
      if (typeof number !== 'number' || !Number.isInteger(number) || number < min || number > max) throw expected(`a whole number ${range}`, value, path)
      return number
    },
  }
}

/** Seconds, with a fraction if need be. */
export function seconds(doc: string): Field<number | undefined> {
  return {
    type: 'seconds',
    doc,
    required: false,
    parse(value, path) {
      const number = value instanceof Float ? value.value : value
      if (typeof number !== 'number' || number <= 0) throw expected('a number of seconds', value, path)
      return number
    },
  }
}

/** A time of the day as HH:MM; empty for never. YAML reads 14:30 as a number to the base of sixty, and never may be written as no. */
export function clock(doc: string): Field<string | undefined> {
  return {
    type: 'time of day',
    doc: `${doc} \`never\`: not at all.`,
    required: false,
    parse(value, path) {
      if (value === 'never' || value === false) return ''
      const text = typeof value === 'number' && Number.isInteger(value) ? `${Math.floor(value / 60)}:${String(value % 60).padStart(2, '0')}` : value
      const [, hour, minute] = typeof text === 'string' ? (/^(\d?\d):([0-5]\d)$/.exec(text) ?? []) : []
      if (hour === undefined || Number(hour) > 23) throw expected('a time such as 04:00', value, path)
      return `${hour.padStart(2, '0')}:${minute!}`
    },
  }
}

/** Yes or no. */
export function flag(doc: string): Field<boolean | undefined> {
  return {
    type: 'yes or no',
    doc,
    required: false,
    parse(value, path) {
      if (typeof value !== 'boolean') throw expected('yes or no', value, path)
      return value
    },
  }
}

/** One of a few words. YAML reads on, off, yes and no as booleans, so these may be words too. */
export function oneOf<const Choice extends string>(choices: readonly Choice[], doc: string): Field<Choice | undefined> {
  return {
    type: choices.join(', '),
    doc,
    required: false,
    choices,
    parse(value, path) {
      const spelt: readonly Value[] = typeof value === 'boolean' ? (value ? ['on', 'yes'] : ['off', 'no']) : [value]
      const found = choices.find((choice) => spelt.includes(choice))
      if (found !== undefined) return found
      const error = expected(`one of ${choices.join(', ')}`, value, path)
      const hint = typeof value === 'string' ? didYouMean(value, choices) : undefined
      throw hint === undefined ? error : new PlonerunError(error.message, { hint })
    },
  }
}

/** A list; a single value is a list of one. */
export function list<T>(item: Field<T>): Field<readonly NonNullable<T>[]> {
  return {
    type: `list (${item.type})`,
    doc: item.doc,
    required: false,
    fallback: [],
    ...(item.choices && { choices: item.choices }),
    ...(item.fields && { fields: item.fields }),
    item,
    parse: (value, path) =>
      Array.isArray(value) ? value.map((each, index) => placed(value, index, () => item.parse(each, path) as NonNullable<T>)) : [item.parse(value, path) as NonNullable<T>],
  }
}

/** A mapping with any keys and values, taken as it is. */
export function anything(doc: string): Field<Dict> {
  return {
    type: 'mapping',
    doc,
    required: false,
    fallback: new Map(),
    parse(value, path) {
      if (!(value instanceof Map)) throw expected('a mapping', value, path)
      return value
    },
  }
}

/** A mapping with names that the person chooses and values of one kind. */
export function mapOf<T>(name: Required<TextOptions>, item: Field<T>, doc: string): Field<ReadonlyMap<string, NonNullable<T>>> {
  return {
    type: `mapping (${item.type})`,
    doc,
    required: false,
    ...(item.fields && { fields: item.fields }),
    item,
    fallback: new Map(),
    parse(value, path) {
      if (!(value instanceof Map)) throw expected('a mapping', value, path)
      return new Map([...value].map(([key, each]) => placed(value, key, () => [text(doc, name).parse(key, path)!, item.parse(each ?? '', `${path}: ${str(key)}`) as NonNullable<T>])))
    },
  }
}

/** A mapping with fields of its own. */
export function mapping<F extends Fields>(doc: string, fields: F): Field<Typed<F>> {
  return {
    type: 'mapping',
    doc,
    required: false,
    fields,
    parse(value, path) {
      if (!(value instanceof Map)) throw expected('a mapping', value, path)
      return readFields(value, fields, path)
    },
  }
}

/** The field must be given. */
export function required<T>(field: Field<T>): Field<NonNullable<T>> {
  return { ...(field as Field<NonNullable<T>>), required: true }
}

/** The field's value when it is not given. */
export function defaulting<T>(field: Field<T>, fallback: NonNullable<T>): Field<NonNullable<T>> {
  return { ...(field as Field<NonNullable<T>>), fallback }
}

/** 6.0 and not 6, as a version in YAML without quotes was meant. */
function floatOrInteger(value: number | Float): string {
  return value instanceof Float ? floatText(value.value) : String(value)
}
