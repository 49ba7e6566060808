/** The nodes of a parsed template: Nunjucks' own where they fit, and those that only Jinja2 has. */
import nodes from 'nunjucks/src/nodes.js'
import type { Value } from '../../values/value.ts'

/** Where a node starts in its source; both count from 0. */
export interface At {
  readonly lineno: number
  readonly colno: number
}

interface Is<Name extends string> extends At {
  readonly typename: Name
}

export interface Arguments {
  readonly positional: readonly Expression[]
  readonly keywords: readonly (readonly [name: string, value: Expression])[]
  readonly star: Expression | undefined
  readonly starStar: Expression | undefined
}

export interface FilterCall extends At {
  readonly name: string
  readonly args: Arguments
}

export type BinaryName = 'Add' | 'Sub' | 'Mul' | 'Div' | 'FloorDiv' | 'Mod' | 'Pow' | 'Concat'
export type Comparison = '==' | '!=' | '<' | '<=' | '>' | '>=' | 'in' | 'not in'

type LiteralNode = Is<'Literal'> & { readonly value: Value }
export type NameNode = Is<'Symbol'> & { readonly value: string }
type ListNode = Is<'Array'> & { readonly children: readonly Expression[] }
type TupleNode = Is<'Tuple'> & { readonly children: readonly Expression[] }
export type DictNode = Is<'Dict'> & { readonly children: readonly { readonly key: Expression; readonly value: Expression }[] }
type AttributeNode = Is<'Attribute'> & { readonly target: Expression; readonly name: string }
type ItemNode = Is<'LookupVal'> & { readonly target: Expression; readonly val: Expression }
type SliceNode = Is<'Slice'> & { readonly start: Expression | null; readonly stop: Expression | null; readonly step: Expression | null }
export type CallNode = Is<'FunCall'> & { readonly name: Expression; readonly args: Arguments }
type FilterNode = Is<'Filter'> & { readonly target: Expression; readonly filter: FilterCall }
type TestNode = Is<'Test'> & { readonly target: Expression; readonly name: string; readonly args: Arguments }
type UnaryNode = Is<'Not' | 'Neg' | 'Pos'> & { readonly target: Expression }
export type LogicNode = Is<'And' | 'Or'> & { readonly left: Expression; readonly right: Expression }
export type BinaryNode = Is<BinaryName> & { readonly left: Expression; readonly right: Expression }
export type CompareNode = Is<'Compare'> & { readonly expr: Expression; readonly ops: readonly (At & { readonly expr: Expression; readonly type: Comparison })[] }
export type InlineIfNode = Is<'InlineIf'> & { readonly cond: Expression; readonly body: Expression; readonly else_: Expression | null }

export type Expression =
  | LiteralNode
  | NameNode
  | ListNode
  | TupleNode
  | DictNode
  | AttributeNode
  | ItemNode
  | SliceNode
  | CallNode
  | FilterNode
  | TestNode
  | UnaryNode
  | LogicNode
  | BinaryNode
  | CompareNode
  | InlineIfNode

/** What can stand left of `=` and after `for`. */
export type Target = NameNode | TupleNode | AttributeNode

export interface Parameter {
  readonly name: string
  readonly fallback: Expression | undefined
}

export type Body = Is<'NodeList'> & { readonly children: readonly Statement[] }
type OutputNode = Is<'Output'> & { readonly children: readonly Expression[] }
type TextNode = Is<'TemplateData'> & { readonly value: string }
export type IfNode = Is<'If'> & { readonly cond: Expression; readonly body: Body; readonly else_: Body | IfNode | null }
export type ForNode = Is<'For'> & {
  readonly target: Target
  readonly iterable: Expression
  readonly condition: Expression | null
  readonly recursive: boolean
  readonly body: Body
  readonly else_: Body | null
}
type SetNode = Is<'Set'> & { readonly target: Target; readonly value: Expression }
type SetBlockNode = Is<'SetBlock'> & { readonly target: Target; readonly filters: readonly FilterCall[]; readonly body: Body }
type FilterBlockNode = Is<'FilterBlock'> & { readonly filters: readonly FilterCall[]; readonly body: Body }
export type MacroNode = Is<'Macro'> & { readonly name: string; readonly parameters: readonly Parameter[]; readonly body: Body }
export type CallBlockNode = Is<'CallBlock'> & { readonly call: CallNode; readonly caller: MacroNode }
export type WithNode = Is<'With'> & { readonly targets: readonly (readonly [Target, Expression])[]; readonly body: Body }
type DoNode = Is<'Do'> & { readonly expr: Expression }
type JumpNode = Is<'Break' | 'Continue'>
export type BlockNode = Is<'Block'> & { readonly name: string; readonly scoped: boolean; readonly required: boolean; readonly body: Body }
export type ExtendsNode = Is<'Extends'> & { readonly template: Expression }
export type IncludeNode = Is<'Include'> & { readonly template: Expression; readonly ignoreMissing: boolean; readonly withContext: boolean }
export type ImportNode = Is<'Import'> & { readonly template: Expression; readonly target: string; readonly withContext: boolean }
export type FromImportNode = Is<'FromImport'> & { readonly template: Expression; readonly names: readonly (readonly [name: string, alias: string])[]; readonly withContext: boolean }

