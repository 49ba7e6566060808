/** Which names a parsed template reads. */
import type { AnyNode } from '../syntax/ast.ts'

/** All nodes of a tree, itself included. */
export function* walk(root: unknown): Generator<AnyNode> {
  if (typeof root !== 'object' || root === null) return
  if (Array.isArray(root)) {
    for (const child of root) yield* walk(child)
    return
  }
  if ('typename' in root) yield root as AnyNode
  for (const child of Object.values(root)) yield* walk(child)
}

/** Whether a name is read anywhere in a tree. */
export function uses(root: AnyNode, name: string): boolean {
  for (const node of walk(root)) if (node.typename === 'Symbol' && node.value === name) return true
  return false
}

const CHANGING: ReadonlySet<string> = new Set(['append', 'clear', 'extend', 'insert', 'pop', 'popitem', 'remove', 'reverse', 'setdefault', 'sort', 'update'])

/** Whether a tree may call a method that changes a list or dict in place. */
export function changesValues(root: AnyNode): boolean {
  for (const node of walk(root)) if (node.typename === 'Attribute' && CHANGING.has(node.name)) return true
  return false
}
