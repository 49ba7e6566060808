/** What a template gives: one value as it is, several joined as text. */
import { Omit } from '../../values/omit.ts'
import { str } from '../../values/print.ts'
import { undefinedError } from '../../values/python.ts'
import { Secret } from '../../values/secret.ts'
import { isList } from '../../values/tuple.ts'
import { Undefined } from '../../values/undefined.ts'
import type { Value } from '../../values/value.ts'
import type { Body } from '../syntax/ast.ts'
import { compute, isPlainDict } from './boundary.ts'
import type { Evaluation, Frame } from './evaluation.ts'
import { deep } from './resolve.ts'

/** What the statements of a body give. */
export function runBody(frame: Frame, body: Body = frame.source.body): Value {
  const pieces: Value[] = []
  frame.evaluation.run(body.children, frame, pieces)
  return joined(pieces, frame.evaluation)
}

/** No piece is None, one keeps its type, several are joined as text: a secret when one of them is or holds one, unknown when one is unknown, undefined when one is undefined. */
export function joined(pieces: readonly Value[], evaluation: Evaluation): Value {
  if (pieces.length === 0) return null
  if (pieces.length === 1) return pieces[0]!
  const missing = pieces.find((piece) => piece instanceof Undefined)
  if (missing !== undefined) return missing
  let text = ''
  for (const piece of pieces) {
    if (typeof piece === 'string') text += piece
    else return compute(pieces.map((each) => printable(deep(each, evaluation))), (plain) => plain.map((each) => (each instanceof Omit ? '' : str(each))).join(''))
  }
  return text
}

/** What prints as text: tuples as the lists that they would be outside, without omitted items. Undefined raises. */
function printable(value: Value): Value {
  if (typeof value !== 'object' || value === null || value instanceof Secret) return value
  if (value instanceof Undefined) throw undefinedError(value)
  if (isList(value)) return Array.from(value.filter(isKept), printable)
  if (isPlainDict(value)) return new Map([...value].filter(([, item]) => isKept(item)).map(([key, item]) => [printable(key), printable(item)]))
  return value
}

function isKept(item: Value): boolean {
  return !(item instanceof Omit)
}
