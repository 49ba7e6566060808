/** Python's random.Random with a seed: the same numbers, choices and shuffles, so that a seeded value stays what it was. */
import { createHash } from 'node:crypto'
import { isInteger } from '../../values/number.ts'
import { str } from '../../values/print.ts'
import type { Value } from '../../values/value.ts'

const SIZE = 624
const SHIFT = 397

export interface Random {
  /** An int from 0 up to, and without, `limit`. */
  below(limit: number): number
  /** The same where numbers end. */
  belowLong(limit: bigint): bigint
}

/** A generator seeded as Python seeds with an int or a text. */
export function seededRandom(seed: Value): Random {
  return mersenne(keyOf(seed))
}

/** The seed as 32 bit words, the least significant first. */
function keyOf(seed: Value): number[] {
  let value: bigint
  if (isInteger(seed) || typeof seed === 'boolean') value = BigInt(seed) < 0n ? -BigInt(seed) : BigInt(seed)
  else {
    const bytes = Buffer.from(str(seed), 'utf8')
    value = BigInt(`0x${Buffer.concat([bytes, createHash('sha512').update(bytes).digest()]).toString('hex')}`)
  }
  const key: number[] = []
  for (; value > 0n; value >>= 32n) key.push(Number(value & 0xffffffffn))
  return key.length ? key : [0]
}

/** The Mersenne twister MT19937, initialised by an array of words. */
function mersenne(key: readonly number[]): Random {
  const state = new Uint32Array(SIZE)
  let index = SIZE
  initialise()

  function initialise(): void {
    state[0] = 19650218
    for (let i = 1; i < SIZE; i++) state[i] = Math.imul(1812433253, state[i - 1]! ^ (state[i - 1]! >>> 30)) + i
    let [i, j] = [1, 0]
    for (let k = Math.max(SIZE, key.length); k > 0; k--) {
      state[i] = (state[i]! ^ Math.imul(state[i - 1]! ^ (state[i - 1]! >>> 30), 1664525)) + key[j]! + j
      if (++i >= SIZE) [state[0], i] = [state[SIZE - 1]!, 1]
      if (++j >= key.length) j = 0
    }
    for (let k = SIZE - 1; k > 0; k--) {
      state[i] = (state[i]! ^ Math.imul(state[i - 1]! ^ (state[i - 1]! >>> 30), 1566083941)) - i
      if (++i >= SIZE) [state[0], i] = [state[SIZE - 1]!, 1]
    }
    state[0] = 0x80000000
  }

  function twist(): void {
    for (let i = 0; i < SIZE; i++) {
      const mixed = (state[i]! & 0x80000000) | (state[(i + 1) % SIZE]! & 0x7fffffff)
      state[i] = state[(i + SHIFT) % SIZE]! ^ (mixed >>> 1) ^ (mixed & 1 ? 0x9908b0df : 0)
    }
    index = 0
  }

  function word(): number {
    if (index >= SIZE) twist()
    let value = state[index++]!
    value ^= value >>> 11
    value ^= (value << 7) & 0x9d2c5680
    value ^= (value << 15) & 0xefc60000
    return (value ^ (value >>> 18)) >>> 0
  }

  /** A number of `count` random bits, at most 53. */
  function bits(count: number): number {
    if (count <= 32) return count === 0 ? 0 : word() >>> (32 - count)
    const low = word()
    return low + (word() >>> (64 - count)) * 2 ** 32
  }

  /** Any number of them: words from the least significant on, and of the last one its upper bits. */
  function longBits(count: number): bigint {
    let value = 0n
    for (let at = 0; at < count; at += 32) value |= BigInt(word() >>> Math.max(0, 32 - (count - at))) << BigInt(at)
    return value
  }

  return {
    below(limit) {
      const count = limit.toString(2).length
      let value = bits(count)
      while (value >= limit) value = bits(count)
      return value
    },
    belowLong(limit) {
      const count = limit.toString(2).length
      let value = longBits(count)
      while (value >= limit) value = longBits(count)
      return value
    },
  }
}

/** The items in another order, as Python's shuffle makes it. */
export function shuffled<T>(items: readonly T[], random: Random): T[] {
  const result = [...items]
  for (let i = result.length - 1; i > 0; i--) {
    const j = random.below(i + 1)
    ;[result[i], result[j]] = [result[j]!, result[i]!]
  }
  return result
}
