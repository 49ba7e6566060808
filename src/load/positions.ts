/** Where the keys and items of a loaded mapping or list stand in the person's file. */
import type { Position } from '../errors/position.ts'
import type { Dict, Value } from '../values/value.ts'

interface Places {
  readonly start: Position
  readonly keys: ReadonlyMap<Value, Position>
}

/** Beside the values, not in them, so that a loaded dict is a dict like any other. Written once, when the container is made. */
const places = new WeakMap<Dict | Value[], Places>()

/** Notes where a container and its keys or items stand. Only loaders call it. */
export function placeContainer(container: Dict | Value[], start: Position, keys: ReadonlyMap<Value, Position>): void {
  places.set(container, { start, keys })
}

/**
 * Where a mapping or list starts; with a key or index, where that key or item stands.
 * The container's own place when the key is unknown; undefined when it came from no file.
 */
export function positionOf(container: Value, key?: Value): Position | undefined {
  if (!(container instanceof Map) && !Array.isArray(container)) return undefined
  const place = places.get(container)
  return (key === undefined ? undefined : place?.keys.get(key)) ?? place?.start
}
