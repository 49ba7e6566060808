/** Layers of variables, looked through from the strongest to the weakest. */
import { isDict, mergedDicts } from '../values/dict.ts'
import type { Dict, Scope, Value } from '../values/value.ts'

/** Names of one precedence level. A Dict is one; so is anything computed on demand (facts, magic variables). */
export interface Layer {
  get(name: string): Value | undefined
  keys(): Iterable<Value>
}

/**
 * A scope over layers, strongest first.
 * @param merges whether dicts of one name are laid over each other; otherwise the strongest value hides the others
 */
export function scopeOf(layers: readonly (Layer | undefined)[], merges = false): Scope {
  const present = layers.filter((layer): layer is Layer => layer !== undefined)
  return {
    lookup(name) {
      let found: Dict | undefined
      for (const layer of present) {
        const value = layer.get(name)
        if (value === undefined) continue
        if (!merges || !isDict(value)) return found ?? value
        found = found === undefined ? value : mergedDicts(value, found)
      }
      return found
    },
    *names() {
      for (const layer of present) for (const key of layer.keys()) if (typeof key === 'string') yield key
    },
  }
}

/** A scope with a few names laid over another (loop item, task result). */
export function withNames(scope: Scope, names: Dict): Scope {
  if (names.size === 0) return scope
  return {
    lookup: (name) => names.get(name) ?? (names.has(name) ? null : scope.lookup(name)),
    *names() {
      for (const key of names.keys()) if (typeof key === 'string') yield key
      yield* scope.names()
    },
  }
}

/** A scope, and another for the names that it does not have. */
export function orElse(scope: Scope, other: Scope): Scope {
  if (scope === other) return scope
  return {
    lookup: (name) => scope.lookup(name) ?? other.lookup(name),
    *names() {
      yield* scope.names()
      yield* other.names()
    },
  }
}
