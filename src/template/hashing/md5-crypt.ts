/** The password hashes `$1$` of crypt(3) and `$apr1$` of Apache: MD5, a thousand times (Poul-Henning Kamp's scheme of 1994). */
import { createHash } from 'node:crypto'

const ALPHABET = './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

/** @param salt at most 8 characters */
export function md5Crypt(password: string, salt: string, magic: '$1$' | '$apr1$'): string {
  const key = Buffer.from(password, 'utf8')
  const saltBytes = Buffer.from(salt, 'utf8')
  const md5 = (...parts: readonly Uint8Array[]): Buffer => {
    const hash = createHash('md5')
    for (const part of parts) hash.update(part)
    return hash.digest()
  }
  const alternate = md5(key, saltBytes, key)
  const parts: Buffer[] = [key, Buffer.from(magic), saltBytes, Buffer.alloc(key.length, alternate)]
  for (let length = key.length; length > 0; length >>= 1) parts.push(length & 1 ? Buffer.alloc(1) : key.subarray(0, 1))
  let result = md5(...parts)
  for (let round = 0; round < 1000; round++) {
    const odd = round % 2 === 1
    result = md5(odd ? key : result, ...(round % 3 === 0 ? [] : [saltBytes]), ...(round % 7 === 0 ? [] : [key]), odd ? result : key)
  }
  const triples = [[0, 6, 12], [1, 7, 13], [2, 8, 14], [3, 9, 15], [4, 10, 5]] as const
  const digits = triples.map(([a, b, c]) => encode((result[a]! << 16) | (result[b]! << 8) | result[c]!, 4))
  return `${magic}${salt}$${digits.join('')}${encode(result[11]!, 2)}`
}

/** Six bits a character, the lowest first. */
function encode(value: number, length: number): string {
  return Array.from({ length }, (_, index) => ALPHABET[(value >> (6 * index)) & 63]!).join('')
}
