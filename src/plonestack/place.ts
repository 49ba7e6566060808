/** Gives errors about a value the place of that value in the person's file. */
import { PlonerunError } from '../errors/plonerun-error.ts'
import type { Position } from '../errors/position.ts'
import { positionOf } from '../values/positions.ts'
import type { Value } from '../values/value.ts'

/** Where a container's key or item stands, ready for the details of an error; empty when it came from no file. */
export function placeOf(container: Value, key?: Value): { readonly where?: Position } {
  const where = positionOf(container, key)
  return where === undefined ? {} : { where }
}

/** Runs a check of a container's key or item; an error that has no place yet gets that one. */
export function placed<T>(container: Value, key: Value | undefined, check: () => T): T {
  try {
    return check()
  } catch (error) {
    if (!(error instanceof PlonerunError) || error.where !== undefined) throw error
    const { message, kind, why, hint, cause } = error
    throw new PlonerunError(message, { ...placeOf(container, key), kind, cause, ...(why !== undefined && { why }), ...(hint !== undefined && { hint }) })
  }
}
