/** The inventory plugin `constructed`: variables and groups made from the variables that hosts have already. */
import { PlonerunError } from '../../errors/plonerun-error.ts'
import type { Position } from '../../errors/position.ts'
import { didYouMean } from '../../errors/suggest.ts'
import { NOWHERE, positionOf, valuePositionOf } from '../../values/positions.ts'
import { str } from '../../values/print.ts'
import { asBool, truth } from '../../values/python.ts'
import { Template } from '../../values/template.ts'
import { isList } from '../../values/tuple.ts'
import type { Dict, Value } from '../../values/value.ts'
import { describe } from '../fields.ts'
import type { InventoryFiles } from '../vars-files.ts'
import { hostVarLayers } from './layers.ts'
import type { Inventory } from './types.ts'

/** What the expressions of a source are evaluated with. */
export interface Expressions {
  /** Throws a PlonerunError, for what is undefined as well. */
  readonly evaluate: (template: Template, vars: Dict) => Value
  /** Of the command line. */
  readonly extraVars: Dict
}

const OPTIONS = ['plugin', 'strict', 'compose', 'groups', 'keyed_groups', 'use_vars_plugins', 'use_extra_vars', 'leading_separator']
const KEYED_OPTIONS = ['key', 'prefix', 'separator', 'parent_group', 'default_value', 'trailing_separator']

/** Whether a source is a configuration of this plugin. */
export function isConstructed(source: Dict): boolean {
  return ['constructed', 'ansible.builtin.constructed'].includes(str(source.get('plugin') ?? ''))
}

/**
 * Adds what the configuration makes of the hosts that sources before it have given.
 * Throws a PlonerunError for what is no option, and with `strict` for an expression that cannot be evaluated.
 */
export function readConstructed(source: Dict, file: string, inventory: Inventory, files: InventoryFiles, { evaluate, extraVars }: Expressions): void {
  checkKeys(source, OPTIONS)
  const flag = (option: string): boolean => asBool(source.get(option) ?? false) === true
  const strict = flag('strict')
  const leading = source.get('leading_separator') === undefined || flag('leading_separator')

  for (const host of [...inventory.hosts.keys()]) {
    for (const [name, expression] of mappingOf(source, 'compose')) {
      const value = attempt(() => valueOf(expression, host, valuePositionOf(mappingOf(source, 'compose'), name)))
      if (value !== undefined) inventory.addHost(host, { vars: { source: file, vars: new Map([[name, value]]) } })
    }
    for (const [name, condition] of mappingOf(source, 'groups')) {
      const holds = attempt(() => truth(valueOf(condition, host, valuePositionOf(mappingOf(source, 'groups'), name))))
      if (holds === true) inventory.addGroup(safeName(str(name)), { hosts: [host] })
    }
    for (const entry of keyedGroups(source)) addKeyed(entry, host)
  }

  function addKeyed(entry: Dict, host: string): void {
    checkKeys(entry, KEYED_OPTIONS)
    if ((entry.get('default_value') ?? null) !== null && (entry.get('trailing_separator') ?? null) !== null)
      throw new PlonerunError('parameters are mutually exclusive for keyed groups: default_value|trailing_separator', { where: positionOf(entry) })
    const where = valuePositionOf(entry, 'key')
    const key = attempt(() => valueOf(entry.get('key') ?? null, host, where))
    if (key === undefined) return
    const separator = textOf(entry, 'separator') ?? '_'
    const prefix = textOf(entry, 'prefix') ?? ''
    const parent = attempt(() => parentOf(entry, host)) ?? ''
    const names = namesFor(key, entry, separator, where)
    if (names.length === 0 && strict && !(isList(key) || key instanceof Map)) throw new PlonerunError(`${host}: the key of a group gives nothing`, { where })
    for (const name of names) {
      const group = safeName(`${prefix}${prefix === '' && !leading ? '' : separator}${name}`)
      inventory.addGroup(group, { hosts: [host] })
      if (parent === '') continue
      inventory.addGroup(safeName(parent))
      inventory.addGroup(group, { parents: [safeName(parent)] })
    }
  }

  function parentOf(entry: Dict, host: string): string {
    const written = entry.get('parent_group') ?? null
    return written === null ? '' : str(written instanceof Template ? valueOf(written, host, undefined) : written)
  }

  function valueOf(expression: Value, host: string, where: Position | undefined): Value {
    const template = expression instanceof Template ? expression : new Template(`{{ ${str(expression)} }}`, where ?? NOWHERE)
    return evaluate(template, variablesOf(host))
  }

  function variablesOf(host: string): Dict {
    const wanted = hostVarLayers(inventory, host, undefined, files).filter(({ kind }) => flag('use_vars_plugins') || !kind.includes('_vars'))
    const own: [Value, Value][] = [
      ['inventory_hostname', host],
      ['inventory_hostname_short', host.split('.')[0]!],
      ['group_names', inventory.groupsOf(host).map(({ name }) => name).filter((name) => name !== 'all').sort()],
    ]
    return new Map([...own, ...wanted.flatMap(({ vars }) => [...vars]), ...(flag('use_extra_vars') ? extraVars : [])])
  }

  /** Without `strict` a host is passed over for which an expression cannot be evaluated. */
  function attempt<Result>(compute: () => Result): Result | undefined {
    try {
      return compute()
    } catch (error) {
      if (strict || !(error instanceof PlonerunError)) throw error
      return undefined
    }
  }
}

