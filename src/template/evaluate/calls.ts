/** Calls of filters, tests, methods, macros and functions. */
import { PlonerunError } from '../../errors/plonerun-error.ts'
import { str } from '../../values/print.ts'
import { iterate, typeName } from '../../values/python.ts'
import { Secret } from '../../values/secret.ts'
import { isList } from '../../values/tuple.ts'
import { Undefined } from '../../values/undefined.ts'
import { Unknown } from '../../values/unknown.ts'
import type { Value } from '../../values/value.ts'
import { call, type Plugin } from '../plugins/plugin.ts'
import type { Arguments } from '../syntax/ast.ts'
import { Method } from './attributes.ts'
import { compute, isPlainDict } from './boundary.ts'
import { CallableInstance } from './callable.ts'
import type { Evaluation, Frame } from './evaluation.ts'
import { deep, shallow } from './resolve.ts'

const NO_KEYWORDS: ReadonlyMap<string, Value> = new Map()

export interface EvaluatedArguments {
  readonly positional: readonly Value[]
  readonly keywords: ReadonlyMap<string, Value>
}

export function evaluateArguments({ positional, keywords, star, starStar }: Arguments, frame: Frame): EvaluatedArguments {
  const args = positional.map((argument) => frame.evaluation.evaluate(argument, frame))
  if (star) args.push(...items(deep(frame.evaluation.evaluate(star, frame), frame.evaluation)))
  if (!keywords.length && !starStar) return { positional: args, keywords: NO_KEYWORDS }
  const named = new Map<string, Value>()
  for (const [key, value] of keywords) named.set(key, frame.evaluation.evaluate(value, frame))
  if (starStar) {
    const more = deep(frame.evaluation.evaluate(starStar, frame), frame.evaluation)
    if (!(more instanceof Map)) throw new PlonerunError(`the argument after ** must be a dict, not ${typeName(more)}`)
    for (const [key, value] of more) named.set(str(key), value)
  }
  return { positional: args, keywords: named }
}

function items(value: Value): Iterable<Value> {
  const all = iterate(value)
  if (!all) throw new PlonerunError(`the argument after * must be iterable, not ${typeName(value)}`)
  return all
}

/** Calls a plugin: brings the arguments to what it accepts, and its result across the boundary. @param looksInside whether undefined items count as undefined arguments */
export function callPlugin(plugin: Plugin, name: string, args: readonly Value[], kwargs: ReadonlyMap<string, Value>, evaluation: Evaluation, looksInside = false): Value {
  const { accepts } = plugin
  const operands = [...args, ...kwargs.values()].map((argument) => (accepts.templates ? shallow(argument, evaluation) : deep(argument, evaluation)))
  if (accepts.undefined !== true) {
    const missing = operands.find((operand) => operand instanceof Undefined) ?? (looksInside && accepts.undefined === undefined ? missingInside(operands) : undefined)
    if (missing) return missing
  }
  const keys = [...kwargs.keys()]
  const run = (plain: readonly Value[]): Value => {
    const keywords = keys.length ? new Map(keys.map((key, index) => [key, plain[args.length + index]!])) : kwargs
    return call(plugin, name, plain.slice(0, args.length), keywords, evaluation)
  }
  return orUndefined(() => shallow(compute(operands, run, accepts), evaluation))
}

/** What is undefined stays so, as in ansible-core: only who needs it in the end is told. Behind it there may still be a `default`. */
function orUndefined(run: () => Value): Value {
  try {
    return run()
  } catch (error) {
    if (error instanceof PlonerunError && error.cause instanceof Undefined) return error.cause
    throw error
  }
}

export function callFilter(name: string, args: readonly Value[], kwargs: ReadonlyMap<string, Value>, evaluation: Evaluation): Value {
  return callPlugin(evaluation.plugin('filter', name), name, args, kwargs, evaluation, true)
}

/** The first undefined item of a list or value of a dict. */
function missingInside(operands: readonly Value[]): Value | undefined {
  for (const operand of operands) {
    if (isList(operand)) {
      const item = operand.find((each) => each instanceof Undefined)
      if (item !== undefined) return item
    } else if (isPlainDict(operand)) for (const item of operand.values()) if (item instanceof Undefined) return item
  }
  return undefined
}

/** The answer of a test: a bool, Unknown, or Undefined when what is tested is undefined and the test does not take that. */
export function callTest(name: string, args: readonly Value[], kwargs: ReadonlyMap<string, Value>, evaluation: Evaluation): Value {
  return callPlugin(evaluation.plugin('test', name), name, args, kwargs, evaluation)
}

export function callValue(callee: Value, args: readonly Value[], kwargs: ReadonlyMap<string, Value>, evaluation: Evaluation): Value {
  if (callee instanceof Method) return callPlugin(callee.plugin, callee.name, [callee.receiver, ...args], kwargs, evaluation)
  if (callee instanceof CallableInstance) return shallow(callee.call(args, kwargs), evaluation)
  if (callee instanceof Undefined || callee instanceof Unknown) return callee
  if (typeof callee !== 'function') throw new PlonerunError(`a value of type '${callee instanceof Secret ? 'str' : typeName(callee)}' cannot be called`)
  const operands = args.map((argument) => deep(argument, evaluation))
  return orUndefined(() => shallow(compute(operands, (plain) => callee(plain, kwargs)), evaluation))
}
