/** Evaluates expressions. */
import { setItem } from '../../values/dict.ts'
import { PlonerunError } from '../../errors/plonerun-error.ts'
import { truth, undefinedError } from '../../values/python.ts'
import { hasTemplateMarks, Template } from '../../values/template.ts'
import { Tuple, tuple } from '../../values/tuple.ts'
import { Undefined } from '../../values/undefined.ts'
import { Unknown } from '../../values/unknown.ts'
import type { Dict, Value } from '../../values/value.ts'
import type { At, BinaryNode, CompareNode, DictNode, Expression, InlineIfNode, LogicNode, NameNode } from '../syntax/ast.ts'
import { positionOf } from '../syntax/parse.ts'
import { attribute, item, Slice } from './attributes.ts'
import { compute } from './boundary.ts'
import { callFilter, callTest, callValue, evaluateArguments } from './calls.ts'
import { type Frame, localName, mark } from './evaluation.ts'
import { NoElse } from './no-else.ts'
import { Self } from './blocks.ts'
import { holds, operate, unary } from './operators.ts'
import { deep, handedOver, shallow } from './resolve.ts'

/** The value of an expression. It may be Undefined, and a list or dict in it may still hold templates. */
export function evaluate(node: Expression, frame: Frame): Value {
  switch (node.typename) {
    case 'Literal':
      if (frame.source.embedded === true && typeof node.value === 'string' && hasTemplateMarks(node.value))
        return shallow(new Template(node.value, positionOf(node, frame.source.origin)), frame.evaluation)
      return node.value
    case 'Symbol':
      return name(node, frame)
    case 'Attribute': {
      const target = evaluate(node.target, frame)
      return here(attributeOf(target, node.name, node, frame), node, frame)
    }
    case 'LookupVal': {
      const target = evaluate(node.target, frame)
      const key = deep(evaluate(node.val, frame), frame.evaluation)
      mark(node, frame)
      return here(shallow(item(target, key), frame.evaluation), node, frame)
    }
    case 'Slice':
      return new Slice([node.start, node.stop, node.step].map((bound) => (bound ? evaluate(bound, frame) : null)))
    case 'Filter': {
      const value = evaluate(node.target, frame)
      const { positional, keywords } = evaluateArguments(node.filter.args, frame)
      mark(node, frame)
      return across([value, ...positional], keywords, frame, (args, named) => callFilter(node.filter.name, args, named, frame.evaluation))
    }
    case 'Test': {
      const value = evaluate(node.target, frame)
      const { positional, keywords } = evaluateArguments(node.args, frame)
      mark(node, frame)
      return callTest(node.name, [value, ...positional], keywords, frame.evaluation)
    }
    case 'FunCall': {
      const callee = evaluate(node.name, frame)
      const { positional, keywords } = evaluateArguments(node.args, frame)
      mark(node, frame)
      return across(positional, keywords, frame, (args, named) => callValue(callee, args, named, frame.evaluation))
    }
    case 'Array':
      return node.children.map((child) => evaluate(child, frame))
    case 'Tuple':
      return tuple(...node.children.map((child) => evaluate(child, frame)))
    case 'Dict':
      return dict(node, frame)
    case 'Not': {
      const value = evaluate(node.target, frame)
      mark(node, frame)
      return value instanceof Unknown ? value : !truth(value)
    }
    case 'And':
    case 'Or':
      return logic(node, frame)
    case 'Compare':
      return comparison(node, frame)
    case 'InlineIf':
      return inlineIf(node, frame)
    case 'Neg':
    case 'Pos': {
      const value = used(evaluate(node.target, frame), node.target, frame)
      mark(node, frame)
      return compute([value], ([operand]) => unary(node.typename as 'Neg', operand!))
    }
    default:
      return binary(node, frame)
  }
}

/** A call, with what it takes and gives handed over where the template changes values: what one side changes then, the other does not see. */
function across(args: readonly Value[], keywords: ReadonlyMap<string, Value>, { source, evaluation }: Frame, run: (args: readonly Value[], keywords: ReadonlyMap<string, Value>) => Value): Value {
  if (!source.changesValues) return run(args, keywords)
  const given = new Map([...keywords].map(([name, value]) => [name, handedOver(value, evaluation)]))
  return handedOver(run(args.map((arg) => handedOver(arg, evaluation)), given), evaluation)
}

/** An Undefined learns where it came from. */
function here(value: Value, node: At, frame: Frame): Value {
  return value instanceof Undefined && !value.position ? new Undefined(value.hint, positionOf(node, frame.source.origin)) : value
}

