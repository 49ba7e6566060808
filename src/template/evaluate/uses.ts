/** Which names a parsed template reads. */
import type { AnyNode } from '../syntax/ast.ts'

/** All nodes of a tree, itself included, each before those in it. */
export function walk(root: unknown): readonly AnyNode[] {
  const nodes: AnyNode[] = []
  collect(root, nodes)
  return nodes
}

function collect(value: unknown, into: AnyNode[]): void {
  if (typeof value !== 'object' || value === null) return
  if ('typename' in value) into.push(value as AnyNode)
  for (const child of Array.isArray(value) ? (value as readonly unknown[]) : Object.values(value)) collect(child, into)
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
