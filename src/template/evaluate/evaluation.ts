/** One call into the template language, and the frames of names in it. */
import type { Position } from '../../errors/position.ts'
import type { Template } from '../../values/template.ts'
import type { Value } from '../../values/value.ts'
import type { Environment } from '../plugins/plugin.ts'
import type { At, BlockNode, Body, Expression, Statement } from '../syntax/ast.ts'

/** How a run of statements ended: a loop must go on with its next item, or stop, or the rest of the template is not run. */
export type Jump = 'continue' | 'break' | 'stop' | undefined

/** A parsed template and where its text starts. */
export interface Source {
  readonly body: Body
  readonly origin: Position
  /** It calls methods that change lists or dicts in place, so variables are copied before it sees them. */
  readonly changesValues: boolean
  /** Texts in it may be templates themselves: of a condition that holds braces. */
  readonly embedded?: boolean
}

/** What is shared by all that one call evaluates: the variables' own templates, includes, macros. */
export interface Evaluation extends Environment {
  /** What templates among the variables gave, so that each is evaluated once. */
  readonly memo: Map<Template, Value>
  /** Variables as a template that changes values sees them. */
  readonly copies: Map<string, Value>
  /** Lists and dicts that a call has taken or given, in templates that change values. */
  readonly handedOver: WeakSet<object>
  /** Templates being evaluated, outermost first: one that turns up again is recursive. */
  readonly running: { readonly template: Template; readonly name: string | undefined }[]
  /** Where the evaluation is, for errors. */
  at: { readonly node: At; readonly origin: Position } | undefined
  global(name: string): Value | undefined
  evaluate: (node: Expression, frame: Frame) => Value
  /** Runs statements; each adds what it prints to `out`. */
  run: (statements: readonly Statement[], frame: Frame, out: Value[]) => Jump
  /** What the statements of a body give, of the frame's whole source when none is named. */
  output: (frame: Frame, body?: Body) => Value
  /** Reads and parses a template file that `name` stands for in the template at `from`; undefined when there is none. */
  load(name: string, from: Position): Source | undefined
  /** The parsed form of a template among the variables. */
  parsed(template: Template): Source
}

/** Blocks by name: each list starts with the one that wins, the ones it overrides follow. */
export type Blocks = Map<string, { readonly block: BlockNode; readonly source: Source }[]>

/** A level of names while a template runs. */
export interface Frame {
  readonly evaluation: Evaluation
  readonly source: Source
  readonly names: Map<string, Value>
  readonly parent: Frame | undefined
  readonly blocks: Blocks
  /** Whether the variables are seen: not in a template that is imported without context. */
  readonly withVariables: boolean
  /** The block being run and how deep `super()` has gone, inside a block. */
  readonly block: { readonly name: string; readonly depth: number } | undefined
}

export function rootFrame(evaluation: Evaluation, source: Source, blocks: Blocks = new Map()): Frame {
  return { evaluation, source, names: new Map(), parent: undefined, blocks, withVariables: true, block: undefined }
}

/** A level below `parent`. */
export function innerFrame(parent: Frame, names = new Map<string, Value>()): Frame {
  return { ...parent, names, parent }
}

/** A name set by the template itself; undefined when it has not set it. */
export function localName(frame: Frame, name: string): Value | undefined {
  for (let level: Frame | undefined = frame; level; level = level.parent) {
    const value = level.names.get(name)
    if (value !== undefined) return value
  }
  return undefined
}

/** All names that the template itself has set, inner levels first. */
export function localNames(frame: Frame): Map<string, Value> {
  const names = new Map<string, Value>()
  for (let level: Frame | undefined = frame; level; level = level.parent) {
    for (const [name, value] of level.names) if (!names.has(name)) names.set(name, value)
  }
  return names
}

/** Notes where the evaluation is, for the error of what is done next. */
export function mark(node: At, frame: Frame): void {
  frame.evaluation.at = { node, origin: frame.source.origin }
}