function attributeOf(target: Value, key: string, node: At, frame: Frame): Value {
  mark(node, frame)
  return shallow(attribute(target, key), frame.evaluation, key)
}

function name(node: NameNode, frame: Frame): Value {
  const { evaluation } = frame
  const local = localName(frame, node.value)
  if (local !== undefined) return local
  mark(node, frame)
  const copy = frame.source.changesValues ? copyOf(node.value, frame) : evaluation.copies.get(node.value)
  const value = copy !== undefined ? copy : frame.withVariables ? evaluation.variable(node.value) : undefined
  if (value !== undefined) return shallow(value, evaluation, node.value)
  const fixed = node.value === 'self' ? new Self(frame) : evaluation.global(node.value)
  return fixed !== undefined ? fixed : new Undefined(`'${node.value}' is undefined`, positionOf(node, frame.source.origin))
}

/** A variable as a template sees it that changes values: its own copy, the same one each time. */
function copyOf(key: string, { evaluation }: Frame): Value | undefined {
  const known = evaluation.copies.get(key)
  if (known !== undefined) return known
  const value = evaluation.variable(key)
  if (value === undefined) return undefined
  const copy = handedOver(deep(shallow(value, evaluation, key), evaluation), evaluation)
  evaluation.copies.set(key, copy)
  return copy
}

/** An operand: evaluated all the way down, and defined. */
function used(value: Value, node: At, frame: Frame): Value {
  if (typeof value !== 'object' || value === null) return value
  mark(node, frame)
  if (value instanceof Undefined) throw undefinedError(value)
  return deep(value, frame.evaluation)
}

function dict(node: DictNode, frame: Frame): Dict {
  const made: Dict = new Map()
  for (const pair of node.children) {
    const key = used(evaluate(pair.key, frame), pair.key, frame)
    if (key instanceof Map || (Array.isArray(key) && key.constructor === Array)) throw new PlonerunError('a list or a dict cannot be the key of a dict', { where: positionOf(pair.key, frame.source.origin) })
    setItem(made, key, evaluate(pair.value, frame))
  }
  return made
}

function logic(node: LogicNode, frame: Frame): Value {
  const left = evaluate(node.left, frame)
  mark(node.left, frame)
  if (left instanceof Unknown) return afterUnknown(left, node, frame)
  return truth(left) === (node.typename === 'And') ? evaluate(node.right, frame) : left
}

/** `unknown and x`: x decides when it can. What fails only because the guard before it is unknown is unknown too. */
function afterUnknown(left: Unknown, node: LogicNode, frame: Frame): Value {
  let right: Value
  try {
    right = evaluate(node.right, frame)
    if (right instanceof Unknown || truth(right) === (node.typename === 'And')) return left
  } catch (error) {
    if (error instanceof PlonerunError) return left
    throw error
  }
  return right
}

function comparison(node: CompareNode, frame: Frame): Value {
  let left = used(evaluate(node.expr, frame), node.expr, frame)
  let result: Value = true
  for (const { type, expr, ...at } of node.ops) {
    const right = used(evaluate(expr, frame), expr, frame)
    mark(at, frame)
    // Which keys a dict has is known, whatever else is not.
    const other = (type === 'in' || type === 'not in') && right instanceof Map ? [...right.keys()] : right
    result = isSimple(left) && isSimple(other) ? holds(type, left, other) : compute([left, other], ([a, b]) => holds(type, a!, b!))
    if (result === false) return false
    if (result instanceof Unknown) return result
    left = right
  }
  return result
}

function inlineIf(node: InlineIfNode, frame: Frame): Value {
  const condition = evaluate(node.cond, frame)
  mark(node.cond, frame)
  if (condition instanceof Unknown) return condition
  if (truth(condition)) return evaluate(node.body, frame)
  if (node.else_) return evaluate(node.else_, frame)
  return new NoElse(positionOf(node, frame.source.origin))
}

function binary(node: BinaryNode, frame: Frame): Value {
  const [first, second] = [evaluate(node.left, frame), evaluate(node.right, frame)]
  // Lists are joined as they are: nobody has asked for what is in them.
  if (node.typename === 'Add' && Array.isArray(first) && Array.isArray(second) && !(first instanceof Tuple) && !(second instanceof Tuple)) return [...first, ...second]
  const left = used(first, node.left, frame)
  const right = used(second, node.right, frame)
  mark(node, frame)
  if (isSimple(left) && isSimple(right)) return operate(node.typename, left, right)
  return compute([left, right], ([a, b]) => operate(node.typename, a!, b!))
}

/** Certainly neither secret nor unknown, nor holding one. */
function isSimple(value: Value): boolean {
  return typeof value !== 'object' || value === null
}
