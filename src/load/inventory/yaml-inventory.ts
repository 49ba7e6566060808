/** Inventories in YAML: groups with `hosts`, `children` and `vars`. */
import { PlonerunError } from '../../errors/plonerun-error.ts'
import type { Position } from '../../errors/position.ts'
import { didYouMean } from '../../errors/suggest.ts'
import { str } from '../../values/print.ts'
import type { Dict, Value } from '../../values/value.ts'
import { describe } from '../fields.ts'
import { NOWHERE, positionOf, valuePositionOf } from '../../values/positions.ts'
import { expandHosts, withPort } from './host-words.ts'
import type { Inventory } from './types.ts'

const SECTIONS = ['hosts', 'children', 'vars']

/** Adds what a YAML document says. Throws a PlonerunError with the place of what is no inventory. */
export function readYamlInventory(value: Value, file: string, inventory: Inventory): void {
  if (value === null) return
  if (!(value instanceof Map)) throw new PlonerunError(`an inventory is a mapping of groups, not ${describe(value)}`, { where: positionOf(value) ?? { file, line: 1, column: 1 } })
  if (value.has('plugin')) throw new PlonerunError(`the inventory plugin '${str(value.get('plugin') ?? '')}' is not supported`, { where: positionOf(value, 'plugin'), hint: 'there is constructed; an executable script that prints JSON can do what others do' })
  for (const [name, group] of value) readGroup(nameOf(name, 'group', value), group, value, name)

  function readGroup(name: string, group: Value, parent: Dict, key: Value): void {
    inventory.addGroup(name)
    if (group === null) return
    if (!(group instanceof Map)) throw new PlonerunError(`the group '${name}' takes a mapping, not ${describe(group)}`, { where: valuePositionOf(parent, key), hint: 'hosts of a group go under hosts:' })
    for (const section of group.keys()) {
      if (SECTIONS.includes(str(section))) continue
      throw new PlonerunError(`'${str(section)}' is no part of a group`, { where: positionOf(group, section), hint: didYouMean(str(section), SECTIONS) ?? 'a group has hosts, children and vars; other groups go under children:' })
    }
    inventory.addGroup(name, { vars: { source: file, vars: sectionOf(group, 'vars') } })
    for (const section of group.keys()) {
      if (section === 'children') readChildren(name, sectionOf(group, section))
      if (section === 'hosts') readMembers(name, sectionOf(group, section))
    }
  }

  function readChildren(parent: string, children: Dict): void {
    for (const [child, inner] of children) {
      const name = nameOf(child, 'group', children)
      readGroup(name, inner, children, child)
      inventory.addGroup(name, { parents: [parent] })
    }
  }

  function readMembers(group: string, hosts: Dict): void {
    for (const [host, vars] of hosts) readHosts(nameOf(host, 'host', hosts), vars, group, positionOf(hosts, host) ?? NOWHERE)
  }

  function readHosts(text: string, own: Value, group: string, where: Position): void {
    if (own !== null && !(own instanceof Map)) throw new PlonerunError(`the host '${text}' takes a mapping of variables, not ${describe(own)}`, { where })
    const { names, port } = expandHosts(text, where)
    for (const name of names) inventory.addHost(name, { groups: [group], vars: { source: file, vars: withPort(inventory, name, port, own ?? new Map<Value, Value>()) } })
  }
}

/** A part of a group. A single name stands for a mapping with that key. */
function sectionOf(group: Dict, section: string): Dict {
  const value = group.get(section) ?? null
  if (value === null) return new Map()
  if (typeof value === 'string') return new Map([[value, null]])
  if (value instanceof Map) return value
  throw new PlonerunError(`'${section}' takes a mapping, not ${describe(value)}`, {
    where: positionOf(group, section),
    hint: section === 'vars' ? undefined : `write each name with a colon behind it, as in: ${section}: {one: , two: }`,
  })
}

function nameOf(name: Value, what: string, within: Dict): string {
  if (typeof name === 'string') return name
  if (what === 'host') throw new PlonerunError(`Host pattern ${str(name)} must be a string, and is read as ${describe(name)}`, { where: positionOf(within, name), hint: 'quote it' })
  throw new PlonerunError(`'${str(name)}' is read as ${describe(name)}, not as the name of a ${what}`, { where: positionOf(within, name), hint: 'quote it' })
}
