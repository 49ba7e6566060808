/** Filters, tests, functions, methods and lookups have one shape: named parameters and a function of them. */
import { PlonerunError } from '../../errors/plonerun-error.ts'
import { didYouMean } from '../../errors/suggest.ts'
import type { Dict, Scope, Value } from '../../values/value.ts'
import type { TemplateContext } from '../context.ts'
import type { HashRequest } from '../hashing/crypt.ts'
import type { SyntaxOptions } from '../syntax/parse.ts'
import type { Parameter } from './parameter.ts'

export type PluginKind = 'filter' | 'test' | 'lookup'

/** What a plugin can reach besides its arguments. */
export interface Environment {
  readonly scope: Scope
  readonly context: TemplateContext
  readonly filter: (name: string, value: Value, args: readonly Value[], kwargs?: ReadonlyMap<string, Value>) => Value
  readonly test: (name: string, value: Value, args: readonly Value[], kwargs?: ReadonlyMap<string, Value>) => Value
  readonly plugin: (kind: PluginKind, name: string) => Plugin
  readonly hasPlugin: (kind: PluginKind, name: string) => boolean
  readonly lookup: (name: string, terms: readonly Value[], kwargs: ReadonlyMap<string, Value>) => Value[]
  /** `value[key]` as templates evaluate it, with attributes as the fallback. */
  readonly item: (value: Value, key: Value) => Value
  /** A variable of the scope, or undefined. */
  readonly variable: (name: string) => Value | undefined
  /** The value with its own template evaluated, if it is one; those inside it stay. */
  readonly shallow: (value: Value) => Value
  /** The value with every template leaf evaluated. */
  readonly resolve: (value: Value) => Value
  /** What a template file gives with the current variables and these in addition: a text, or the value of its only expression. */
  readonly render: (source: string, file: string, extra: ReadonlyMap<string, Value>, syntax: Partial<SyntaxOptions>) => Value
  /** Settings of ansible.cfg by Ansible's names. */
  readonly settings: Dict
  readonly warn: (message: string) => void
  /** Runs what must give the same value throughout a task only once. */
  readonly once: (key: string, make: () => Value) => Value
  /** Runs what gives another value at each use, but the same when the task is evaluated again. */
  readonly chance: (key: string, make: () => Value) => Value
  /** The hash of a password, which is computed once in a run. Throws Computing where that takes long and the caller can wait. */
  readonly hash: (request: HashRequest) => string
}

/** What may reach a plugin unchanged instead of being dealt with at the call. */
export interface Accepts {
  /** Undefined arguments (`true`), or for a filter lists and dicts that hold one (`inside`); otherwise the first of them is the result. */
  readonly undefined?: true | 'inside'
  /** Unknown arguments (`anywhere`), or lists and dicts that hold one (`inside`); otherwise the result is unknown. */
  readonly unknown?: 'anywhere' | 'inside'
  /** Template leaves inside its arguments; otherwise they are evaluated before. */
  readonly templates?: boolean
  /** Secrets; otherwise they are revealed, and strings made from them are secrets again. */
  readonly secrets?: boolean
}

type Parameters = Readonly<Record<string, Parameter<unknown>>>
type Arguments<P extends Parameters> = { readonly [K in keyof P]: P[K] extends Parameter<infer T> ? T : never }

export interface Plugin {
  readonly parameters: Parameters
  readonly accepts: Accepts
  run(args: Arguments<Parameters>, environment: Environment): Value
}

export type Plugins = Readonly<Record<string, Plugin>>

/** A plugin: its parameters in order (the first takes the value that a filter or test is applied to), and what it does. */
export function plugin<P extends Parameters>(parameters: P, run: (args: Arguments<P>, environment: Environment) => Value, accepts: Accepts = {}): Plugin {
  return { parameters, accepts, run }
}

/** Calls a plugin with arguments as a template wrote them. Raises Python's TypeError for arguments that do not fit. */
export function call(called: Plugin, name: string, positional: readonly Value[], kwargs: ReadonlyMap<string, Value>, environment: Environment): Value {
  const { parameters } = called
  const args: Record<string, unknown> = {}
  let index = 0
  let used = 0
  for (const key of Object.keys(parameters)) {
    const parameter = parameters[key]!
    if (parameter.kind === 'rest') {
      args[key] = positional.slice(index)
      index = positional.length
    } else if (parameter.kind === 'keywords') {
      args[key] = new Map([...kwargs].filter(([keyword]) => !(keyword in parameters)))
      used = kwargs.size
    } else if (index < positional.length) args[key] = parameter.convert(positional[index++]!, key)
    else if (kwargs.has(key)) {
      args[key] = parameter.convert(kwargs.get(key)!, key)
      used++
    } else if (parameter.fallback) args[key] = parameter.fallback.value
    else throw new PlonerunError(`${name}: the argument '${key}' is missing`)
  }
  if (index < positional.length) throw new PlonerunError(`${name}: takes at most ${index} arguments, got ${positional.length}`)
  if (used < kwargs.size) refuseKeyword(name, parameters, kwargs)
  return called.run(args, environment)
}

function refuseKeyword(name: string, parameters: Parameters, kwargs: ReadonlyMap<string, Value>): never {
  const names = Object.keys(parameters)
  const unknown = [...kwargs.keys()].find((keyword) => !names.includes(keyword))
  if (!unknown) throw new PlonerunError(`${name}: an argument is given twice`)
  const hint = didYouMean(unknown, names)
  throw new PlonerunError(`${name}: unknown argument '${unknown}'`, hint ? { hint } : {})
}
