/** Hardware addresses: read in any way they are written, and written in each. */
import type { Value } from '../../values/value.ts'

/** The twelve digits of a hardware address, undefined when the text is none. */
export function macDigits(value: string): string | undefined {
  const isMac = /^(?:[\da-f]{1,2}([:-])(?:[\da-f]{1,2}\1){4}[\da-f]{1,2}|[\da-f]{4}\.[\da-f]{4}\.[\da-f]{4}|[\da-f]{6}[:-][\da-f]{6}|[\da-f]{12})$/i.test(value)
  if (!isMac) return undefined
  return /[:-]/.test(value) && !/[\da-f]{6}/i.test(value) ? value.split(/[:-]/).map((part) => part.padStart(2, '0')).join('').toLowerCase() : value.replace(/[.:-]/g, '').toLowerCase()
}

/** How a hardware address is written, by the name of the way. */
export const MAC_FORMATS: Readonly<Record<string, (digits: string) => Value>> = {
  bare: (digits) => digits.toUpperCase(),
  bool: () => true,
  int: (digits) => Number.parseInt(digits, 16),
  cisco: (digits) => digits.match(/.{4}/g)!.join('.'),
  eui48: (digits) => digits.toUpperCase().match(/../g)!.join('-'),
  win: (digits) => digits.toUpperCase().match(/../g)!.join('-'),
  linux: (digits) => digits.match(/../g)!.join(':'),
  pgsql: (digits) => digits.match(/.{6}/g)!.join(':'),
  postgresql: (digits) => digits.match(/.{6}/g)!.join(':'),
  psql: (digits) => digits.match(/.{6}/g)!.join(':'),
  unix: (digits) => digits.match(/../g)!.map((part) => part.replace(/^0/, '')).join(':'),
}
