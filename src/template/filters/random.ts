/** Filters that choose at random, or the same each time when seeded. */
import { randomBytes, randomInt } from 'node:crypto'
import { PlonerunError } from '../../errors/plonerun-error.ts'
import { isInteger, toInteger } from '../../values/number.ts'
import { iterate } from '../../values/python.ts'
import type { Value } from '../../values/value.ts'
import { Range } from '../evaluate/range.ts'
import { characters } from '../methods/characters.ts'
import { anything, int, list, optional, string } from '../plugins/parameter.ts'
import { plugin, type Environment, type Plugins } from '../plugins/plugin.ts'
import { seededRandom, shuffled, type Random } from '../random/mersenne.ts'

const unseeded: Random = {
  below: (limit) => randomInt(limit),
  // Of so many bits more than the limit has, what is left over is as good as even.
  belowLong: (limit) => BigInt(`0x${randomBytes(limit.toString(16).length + 16).toString('hex')}`) % limit,
}

/** From here on the numbers of chance end. */
const LONG = 2 ** 47

function generator(seed: Value | undefined): Random {
  return seed === undefined ? unseeded : seededRandom(seed)
}

/** Without a seed a value is chosen once for each use in a task, so that looking ahead and running agree. */
function chosen(seed: Value | undefined, key: string, environment: Environment, make: () => Value): Value {
  return seed === undefined ? environment.chance(key, make) : make()
}

function choice(end: Value, start: number | undefined, step: number | undefined, random: Random): Value {
  if (typeof end === 'number' || typeof end === 'boolean') {
    const [from, by] = [start ?? 0, step ?? 1]
    const count = new Range(from, Number(end), by).length
    if (count <= 0) throw new PlonerunError(`random: there is no number from ${from} to ${Number(end)}`)
    if (count < LONG) return from + random.below(count) * by
  }
  if (isInteger(end)) {
    const [first, by] = [BigInt(start ?? 0), BigInt(step ?? 1)]
    return toInteger(first + random.belowLong((BigInt(end) - first + by - 1n) / by) * by)
  }
  if (start !== undefined || step !== undefined) throw new PlonerunError('start and step can only be used with integer values')
  if (end instanceof Range) return end.at(random.below(end.length)) ?? null
  const items = typeof end === 'string' ? [...characters(end)] : [...(iterate(end) ?? notRandom())]
  if (!items.length) throw new PlonerunError('random: Cannot choose from an empty sequence')
  return items[random.below(items.length)]!
}

function notRandom(): never {
  throw new PlonerunError('random can only be used on sequences and integers')
}

export const randoms: Plugins = {
  random: plugin({ end: anything, start: optional(int), step: optional(int), seed: optional(anything) }, ({ end, start, step, seed }, environment) =>
    chosen(seed, 'random', environment, () => choice(end, start || undefined, step || undefined, generator(seed))),
  ),
  shuffle: plugin({ value: list, seed: optional(anything) }, ({ value, seed }, environment) => chosen(seed, 'shuffle', environment, () => shuffled(value, generator(seed)))),
  random_mac: plugin({ value: string, seed: optional(anything) }, ({ value, seed }, environment) =>
    chosen(seed, 'random_mac', environment, () => {
      const given = value.toLowerCase().split(':').filter(Boolean)
      if (!given.length || given.length > 5 || given.some((part) => !/^[\da-f]{2}$/.test(part))) throw new PlonerunError(`random_mac: '${value}' is no prefix of a MAC address of 1 to 5 bytes`)
      const random = generator(seed)
      const size = 6 - given.length
      const low = 16 ** (size * 2 - 1)
      const high = 16 ** (size * 2)
      const digits = (low + random.below(high - low + 1)).toString(16).padStart(size * 2, '0')
      return [...given, ...digits.match(/../g)!].join(':')
    }),
  ),
}
