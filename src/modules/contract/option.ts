/** Options of a module: name, type, default, aliases and one line of documentation each; Ansible's coercions. */
import { PlonerunError } from '../../errors/plonerun-error.ts'
import { Float } from '../../values/float.ts'
import { str } from '../../values/print.ts'
import { Secret } from '../../values/secret.ts'
import { isList } from '../../values/tuple.ts'
import type { Dict, Value } from '../../values/value.ts'

export interface Option<T> {
  readonly type: string
  readonly doc: string
  readonly required: boolean
  readonly fallback?: T
  readonly aliases: readonly string[]
  readonly choices?: readonly string[]
  /** Its value is never shown, and counts as a secret in results. */
  readonly secret: boolean
  /** Not shown among the arguments of a call (-vvv): it is long, and may hold what nobody should read there. */
  readonly hidden: boolean
  /** Gets its value as written, Templates and all (assert's conditions, debug's var). */
  readonly unevaluated?: boolean
  /** None is a value like any other, and not the same as nothing given. */
  readonly nullable?: boolean
  /** The typed value, or an Error whose message says what was expected. Gets no null and no Undefined. */
  parse(value: Value): T
}

export type Options = Readonly<Record<string, Option<unknown>>>

/** The typed arguments that a set of options gives. */
export type Input<O extends Options> = { readonly [K in keyof O]: O[K] extends Option<infer T> ? T : never }

interface Extra {
  readonly aliases?: readonly string[]
  readonly secret?: boolean
  readonly hidden?: boolean
}

function option<T>(type: string, doc: string, parse: (value: Value) => T, { aliases = [], secret = false, hidden = false }: Extra = {}): Option<T | undefined> {
  return { type, doc, required: false, aliases, secret, hidden, parse }
}

/** A text; numbers and booleans become what Python prints for them. */
export const text = (doc: string, extra?: Extra): Option<string | undefined> => option('str', doc, parseText, extra)

/** A path on the host; `~` is expanded there. */
export const path = (doc: string, extra?: Extra): Option<string | undefined> => option('path', doc, parseText, extra)

/** A path on the host that may be empty, which is as if it were not given. */
export const pathIfAny = (doc: string, extra?: Extra): Option<string | undefined> => option('path', doc, (value) => parseText(value) || undefined, extra)

/** A whole number; a text of digits is taken too. */
export const integer = (doc: string, extra?: Extra): Option<number | undefined> =>
  option('int', doc, (value) => {
    const number = parseNumber(value)
    if (!Number.isInteger(number)) throw expected('a whole number', value)
    return number
  }, extra)

/** A number. */
export const number = (doc: string, extra?: Extra): Option<number | undefined> => option('float', doc, parseNumber, extra)

/** A boolean; yes, no, on, off, true, false, 1, 0 and their texts, as Ansible takes them. */
export const flag = (doc: string, extra?: Extra): Option<boolean | undefined> => option('bool', doc, parseFlag, extra)

/** One of a few words. */
export function oneOf<const Choice extends string>(choices: readonly Choice[], doc: string, extra?: Extra): Option<Choice | undefined> {
  return {
    ...option('str', doc, (value) => {
      // YAML 1.1 reads yes/no/on/off as booleans, and some choices are spelt so.
      const spelt = typeof value === 'boolean' ? (value ? ['yes', 'on', 'true', 'True'] : ['no', 'off', 'false', 'False']) : [parseText(value)]
      const found = choices.find((choice) => spelt.includes(choice))
      if (found === undefined) throw expected(`one of ${choices.join(', ')}`, value)
      return found
    }, extra),
    choices,
  }
}

/** A list; a text with commas is split, any other single value is a list of one. */
export function list<T>(item: Option<T>, doc: string, extra?: Extra): Option<readonly NonNullable<T>[] | undefined> {
  return option(`list of ${item.type}`, doc, (value) => {
    const items = isList(value) ? value : typeof value === 'string' ? value.split(',').map((part) => part.trim()) : [value]
    return items.map((each) => item.parse(each) as NonNullable<T>)
  }, extra)
}

/** A dict with values of any type. */
export const dict = (doc: string, extra?: Extra): Option<Dict | undefined> =>
  option('dict', doc, (value) => {
    if (!(value instanceof Map)) throw expected('a mapping', value)
    return value
  }, extra)

