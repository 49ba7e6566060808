/** Where the keys, items and values of a loaded mapping or list stand in the person's file. */
import type { Position } from '../errors/position.ts'
import type { Dict, Value } from '../values/value.ts'

/** The place of what the program made itself. */
export const NOWHERE: Position = { file: '', line: 0, column: 0 }

/** Offsets into the text that a container was read from. */
export interface Places {
  readonly start: number
  /** Of the keys of a mapping or the items of a list. */
  readonly keys: ReadonlyMap<Value, number>
  /** Of what stands behind each key: of a scalar, where its text starts. */
  readonly values: ReadonlyMap<Value, number>
  readonly at: (offset: number) => Position
}

/** Beside the values, not in them, so that a loaded dict is a dict like any other. Written once, when the container is made. */
const places = new WeakMap<Dict | Value[], Places>()

/** Notes where a container and its parts stand. Only loaders call it. */
export function place(container: Dict | Value[], where: Places): void {
  places.set(container, where)
}

/** Where the parts of a container stand, or undefined when it came from no file. */
export function placesOf(container: Value): Places | undefined {
  return container instanceof Map || Array.isArray(container) ? places.get(container) : undefined
}

/**
 * Where a mapping or list starts; with a key or index, where that key or item stands.
 * The container's own place when the key is unknown; undefined when it came from no file.
 */
export function positionOf(container: Value, key?: Value): Position | undefined {
  const where = placesOf(container)
  if (where === undefined) return undefined
  return where.at((key === undefined ? undefined : where.keys.get(key)) ?? where.start)
}

/** Where the value behind a key, or an item, stands: of a quoted or block scalar, its first character. */
export function valuePositionOf(container: Value, key: Value): Position | undefined {
  const where = placesOf(container)
  const offset = where?.values.get(key)
  return offset === undefined ? positionOf(container, key) : where?.at(offset)
}
