/** What an unquoted YAML 1.1 word is: null, a boolean, a number, or text. The rules are those of PyYAML, which Ansible reads with. */
import { toFloat } from './float.ts'
import type { Value } from './value.ts'

const NULL = /^(?:~|null|Null|NULL|)$/
const TRUE = /^(?:yes|Yes|YES|true|True|TRUE|on|On|ON)$/
const FALSE = /^(?:no|No|NO|false|False|FALSE|off|Off|OFF)$/
const INTEGER = /^[-+]?(?:0b[01_]+|0[0-7_]+|0|[1-9][0-9_]*|0x[0-9a-fA-F_]+)$/
const FLOAT = /^(?:[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+][0-9]+)?|\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?)$/
/** 22:22 is a number to the base of 60. */
const BASE_60 = /^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?$/
const INFINITE = /^[-+]?\.(?:inf|Inf|INF)$/
const NOT_A_NUMBER = /^\.(?:nan|NaN|NAN)$/

/** The value of a plain scalar. Dates stay text. */
export function plainScalar(text: string): Value {
  if (NULL.test(text)) return null
  if (TRUE.test(text)) return true
  if (FALSE.test(text)) return false
  const first = text.charCodeAt(0)
  const numeric = (first >= 0x30 && first <= 0x39) || first === 0x2b || first === 0x2d || first === 0x2e
  return numeric ? (toNumber(text) ?? text) : text
}

/** The number that a text is in YAML 1.1, or undefined. */
export function toNumber(text: string): Value | undefined {
  if (INTEGER.test(text)) return integer(text)
  if (FLOAT.test(text)) return toFloat(Number(text.replaceAll('_', '')))
  if (INFINITE.test(text)) return text.startsWith('-') ? -Infinity : Infinity
  if (NOT_A_NUMBER.test(text)) return NaN
  if (BASE_60.test(text)) return base60(text)
  return undefined
}

function integer(text: string): number | bigint | undefined {
  const digits = text.replaceAll('_', '').replace(/^[-+]/, '')
  const octal = /^0[0-7]+$/.test(digits)
  if (digits === '0b' || digits === '0x') return undefined
  const size = BigInt(octal ? `0o${digits}` : digits)
  const value = text.startsWith('-') ? -size : size
  return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : value
}

function base60(text: string): Value | undefined {
  const fraction = text.includes('.')
  const digits = text.replaceAll('_', '').replace(/^[-+]/, '')
  // PyYAML takes a leading zero for text, unless it has a fraction: 09:30 is text, 9:30 is 570.
  if (!fraction && digits.startsWith('0')) return undefined
  const size = digits.split(':').reduce((total, part) => total * 60 + Number(part), 0)
  const value = text.startsWith('-') ? -size : size
  return fraction ? toFloat(value) : value
}
