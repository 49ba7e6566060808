/** Floats as texts with a number of decimals. */

/** A float that is not negative with this many decimals, rounded half to even on its exact value as C does. */
export function fixed(size: number, decimals: number): string {
  if (size >= 1e21) return BigInt(size).toString() + (decimals ? `.${'0'.repeat(decimals)}` : '')
  const places = Math.min(decimals, 70)
  const rounded = size.toFixed(places)
  const exact = size.toFixed(places + 30)
  const cut = exact.length - 30
  const isTie = exact[cut] === '5' && !/[1-9]/.test(exact.slice(cut + 1))
  if (!isTie) return rounded
  const floor = exact.slice(0, places === 0 ? cut - 1 : cut)
  return Number(floor.at(-1)) % 2 === 0 ? floor : rounded
}
