/** An argument's value as the content of a file. */
import { PlonerunError } from '../../errors/plonerun-error.ts'
import { textToBytes } from '../../values/bytes.ts'
import { Secret } from '../../values/secret.ts'
import { str } from '../../values/print.ts'
import { isList } from '../../values/tuple.ts'
import type { Value } from '../../values/value.ts'

/** A text as it is, a mapping or a list as JSON, any other value as Python prints it. */
export function contentOf(value: Value): Buffer {
  if (value instanceof Secret) return textToBytes(value.reveal())
  return textToBytes(value instanceof Map || isList(value) ? json(value) : str(value))
}

/** Whether a secret is anywhere in the value. */
export function holdsSecret(value: Value): boolean {
  if (value instanceof Map) return [...value.values()].some(holdsSecret)
  return isList(value) ? value.some(holdsSecret) : value instanceof Secret
}

/** As Python's json.dumps writes it: a space after commas and colons, everything beyond ASCII escaped. */
function json(value: Value): string {
  if (value === null) return 'null'
  if (typeof value === 'boolean') return String(value)
  if (typeof value === 'string') return jsonText(value)
  if (value instanceof Secret) return jsonText(value.reveal())
  if (value instanceof Map) return `{${[...value].map(([key, item]) => `${jsonKey(key)}: ${json(item)}`).join(', ')}}`
  if (isList(value)) return `[${value.map(json).join(', ')}]`
  if (typeof value === 'function') throw new PlonerunError('a function cannot be written as JSON')
  return str(value)
}

function jsonKey(key: Value): string {
  return jsonText(key === null || typeof key === 'boolean' ? String(key) : str(key))
}

function jsonText(text: string): string {
  return JSON.stringify(text).replace(/[\x7f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
}
