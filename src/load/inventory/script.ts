/** Inventories that a program prints as JSON: `--list`, and `--host NAME` when the list has no `_meta`. */
import { execFileSync } from 'node:child_process'
import { PlonerunError } from '../../errors/plonerun-error.ts'
import type { Dict, Value } from '../../values/value.ts'
import { describe } from '../fields.ts'
import { mappingOrEmpty } from '../mapping.ts'
import { parseYaml } from '../yaml.ts'
import type { Inventory } from './types.ts'

const MEBIBYTE = 1024 * 1024

/** Adds what the program says. Throws a PlonerunError when it fails, with what it printed to stderr. */
export function readScriptInventory(program: string, inventory: Inventory): void {
  const listed = run(program, ['--list'])
  const meta = listed.get('_meta')
  const hostVars = meta instanceof Map && meta.get('hostvars') instanceof Map ? mappingOrEmpty(meta.get('hostvars')) : undefined
  const hosts = new Set<string>()

  for (const [key, value] of listed) {
    if (key === '_meta') continue
    const name = textOf(key, program)
    const group = groupOf(name, value)
    const members = listOf(group.get('hosts'), program)
    for (const member of members) hosts.add(member)
    inventory.addGroup(name, { hosts: members, vars: { source: program, vars: mappingOrEmpty(group.get('vars')) } })
    for (const child of listOf(group.get('children'), program)) inventory.addGroup(child, { parents: [name] })
  }
  for (const host of new Set([...hosts, ...[...(hostVars?.keys() ?? [])].map((key) => textOf(key, program))])) {
    if (!hosts.has(host)) continue
    const vars = hostVars === undefined ? run(program, ['--host', host]) : mappingOrEmpty(hostVars.get(host))
    inventory.addHost(host, { vars: { source: program, vars } })
  }
}

/** A list stands for the hosts of a group; a mapping without any known part for the variables of a host of that name. */
function groupOf(name: string, value: Value): Dict {
  if (!(value instanceof Map)) return new Map([['hosts', value]])
  const group: Dict = value
  return ['hosts', 'children', 'vars'].some((part) => group.has(part)) ? group : new Map<Value, Value>([['hosts', [name]], ['vars', group]])
}

function listOf(value: Value | undefined, program: string): string[] {
  if (value === undefined || value === null) return []
  if (!Array.isArray(value)) throw new PlonerunError(`the inventory script ${program} printed ${describe(value)} where a list of names goes`)
  return (value as readonly Value[]).map((item) => textOf(item, program))
}

function textOf(value: Value, program: string): string {
  if (typeof value === 'string') return value
  throw new PlonerunError(`the inventory script ${program} printed ${describe(value)} where a name goes`)
}

function run(program: string, args: readonly string[]): Dict {
  const command = [program, ...args].join(' ')
  const printed = execute(program, args, command)
  if (printed.trim() === '') return new Map()
  try {
    JSON.parse(printed)
  } catch (cause) {
    throw new PlonerunError(`the inventory script printed no JSON: ${command}`, { why: (cause as Error).message, cause })
  }
  const value = parseYaml(printed, command)
  if (value instanceof Map) return value
  throw new PlonerunError(`the inventory script printed ${describe(value)} where a mapping goes: ${command}`)
}

function execute(program: string, args: readonly string[], command: string): string {
  try {
    return execFileSync(program, args, { encoding: 'utf8', maxBuffer: 256 * MEBIBYTE, stdio: ['ignore', 'pipe', 'pipe'] })
  } catch (cause) {
    const { stderr, message } = cause as Error & { stderr?: string }
    throw new PlonerunError(`the inventory script failed: ${command}`, { why: stderr?.trim() ?? message, cause })
  }
}
