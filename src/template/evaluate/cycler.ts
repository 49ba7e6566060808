/** `cycler(...)` and `joiner(...)`: objects that give something else at each use. */
import { PlonerunError } from '../../errors/plonerun-error.ts'
import type { Value } from '../../values/value.ts'
import { plugin } from '../plugins/plugin.ts'
import { Method } from './attributes.ts'
import { CallableInstance } from './callable.ts'

export class Cycler extends CallableInstance {
  override readonly typeName = 'Cycler'
  readonly #items: readonly Value[]
  #index = 0

  constructor(items: readonly Value[]) {
    super()
    if (!items.length) throw new PlonerunError('cycler: at least one item has to be provided')
    this.#items = items
  }

  /** The current item; the next one is current afterwards. */
  next(): Value {
    const item = this.#items[this.#index]!
    this.#index = (this.#index + 1) % this.#items.length
    return item
  }

  reset(): null {
    this.#index = 0
    return null
  }

  override attribute(name: string): Value | undefined {
    if (name === 'current') return this.#items[this.#index]!
    if (name === 'next') return new Method(this, NEXT, name)
    return name === 'reset' ? new Method(this, RESET, name) : undefined
  }

  override call(): Value {
    return this.next()
  }
}

const self = { self: { kind: 'one', convert: (value: Value) => value as Cycler } } as const
const NEXT = plugin(self, ({ self }) => self.next())
const RESET = plugin(self, ({ self }) => self.reset())

export class Joiner extends CallableInstance {
  override readonly typeName = 'Joiner'
  readonly #separator: string
  #used = false

  constructor(separator: string) {
    super()
    this.#separator = separator
  }

  /** Nothing the first time, the separator afterwards. */
  override call(): Value {
    if (this.#used) return this.#separator
    this.#used = true
    return ''
  }
}
