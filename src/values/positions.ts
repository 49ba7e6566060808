/** Where the keys, items and values of a loaded mapping or list stand in the person's file. */
import type { Position } from '../errors/position.ts'
import type { Dict, Value } from './value.ts'

/** The place of what the program made itself. */
export const NOWHERE: Position = { file: '', line: 0, column: 0 }

/** Tells where the parts of a container stand. Functions, since a place is only computed when somebody asks. */
export interface Places {
  readonly start: () => Position
  /** Of a key of a mapping, or an item of a list by its index. */
  readonly key: (key: Value) => Position | undefined
  /** Of what stands behind a key: of a scalar, where its text starts. */
  readonly value: (key: Value) => Position | undefined
}

/** Beside the values, not in them, so that a loaded dict is a dict like any other. Written once, when the container is made. */
const places = new WeakMap<Dict | Value[], Places>()

/** Notes where a container and its parts stand. Only loaders call it. */
export function place(container: Dict | Value[], where: Places): void {
  places.set(container, where)
}

/** Gives a copy of a container, with the same keys or items, the places of the original. */
export function placeLike<T extends Dict | Value[]>(copy: T, original: Dict | Value[]): T {
  const where = places.get(original)
  if (where !== undefined) places.set(copy, where)
  return copy
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
  return (key === undefined ? undefined : where?.key(key)) ?? where?.start()
}

/** Where the value behind a key, or an item, stands: of a quoted or block scalar, its first character. */
export function valuePositionOf(container: Value, key: Value): Position | undefined {
  return placesOf(container)?.value(key) ?? positionOf(container, key)
}
