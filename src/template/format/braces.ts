/** Python's str.format: `{}`, `{0}`, `{name.attribute[key]!r:>10}`, with fields inside the specification. */
import { PlonerunError } from '../../errors/plonerun-error.ts'
import { Instance, type Value } from '../../values/value.ts'
import { repr, str } from '../../values/print.ts'
import { typeName } from '../../values/python.ts'
import { formatValue } from './spec.ts'

interface Arguments {
  readonly positional: readonly Value[]
  readonly named: ReadonlyMap<string, Value>
  /** `value[key]`. */
  readonly item: (value: Value, key: Value) => Value
}

/** The text with its replacement fields filled in. */
export function formatBraces(format: string, args: Arguments): string {
  let next = 0
  const automatic = (): number => next++
  return fill(format, args, automatic, 2)
}

function fill(format: string, args: Arguments, automatic: () => number, depth: number): string {
  if (depth < 0) throw new PlonerunError('Max string recursion exceeded')
  let text = ''
  for (let index = 0; index < format.length; index++) {
    const character = format[index]!
    if (character !== '{' && character !== '}') text += character
    else if (format[index + 1] === character) text += format[index++]!
    else if (character === '}') throw new PlonerunError("Single '}' encountered in format string")
    else {
      const end = closingBrace(format, index + 1)
      text += field(format.slice(index + 1, end), args, automatic, depth)
      index = end
    }
  }
  return text
}

function closingBrace(format: string, from: number): number {
  let open = 1
  for (let index = from; index < format.length; index++) {
    if (format[index] === '{') open++
    else if (format[index] === '}' && --open === 0) return index
  }
  throw new PlonerunError(from === format.length ? "Single '{' encountered in format string" : "expected '}' before end of string")
}

function field(body: string, args: Arguments, automatic: () => number, depth: number): string {
  const { name, conversion, spec } = /^(?<name>(?:\[[^\]]*\]|[^!:[])*)(?:!(?<conversion>[^:]*))?(?::(?<spec>[\s\S]*))?$/.exec(body)?.groups ?? {}
  if (name === undefined) throw new PlonerunError(`invalid replacement field {${body}}`)
  const value = named(name, args, automatic)
  const specText = spec === undefined ? '' : fill(spec, args, automatic, depth - 1)
  if (conversion === undefined) return formatValue(value, specText)
  if (!['r', 's', 'a'].includes(conversion)) throw new PlonerunError(`Unknown conversion specifier '${conversion}'`)
  return formatValue(conversion === 's' ? str(value) : repr(value), specText)
}

function named(name: string, { positional, named, item }: Arguments, automatic: () => number): Value {
  const [first = '', ...path] = name.match(/^[^.[]*|\.[^.[]+|\[[^\]]*\]/g) ?? ['']
  const index = first === '' ? automatic() : /^\d+$/.test(first) ? Number(first) : undefined
  let value = index === undefined ? named.get(first) : positional[index]
  if (value === undefined) {
    throw new PlonerunError(index === undefined ? `format: no argument is named '${first}'` : `Replacement index ${index} out of range for positional args tuple`)
  }
  for (const step of path) {
    const key = step.startsWith('.') ? step.slice(1) : step.slice(1, -1)
    value = step.startsWith('.') ? attribute(value, key) : item(value, /^\d+$/.test(key) ? Number(key) : key)
  }
  return value
}

/** Only an attribute: unlike in an expression, a dot does not reach the keys of a dict. */
function attribute(value: Value, name: string): Value {
  const found = value instanceof Instance ? value.attribute(name) : undefined
  if (found === undefined) throw new PlonerunError(`'${typeName(value)}' object has no attribute '${name}'`, { hint: `write [${name}] for a key of a dict` })
  return found
}