/** A mapping with options of its own. */
export function record<O extends Options>(options: O, doc: string, extra?: Extra): Option<Input<O> | undefined> {
  return option('dict', doc, (value) => {
    if (!(value instanceof Map)) throw expected('a mapping', value)
    for (const key of value.keys()) if (!Object.values(options).some(({ aliases }, index) => key === Object.keys(options)[index] || aliases.includes(key as string))) throw new PlonerunError(`there is no '${str(key)}' in it`, { hint: `It has: ${Object.keys(options).join(', ')}.` })
    const fields = Object.entries(options).map(([name, each]): [string, unknown] => {
      const given = [name, ...each.aliases].map((key) => value.get(key) ?? null).find((found) => found !== null)
      if (given === undefined && each.required && each.fallback === undefined) throw new PlonerunError(`it needs '${name}'`, { hint: each.doc })
      return [name, given === undefined ? each.fallback : each.parse(given)]
    })
    return Object.fromEntries(fields) as Input<O>
  }, extra)
}

/** Any value, None too. */
export const anything = (doc: string, extra?: Extra): Option<Value | undefined> => ({ ...raw(doc, extra), nullable: true })

/** Any value, as it is. */
export const raw = (doc: string, extra?: Extra): Option<Value | undefined> => option('raw', doc, (value) => value, extra)

/** Expressions as written: texts are expressions without braces, Templates give their outcome. For ActionContext.condition and expression. */
export function expressions(doc: string, extra?: Extra): Option<readonly Value[] | undefined> {
  return { ...option('list of expressions', doc, (value) => (isList(value) ? value : [value]), extra), unevaluated: true }
}

/**
 * A file mode: the number 0644, a text of octal digits, or symbolic (`u=rwX,g=rX`), or `preserve`.
 * A number is taken as it is (YAML 1.1 reads 0644 as octal); a text of digits is octal.
 */
export const mode = (doc: string, extra?: Extra): Option<number | string | undefined> =>
  option('mode', doc, (value) => {
    if (typeof value === 'number') {
      if (value < 0 || value > 0o7777 || !Number.isInteger(value)) throw expected('a file mode such as 0644 or u=rw,g=r', value)
      return value
    }
    const given = parseText(value).trim()
    if (/^(0o)?[0-7]{1,5}$/.test(given)) return Number.parseInt(given.replace('0o', ''), 8)
    if (given !== 'preserve' && !MODE.test(given))
      throw expected('a file mode such as 0644 or u=rw,g=r', value)
    return given
  }, extra)

/** As Ansible has it, `a` stands alone where chmod takes it beside others. */
const MODE = /^(?:(?:[ugo]*|a)(?:[-+=][rwxXstugo]*)+(?:,(?!$)|$))+$/

/** The option must be given. */
export function required<T>(of: Option<T>): Option<NonNullable<T>> {
  return { ...(of as Option<NonNullable<T>>), required: true }
}

/** The option's value when it is not given. */
export function defaulting<T>(of: Option<T>, fallback: NonNullable<T>): Option<NonNullable<T>> {
  return { ...(of as Option<NonNullable<T>>), fallback }
}

/** Whether something is there: `present`, which is the default, or `absent`. */
export function presence(doc: string): Option<'present' | 'absent'> {
  return defaulting(oneOf(['present', 'absent'], doc), 'present')
}

/** A text as Python would print the scalar; lists and dicts are refused. */
/** A text, a number or a boolean as text. @throws PlonerunError for any other value */
export function parseText(value: Value): string {
  if (typeof value === 'string') return value
  if (value instanceof Secret) return value.reveal()
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  if (typeof value === 'number' || typeof value === 'bigint') return String(value)
  if (value instanceof Float) return value.value.toFixed(1)
  throw expected('a text', value)
}

function parseNumber(value: Value): number {
  if (typeof value === 'number') return value
  if (value instanceof Float) return value.value
  if (typeof value === 'boolean') return value ? 1 : 0
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : Number.NaN
  if (Number.isNaN(number)) throw expected('a number', value)
  return number
}

const TRUE = new Set(['yes', 'y', 'on', '1', 'true', 't'])
const FALSE = new Set(['no', 'n', 'off', '0', 'false', 'f'])

function parseFlag(value: Value): boolean {
  if (typeof value === 'boolean') return value
  const word = typeof value === 'string' ? value.trim().toLowerCase() : typeof value === 'number' ? String(value) : value instanceof Float ? String(value.value) : ''
  if (TRUE.has(word)) return true
  if (FALSE.has(word)) return false
  throw expected('a boolean', value)
}

function expected(what: string, value: Value): PlonerunError {
  return new PlonerunError(`expected ${what}, got ${describe(value)}`)
}

function describe(value: Value): string {
  if (value === null) return 'nothing'
  if (typeof value === 'string') return `the text '${value}'`
  if (value instanceof Map) return 'a mapping'
  if (isList(value)) return 'a list'
  if (value instanceof Secret) return 'a secret'
  return str(value)
}
