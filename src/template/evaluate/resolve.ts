/** Template leaves of variables: evaluated when used, one level at a time or all the way down. */
import { PlonerunError } from '../../errors/plonerun-error.ts'
import { formatPosition } from '../../errors/position.ts'
import { placeLike } from '../../values/positions.ts'
import { Secret } from '../../values/secret.ts'
import { Template } from '../../values/template.ts'
import { isList, Tuple, tuple } from '../../values/tuple.ts'
import { Undefined } from '../../values/undefined.ts'
import type { Value } from '../../values/value.ts'
import { isPlainDict } from './boundary.ts'
import { rootFrame, type Evaluation } from './evaluation.ts'

/** A value whose own template, if it is one, has been evaluated; templates inside a list or dict stay. */
export function shallow(value: Value, evaluation: Evaluation, name?: string): Value {
  return value instanceof Template ? evaluateTemplate(value, evaluation, name) : value
}

/** The same for what somebody asked for by itself: what it needs must be there. */
export function outermost(value: Value, evaluation: Evaluation): Value {
  return value instanceof Template ? outputOf(value, evaluation, undefined) : value
}

/** What a template among the variables gives: Undefined where it needs something that is, since whoever uses it may have a default. */
function evaluateTemplate(template: Template, evaluation: Evaluation, name: string | undefined): Value {
  const known = evaluation.memo.get(template)
  if (known !== undefined) return known
  const { running, at } = evaluation
  const depth = running.length
  let value: Value
  try {
    value = outputOf(template, evaluation, name)
  } catch (error) {
    if (!(error instanceof PlonerunError && error.cause instanceof Undefined)) throw error
    running.length = depth
    evaluation.at = at
    value = error.cause
  }
  evaluation.memo.set(template, value)
  return value
}

/** Throws the error that names the variables of a loop. */
function outputOf(template: Template, evaluation: Evaluation, name: string | undefined): Value {
  return guarded(template, evaluation, name, () => withTrailingNewlines(evaluation.output(rootFrame(evaluation, evaluation.parsed(template))), template.source))
}

/** A text that ends in as many newlines as its template, at least; any other value as it is. `newline` is what the text's lines end in. */
export function withTrailingNewlines(value: Value, source: string, newline = '\n'): Value {
  if (value instanceof Secret) return new Secret(withTrailingNewlines(value.reveal(), source, newline) as string)
  if (typeof value !== 'string') return value
  const missing = trailingNewlines(source, '\n') - trailingNewlines(value, newline)
  return missing > 0 ? value + newline.repeat(missing) : value
}

function trailingNewlines(text: string, newline: string): number {
  let count = 0
  while (text.endsWith(newline, text.length - count * newline.length)) count++
  return count
}

/** Runs what needs a template's value, unless that is what is being evaluated already. */
export function guarded<T>(template: Template, evaluation: Evaluation, name: string | undefined, run: () => T): T {
  const { running, at } = evaluation
  if (running.some((entry) => entry.template === template)) throw recursive(template, evaluation, name)
  running.push({ template, name })
  const result = run()
  running.pop()
  evaluation.at = at
  return result
}

function recursive(template: Template, { running }: Evaluation, name: string | undefined): PlonerunError {
  const loop = running.slice(running.findIndex((entry) => entry.template === template))
  const steps = [...loop, { template, name: loop[0]?.name ?? name }].map((entry) => `${entry.name ?? entry.template.source} (${formatPosition(entry.template.position)})`)
  const what = loop[0]?.name ?? name
  return new PlonerunError(what ? `the variable '${what}' is defined by itself` : 'a template needs its own value', { where: template.position, why: steps.join(' needs ') })
}

/** The value with every template in it evaluated. What has no template in it is given back as it is. */
export function deep(value: Value, evaluation: Evaluation): Value {
  if (typeof value !== 'object' || value === null) return value
  if (value instanceof Template) {
    const own = evaluateTemplate(value, evaluation, undefined)
    return typeof own === 'object' && own !== null && (isList(own) || own instanceof Map) ? guarded(value, evaluation, undefined, () => deep(own, evaluation)) : own
  }
  if (isList(value)) return deepList(value, evaluation)
  if (isPlainDict(value)) return deepDict(value, evaluation)
  return value
}

function deepList(list: Value[], evaluation: Evaluation): Value[] {
  let copy: Value[] | undefined
  for (let index = 0; index < list.length; index++) {
    const item = list[index]!
    const resolved = deep(item, evaluation)
    if (resolved !== item) copy ??= list instanceof Tuple ? tuple(...list) : placeLike([...list], list)
    if (copy) copy[index] = resolved
  }
  return copy ?? list
}

function deepDict(dict: Map<Value, Value>, evaluation: Evaluation): Map<Value, Value> {
  let copy: Map<Value, Value> | undefined
  for (const [key, item] of dict) {
    const resolved = deep(item, evaluation)
    if (resolved === item) continue
    copy ??= placeLike(new Map(dict), dict)
    copy.set(key, resolved)
  }
  return copy ?? dict
}

/** A copy all the way down, for templates that change what they are given. */
export function copied(value: Value): Value {
  if (isList(value)) return value instanceof Tuple ? tuple(...value.map(copied)) : value.map(copied)
  if (isPlainDict(value)) return new Map([...value].map(([key, item]) => [key, copied(item)]))
  return value
}

/**
 * A list or dict as a call takes and gives it, in templates that change values: as Ansible hands it over, a copy that both sides do not share.
 * What has been handed over once is nobody else's, and stays what it is.
 */
export function handedOver(value: Value, evaluation: Evaluation): Value {
  if (value instanceof Tuple) return tuple(...value.map((item) => handedOver(item, evaluation)))
  if (!isList(value) && !isPlainDict(value)) return value
  if (evaluation.handedOver.has(value)) return value
  const copy = isList(value) ? value.map((item) => handedOver(item, evaluation)) : new Map([...value].map(([key, item]) => [key, handedOver(item, evaluation)]))
  evaluation.handedOver.add(copy)
  return copy
}
