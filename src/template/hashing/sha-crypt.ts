/** The password hashes `$5$` and `$6$` of crypt(3), after Ulrich Drepper's specification "Unix crypt using SHA-256 and SHA-512". */
import crypto, { createHash } from 'node:crypto'

export interface ShaCrypt {
  readonly algorithm: 'sha256' | 'sha512'
  readonly salt: string
  readonly rounds: number
}

const ALPHABET = './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
/** Rounds that a hash does not name. */
const DEFAULT_ROUNDS = 5000

/** The hash of a password as /etc/shadow holds it. The salt is at most 16 characters (MySQL takes 20), rounds are 1000 to 999999999. */
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
  const result = digest(...parts)
  const p = repeated(digest(...Array.from({ length: key.length }, () => key)), key.length)
  const s = repeated(digest(...Array.from({ length: 16 + result[0]! }, () => saltBytes)), saltBytes.length)
  // What a round hashes comes again after 42 of them, but for the digest of the round before. There are hundreds of
  // thousands of rounds, so each is one write and one call, and the digest a text, which costs least.
  const texts = Array.from({ length: 42 }, (_, round) => {
    const odd = round % 2 === 1
    const text = Buffer.concat([odd ? p : result, ...(round % 3 ? [s] : []), ...(round % 7 ? [p] : []), odd ? result : p])
    return { text, at: odd ? text.length - result.length : 0 }
  })
  let last = result.toString('latin1')
  for (let round = 0; round < rounds; round++) {
    const { text, at } = texts[round % texts.length]!
    text.write(last, at, 'latin1')
    last = digestText(algorithm, text)
  }
  const named = rounds === DEFAULT_ROUNDS ? '' : `rounds=${rounds}$`
  return `$${algorithm === 'sha256' ? '5' : '6'}$${named}${salt}$${encode(Buffer.from(last, 'latin1'))}`
}

/** The digest of some bytes, a character a byte. Node 20 has `hash` from 20.12 on. */
function digestText(algorithm: string, bytes: Uint8Array): string {
  return 'hash' in crypto ? crypto.hash(algorithm, bytes, 'binary') : createHash(algorithm).update(bytes).digest('binary')
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
