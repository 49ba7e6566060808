/** YAML as PyYAML with libyaml writes it, byte for byte. */
import { PlonerunError } from '../../errors/plonerun-error.ts'
import { isDict } from '../../values/dict.ts'
import { Float } from '../../values/float.ts'
import { Instance, type Dict, type Value } from '../../values/value.ts'
import { floatText } from '../../values/print.ts'
import { compare, typeName, undefinedError } from '../../values/python.ts'
import { isList } from '../../values/tuple.ts'
import { Undefined } from '../../values/undefined.ts'
import { BREAK, chooseStyle, type Style } from './scalar-style.ts'
import { Writer } from './writer.ts'

export interface YamlDumpOptions {
  /** Spaces a level, 2 to 9. */
  readonly indent?: number
  /** Columns after which a line is broken at the next space. */
  readonly width?: number
  /** All of [] and {} (true), none (false), or only what holds nothing but scalars (undefined). */
  readonly flow?: boolean | undefined
  readonly sortKeys?: boolean
  readonly style?: Style | undefined
  readonly explicitStart?: boolean
  readonly explicitEnd?: boolean
}

/** Where a node stands: decides about indentation and style. */
interface Place {
  readonly indent: number
  readonly inFlow: boolean
  readonly isKey: boolean
  /** The value of a key in a block mapping: a list in it is not indented further. */
  readonly inMapping: boolean
}

/** Longest key that is written without `? `. */
const LONGEST_KEY = 128

export function dumpYaml(value: Value, { indent = 2, width = 80, flow, sortKeys = true, style, explicitStart = false, explicitEnd = false }: YamlDumpOptions = {}): string {
  const step = indent > 1 && indent < 10 ? indent : 2
  const writer = new Writer(width > step * 2 ? width : 80)
  if (explicitStart) writer.indicator('---', true)
  const root: Place = { indent: -1, inFlow: false, isKey: false, inMapping: false }
  node(value, root)
  writer.line()
  if (explicitEnd || writer.openEnded) writer.raw('...\n')
  return writer.text

  function node(item: Value, place: Place): void {
    if (isList(item)) list(item, place)
    else if (isDict(item)) mapping(item, place)
    else scalar(item, place)
  }

  function deeper({ indent: outer, inFlow, inMapping }: Place, indentless: boolean): number {
    if (outer < 0) return inFlow ? step : 0
    return indentless && inMapping ? outer : outer + step
  }

  function isFlow(item: Value[] | Dict, { inFlow }: Place): boolean {
    if (inFlow || (isList(item) ? item.length : item.size) === 0) return true
    if (flow !== undefined) return flow
    const children = isList(item) ? item : [...item].flat()
    return style === undefined && children.every((child) => !isList(child) && !isDict(child))
  }

  function list(items: Value[], place: Place): void {
    if (isFlow(items, place)) {
      flowCollection('[', ']', items.length, place, (index, inner) => node(items[index]!, inner))
      return
    }
    const indent = deeper(place, !writer.indention)
    for (const item of items) {
      writer.toIndent(indent)
      writer.indicator('-', true, false, true)
      node(item, { indent, inFlow: false, isKey: false, inMapping: false })
    }
  }

  function mapping(dict: Dict, place: Place): void {
    const entries = sorted(dict)
    if (isFlow(dict, place)) {
      flowCollection('{', '}', entries.length, place, (index, inner) => pair(entries[index]!, inner))
      return
    }
    const indent = deeper(place, false)
    for (const entry of entries) {
      writer.toIndent(indent)
      pair(entry, { indent, inFlow: false, isKey: false, inMapping: true })
    }
  }

  function pair([key, item]: readonly [Value, Value], place: Place): void {
    if (isSimpleKey(key)) {
      node(key, { ...place, isKey: true })
      writer.indicator(':', false)
    } else {
      writer.indicator('?', true, false, !place.inFlow)
      node(key, place)
      if (!place.inFlow || writer.column > writer.width) writer.toIndent(place.indent)
      writer.indicator(':', true, false, !place.inFlow)
    }
    node(item, place)
  }

  function flowCollection(open: string, close: string, count: number, place: Place, each: (index: number, inner: Place) => void): void {
    writer.indicator(open, true, true)
    const indent = deeper({ ...place, inFlow: true }, false)
    for (let index = 0; index < count; index++) {
      if (index) writer.indicator(',', false)
      if (writer.column > writer.width) writer.toIndent(indent)
      each(index, { indent, inFlow: true, isKey: false, inMapping: false })
    }
    writer.indicator(close, false)
  }

  function sorted(dict: Dict): [Value, Value][] {
    if (!sortKeys) return [...dict]
    try {
      return [...dict].sort(([a], [b]) => compare(a, b))
    } catch (error) {
      if (error instanceof PlonerunError) return [...dict]
      throw error
    }
  }

  function isSimpleKey(key: Value): boolean {
    if (isList(key)) return key.length === 0
    if (isDict(key)) return key.size === 0
    return Buffer.byteLength(scalarText(key)) <= LONGEST_KEY && (typeof key !== 'string' || !BREAK.test(key))
  }

  function scalar(item: Value, { indent, inFlow, isKey }: Place): void {
    const text = scalarText(item)
    const isText = typeof item === 'string' || item instanceof Instance
    const chosen = isText ? chooseStyle(text, style, isKey, inFlow) : (style ?? 'plain')
    // A number in quotes would be read as a text otherwise.
    if (!isText && chosen !== 'plain') writer.indicator('!', true)
    // Further lines are indented also where the scalar is all there is.
    writer.scalar(text, chosen, Math.max(indent, 0) + step, !isKey, step)
  }
}

function scalarText(item: Value): string {
  if (typeof item === 'string') return item
  if (item === null) return 'null'
  if (typeof item === 'boolean') return String(item)
  if (typeof item === 'number' || item instanceof Float) return numberText(item)
  if (typeof item === 'bigint') return item.toString()
  if (item instanceof Undefined) throw undefinedError(item)
  if (item instanceof Instance && item.storable) return item.str()
  throw new PlonerunError(`a value of type '${typeName(item)}' cannot be written as YAML`)
}

function numberText(item: number | Float): string {
  if (typeof item === 'number' && Number.isInteger(item)) return String(item)
  const text = floatText(Number(item))
  if (/inf|nan/.test(text)) return text.replace(/^(-?)/, '$1.')
  return text.includes('.') ? text : text.replace('e', '.0e')
}
