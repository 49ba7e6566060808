/** JSON as Python's json.dumps writes it, byte for byte. */
import { PlonerunError } from '../../errors/plonerun-error.ts'
import { Float } from '../../values/float.ts'
import { Instance, type Value } from '../../values/value.ts'
import { floatText, str } from '../../values/print.ts'
import { compare, typeName, undefinedError } from '../../values/python.ts'
import { isList } from '../../values/tuple.ts'
import { Undefined } from '../../values/undefined.ts'

export interface JsonOptions {
  /** What one level is indented by; undefined puts all on one line. */
  readonly indent?: string
  readonly sortKeys?: boolean
  readonly ensureAscii?: boolean
  readonly separators?: readonly [item: string, key: string]
}

export function dumpJson(value: Value, { indent, sortKeys = false, ensureAscii = true, separators = indent === undefined ? [', ', ': '] : [',', ': '] }: JsonOptions = {}): string {
  const [itemSeparator, keySeparator] = separators
  return write(value, '\n')

  function write(item: Value, newline: string): string {
    if (item === null) return 'null'
    if (typeof item === 'string') return quote(item, ensureAscii)
    if (typeof item === 'boolean') return String(item)
    if (typeof item === 'number' || typeof item === 'bigint' || item instanceof Float) return numberText(item)
    if (isList(item)) return wrapped('[', item.map((child) => write(child, newline + (indent ?? ''))), ']', newline)
    if (item instanceof Map) return wrapped('{', entries(item).map(([key, child]) => quote(keyText(key), ensureAscii) + keySeparator + write(child, newline + (indent ?? ''))), '}', newline)
    if (item instanceof Undefined) throw undefinedError(item)
    if (item instanceof Instance && item.storable) return quote(item.toJSON(), ensureAscii)
    throw new PlonerunError(`Object of type ${typeName(item)} is not JSON serializable`)
  }

  function entries(dict: ReadonlyMap<Value, Value>): [Value, Value][] {
    return sortKeys ? [...dict].sort(([a], [b]) => compare(a, b)) : [...dict]
  }

  function wrapped(open: string, parts: readonly string[], close: string, newline: string): string {
    if (!parts.length) return open + close
    if (indent === undefined) return open + parts.join(itemSeparator) + close
    return `${open}${newline}${indent}${parts.join(itemSeparator + newline + indent)}${newline}${close}`
  }
}

function numberText(value: number | bigint | Float): string {
  if (typeof value === 'bigint' || Number.isInteger(value)) return String(value)
  return floatText(Number(value)).replace('inf', 'Infinity').replace('nan', 'NaN')
}

/** Keys that are no text are written as JSON writes their value. */
function keyText(key: Value): string {
  if (key === null) return 'null'
  if (typeof key === 'boolean') return String(key)
  if (typeof key === 'number' || key instanceof Float) return numberText(key)
  return str(key)
}

const SHORT: Readonly<Record<string, string>> = { '"': '\\"', '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t', '\b': '\\b', '\f': '\\f' }

function quote(text: string, ensureAscii: boolean): string {
  const pattern = ensureAscii ? /["\\]|[^\x20-\x7e]/g : /["\\\x00-\x1f]/g
  return `"${text.replace(pattern, (character) => SHORT[character] ?? `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)}"`
}
