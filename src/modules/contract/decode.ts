/** From the arguments of a task to the typed input of a module; every mistake is one error at its place. */
import { PlonerunError } from '../../errors/plonerun-error.ts'
import type { Position } from '../../errors/position.ts'
import { suggest } from '../../errors/suggest.ts'
import { isDict } from '../../values/dict.ts'
import { Secret } from '../../values/secret.ts'
import { isList } from '../../values/tuple.ts'
import { Template } from '../../values/template.ts'
import { Undefined } from '../../values/undefined.ts'
import { Unknown } from '../../values/unknown.ts'
import type { Dict, Value } from '../../values/value.ts'
import { shortName, type Module, type Rules } from './module.ts'
import type { Input, Option, Options } from './option.ts'

/** Gives the place of an argument, or of the module's call without a key. */
export type Locate = (key?: string) => Position

/** Options that every module takes, whatever it declares: Ansible hands them from one of its parts to another. */
const UNIVERSAL = new Set(['_raw_params', '_uses_shell', '_diff_peek', '_original_basename'])

/**
 * Checks the names of arguments without their values, before any host is touched.
 * @throws PlonerunError for a name the module does not have
 */
export function checkArgumentNames(module: Module, names: Iterable<string>, locate: Locate): void {
  if (module.shape === 'action' && module.open === true) return
  const known = optionNames(module.options)
  for (const name of names) {
    if (known.has(name) || UNIVERSAL.has(name)) continue
    const similar = suggest(name, known.keys())
    throw new PlonerunError(`Unsupported parameters for (${shortName(module.name)}) module: ${name}`, {
      where: locate(name),
      hint: similar === undefined ? `It has: ${Object.keys(module.options).sort().join(', ')}.` : `Did you mean '${similar}'?`,
    })
  }
}

/**
 * Checks the values of arguments that hold no template, before any host is touched.
 * @throws PlonerunError for a value of the wrong type
 */
export function checkLiteralArguments(module: Module, args: Dict, locate: Locate): void {
  const known = optionNames(module.options)
  for (const [key, value] of args) {
    const name = typeof key === 'string' ? known.get(key) : undefined
    if (name === undefined || value === null || holdsTemplate(value)) continue
    parseOption(module, name, module.options[name]!, value, () => locate(key as string))
  }
}

/** Whether a template is anywhere within a value. */
export function holdsTemplate(value: Value): boolean {
  if (isList(value)) return value.some(holdsTemplate)
  if (isDict(value)) return [...value.values()].some(holdsTemplate)
  return value instanceof Template
}

export interface Decoded {
  readonly input: Record<string, unknown>
  /** Arguments beyond the declared options (set_fact). */
  readonly rest: Dict
  /** Texts that must not be shown: values of secret options and Secret values anywhere in the arguments. */
  readonly secrets: readonly string[]
  /** Set when an argument is Unknown (check mode): the task cannot be decided. */
  readonly unknown?: Unknown
}

/**
 * Decodes evaluated arguments.
 * @throws PlonerunError for an unknown, missing, misspelt or ill-typed argument, or a broken rule
 */
export function decodeArguments(module: Module, given: Dict, locate: Locate): Decoded {
  const known = optionNames(module.options)
  const input: Record<string, unknown> = {}
  const rest: Dict = new Map()
  const secrets: string[] = []
  let unknown: Unknown | undefined
  for (const [key, value] of given) {
    if (typeof key !== 'string') {
      if (module.shape !== 'action' || module.open !== true) throw new PlonerunError(`${module.name}: parameter names are texts`, { where: locate() })
      rest.set(key, value)
      continue
    }
    collectSecrets(value, secrets)
    const found = findUnknown(value)
    if (found !== undefined) unknown ??= found
    const name = known.get(key)
    if (name === undefined) {
      if (module.shape === 'action' && module.open === true) rest.set(key, value)
      else checkArgumentNames(module, [key], locate)
      continue
    }
    const option = module.options[name]!
    if ((value === null && option.nullable !== true) || found !== undefined) continue
    if (option.secret && (typeof value === 'string' || typeof value === 'number')) secrets.push(String(value))
    input[name] = parseOption(module, name, option, value, () => locate(key))
  }
  if (unknown === undefined) {
    checkExclusion(module.rules, input, locate)
    const missing = Object.entries(module.options).filter(([name, option]) => option.required && option.fallback === undefined && input[name] === undefined)
    if (missing.length > 0)
      throw new PlonerunError(`missing required arguments: ${missing.map(([name]) => name).join(', ')}`, { where: locate(), hint: missing.map(([name, { doc }]) => `${name}: ${doc}`).join('\n') })
    for (const [name, option] of Object.entries(module.options)) if (option.fallback !== undefined) input[name] ??= option.fallback
    checkRules(module.rules, input, locate)
  }
  return { input, rest, secrets: secrets.filter((text) => text !== ''), ...(unknown && { unknown }) }
}

