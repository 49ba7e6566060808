/** The methods and attributes of int and float. */
import { Float } from '../../values/float.ts'
import { toNumber, type Numeric } from '../../values/number.ts'
import type { Value } from '../../values/value.ts'
import { anything } from '../plugins/parameter.ts'
import { plugin, type Plugins } from '../plugins/plugin.ts'

const self = { self: anything }
const bits = { self: anything, other: anything }

/** An operation on the bits of two ints, as `flags.__and__(4)` writes it. */
function bitwise(run: (left: bigint, right: bigint) => bigint) {
  return plugin(bits, ({ self, other }) => Number(run(BigInt(toNumber(self as Numeric)), BigInt(toNumber(other as Numeric)))))
}

export const floatMethods: Plugins = {
  is_integer: plugin(self, ({ self }) => self instanceof Float),
}

export const integerMethods: Plugins = {
  is_integer: plugin(self, () => true),
  bit_length: plugin(self, ({ self }) => {
    const size = BigInt(toNumber(self as Numeric))
    return size === 0n ? 0 : (size < 0n ? -size : size).toString(2).length
  }),
  __and__: bitwise((left, right) => left & right),
  __or__: bitwise((left, right) => left | right),
  __xor__: bitwise((left, right) => left ^ right),
  __lshift__: bitwise((left, right) => left << right),
  __rshift__: bitwise((left, right) => left >> right),
}

export function numberAttribute(value: Numeric, name: string): Value | undefined {
  if (name === 'real') return typeof value === 'boolean' ? Number(value) : value
  return name === 'imag' ? 0 : undefined
}
