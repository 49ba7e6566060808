/** The password hash `$2b$` (Provos and Mazières, "A Future-Adaptable Password Scheme", 1999), over Blowfish. */

const ALPHABET = './ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'

/** Blowfish's P-array and S-boxes in one: words 0 to 17, and four times 256. */
const WORDS = 18 + 4 * 256

/**
 * The hash of a password, whose first 72 bytes count.
 * @param settings `$2b$12$` and 22 characters of salt; what stands behind them is not looked at
 * @throws Error for settings that are none
 */
export function bcrypt(password: string, settings: string): string {
  const [, ident, cost, salt] = /^\$(2[abxy])\$(\d\d)\$([./A-Za-z0-9]{22})/.exec(settings) ?? []
  if (salt === undefined || Number(cost) < 4 || Number(cost) > 31) throw new Error('these are no settings for bcrypt')
  const saltBytes = decode(salt)
  const key = Buffer.concat([Buffer.from(password, 'utf8'), Buffer.alloc(1)]).subarray(0, 72)
  const state = digitsOfPi()
  expand(state, key, saltBytes)
  for (let round = 2 ** Number(cost); round > 0; round--) {
    expand(state, key)
    expand(state, saltBytes)
  }
  const text = wordsOf(Buffer.from('OrpheanBeholderScryDoubt'), 6)
  for (let round = 0; round < 64; round++) for (let at = 0; at < 6; at += 2) encipher(state, text, at)
  const digest = Buffer.alloc(24)
  text.forEach((word, index) => digest.writeInt32BE(word, 4 * index))
  return `$${ident}$${cost}$${encodeBase64(saltBytes)}${encodeBase64(digest.subarray(0, 23))}`
}

/** Six bits a character in bcrypt's own alphabet, nothing at the end. */
export function encodeBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64').replace(/=+$/, '').replace(/./g, (letter) => ALPHABET[STANDARD.indexOf(letter)]!)
}

const STANDARD = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

function decode(text: string): Buffer {
  return Buffer.from(text.replace(/./g, (letter) => STANDARD[ALPHABET.indexOf(letter)]!), 'base64').subarray(0, 16)
}

/** The key goes into the P-array, then the cipher's own output takes the place of all words, with the salt mixed in. */
function expand(state: Int32Array, key: Uint8Array, salt?: Uint8Array): void {
  const keys = wordsOf(key, 18)
  for (let index = 0; index < 18; index++) state[index]! ^= keys[index]!
  const mix = salt === undefined ? new Int32Array(4) : wordsOf(salt, 4)
  const block = new Int32Array(2)
  for (let index = 0, at = 0; index < WORDS; index += 2, at ^= 2) {
    block[0]! ^= mix[at]!
    block[1]! ^= mix[at + 1]!
    encipher(state, block, 0)
    state[index] = block[0]!
    state[index + 1] = block[1]!
  }
}

/** Big-endian words of bytes that begin again when they are used up. */
function wordsOf(bytes: Uint8Array, count: number): Int32Array {
  const words = new Int32Array(count)
  for (let at = 0; at < 4 * count; at++) words[at >> 2] = (words[at >> 2]! << 8) | bytes[at % bytes.length]!
  return words
}

/** Blowfish on the two words at a place. */
function encipher(state: Int32Array, block: Int32Array, at: number): void {
  let left = block[at]! ^ state[0]!
  let right = block[at + 1]!
  for (let round = 1; round < 17; round += 2) {
    right ^= mangle(state, left) ^ state[round]!
    left ^= mangle(state, right) ^ state[round + 1]!
  }
  block[at] = right ^ state[17]!
  block[at + 1] = left
}

function mangle(state: Int32Array, word: number): number {
  const sum = (state[18 + (word >>> 24)]! + state[274 + ((word >>> 16) & 255)]!) | 0
  return ((sum ^ state[530 + ((word >>> 8) & 255)]!) + state[786 + (word & 255)]!) | 0
}

/** Blowfish begins with the binary digits of pi behind the point, here by Machin's formula. */
function digitsOfPi(): Int32Array {
  const guard = 64n
  const one = 1n << (BigInt(32 * WORDS) + guard)
  const arctan = (inverse: bigint): bigint => {
    let sum = 0n
    let sign = 1n
    for (let power = one / inverse, odd = 1n; power > 0n; power /= inverse * inverse, odd += 2n, sign = -sign) sum += (sign * power) / odd
    return sum
  }
  const digits = (4n * (4n * arctan(5n) - arctan(239n)) - 3n * one) >> guard
  const hex = digits.toString(16).padStart(8 * WORDS, '0')
  return Int32Array.from({ length: WORDS }, (_, index) => Number.parseInt(hex.slice(8 * index, 8 * index + 8), 16) | 0)
}
