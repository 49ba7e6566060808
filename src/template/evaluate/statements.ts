/** Runs statements: each adds what it prints to `out`. */
import { PlonerunError } from '../../errors/plonerun-error.ts'
import { str } from '../../values/print.ts'
import { iterate, truth, typeName, undefinedError } from '../../values/python.ts'
import { Undefined } from '../../values/undefined.ts'
import { Unknown } from '../../values/unknown.ts'
import type { Value } from '../../values/value.ts'
import type { CallBlockNode, FilterCall, ForNode, IfNode, Statement, Target, WithNode } from '../syntax/ast.ts'
import { compute } from './boundary.ts'
import { callFilter, callValue, evaluateArguments } from './calls.ts'
import { innerFrame, localName, mark, type Frame, type Jump } from './evaluation.ts'
import { evaluate } from './expressions.ts'
import { LoopContext } from './loop.ts'
import { Macro } from './macro.ts'
import { Namespace } from './namespace.ts'
import { runBody } from './output.ts'
import { copied, deep, shallow } from './resolve.ts'
import { defineBlock } from './blocks.ts'
import { extendTemplate, importNames, importTemplate, includeTemplate, Module } from './units.ts'

export function runStatements(statements: readonly Statement[], frame: Frame, out: Value[]): Jump {
  for (const statement of statements) {
    const jump = run(statement, frame, out)
    if (jump) return jump
  }
  return undefined
}

function run(node: Statement, frame: Frame, out: Value[]): Jump {
  switch (node.typename) {
    case 'TemplateData':
      out.push(node.value)
      return
    case 'Output':
      for (const child of node.children) {
        const value = evaluate(child, frame)
        mark(child, frame)
        if (value instanceof Module) out.push(...value.pieces)
        else if (value !== null) out.push(frame.source.changesValues ? copied(value) : value)
      }
      return
    case 'NodeList':
      return runStatements(node.children, frame, out)
    case 'If':
      return conditional(node, frame, out)
    case 'For':
      return loop(node, frame, out)
    case 'Set':
      assign(node.target, evaluate(node.value, frame), frame)
      return
    case 'SetBlock':
      assign(node.target, filtered(runBody(innerFrame(frame), node.body), node.filters, frame), frame)
      return
    case 'FilterBlock':
      print(filtered(runBody(innerFrame(frame), node.body), node.filters, frame), out)
      return
    case 'Macro':
      frame.names.set(node.name, new Macro(node, frame))
      return
    case 'CallBlock':
      print(callBlock(node, frame), out)
      return
    case 'With':
      return withNames(node, frame, out)
    case 'Do':
      evaluate(node.expr, frame)
      return
    case 'Break':
      return 'break'
    case 'Continue':
      return 'continue'
    case 'Block':
      defineBlock(node, frame, out)
      return
    case 'Extends':
      extendTemplate(node, frame, out)
      return 'stop'
    case 'Include':
      includeTemplate(node, frame, out)
      return
    case 'Import':
      importTemplate(node, frame)
      return
    default:
      importNames(node, frame)
  }
}

function print(value: Value, out: Value[]): void {
  if (value !== null) out.push(value)
}

function conditional(node: IfNode, frame: Frame, out: Value[]): Jump {
  const condition = evaluate(node.cond, frame)
  mark(node.cond, frame)
  if (condition instanceof Unknown) {
    out.push(condition)
    return
  }
  if (truth(condition)) return runStatements(node.body.children, frame, out)
  return node.else_ ? run(node.else_, frame, out) : undefined
}

