/**
 * SHA-256 of padded messages (FIPS 180-4). node:crypto computes it faster, but each call of it costs three times what it
 * computes, and a password hash takes half a million calls.
 */

/** Words of 32 bits in a block. */
const BLOCK = 16

/** The first bits of the fractions of the roots of the first primes. */
function fractions(count: number, root: (prime: number) => number): Int32Array {
  const primes: number[] = []
  for (let candidate = 2; primes.length < count; candidate++) if (primes.every((prime) => candidate % prime !== 0)) primes.push(candidate)
  return Int32Array.from(primes, (prime) => ((root(prime) % 1) * 2 ** 32) | 0)
}

/** A message as the words of whole blocks, padded. */
export function paddedWords(message: Uint8Array): Int32Array {
  const blocks = Math.floor((message.length + 8) / (BLOCK * 4)) + 1
  const bytes = Buffer.alloc(blocks * BLOCK * 4)
  bytes.set(message)
  bytes[message.length] = 0x80
  bytes.writeUInt32BE(message.length * 8, bytes.length - 4)
  return Int32Array.from({ length: blocks * BLOCK }, (_, index) => bytes.readInt32BE(index * 4))
}

/** @returns what computes the digest of padded words, as 8 words, into an array */
export function createSha256(): (message: Int32Array, digest: Int32Array) => void {
  const initial = fractions(8, Math.sqrt)
  const k = fractions(64, Math.cbrt)
  const w = new Int32Array(64)

  function addBlock(message: Int32Array, from: number, digest: Int32Array): void {
    for (let i = 0; i < BLOCK; i++) w[i] = message[from + i]!
    for (let i = BLOCK; i < 64; i++) {
      const x = w[i - 15]!
      const y = w[i - 2]!
      const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3)
      const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10)
      w[i] = (w[i - 16]! + s0 + w[i - 7]! + s1) | 0
    }
    let a = digest[0]!, b = digest[1]!, c = digest[2]!, d = digest[3]!, e = digest[4]!, f = digest[5]!, g = digest[6]!, h = digest[7]!
    // The words change places instead of their values, and after four rounds the halves do.
    for (let i = 0; i < 64; i += 4) {
      h = (h + (((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7))) + (g ^ (e & (f ^ g))) + k[i]! + w[i]!) | 0
      d = (d + h) | 0
      h = (h + (((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10))) + ((a & b) | (c & (a | b)))) | 0
      g = (g + (((d >>> 6) | (d << 26)) ^ ((d >>> 11) | (d << 21)) ^ ((d >>> 25) | (d << 7))) + (f ^ (d & (e ^ f))) + k[i + 1]! + w[i + 1]!) | 0
      c = (c + g) | 0
      g = (g + (((h >>> 2) | (h << 30)) ^ ((h >>> 13) | (h << 19)) ^ ((h >>> 22) | (h << 10))) + ((h & a) | (b & (h | a)))) | 0
      f = (f + (((c >>> 6) | (c << 26)) ^ ((c >>> 11) | (c << 21)) ^ ((c >>> 25) | (c << 7))) + (e ^ (c & (d ^ e))) + k[i + 2]! + w[i + 2]!) | 0
      b = (b + f) | 0
      f = (f + (((g >>> 2) | (g << 30)) ^ ((g >>> 13) | (g << 19)) ^ ((g >>> 22) | (g << 10))) + ((g & h) | (a & (g | h)))) | 0
      e = (e + (((b >>> 6) | (b << 26)) ^ ((b >>> 11) | (b << 21)) ^ ((b >>> 25) | (b << 7))) + (d ^ (b & (c ^ d))) + k[i + 3]! + w[i + 3]!) | 0
      a = (a + e) | 0
      e = (e + (((f >>> 2) | (f << 30)) ^ ((f >>> 13) | (f << 19)) ^ ((f >>> 22) | (f << 10))) + ((f & g) | (h & (f | g)))) | 0
      const a0 = a, b0 = b, c0 = c, d0 = d
      a = e
      b = f
      c = g
      d = h
      e = a0
      f = b0
      g = c0
      h = d0
    }
    digest[0]! += a
    digest[1]! += b
    digest[2]! += c
    digest[3]! += d
    digest[4]! += e
    digest[5]! += f
    digest[6]! += g
    digest[7]! += h
  }

  return (message, digest) => {
    digest.set(initial)
    for (let from = 0; from < message.length; from += BLOCK) addBlock(message, from, digest)
  }
}
