/** The template language: Nunjucks' parser, Jinja2's meaning. Everything is synchronous. */
import { PlonerunError } from '../errors/plonerun-error.ts'
import { formatPosition, type Position } from '../errors/position.ts'
import { didYouMean } from '../errors/suggest.ts'
import { asBool, truth, undefinedError } from '../values/python.ts'
import { str } from '../values/print.ts'
import { Secret } from '../values/secret.ts'
import { hasTemplateMarks, Template } from '../values/template.ts'
import { Undefined } from '../values/undefined.ts'
import { Unknown } from '../values/unknown.ts'
import { Pending, type Dict, type Scope, type Value } from '../values/value.ts'
import { builtin } from './builtin.ts'
import type { TemplateContext } from './context.ts'
import { finalize } from './evaluate/finalize.ts'
import { rootFrame, type Evaluation, type Source } from './evaluate/evaluation.ts'
import { evaluate } from './evaluate/expressions.ts'
import { runBody } from './evaluate/output.ts'
import { deep, outermost, withTrailingNewlines } from './evaluate/resolve.ts'
import { changesValues, walk } from './evaluate/uses.ts'
import { createHashes, type Patience } from './hashing/memory.ts'
import type { HashElsewhere } from './hashing/threads.ts'
import { freeNames, itemsRead, pluginsUsed, templatesNamed } from './names.ts'
import { findPlugin, type FindPlugin } from './plugins/registry.ts'
import { show } from './evaluate/show.ts'
import { startEvaluation, type Language } from './session.ts'
import type { AnyNode, Expression } from './syntax/ast.ts'
import { DEFAULT_SYNTAX, parseExpression, parseTemplate, positionOf, type SyntaxOptions } from './syntax/parse.ts'

export type { TemplateContext } from './context.ts'

/** Delimiters and whitespace of a template file; what is left out is as the template module has it. */
export type RenderOptions = Partial<Omit<SyntaxOptions, 'rawStrings'>>

export interface Templating {
  /** What a template gives, with its type. May give Undefined and Omit. */
  evaluate(template: Template, scope: Scope, context: TemplateContext): Value
  /** The same for the eyes of a person: what is undefined or fails is told where it stands. */
  show(template: Template, scope: Scope, context: TemplateContext): Value
  /** The value with every template in it evaluated. Raises for what is undefined. */
  resolve(value: Value, scope: Scope, context: TemplateContext): Value
  /** Whether a bare expression, as `when` holds one, is true. Takes one in braces too, with a warning. */
  condition(expression: string, position: Position, scope: Scope, context: TemplateContext): boolean | Unknown
  /** Whether a text is an expression as it stands, whatever it holds in quotes. */
  isExpression(text: string): boolean
  /** The text of a template file; secret when a secret is in it, unknown when an unknown value is. */
  render(text: string, file: string, scope: Scope, context: TemplateContext, options?: RenderOptions): string | Secret | Unknown
  /** What a lookup gives for terms that have been evaluated: the items of a `with_` loop. */
  lookup(name: string, terms: readonly Value[], kwargs: ReadonlyMap<string, Value>, scope: Scope, context: TemplateContext): Value[]
  /** Evaluates for somebody who can wait, and then calls again: throws Computing for what another thread computes. */
  waiting<Result>(evaluate: () => Result): Result
  /** Evaluates for somebody who only wants to know what a task will ask: gives a stand-in for what another thread computes. */
  guessing<Result>(evaluate: () => Result): Result
  /** The names that a template, or a bare expression, reads and does not set itself; functions such as `lookup` are among them. */
  names(template: Template | string): ReadonlySet<string>
  /** The items that it reads of a name by name (`ansible_facts.system`); undefined when it reads the whole. */
  items(template: Template | string, name: string): ReadonlySet<string> | undefined
  /**
   * Parses what is written and looks for the filters, tests and lookups it names.
   * @throws PlonerunError for what is wrong
   */
  check(written: Written): References
}

