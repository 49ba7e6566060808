/** `namespace(a=1)`: an object whose attributes a template can set from inside a loop. */
import { Instance, type Value } from '../../values/value.ts'
import { repr } from '../../values/print.ts'

export class Namespace extends Instance {
  override readonly typeName = 'Namespace'
  readonly #attributes: Map<string, Value>

  constructor(attributes: Iterable<readonly [string, Value]>) {
    super()
    this.#attributes = new Map(attributes)
  }

  override attribute(name: string): Value | undefined {
    return this.#attributes.get(name)
  }

  set(name: string, value: Value): void {
    this.#attributes.set(name, value)
  }

  override repr(): string {
    return `<Namespace {${[...this.#attributes].map(([name, value]) => `'${name}': ${repr(value)}`).join(', ')}}>`
  }
}
