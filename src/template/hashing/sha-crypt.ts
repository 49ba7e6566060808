/** The password hashes `$5$` and `$6$` of crypt(3), after Ulrich Drepper's specification "Unix crypt using SHA-256 and SHA-512". */
import { createHash } from 'node:crypto'

export interface ShaCrypt {
  readonly algorithm: 'sha256' | 'sha512'
  readonly salt: string
  readonly rounds: number
}

const ALPHABET = './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
/** Rounds that a hash does not name. */
const DEFAULT_ROUNDS = 5000

/** The hash of a password as /etc/shadow holds it. The salt is at most 16 characters, rounds are 1000 to 999999999. */
export function shaCrypt(password: string, { algorithm, salt, rounds }: ShaCrypt): string {
  const key = Buffer.from(password, 'utf8')
  const saltBytes = Buffer.from(salt, 'utf8')
  const digest = (...parts: readonly Uint8Array[]): Buffer => {
    const hash = createHash(algorithm)
    for (const part of parts) hash.update(part)
    return hash.digest()
  }
  const repeated = (bytes: Buffer, length: number): Buffer => Buffer.alloc(length, bytes)

  const alternate = digest(key, saltBytes, key)
  const parts: Buffer[] = [key, saltBytes, repeated(alternate, key.length)]
  for (let length = key.length; length > 0; length >>= 1) parts.push(length & 1 ? alternate : key)
  let result = digest(...parts)
  const p = repeated(digest(...Array.from({ length: key.length }, () => key)), key.length)
  const s = repeated(digest(...Array.from({ length: 16 + result[0]! }, () => saltBytes)), saltBytes.length)
  // One buffer and one update a round: there are hundreds of thousands of them.
  const text = Buffer.alloc(result.length + s.length + 2 * p.length)
  for (let round = 0; round < rounds; round++) {
    const odd = round & 1
    let length = (odd ? p : result).copy(text)
    if (round % 3) length += s.copy(text, length)
    if (round % 7) length += p.copy(text, length)
    length += (odd ? result : p).copy(text, length)
    result = createHash(algorithm).update(text.subarray(0, length)).digest()
  }
  const named = rounds === DEFAULT_ROUNDS ? '' : `rounds=${rounds}$`
  return `$${algorithm === 'sha256' ? '5' : '6'}$${named}${salt}$${encode(result)}`
}

/** The digest's bytes in threes, in the order of the specification, 6 bits a character. */
function encode(bytes: Buffer): string {
  const third = Math.floor(bytes.length / 3)
  const long = bytes.length === 64
  let text = ''
  let order: [number, number, number] = [0, third, third * 2]
  for (let count = 0; count < third; count++) {
    text += group((bytes[order[0]]! << 16) | (bytes[order[1]]! << 8) | bytes[order[2]]!, 4)
    const [a, b, c] = order
    order = long ? [b + 1, c + 1, a + 1] : [c + 1, a + 1, b + 1]
  }
  return text + (long ? group(bytes[63]!, 2) : group((bytes[31]! << 8) | bytes[30]!, 3))
}

function group(value: number, length: number): string {
  let text = ''
  for (let count = 0; count < length; count++) text += ALPHABET[(value >> (6 * count)) & 63]!
  return text
}
