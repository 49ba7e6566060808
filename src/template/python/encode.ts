/** Values on their way to a plugin in Python and back: JSON that keeps apart what JSON has in one (worker.ts). */
import { PlonerunError } from '../../errors/plonerun-error.ts'
import { isDict } from '../../values/dict.ts'
import { Float, toFloat } from '../../values/float.ts'
import { Omit, omit } from '../../values/omit.ts'
import { str } from '../../values/print.ts'
import { typeName, undefinedError } from '../../values/python.ts'
import { isList, tuple, Tuple } from '../../values/tuple.ts'
import { Undefined } from '../../values/undefined.ts'
import { Instance, type Value } from '../../values/value.ts'

/** JSON data, with objects of one key for what JSON lacks. */
export type Encoded = null | boolean | number | string | readonly Encoded[] | { readonly d: readonly (readonly [Encoded, Encoded])[] } | { readonly t: readonly Encoded[] } | { readonly f: string } | { readonly i: string } | { readonly o: true }

/** Throws a PlonerunError for what has no form outside of templates. */
export function encode(value: Value): Encoded {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return value
  if (typeof value === 'number' && Number.isInteger(value)) return value
  if (typeof value === 'bigint') return { i: String(value) }
  if (typeof value === 'number' || value instanceof Float) return { f: String(Number(value)).replace('Infinity', 'inf') }
  if (value instanceof Tuple) return { t: value.map(encode) }
  if (isList(value)) return value.map(encode)
  if (isDict(value)) return { d: [...value].map(([key, item]) => [encode(key), encode(item)] as const) }
  if (value instanceof Omit) return { o: true }
  if (value instanceof Undefined) throw undefinedError(value)
  if (value instanceof Instance) {
    const items = value.iterate()
    return items === undefined ? str(value) : [...items].map(encode)
  }
  throw new PlonerunError(`a value of type '${typeName(value)}' cannot be given to a plugin`)
}

export function decode(encoded: Encoded): Value {
  if (encoded === null || typeof encoded !== 'object') return encoded
  if (isEncodedList(encoded)) return encoded.map(decode)
  if ('d' in encoded) return new Map(encoded.d.map(([key, item]) => [decode(key), decode(item)]))
  if ('t' in encoded) return tuple(...encoded.t.map(decode))
  if ('o' in encoded) return omit
  if ('i' in encoded) return BigInt(encoded.i)
  return toFloat(Number(encoded.f.replace('inf', 'Infinity')))
}

/** Array.isArray does not tell a readonly array from the rest. */
function isEncodedList(encoded: Encoded): encoded is readonly Encoded[] {
  return Array.isArray(encoded)
}