/** The names that a key gives: its own, one for each item of a list, or one for each key and value of a mapping. */
function namesFor(key: Value, entry: Dict, separator: string, where: Position | undefined): readonly string[] {
  const fallback = textOf(entry, 'default_value')
  const orFallback = (value: Value): string => (isEmpty(value) && fallback !== undefined ? fallback : str(value))
  if (isEmpty(key)) return fallback === undefined ? [] : [fallback]
  if (typeof key === 'string') return [key]
  if (isList(key)) return key.map(orFallback)
  if (key instanceof Map) return [...key].map(([name, value]) => (isEmpty(value) && asBool(entry.get('trailing_separator') ?? true) === false ? str(name) : `${str(name)}${separator}${orFallback(value)}`))
  if (!truth(key)) return []
  throw new PlonerunError(`the key of a group gives a text, a list or a mapping, not ${describe(key)}`, { where })
}

function isEmpty(value: Value): boolean {
  return value === null || value === ''
}

/** With an underscore in place of what no name of a group may have. */
function safeName(name: string): string {
  return name.replace(/^\p{Nd}|[^\p{L}\p{N}_]/gu, '_')
}

function textOf(entry: Dict, name: string): string | undefined {
  const value = entry.get(name) ?? null
  return value === null ? undefined : str(value)
}

function keyedGroups(source: Dict): readonly Dict[] {
  const value = source.get('keyed_groups') ?? null
  if (value === null) return []
  const items: readonly Value[] = isList(value) ? value : [value]
  return items.map((item) => {
    if (item instanceof Map) return item
    throw new PlonerunError(`'keyed_groups' takes a list of mappings, not ${describe(item)}`, { where: valuePositionOf(source, 'keyed_groups') })
  })
}

function mappingOf(source: Dict, name: string): Dict {
  const value = source.get(name) ?? null
  if (value === null) return new Map()
  if (value instanceof Map) return value
  throw new PlonerunError(`'${name}' takes a mapping, not ${describe(value)}`, { where: valuePositionOf(source, name) })
}

function checkKeys(dict: Dict, known: readonly string[]): void {
  const unknown = [...dict.keys()].map(str).find((key) => !known.includes(key))
  if (unknown !== undefined) throw new PlonerunError(`the inventory plugin constructed has no option '${unknown}'`, { where: positionOf(dict, unknown), hint: didYouMean(unknown, known) ?? `it has ${known.join(', ')}` })
}
