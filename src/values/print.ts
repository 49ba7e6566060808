/** Values as text, as Python's str() and repr() print them. */
import { PlonerunError } from '../errors/plonerun-error.ts'
import { Float } from './float.ts'
import { Instance, type Value } from './value.ts'
import { undefinedError } from './python.ts'
import { Template } from './template.ts'
import { isList, Tuple } from './tuple.ts'
import { Undefined } from './undefined.ts'

/** Python's str(): text as it is, None as `None`, True as `True`, lists and dicts as repr. A secret prints as its mask. Raises for Undefined. */
export function str(value: Value): string {
  if (typeof value === 'string') return value
  if (value instanceof Instance) return value.str()
  return repr(value)
}

/** Python's repr(): strings quoted. A secret prints as its mask. Raises for Undefined. */
export function repr(value: Value): string {
  if (value === null) return 'None'
  switch (typeof value) {
    case 'string':
      return quoted(value)
    case 'boolean':
      return value ? 'True' : 'False'
    case 'bigint':
      return value.toString()
    case 'number':
      return Number.isInteger(value) ? value.toString() : floatText(value)
    case 'function':
      return '<function>'
    default:
      break
  }
  if (value instanceof Float) return floatText(value.value)
  if (value instanceof Tuple) return value.length === 1 ? `(${repr(value[0]!)},)` : `(${value.map(repr).join(', ')})`
  if (isList(value)) return `[${value.map(repr).join(', ')}]`
  if (value instanceof Map) return `{${[...value].map(([key, item]) => `${repr(key)}: ${repr(item)}`).join(', ')}}`
  if (value instanceof Instance) return value.repr()
  if (value instanceof Undefined) throw undefinedError(value)
  if (value instanceof Template) throw new PlonerunError('a template has not been evaluated', { where: value.position })
  return value.toString()
}

/** A float as Python prints it: the shortest digits that give it back, `1.0`, `1e+16`, `1e-05`, `inf`, `nan`. */
export function floatText(value: number): string {
  if (Number.isNaN(value)) return 'nan'
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf'
  if (value === 0) return Object.is(value, -0) ? '-0.0' : '0.0'
  const [digits, exponentText] = value.toExponential().split('e') as [string, string]
  const exponent = Number(exponentText)
  if (exponent < -4 || exponent >= 16) return `${digits}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`
  const sign = value < 0 ? '-' : ''
  const figures = digits.replace('-', '').replace('.', '')
  if (exponent < 0) return `${sign}0.${'0'.repeat(-exponent - 1)}${figures}`
  const whole = figures.slice(0, exponent + 1).padEnd(exponent + 1, '0')
  return `${sign}${whole}.${figures.slice(exponent + 1) || '0'}`
}

const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' }

function quoted(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'"
  const escaped = text.replace(/[\\\p{C}\p{Zl}\p{Zp}\p{Zs}'"]/gu, (character) => {
    if (character === ' ') return character
    if (character === '"' || character === "'") return character === quote ? `\\${character}` : character
    return ESCAPES[character] ?? hexEscape(character.codePointAt(0)!)
  })
  return `${quote}${escaped}${quote}`
}

function hexEscape(code: number): string {
  if (code < 0x100) return `\\x${code.toString(16).padStart(2, '0')}`
  return code < 0x10000 ? `\\u${code.toString(16).padStart(4, '0')}` : `\\U${code.toString(16).padStart(8, '0')}`
}