/** A template, a bare expression, or a template file. */
export type Written = Template | { readonly expression: string; readonly position: Position } | { readonly text: string; readonly file: string; readonly options: RenderOptions }

/** What a template refers to. */
export interface References {
  /** The names that it reads and does not set itself. */
  readonly names: ReadonlySet<string>
  /** Template files that it takes in or looks up by names that are written out. */
  readonly templates: ReadonlySet<string>
}

export interface TemplatingOptions {
  readonly onWarning?: (message: string, where?: Position) => void
  /** What the lookup `config` tells. */
  readonly settings?: Dict
  /** Finds plugins of the person's own. */
  readonly own?: FindPlugin
  /** Hashes passwords in other threads. */
  readonly elsewhere?: HashElsewhere
}

const NOWHERE: Position = { file: '', line: 1, column: 1 }

/** The template language, with a memory of what it has parsed. */
export function createTemplating({ onWarning = () => undefined, settings = new Map(), own, elsewhere }: TemplatingOptions = {}): Templating {
  const hashes = createHashes(elsewhere)
  let patience: Patience = 'none'
  const sources = new Map<string, Omit<Source, 'origin'>>()
  const expressions = new Map<string, Expression>()

  const language: Language = {
    warn: onWarning,
    hash: (request) => hashes(request, patience),
    settings,
    plugin: (kind, name) => findPlugin(kind, builtin[kind], name, own),
    parse(text, origin, options = {}) {
      const key = JSON.stringify([text, options])
      let parsed = sources.get(key)
      if (!parsed) {
        const body = parseTemplate(text, origin, { ...DEFAULT_SYNTAX, ...options })
        parsed = { body, changesValues: changesValues(body) }
        sources.set(key, parsed)
      }
      return { ...parsed, origin }
    },
  }

  function expressionOf(text: string, position: Position): Expression {
    const known = expressions.get(text)
    if (known) return known
    const parsed = parseExpression(text, position)
    expressions.set(text, parsed)
    return parsed
  }

  function rootOf(template: Template | string): AnyNode {
    return typeof template === 'string' ? expressionOf(template, NOWHERE) : language.parse(template.source, template.position, { rawStrings: true }).body
  }

  function withPatience<Result>(given: Patience, evaluate: () => Result): Result {
    const before = patience
    patience = given
    try {
      return evaluate()
    } finally {
      patience = before
    }
  }

  function within<T>(scope: Scope, context: TemplateContext, run: (evaluation: Evaluation) => T): T {
    const evaluation = startEvaluation(language, scope, context)
    try {
      return run(evaluation)
    } catch (error) {
      throw explained(error, evaluation)
    }
  }

  return {
    evaluate: (template, scope, context) => within(scope, context, (evaluation) => finalize(outermost(template, evaluation), evaluation, true)),
    show: (template, scope, context) => within(scope, context, (evaluation) => show(template, evaluation)),
    resolve: (value, scope, context) => within(scope, context, (evaluation) => finalize(value, evaluation, false)),
    condition(expression, position, scope, context) {
      if (hasTemplateMarks(expression) && expression.trimStart().startsWith('{{')) return bracedCondition(expression, position, scope, context)
      return within(scope, context, (evaluation) => {
        const source = { body: undefined as never, origin: position, changesValues: false, embedded: hasTemplateMarks(expression) }
        const answer = evaluate(expressionOf(expression, position), rootFrame(evaluation, source))
        if (answer instanceof Unknown) return answer
        if (typeof answer === 'string' && asBool(answer) === false) onWarning(`the condition gives the text '${answer}', which counts as true; | bool reads the word`, position)
        return truth(answer)
      })
    },
    isExpression(text) {
      try {
        expressionOf(text, NOWHERE)
        return true
      } catch (error) {
        if (!(error instanceof PlonerunError)) throw error
        return false
      }
    },
    render: (text, file, scope, context, options = {}) =>
      within(scope, context, (evaluation) => {
        const source = language.parse(text, { file, line: 1, column: 1 }, options)
        const value = deep(withTrailingNewlines(runBody(rootFrame(evaluation, source)), text.replaceAll('\r\n', '\n'), options.newline), evaluation)
        if (value instanceof Undefined) throw undefinedError(value)
        return value instanceof Secret || value instanceof Unknown ? value : value === null ? '' : str(value)
      }),
    lookup: (name, terms, kwargs, scope, context) => within(scope, context, (evaluation) => evaluation.lookup(name, terms, kwargs).map((item) => finalize(item, evaluation, false))),
    waiting: (evaluate) => withPatience('wait', evaluate),
    guessing: (evaluate) => withPatience('guess', evaluate),
    names: (template) => freeNames(walk(rootOf(template))),
    items: (template, name) => itemsRead(walk(rootOf(template)), name),
    check(written) {
      const [root, origin] = parsed(written)
      const nodes = walk(root)
      for (const { kind, name, node } of pluginsUsed(nodes)) {
        try {
          language.plugin(kind, name)
        } catch (error) {
          throw error instanceof PlonerunError ? located(error, positionOf(node, origin)) : error
        }
      }
      return { names: freeNames(nodes), templates: templatesNamed(nodes) }
    },
  }

  function parsed(written: Written): readonly [root: AnyNode, origin: Position] {
    if (written instanceof Template) return [rootOf(written), written.position]
    if ('expression' in written) return [expressionOf(written.expression, written.position), written.position]
    const origin = { file: written.file, line: 1, column: 1 }
    return [language.parse(written.text, origin, written.options).body, origin]
  }

  /** A condition in braces: its value, or the bool that its text spells. */
  function bracedCondition(expression: string, position: Position, scope: Scope, context: TemplateContext): boolean | Unknown {
    onWarning('a condition is an expression already: leave the {{ }} out', position)
    return within(scope, context, (evaluation) => {
      const answer = outermost(new Template(expression, position), evaluation)
      if (answer instanceof Unknown) return answer
      if (typeof answer !== 'string') return truth(answer)
      const known = asBool(answer)
      if (known === undefined && answer !== '') throw new PlonerunError(`the condition gives the text '${answer}', which is neither true nor false`, { where: position, hint: 'write the whole condition without {{ }}' })
      return known ?? false
    })
  }
}

