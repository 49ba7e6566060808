/** A dict whose items are made when they are asked for (hostvars, vars, ansible_facts): looks like any other to templates. */
import type { Dict, Value } from '../values/value.ts'

class LazyDict extends Map<Value, Value> {
  readonly #names: () => Iterable<string>
  readonly #item: (name: string) => Value | undefined

  constructor(names: () => Iterable<string>, item: (name: string) => Value | undefined) {
    super()
    this.#names = names
    this.#item = item
  }

  override get(key: Value): Value | undefined {
    return typeof key === 'string' ? this.#item(key) : undefined
  }

  override has(key: Value): boolean {
    return this.get(key) !== undefined
  }

  override get size(): number {
    return new Set(this.#names()).size
  }

  override *keys(): MapIterator<Value> {
    yield* new Set(this.#names())
  }

  override *values(): MapIterator<Value> {
    for (const key of this.keys()) yield this.get(key) ?? null
  }

  override *entries(): MapIterator<[Value, Value]> {
    for (const key of this.keys()) yield [key, this.get(key) ?? null]
  }

  override [Symbol.iterator](): MapIterator<[Value, Value]> {
    return this.entries()
  }

  override forEach(callback: (value: Value, key: Value, map: Map<Value, Value>) => void): void {
    for (const [key, value] of this) callback(value, key, this)
  }
}

/**
 * @param names what the dict holds, asked anew each time
 * @param item the value of a name; undefined when there is none
 */
export function lazyDict(names: () => Iterable<string>, item: (name: string) => Value | undefined): Dict {
  return new LazyDict(names, item)
}

/** Whether the items of a dict are made when they are asked for, so that asking for all of them may take long. */
export function isLazyDict(dict: Dict): boolean {
  return dict instanceof LazyDict
}
