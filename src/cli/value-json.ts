/** A value as JSON, as Python's json module writes it, so that 2.0 stays a float. */
import { Float } from '../values/float.ts'
import { floatText, str } from '../values/print.ts'
import { Template } from '../values/template.ts'
import { isList } from '../values/tuple.ts'
import type { Value } from '../values/value.ts'

/**
 * Characters beyond ASCII stay as they are, secrets are masked, and a template that was not evaluated is its text.
 * @param indent spaces a level; without it everything stands on one line
 */
export function valueJson(value: Value, indent?: number): string {
  return write(value, indent, '\n')
}

function write(value: Value, indent: number | undefined, newline: string): string {
  if (value === null || typeof value === 'boolean') return String(value)
  if (typeof value === 'string') return JSON.stringify(value)
  if (typeof value === 'bigint') return String(value)
  if (typeof value === 'number') return Number.isInteger(value) ? String(value) : floatJson(value)
  if (value instanceof Float) return floatJson(value.value)
  if (value instanceof Template) return JSON.stringify(value.source)
  const inner = indent === undefined ? '' : newline + ' '.repeat(indent)
  if (isList(value)) return enclose('[', value.map((item) => write(item, indent, inner)), ']')
  if (value instanceof Map) return enclose('{', [...value].map(([key, item]) => `${JSON.stringify(keyText(key))}: ${write(item, indent, inner)}`), '}')
  // Secrets and what is unknown show what stands for them, objects their text.
  return JSON.stringify(str(value))

  function enclose(open: string, items: readonly string[], close: string): string {
    if (items.length === 0) return open + close
    return indent === undefined ? open + items.join(', ') + close : open + inner + items.join(`,${inner}`) + newline + close
  }
}

function floatJson(value: number): string {
  if (Number.isFinite(value)) return floatText(value)
  return Number.isNaN(value) ? 'NaN' : value > 0 ? 'Infinity' : '-Infinity'
}

function keyText(key: Value): string {
  return key === null || typeof key === 'boolean' ? String(key) : str(key)
}