export type Statement =
  | Body
  | OutputNode
  | TextNode
  | IfNode
  | ForNode
  | SetNode
  | SetBlockNode
  | FilterBlockNode
  | MacroNode
  | CallBlockNode
  | WithNode
  | DoNode
  | JumpNode
  | BlockNode
  | ExtendsNode
  | IncludeNode
  | ImportNode
  | FromImportNode

export type AnyNode = Expression | Statement

type Fields<N extends At> = Omit<N, 'typename' | 'lineno' | 'colno'>

/** Nunjucks' class for each kind of node, with the fields that Jinja2 needs. */
const { Node } = nodes
const CLASSES = {
  Literal: nodes['Literal']!,
  Symbol: nodes['Symbol']!,
  Array: nodes['Array']!,
  Dict: nodes['Dict']!,
  LookupVal: nodes['LookupVal']!,
  Add: nodes['Add']!,
  Sub: nodes['Sub']!,
  Mul: nodes['Mul']!,
  Div: nodes['Div']!,
  FloorDiv: nodes['FloorDiv']!,
  Mod: nodes['Mod']!,
  Pow: nodes['Pow']!,
  Concat: nodes['Concat']!,
  Not: nodes['Not']!,
  Neg: nodes['Neg']!,
  Pos: nodes['Pos']!,
  Compare: nodes['Compare']!,
  InlineIf: nodes['InlineIf']!,
  NodeList: nodes['NodeList']!,
  Output: nodes['Output']!,
  TemplateData: nodes['TemplateData']!,
  FunCall: nodes['FunCall']!,
  Tuple: Node.extend('Tuple', { fields: ['children'] }),
  Attribute: Node.extend('Attribute', { fields: ['target', 'name'] }),
  Slice: Node.extend('Slice', { fields: ['start', 'stop', 'step'] }),
  Filter: Node.extend('Filter', { fields: ['target', 'filter'] }),
  Test: Node.extend('Test', { fields: ['target', 'name', 'args'] }),
  For: Node.extend('For', { fields: ['target', 'iterable', 'condition', 'recursive', 'body', 'else_'] }),
  Set: Node.extend('Set', { fields: ['target', 'value'] }),
  SetBlock: Node.extend('SetBlock', { fields: ['target', 'filters', 'body'] }),
  FilterBlock: Node.extend('FilterBlock', { fields: ['filters', 'body'] }),
  Macro: Node.extend('Macro', { fields: ['name', 'parameters', 'body'] }),
  CallBlock: Node.extend('CallBlock', { fields: ['call', 'caller'] }),
  With: Node.extend('With', { fields: ['targets', 'body'] }),
  Do: Node.extend('Do', { fields: ['expr'] }),
  Break: Node.extend('Break', { fields: [] }),
  Continue: Node.extend('Continue', { fields: [] }),
  Block: Node.extend('Block', { fields: ['name', 'scoped', 'required', 'body'] }),
  Include: Node.extend('Include', { fields: ['template', 'ignoreMissing', 'withContext'] }),
  Import: Node.extend('Import', { fields: ['template', 'target', 'withContext'] }),
  FromImport: Node.extend('FromImport', { fields: ['template', 'names', 'withContext'] }),
} as const

type Kind = keyof typeof CLASSES
type NodeOf<K extends Kind, N extends AnyNode = AnyNode> = N extends AnyNode ? (K extends N['typename'] ? N : never) : never

/** A node of this kind that starts at `at`. */
export function node<K extends Kind>(kind: K, at: At, fields: Fields<NodeOf<K>>): NodeOf<K> {
  return Object.assign(new CLASSES[kind](at.lineno, at.colno), fields) as unknown as NodeOf<K>
}