/** The error with a place, and for a misspelt name a suggestion. What is no error of a template (Pending) stays as it is. */
function explained(error: unknown, { at, running, scope }: Evaluation): unknown {
  if (error instanceof RangeError) return new PlonerunError('the template calls itself without end', at ? { where: positionOf(at.node, at.origin), cause: error } : {})
  if (!(error instanceof PlonerunError)) return error
  const placed = error.where || !at ? error : located(error, positionOf(at.node, at.origin))
  const missing = placed.cause instanceof Undefined ? /^(?:No variable named )?'(\w+)' (?:is undefined|was found)$/.exec(placed.cause.hint)?.[1] : undefined
  const hint = (): string | undefined => placed.hint ?? (missing === undefined ? undefined : didYouMean(missing, candidates(scope)))
  const users = running.filter(({ name }) => name !== undefined).map(({ template, name }) => `'${name!}' (${formatPosition(template.position)})`)
  const from = at && placed.where?.file !== at.origin.file ? [formatPosition(positionOf(at.node, at.origin))] : []
  const why = placed.why ?? ([...users.reverse(), ...from].map((user) => `needed by ${user}`).join(', ') || undefined)
  return new PlonerunError(placed.message, { kind: placed.kind, ...(placed.where && { where: placed.where }), ...(why && { why }), hint, cause: placed.cause })
}

function candidates(scope: Scope): Iterable<string> {
  try {
    return [...scope.names()]
  } catch (error) {
    if (error instanceof Pending) return []
    throw error
  }
}

function located(error: PlonerunError, where: Position): PlonerunError {
  const { kind, why, cause } = error
  return new PlonerunError(error.message, { kind, where, ...(why && { why }), hint: () => error.hint, cause })
}
