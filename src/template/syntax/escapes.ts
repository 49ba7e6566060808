/** Backslash escapes of Python's string literals. */

const SIMPLE: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', a: '\x07', b: '\b', f: '\f', v: '\v', '\\': '\\', "'": "'", '"': '"', '\n': '' }
const HEX_LENGTH: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 }

/** The body of a string literal with its escapes replaced; what is no escape stays as it is. */
export function unescapeString(body: string): string {
  if (!body.includes('\\')) return body
  let text = ''
  for (let index = 0; index < body.length; index++) {
    const letter = body[index + 1]
    if (body[index] !== '\\' || letter === undefined) {
      text += body[index]!
      continue
    }
    const { replacement, length } = escapeAt(body, index + 1, letter)
    text += replacement
    index += length
  }
  return text
}

function escapeAt(body: string, at: number, letter: string): { replacement: string; length: number } {
  const simple = SIMPLE[letter]
  if (simple !== undefined) return { replacement: simple, length: 1 }
  const digits = HEX_LENGTH[letter]
  const hex = digits ? body.slice(at + 1, at + 1 + digits) : ''
  if (digits && hex.length === digits && /^[\da-fA-F]+$/.test(hex)) {
    const code = Number.parseInt(hex, 16)
    if (code <= 0x10ffff) return { replacement: String.fromCodePoint(code), length: 1 + digits }
  }
  const octal = /^[0-7]{1,3}/.exec(body.slice(at, at + 3))?.[0]
  if (octal) return { replacement: String.fromCodePoint(Number.parseInt(octal, 8)), length: octal.length }
  return { replacement: `\\${letter}`, length: 1 }
}