/**
 * Some options of a module as its arguments say them outright, before anything is evaluated.
 * @returns undefined where a template gives one of them
 * @throws PlonerunError for a value of the wrong type
 */
export function literalInput<O extends Options>(options: O, args: Dict): Input<O> | undefined {
  const given = Object.entries(options).map(([name, option]) => [name, option, [name, ...option.aliases].map((each) => args.get(each) ?? null).find((value) => value !== null)] as const)
  if (given.some(([, , value]) => value !== undefined && holdsTemplate(value))) return undefined
  return Object.fromEntries(given.map(([name, option, value]) => [name, value === undefined ? option.fallback : option.parse(value)])) as Input<O>
}

function optionNames(options: Options): Map<string, string> {
  const names = new Map<string, string>()
  for (const [name, { aliases }] of Object.entries(options)) for (const each of [name, ...aliases]) names.set(each, name)
  return names
}

function parseOption(module: Module, name: string, option: Option<unknown>, value: Value, where: () => Position): unknown {
  if (value instanceof Undefined) throw new PlonerunError(value.hint, { where: value.position ?? where() })
  try {
    return option.parse(value)
  } catch (error) {
    if (!(error instanceof PlonerunError)) throw error
    throw new PlonerunError(`${module.name}: parameter '${name}': ${error.message}`, { where: where(), ...(error.hint !== undefined && { hint: error.hint }) })
  }
}

/** What the person gave, without the values that options have by themselves. */
function checkExclusion(rules: Rules | undefined, given: Readonly<Record<string, unknown>>, locate: Locate): void {
  for (const names of rules?.mutuallyExclusive ?? []) {
    const both = names.filter((name) => given[name] !== undefined)
    if (both.length > 1) throw new PlonerunError(`parameters are mutually exclusive: ${both.join('|')}`, { where: locate() })
  }
}

function checkRules(rules: Rules | undefined, input: Readonly<Record<string, unknown>>, locate: Locate): void {
  const given = (name: string): boolean => input[name] !== undefined
  const fail = (message: string): never => {
    throw new PlonerunError(message, { where: locate() })
  }
  for (const names of rules?.requiredOneOf ?? []) if (!names.some(given)) fail(`one of the following is required: ${names.join(', ')}`)
  for (const names of rules?.requiredTogether ?? [])
    if (names.some(given) && !names.every(given)) fail(`parameters are required together: ${names.join(', ')}`)
  for (const [option, value, then] of rules?.requiredIf ?? []) {
    const missing = input[option] === value ? then.filter((name) => !given(name)) : []
    if (missing.length > 0) fail(`${option} is ${String(value)} but all of the following are missing: ${missing.join(', ')}`)
  }
}

/** The first Unknown within a value. */
export function findUnknown(value: Value): Unknown | undefined {
  if (value instanceof Unknown) return value
  if (isList(value)) for (const item of value) { const found = findUnknown(item); if (found) return found }
  if (isDict(value)) for (const item of value.values()) { const found = findUnknown(item); if (found) return found }
  return undefined
}

/** The texts of all secrets within a value. */
export function collectSecrets(value: Value, into: string[]): void {
  if (value instanceof Secret) into.push(value.reveal())
  else if (isList(value)) for (const item of value) collectSecrets(item, into)
  else if (isDict(value)) for (const item of value.values()) collectSecrets(item, into)
}