/** Gives names to a value: to the whole, to its items, or to an attribute of a namespace. */
function assign(target: Target, value: Value, frame: Frame): void {
  if (target.typename === 'Symbol') {
    frame.names.set(target.value, value)
    return
  }
  mark(target, frame)
  if (target.typename === 'Attribute') {
    const name = target.target.typename === 'Symbol' ? target.target.value : ''
    const namespace = localName(frame, name)
    if (!(namespace instanceof Namespace)) throw new PlonerunError(`'${name}' is no namespace, so '${name}.${target.name}' cannot be set`, { hint: `{% set ${name} = namespace(${target.name}=…) %} makes one` })
    namespace.set(target.name, value)
    return
  }
  const parts = spread(value, frame)
  if (parts instanceof Unknown) {
    for (const child of target.children) assign(child as Target, parts, frame)
    return
  }
  const wanted = target.children.length
  if (parts.length !== wanted) throw new PlonerunError(parts.length > wanted ? `too many values to unpack (expected ${wanted})` : `not enough values to unpack (expected ${wanted}, got ${parts.length})`)
  target.children.forEach((child, index) => assign(child as Target, parts[index]!, frame))
}

function spread(value: Value, frame: Frame): readonly Value[] | Unknown {
  if (value instanceof Unknown) return value
  const items = iterate(shallow(value, frame.evaluation))
  if (!items) throw new PlonerunError(`cannot unpack a value of type '${typeName(value)}'`)
  return [...items].map((item) => shallow(item, frame.evaluation))
}

function loop(node: ForNode, frame: Frame, out: Value[]): Jump {
  return runLoop(node, evaluate(node.iterable, frame), frame, out, 0)
}

/** Runs the body of a loop for each item. `depth` counts the calls of a recursive loop around it. */
function runLoop(node: ForNode, iterable: Value, frame: Frame, out: Value[], depth: number): Jump {
  mark(node.iterable, frame)
  if (iterable instanceof Undefined) throw undefinedError(iterable)
  if (iterable instanceof Unknown) {
    out.push(iterable)
    return
  }
  const items = iterate(iterable)
  if (!items) throw new PlonerunError(`cannot loop over a value of type '${typeName(iterable)}'`)
  const selected: Value[] = []
  for (const item of items) if (wanted(node, shallow(item, frame.evaluation), frame)) selected.push(item)
  if (!selected.length) return node.else_ ? runStatements(node.else_.children, innerFrame(frame), out) : undefined
  const again = (inner: Value): Value => {
    const pieces: Value[] = []
    runLoop(node, inner, frame, pieces, depth + 1)
    return compute(pieces.map((piece) => deep(piece, frame.evaluation)), (plain) => plain.map(str).join(''))
  }
  const context = new LoopContext(selected, depth, node.recursive ? again : undefined, frame.evaluation)
  for (const item of selected) {
    const names = innerFrame(frame, new Map<string, Value>([['loop', context.next()]]))
    assign(node.target, shallow(item, frame.evaluation), names)
    const jump = runStatements(node.body.children, names, out)
    if (jump === 'break') break
  }
  return undefined
}

function wanted(node: ForNode, item: Value, frame: Frame): boolean {
  if (!node.condition) return true
  const names = innerFrame(frame)
  assign(node.target, item, names)
  const answer = evaluate(node.condition, names)
  mark(node.condition, frame)
  return truth(answer)
}

/** The value after a chain of filters. */
function filtered(value: Value, filters: readonly FilterCall[], frame: Frame): Value {
  for (const filter of filters) {
    const { positional, keywords } = evaluateArguments(filter.args, frame)
    mark(filter, frame)
    value = callFilter(filter.name, [value, ...positional], keywords, frame.evaluation)
  }
  return value
}

function callBlock({ call, caller }: CallBlockNode, frame: Frame): Value {
  const callee = evaluate(call.name, frame)
  const { positional, keywords } = evaluateArguments(call.args, frame)
  mark(call, frame)
  return callValue(callee, positional, new Map([...keywords, ['caller', new Macro(caller, frame)]]), frame.evaluation)
}

function withNames({ targets, body }: WithNode, frame: Frame, out: Value[]): Jump {
  const inner = innerFrame(frame)
  for (const [target, value] of targets) assign(target, evaluate(value, frame), inner)
  return runStatements(body.children, inner, out)
}

