/** Templates that use other templates: include, import and extends. */
import { PlonerunError } from '../../errors/plonerun-error.ts'
import { formatPosition } from '../../errors/position.ts'
import { Instance, type Value } from '../../values/value.ts'
import { str } from '../../values/print.ts'
import { isList } from '../../values/tuple.ts'
import { Undefined } from '../../values/undefined.ts'
import type { At, ExtendsNode, Expression, FromImportNode, ImportNode, IncludeNode } from '../syntax/ast.ts'
import { positionOf } from '../syntax/parse.ts'
import { addBlocks } from './blocks.ts'
import { localNames, rootFrame, mark, type Evaluation, type Frame, type Source } from './evaluation.ts'
import { evaluate } from './expressions.ts'
import { joined } from './output.ts'
import { deep } from './resolve.ts'

/** How many templates may be inside one another. */
const MOST_NESTED = 200

/** The first of the named templates that there is. */
function find(template: Expression, frame: Frame): { source: Source | undefined; names: string[] } {
  const value = deep(evaluate(template, frame), frame.evaluation)
  mark(template, frame)
  const names = isList(value) ? value.map(str) : [str(value)]
  for (const name of names) {
    const source = frame.evaluation.load(name, frame.source.origin)
    if (source) return { source, names }
  }
  return { source: undefined, names }
}

function findOrFail(template: Expression, frame: Frame): Source {
  const { source, names } = find(template, frame)
  if (source) return source
  const { searchPath, basedir } = frame.evaluation.context
  throw new PlonerunError(`the template '${names.join("' or '")}' does not exist`, { why: `looked in ${[...searchPath, basedir].join(', ')}` })
}

/** Runs another template in a frame of its own. An error in it says from where it was used. */
function runSource(source: Source, frame: Frame, from: At, out: Value[]): Frame {
  if (depthOf(frame) > MOST_NESTED) throw new PlonerunError('templates include one another without end')
  try {
    frame.evaluation.run(source.body.children, frame, out)
  } catch (error) {
    throw error instanceof RangeError ? new PlonerunError('templates include one another without end', { where: positionOf(from, source.origin) }) : error
  }
  return frame
}

function depthOf(frame: Frame): number {
  let depth = 0
  for (let level = frame.parent; level; level = level.parent) depth++
  return depth
}

/** A template's own frame; with context it sees the names that the using template has set. */
function frameFor(source: Source, frame: Frame, withContext: boolean): Frame {
  const own = rootFrame(frame.evaluation, source)
  return withContext ? { ...own, parent: frame, withVariables: frame.withVariables } : { ...own, withVariables: false }
}

export function includeTemplate(node: IncludeNode, frame: Frame, out: Value[]): void {
  const source = node.ignoreMissing ? find(node.template, frame).source : findOrFail(node.template, frame)
  if (source) runSource(source, frameFor(source, frame, node.withContext), node, out)
}

/** What an imported template offers: the names it sets, except those that start with an underscore. */
export class Module extends Instance {
  override readonly typeName = 'TemplateModule'
  readonly names: ReadonlyMap<string, Value>
  /** What it prints. */
  readonly pieces: readonly Value[]
  readonly #evaluation: Evaluation

  constructor(names: ReadonlyMap<string, Value>, pieces: readonly Value[], evaluation: Evaluation) {
    super()
    this.names = names
    this.pieces = pieces
    this.#evaluation = evaluation
  }

  override attribute(name: string): Value | undefined {
    return name.startsWith('_') ? undefined : this.names.get(name)
  }

  override repr(): string {
    return str(joined(this.pieces, this.#evaluation))
  }
}

function load(node: ImportNode | FromImportNode, frame: Frame): { module: Module; source: Source } {
  const source = findOrFail(node.template, frame)
  const out: Value[] = []
  const own = runSource(source, frameFor(source, frame, node.withContext), node, out)
  return { source, module: new Module(own.names, out, frame.evaluation) }
}

export function importTemplate(node: ImportNode, frame: Frame): void {
  frame.names.set(node.target, load(node, frame).module)
}

export function importNames(node: FromImportNode, frame: Frame): void {
  const { module, source } = load(node, frame)
  for (const [name, alias] of node.names) {
    const missing = new Undefined(`the template ${formatPosition(source.origin)} does not set '${name}'`, positionOf(node, frame.source.origin))
    const exported = module.attribute(name)
    frame.names.set(alias, exported === undefined ? missing : exported)
  }
}

/** Runs the parent template; its blocks are overridden by this template's. */
export function extendTemplate(node: ExtendsNode, frame: Frame, out: Value[]): void {
  const parent = findOrFail(node.template, frame)
  if (!frame.blocks.size) addBlocks(frame.blocks, frame.source)
  addBlocks(frame.blocks, parent)
  defineNames(frame)
  out.length = 0
  const top = { ...rootFrame(frame.evaluation, parent, frame.blocks), names: localNames(frame), parent: frame.parent }
  runSource(parent, top, node, out)
}

/** What a child template sets or imports after its extends is seen by its blocks. */
function defineNames(frame: Frame): void {
  const statements = frame.source.body.children.filter(({ typename }) => typename === 'Set' || typename === 'SetBlock' || typename === 'Macro' || typename === 'Import' || typename === 'FromImport')
  frame.evaluation.run(statements, frame, [])
}
