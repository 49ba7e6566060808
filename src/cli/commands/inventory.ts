/** `plonerun inventory`: hosts, groups, and where each variable comes from. */
import { relative } from 'node:path'
import { PlonerunError } from '../../errors/plonerun-error.ts'
import { didYouMean } from '../../errors/suggest.ts'
import { selectHosts } from '../../load/inventory/patterns.ts'
import type { Group, Inventory, VarLayer } from '../../load/inventory/types.ts'
import { positionOf } from '../../values/positions.ts'
import { isDict } from '../../values/dict.ts'
import { table } from '../../report/format.ts'
import { str } from '../../values/print.ts'
import type { Dict, Value } from '../../values/value.ts'
import type { RunCommand } from '../command-info.ts'
import { openProject, type Project, type ProjectOptions } from '../project.ts'
import { withSettings } from '../settings.ts'
import { tellWarning } from '../tell-error.ts'
import { valueJson } from '../value-json.ts'

interface Options extends ProjectOptions {
  readonly list?: boolean
  readonly host?: string
  readonly json?: boolean
  readonly limit?: readonly string[]
}

export const run: RunCommand = async ([pattern], given) => {
  const options: Options = given
  const project = await openProject(withSettings(options, tellWarning), tellWarning)
  process.stdout.write(show(project, options, typeof pattern === 'string' ? [pattern] : (options.limit ?? [])))
  return 'ok'
}

function show(project: Project, { list, host, json }: Options, patterns: readonly string[]): string {
  const { inventory } = project
  if (host !== undefined) {
    if (inventory.host(host) === undefined) throw new PlonerunError(`the inventory has no host '${host}'`, { hint: didYouMean(host, inventory.hosts.keys()) })
    return json ? `${valueJson(variablesOf(project, host), 4)}\n` : hostText(project, host)
  }
  const hosts = new Set(patterns.length === 0 ? inventory.hosts.keys() : selectHosts(inventory, patterns).hosts)
  return list ? `${valueJson(sorted(listData(project, hosts)), 4)}\n` : graphText(inventory, hosts)
}

/** The groups as a tree, as ansible-inventory --graph draws it. */
export function graphText(inventory: Inventory, hosts: ReadonlySet<string>): string {
  const lines: string[] = []
  const draw = (group: Group, depth: number): void => {
    const { name, hosts: members } = group
    lines.push(`${branch(depth)}@${name}:`)
    for (const child of childrenOf(inventory, group).sort()) draw(inventory.groups.get(child)!, depth + 1)
    for (const host of [...members].sort()) if (hosts.has(host)) lines.push(`${branch(depth + 1)}${host}`)
  }
  draw(inventory.groups.get('all')!, 0)
  return `${lines.join('\n')}\n`
}

/** Every group that is in no other one is a child of `all`. */
function childrenOf(inventory: Inventory, { name, children }: Group): string[] {
  if (name !== 'all') return [...children]
  return [...inventory.groups.values()].filter((group) => group.name !== 'all' && [...group.parents].every((parent) => parent === 'all')).map((group) => group.name)
}

function branch(depth: number): string {
  return depth === 0 ? '' : `${'  |'.repeat(depth)}--`
}

/** What ansible-inventory --list gives: each group with its hosts and children, and the variables of all hosts. */
function listData(project: Project, hosts: ReadonlySet<string>): Dict {
  const hostvars: Dict = new Map([...hosts].sort().map((host) => [host, withoutPlaces(variablesOf(project, host))]))
  const data: Dict = new Map<Value, Value>([['_meta', new Map<Value, Value>([['hostvars', hostvars], ['profile', 'inventory_legacy']])]])
  for (const each of project.inventory.groups.values()) {
    const { name, hosts: members } = each
    const children = childrenOf(project.inventory, each)
    const shown = [...members].filter((host) => hosts.has(host))
    const group: Dict = new Map<Value, Value>([...(children.length > 0 ? [['children', children] as const] : []), ...(shown.length > 0 ? [['hosts', shown] as const] : [])])
    if (group.size > 0) data.set(name, group)
  }
  return data
}

/** The mapping, and those within it, in the order of their keys. */
function sorted(value: Value): Value {
  if (!isDict(value)) return value
  return new Map([...value].sort(([a], [b]) => (str(a) < str(b) ? -1 : 1)).map(([key, item]) => [key, sorted(item)]))
}

/** Where a host was named is no variable of its own. */
function withoutPlaces(vars: Dict): Dict {
  return new Map([...vars].filter(([name]) => name !== 'inventory_file' && name !== 'inventory_dir'))
}

/** The variables of a host as they are written; those of the command line win. */
function variablesOf(project: Project, host: string): Dict {
  return new Map([...layersOf(project, host).flatMap(({ vars }) => [...vars]), ...project.extraVars])
}

function layersOf({ loader, inventory }: Project, host: string): readonly VarLayer[] {
  const layers = loader.hostVarLayers(inventory, host, process.cwd())
  // An inventory in the current folder has its group_vars beside it, and beside the playbooks: the same files.
  return layers.filter(({ source, kind }, index) => !kind.endsWith('the playbook') || layers.findIndex((layer) => layer.source === source) === index)
}

/** A host's variables with their places, and what each of them overrules. */
function hostText(project: Project, host: string): string {
  const places = new Map<Value, Place[]>()
  const add = (vars: Dict, place: (name: Value) => string): void => {
    for (const [name, value] of vars) places.set(name, [{ value, place: place(name) }, ...(places.get(name) ?? [])])
  }
  for (const { source, kind, group, vars } of layersOf(project, host)) add(vars, (name) => `${placeOf(vars, name, source)} (${group === undefined || kind.includes(group) ? kind : `${kind}: ${group}`})`)
  add(project.extraVars, () => '--extra-vars')

  const groups = project.inventory.groupsOf(host).map(({ name }) => name)
  const rows = [...places].sort(([a], [b]) => (str(a) < str(b) ? -1 : 1)).flatMap(([name, [winner, ...others]]) => [
    [str(name), shorten(valueJson(winner!.value)), winner!.place],
    ...others.map(({ value, place }) => ['', `instead of ${shorten(valueJson(value))}`, place]),
  ])
  return [`${host}  in ${groups.join(', ')}`, '', ...(rows.length === 0 ? ['no variables'] : table(rows)), ''].join('\n')
}

interface Place {
  readonly value: Value
  readonly place: string
}

function placeOf(vars: Dict, name: Value, source: string): string {
  const where = positionOf(vars, name)
  const file = relative(process.cwd(), where?.file ?? source)
  const path = file.startsWith('..') ? (where?.file ?? source) : file
  return where ? `${path}:${where.line}` : path
}

function shorten(text: string): string {
  return text.length <= 60 ? text : `${text.slice(0, 57)}...`
}
