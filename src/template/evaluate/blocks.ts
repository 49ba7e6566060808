/** Blocks: parts of a template that those which extend it can replace. */
import { PlonerunError } from '../../errors/plonerun-error.ts'
import { Instance, type Value } from '../../values/value.ts'
import type { BlockNode } from '../syntax/ast.ts'
import { positionOf } from '../syntax/parse.ts'
import { CallableInstance } from './callable.ts'
import type { Blocks, Frame, Source } from './evaluation.ts'
import { joined } from './output.ts'
import { walk } from './uses.ts'

/** The blocks of a template, added below those of the templates that extend it. */
export function addBlocks(blocks: Blocks, source: Source): void {
  for (const node of walk(source.body)) {
    if (node.typename !== 'Block') continue
    const known = blocks.get(node.name)
    if (known) known.push({ block: node, source })
    else blocks.set(node.name, [{ block: node, source }])
  }
}

/** Prints a block: the version that the outermost child gives. */
export function defineBlock(node: BlockNode, frame: Frame, out: Value[]): void {
  if (!frame.blocks.size) addBlocks(frame.blocks, frame.source)
  printBlock(node.name, 0, frame, out, node.scoped)
}

function printBlock(name: string, depth: number, frame: Frame, out: Value[], scoped: boolean): void {
  const version = frame.blocks.get(name)?.[depth]
  if (!version) throw new PlonerunError(`there is no parent block called '${name}'`)
  if (version.block.required) throw new PlonerunError(`the block '${name}' must be overridden`, { where: positionOf(version.block, version.source.origin) })
  const base = scoped ? frame : topOf(frame)
  const inner: Frame = { ...base, source: version.source, names: new Map(), parent: base, block: { name, depth } }
  inner.names.set('super', new Super(() => {
    const pieces: Value[] = []
    printBlock(name, depth + 1, inner, pieces, scoped)
    return joined(pieces, frame.evaluation)
  }))
  frame.evaluation.run(version.block.body.children, inner, out)
}

function topOf(frame: Frame): Frame {
  let top = frame
  while (top.parent && top.parent.source === top.source) top = top.parent
  return top
}

/** `super()`: the block as the parent template has it. */
class Super extends CallableInstance {
  override readonly typeName = 'BlockReference'
  readonly #print: () => Value

  constructor(print: () => Value) {
    super()
    this.#print = print
  }

  override call(): Value {
    return this.#print()
  }
}

/** `self.name()`: a block of this template, printed once more. */
export class Self extends Instance {
  override readonly typeName = 'TemplateReference'
  readonly #frame: Frame

  constructor(frame: Frame) {
    super()
    this.#frame = frame
  }

  override attribute(name: string): Value | undefined {
    const frame = this.#frame
    if (!frame.blocks.size) addBlocks(frame.blocks, frame.source)
    if (!frame.blocks.has(name)) return undefined
    return new Super(() => {
      const pieces: Value[] = []
      printBlock(name, 0, frame, pieces, false)
      return joined(pieces, frame.evaluation)
    })
  }

  override repr(): string {
    return '<TemplateReference>'
  }
}
