/** Makes the evaluation that one call into the template language is. */
import { dirname } from 'node:path'
import { PlonerunError } from '../errors/plonerun-error.ts'
import { formatPosition, type Position } from '../errors/position.ts'
import { undefinedError } from '../values/python.ts'
import { Template } from '../values/template.ts'
import { isList } from '../values/tuple.ts'
import { Undefined } from '../values/undefined.ts'
import { NotKnown, Unknown } from '../values/unknown.ts'
import { Pending, type Dict, type Scope, type Value } from '../values/value.ts'
import type { TemplateContext } from './context.ts'
import { item } from './evaluate/attributes.ts'
import { callFilter, callPlugin, callTest } from './evaluate/calls.ts'
import { CallableInstance } from './evaluate/callable.ts'
import { rootFrame, type Evaluation, type Source } from './evaluate/evaluation.ts'
import { evaluate } from './evaluate/expressions.ts'
import { joined, runBody } from './evaluate/output.ts'
import { deep, shallow, withTrailingNewlines } from './evaluate/resolve.ts'
import { runStatements } from './evaluate/statements.ts'
import { findFile, readText } from './files.ts'
import { constants, functions } from './globals.ts'
import type { HashRequest } from './hashing/crypt.ts'
import type { Plugin, PluginKind } from './plugins/plugin.ts'
import { positionOf, type SyntaxOptions } from './syntax/parse.ts'

/** What evaluations share: parsed templates, kept by their text, where warnings go, and what is not computed twice. */
export interface Language {
  parse(text: string, origin: Position, options?: Partial<SyntaxOptions>): Source
  warn(message: string, where?: Position): void
  /** The hash of a password; throws Computing while it is computed elsewhere, if the caller can wait. */
  hash(request: HashRequest): string
  /** What the lookup `config` tells. */
  readonly settings: Dict
  /** Throws a PlonerunError when there is none of that name. */
  plugin(kind: PluginKind, name: string): Plugin
}

/** A function of the names that are always there. */
class BuiltinFunction extends CallableInstance {
  override readonly typeName = 'function'
  readonly #plugin: Plugin
  readonly #name: string
  readonly #evaluation: Evaluation

  constructor(plugin: Plugin, name: string, evaluation: Evaluation) {
    super()
    this.#plugin = plugin
    this.#name = name
    this.#evaluation = evaluation
  }

  override call(args: readonly Value[], kwargs: ReadonlyMap<string, Value>): Value {
    return callPlugin(this.#plugin, this.#name, args, kwargs, this.#evaluation)
  }
}

const NO_KEYWORDS: ReadonlyMap<string, Value> = new Map()

/** An evaluation with its own memory; templates among the variables are evaluated once in it. */
export function startEvaluation(language: Language, scope: Scope, context: TemplateContext): Evaluation {
  const uses = new Map<string, number>()
  const evaluation: Evaluation = {
    scope,
    context,
    memo: new Map(),
    copies: new Map(),
    handedOver: new WeakSet(),
    running: [],
    at: undefined,
    evaluate,
    run: runStatements,
    output: runBody,
    plugin: (kind, name) => language.plugin(kind, name),
    global: (name) => constants.get(name) ?? (Object.hasOwn(functions, name) ? new BuiltinFunction(functions[name]!, name, evaluation) : undefined),
    load: (name, from) => {
      const file = findFile(name, { ...context, searchPath: [...context.searchPath, dirname(from.file)] }, 'templates')
      return file === undefined ? undefined : language.parse(readText(file, context), { file, line: 1, column: 1 })
    },
    parsed: ({ source, position }: Template) => language.parse(source, position, { rawStrings: true }),
    filter: (name, value, args, kwargs = NO_KEYWORDS) => callFilter(name, [value, ...args], kwargs, evaluation),
    test: (name, value, args, kwargs = NO_KEYWORDS) => callTest(name, [value, ...args], kwargs, evaluation),
    hasPlugin: (kind, name) => isFound(() => language.plugin(kind, name)),
    lookup: (name, terms, kwargs) => {
      const found = callPlugin(evaluation.plugin('lookup', name), name, [[...terms]], kwargs, evaluation)
      if (found instanceof Unknown) throw new NotKnown(found)
      if (found instanceof Undefined) throw undefinedError(found)
      return isList(found) ? found : [found]
    },
    item,
    variable: (name) => scope.lookup(name),
    shallow: (value) => shallow(value, evaluation),
    resolve: (value) => deep(value, evaluation),
    render: (text, file, extra, syntax) => withTrailingNewlines(renderSource(language.parse(text, { file, line: 1, column: 1 }, syntax), extra, evaluation, language), text.replaceAll('\r\n', '\n')),
    settings: language.settings,
    warn: (message) => language.warn(message, evaluation.at && positionOf(evaluation.at.node, evaluation.at.origin)),
    once: (key, make) => {
      if (context.ahead === true) throw new Pending(key)
      if (!context.once) return make()
      const known = context.once.get(key)
      if (known !== undefined) return known
      const made = make()
      context.once.set(key, made)
      return made
    },
    hash: (request) => language.hash(request),
    chance: (key, make) => {
      const place = evaluation.at ? formatPosition(positionOf(evaluation.at.node, evaluation.at.origin)) : ''
      const use = `${key} at ${place}`
      const count = (uses.get(use) ?? 0) + 1
      uses.set(use, count)
      return evaluation.once(`${use} #${count}`, make)
    },
  }
  return evaluation
}

function isFound(find: () => unknown): boolean {
  try {
    find()
    return true
  } catch (error) {
    if (error instanceof PlonerunError) return false
    throw error
  }
}

/** What a template gives with names laid over the variables. */
function renderSource(source: Source, extra: ReadonlyMap<string, Value>, { scope, context }: Evaluation, language: Language): Value {
  const inner: Scope = {
    lookup: (name) => {
      const own = extra.get(name)
      return own === undefined ? scope.lookup(name) : own
    },
    *names() {
      yield* extra.keys()
      yield* scope.names()
    },
  }
  const evaluation = startEvaluation(language, inner, context)
  const out: Value[] = []
  runStatements(source.body.children, rootFrame(evaluation, source), out)
  return deep(joined(out, evaluation), evaluation)
}
