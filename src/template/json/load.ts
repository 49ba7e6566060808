/** JSON into values, with ints and floats apart. */
import { PlonerunError } from '../../errors/plonerun-error.ts'
import { toFloat } from '../../values/float.ts'
import { toInteger } from '../../values/number.ts'
import type { Dict, Value } from '../../values/value.ts'

/** Throws a PlonerunError that says at which line and column the text is no JSON. */
export function loadJson(text: string): Value {
  let index = 0
  const value = read()
  skipSpace()
  if (index < text.length) fail('Extra data')
  return value

  function read(): Value {
    skipSpace()
    const character = text[index]
    if (character === '{') return readDict()
    if (character === '[') return readList()
    if (character === '"') return readText()
    const word = /^(?:true|false|null|NaN|-?Infinity|-?\d+(\.\d+)?([eE][+-]?\d+)?)/.exec(text.slice(index, index + 400))
    if (!word) return fail('Expecting value')
    index += word[0].length
    if (word[0] === 'true') return true
    if (word[0] === 'false') return false
    if (word[0] === 'null') return null
    return word[1] !== undefined || word[2] !== undefined || /[a-z]/.test(word[0]) ? toFloat(Number(word[0])) : toInteger(BigInt(word[0]))
  }

  function readList(): Value[] {
    const items: Value[] = []
    index++
    skipSpace()
    if (text[index] === ']') return index++, items
    for (;;) {
      items.push(read())
      if (!more(']')) return items
    }
  }

  function readDict(): Dict {
    const dict: Dict = new Map()
    index++
    skipSpace()
    if (text[index] === '}') return index++, dict
    for (;;) {
      skipSpace()
      if (text[index] !== '"') fail('Expecting property name enclosed in double quotes')
      const key = readText()
      skipSpace()
      if (text[index] !== ':') fail("Expecting ':' delimiter")
      index++
      dict.set(key, read())
      if (!more('}')) return dict
    }
  }

  /** Whether another item follows; otherwise the closing mark has been taken. */
  function more(close: string): boolean {
    skipSpace()
    const character = text[index]
    if (character !== ',' && character !== close) fail("Expecting ',' delimiter")
    index++
    return character === ','
  }

  function readText(): string {
    let end = index + 1
    while (end < text.length && text[end] !== '"') end += text[end] === '\\' ? 2 : 1
    if (end >= text.length) fail('Unterminated string')
    const quoted = text.slice(index, end + 1)
    index = end + 1
    try {
      return JSON.parse(quoted.replace(/[\n\r\t]/g, (control) => JSON.stringify(control).slice(1, -1))) as string
    } catch {
      return fail('Invalid \\escape')
    }
  }

  function skipSpace(): void {
    while (index < text.length && ' \t\n\r'.includes(text[index]!)) index++
  }

  function fail(what: string): never {
    const before = text.slice(0, index)
    throw new PlonerunError(`${what}: line ${before.split('\n').length} column ${index - before.lastIndexOf('\n')} (char ${index})`)
  }
}
