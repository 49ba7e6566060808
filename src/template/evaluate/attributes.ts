/** `value.name` and `value[key]`: attributes, methods, items and slices, as Jinja2 looks them up. */
import { PlonerunError } from '../../errors/plonerun-error.ts'
import { getItem } from '../../values/dict.ts'
import { Instance, type Value } from '../../values/value.ts'
import { isFloat, isInteger, isNumeric } from '../../values/number.ts'
import { repr } from '../../values/print.ts'
import { typeName } from '../../values/python.ts'
import { Secret } from '../../values/secret.ts'
import { isList, NamedTuple, Tuple, tuple } from '../../values/tuple.ts'
import { Undefined } from '../../values/undefined.ts'
import { Unknown } from '../../values/unknown.ts'
import { characters, slice } from '../methods/characters.ts'
import { dictMethods } from '../methods/dict.ts'
import { listMethods, tupleMethods } from '../methods/list.ts'
import { numberAttribute, floatMethods, integerMethods } from '../methods/number.ts'
import { stringMethods } from '../methods/string.ts'
import type { Plugin, Plugins } from '../plugins/plugin.ts'
import { Range } from './range.ts'

/** A method with the value it was taken from. */
export class Method extends Instance {
  override readonly typeName = 'builtin_function_or_method'
  readonly receiver: Value
  readonly plugin: Plugin
  readonly name: string

  constructor(receiver: Value, plugin: Plugin, name: string) {
    super()
    this.receiver = receiver
    this.plugin = plugin
    this.name = name
  }

  override repr(): string {
    return `<built-in method ${this.name}>`
  }
}

/** A slice as a value: the key of `value[start:stop:step]`. */
export class Slice extends Instance {
  override readonly typeName = 'slice'
  readonly bounds: readonly Value[]

  constructor(bounds: readonly Value[]) {
    super()
    this.bounds = bounds
  }

  override repr(): string {
    return `slice(${this.bounds.map(repr).join(', ')})`
  }
}

function methodsOf(value: Value): Plugins | undefined {
  if (typeof value === 'string' || value instanceof Secret) return stringMethods
  if (value instanceof Map) return dictMethods
  if (isList(value)) return value instanceof Tuple ? tupleMethods : listMethods
  if (isNumeric(value)) return isFloat(value) ? floatMethods : integerMethods
  return undefined
}

/** An attribute or method, undefined when there is none. */
function ownAttribute(value: Value, name: string): Value | undefined {
  if (value instanceof Instance) return value.attribute(name)
  if (value instanceof NamedTuple && value.names.includes(name)) return value[value.names.indexOf(name)]
  const methods = methodsOf(value)
  if (methods && Object.hasOwn(methods, name)) return new Method(value, methods[name]!, name)
  return isNumeric(value) ? numberAttribute(value, name) : undefined
}

/** `value.name`: an attribute or method, else an item. What is missing is Undefined; of Undefined and Unknown everything is. */
export function attribute(value: Value, name: string): Value {
  if (value instanceof Undefined || value instanceof Unknown) return value
  const own = ownAttribute(value, name)
  if (own !== undefined) return own
  const found = ownItem(value, name)
  return found === undefined ? missing(value, name) : found
}

/** `value[key]`: an item, else an attribute. */
export function item(value: Value, key: Value): Value {
  if (value instanceof Undefined || value instanceof Unknown) return value
  if (key instanceof Undefined || key instanceof Unknown) return key
  const plainKey = key instanceof Secret ? key.reveal() : key
  const found = ownItem(value, plainKey)
  if (found !== undefined) return found
  const own = typeof plainKey === 'string' ? ownAttribute(value, plainKey) : undefined
  return own === undefined ? missing(value, plainKey) : own
}

function ownItem(value: Value, key: Value): Value | undefined {
  if (value instanceof Map) return getItem(value, key)
  if (value instanceof Secret) {
    const part = ownItem(value.reveal(), key)
    return typeof part === 'string' ? new Secret(part) : part
  }
  const items = isList(value) ? value : typeof value === 'string' ? characters(value) : value instanceof Range ? value.iterate() : undefined
  if (items === undefined) return undefined
  if (key instanceof Slice) return sliced(value, items, key)
  if (!isInteger(key) && typeof key !== 'boolean') return undefined
  const index = Number(key)
  return items[index < 0 ? index + items.length : index]
}

function sliced(value: Value, items: ArrayLike<Value>, { bounds }: Slice): Value {
  const [start, stop, step] = bounds.map((bound) => {
    if (bound === null || bound === undefined) return undefined
    if (isInteger(bound) || typeof bound === 'boolean') return Number(bound)
    throw new PlonerunError('slice indices must be integers or None')
  })
  const parts = slice(items, start, stop, step)
  if (typeof value === 'string') return (parts as string[]).join('')
  return value instanceof Tuple ? tuple(...parts) : parts
}

function missing(value: Value, key: Value): Undefined {
  const type = typeName(value)
  if (typeof key === 'string') return new Undefined(`object of type '${type}' has no attribute '${key}'`)
  return new Undefined(key instanceof Slice ? `object of type '${type}' cannot be sliced` : `${type} has no element ${repr(key)}`)
}
