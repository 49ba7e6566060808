/** What a parsed template, given as all its nodes, refers to: the variables it reads, and the plugins it calls. */
import type { AnyNode, CallNode, Target } from './syntax/ast.ts'
import type { PluginKind } from './plugins/plugin.ts'

/** Names that a template reads and does not set anywhere itself. */
export function freeNames(nodes: readonly AnyNode[]): Set<string> {
  const read = new Set<string>()
  const bound = new Set<string>()
  for (const node of nodes) {
    switch (node.typename) {
      case 'Symbol':
        read.add(node.value)
        break
      case 'For':
        bind(node.target, bound)
        bound.add('loop')
        break
      case 'Macro':
        bound.add(node.name)
        for (const { name } of node.parameters) bound.add(name)
        break
      case 'With':
        for (const [target] of node.targets) bind(target, bound)
        break
      case 'Import':
        bound.add(node.target)
        break
      case 'FromImport':
        for (const [, alias] of node.names) bound.add(alias)
        break
      default:
        break
    }
  }
  return new Set([...read].filter((name) => !bound.has(name)))
}

/** The items that a template reads of a name by name; undefined when it reads the whole. */
export function itemsRead(nodes: readonly AnyNode[], name: string): ReadonlySet<string> | undefined {
  const items = new Set<string>()
  const owners = new Set<AnyNode>()
  for (const node of nodes) {
    if (node.typename === 'Symbol' && node.value === name && !owners.has(node)) return undefined
    const item = node.typename === 'Attribute' ? node.name : node.typename === 'LookupVal' && node.val.typename === 'Literal' ? node.val.value : undefined
    if (typeof item !== 'string' || (node.typename !== 'Attribute' && node.typename !== 'LookupVal') || node.target.typename !== 'Symbol' || node.target.value !== name) continue
    owners.add(node.target)
    items.add(item)
  }
  return items
}

function bind(target: Target, bound: Set<string>): void {
  if (target.typename === 'Symbol') bound.add(target.value)
  else if (target.typename === 'Tuple') for (const child of target.children) bind(child as Target, bound)
}

/** The template files that a template includes, imports, extends or looks up by names that are written out. */
export function templatesNamed(nodes: readonly AnyNode[]): Set<string> {
  const names = new Set<string>()
  for (const node of nodes) {
    // A lookup with options may read a file that is written in another way.
    const [named] = 'template' in node ? [node.template] : node.typename === 'FunCall' && lookedUp(node) === 'template' && node.args.keywords.length === 0 ? node.args.positional.slice(1) : []
    if (named?.typename === 'Literal' && typeof named.value === 'string') names.add(named.value)
  }
  return names
}

/** The plugins that a template names literally, each with its node. */
export function* pluginsUsed(nodes: readonly AnyNode[]): Generator<{ kind: PluginKind; name: string; node: { readonly lineno: number; readonly colno: number } }> {
  for (const node of nodes) {
    if (node.typename === 'Filter') yield { kind: 'filter', name: node.filter.name, node }
    else if (node.typename === 'Test') yield { kind: 'test', name: node.name, node }
    else if (node.typename === 'SetBlock' || node.typename === 'FilterBlock') for (const filter of node.filters) yield { kind: 'filter', name: filter.name, node: filter }
    else if (node.typename === 'FunCall') {
      const name = lookedUp(node)
      if (name !== undefined) yield { kind: 'lookup', name, node: node.args.positional[0]! }
    }
  }
}

/** The lookup that a call names literally. */
function lookedUp({ name, args }: CallNode): string | undefined {
  const [first] = args.positional
  const isLookup = name.typename === 'Symbol' && ['lookup', 'query', 'q'].includes(name.value)
  return isLookup && first?.typename === 'Literal' && typeof first.value === 'string' ? first.value : undefined
}
