/** Inventories in INI format. */
import { PlonerunError } from '../../errors/plonerun-error.ts'
import type { Position } from '../../errors/position.ts'
import { didYouMean } from '../../errors/suggest.ts'
import { hasTemplateMarks, Template } from '../../values/template.ts'
import type { Value } from '../../values/value.ts'
import { expandHosts, withPort } from './host-words.ts'
import { pythonLiteral } from './python-literal.ts'
import { shellWords } from './shell-words.ts'
import type { Inventory } from './types.ts'

type Section = { readonly group: string; readonly kind: 'hosts' | 'children' | 'vars' }

const KINDS = ['hosts', 'children', 'vars']

/** Adds the hosts, groups and variables of a text. Throws a PlonerunError with the line for what cannot be read. */
export function readIniInventory(text: string, file: string, inventory: Inventory): void {
  const declared = new Set(['all', 'ungrouped', ...inventory.groups.keys()])
  const mentioned = new Map<string, { where: Position; as: string }>()
  let section: Section = { group: 'ungrouped', kind: 'hosts' }

  for (const [index, raw] of text.split(/\r?\n/).entries()) {
    const line = raw.trim()
    if (line === '' || line.startsWith('#') || line.startsWith(';')) continue
    const where = { file, line: index + 1, column: raw.length - raw.trimStart().length + 1 }
    if (line.startsWith('[')) {
      const header = readHeader(line, where)
      if (header !== undefined) {
        section = header
        if (section.kind === 'vars') mention(section.group, where, `[${section.group}:vars]`)
        else declared.add(section.group)
        inventory.addGroup(section.group)
        continue
      }
    }
    if (section.kind === 'hosts') readHost(line, section.group, where)
    else if (section.kind === 'vars') readVariable(line, section.group, where)
    else readChild(line, section.group, where)
  }
  for (const [group, { where, as }] of mentioned) {
    if (declared.has(group)) continue
    throw new PlonerunError(`the group '${group}' of ${as} is defined nowhere`, { where, hint: didYouMean(group, declared) ?? `write [${group}] somewhere, even if it has no hosts` })
  }

  function mention(group: string, where: Position, as: string): void {
    if (!mentioned.has(group)) mentioned.set(group, { where, as })
  }

  function readHost(line: string, group: string, where: Position): void {
    const [host, ...assignments] = shellWords(line, where)
    if (host === undefined) return
    if (host.text === '---') throw new PlonerunError('this looks like YAML, but is read as INI', { where, hint: 'give the file the extension .yml' })
    const { names, port } = expandHosts(host.text, where)
    const vars = new Map<Value, Value>()
    for (const { text: assignment, offset } of assignments) {
      const equals = assignment.indexOf('=')
      const at = { ...where, column: where.column + offset }
      if (equals < 1) throw new PlonerunError(`'${assignment}' is no variable`, { where: at, hint: 'write variables of a host as name=value, and quote values with spaces' })
      vars.set(assignment.slice(0, equals), iniValue(assignment.slice(equals + 1), { ...at, column: at.column + equals + 1 }))
    }
    for (const name of names) inventory.addHost(name, { groups: [group], vars: { source: file, vars: withPort(inventory, name, port, vars) } })
  }

  function readVariable(line: string, group: string, where: Position): void {
    const equals = line.indexOf('=')
    if (equals < 1) throw new PlonerunError(`'${line}' is no variable`, { where, hint: 'write variables of a group as name=value' })
    const value = line.slice(equals + 1)
    const column = where.column + equals + 1 + value.length - value.trimStart().length
    inventory.addGroup(group, { vars: { source: file, vars: new Map([[line.slice(0, equals).trim(), iniValue(value.trim(), { ...where, column })]]) } })
  }

  function readChild(line: string, group: string, where: Position): void {
    const child = /^([^\s:[\]]+)\s*(?:#.*)?$/.exec(line)?.[1]
    if (child === undefined) throw new PlonerunError(`'${line}' is no name of a group`, { where, hint: `[${group}:children] takes one group on each line, and no variables` })
    mention(child, where, `[${group}:children]`)
    inventory.addGroup(child, { parents: [group] })
  }
}

/** `[group]`, `[group:vars]`, `[group:children]`; undefined when the line starts with a bracket for another reason. */
function readHeader(line: string, where: Position): Section | undefined {
  const [, group, kind = 'hosts'] = /^\[([^:\]\s]+)(?::(\w+))?\]\s*(?:#.*)?$/.exec(line) ?? []
  if (group !== undefined && KINDS.includes(kind)) return { group, kind: kind as Section['kind'] }
  if (group !== undefined) throw new PlonerunError(`there is no section of the kind '${kind}'`, { where, hint: didYouMean(kind, KINDS) ?? 'known are [group], [group:children] and [group:vars]' })
  if (line.endsWith(']')) throw new PlonerunError(`'${line}' is no section`, { where, hint: 'names of groups take no spaces and no brackets' })
  return undefined
}

/** A Python literal, or text; text with template marks is a Template, also inside of lists and dicts. */
function iniValue(text: string, where: Position): Value {
  const literal = pythonLiteral(text)
  return withTemplates(literal === undefined ? text : literal, typeof literal === 'string' ? { ...where, column: where.column + 1 } : where)
}

function withTemplates(value: Value, where: Position): Value {
  if (typeof value === 'string') return hasTemplateMarks(value) ? new Template(value, where) : value
  if (Array.isArray(value)) return (value as readonly Value[]).map((item) => withTemplates(item, where))
  if (value instanceof Map) return new Map([...value].map(([key, item]) => [key, withTemplates(item, where)]))
  return value
}
