/** `loop` inside a for: where in the loop we are, and the call of a recursive one. */
import { PlonerunError } from '../../errors/plonerun-error.ts'
import { equal } from '../../values/python.ts'
import { tuple } from '../../values/tuple.ts'
import { Undefined } from '../../values/undefined.ts'
import type { Value } from '../../values/value.ts'
import { rest } from '../plugins/parameter.ts'
import { plugin } from '../plugins/plugin.ts'
import { Method } from './attributes.ts'
import { CallableInstance } from './callable.ts'
import type { Evaluation } from './evaluation.ts'
import { shallow } from './resolve.ts'

export class LoopContext extends CallableInstance {
  override readonly typeName = 'LoopContext'
  readonly #items: readonly Value[]
  readonly #depth: number
  readonly #again: ((items: Value) => Value) | undefined
  readonly #evaluation: Evaluation
  #index = -1
  #last: Value | undefined

  constructor(items: readonly Value[], depth: number, again: ((items: Value) => Value) | undefined, evaluation: Evaluation) {
    super()
    this.#items = items
    this.#depth = depth
    this.#again = again
    this.#evaluation = evaluation
  }

  /** Moves on to the next item. */
  next(): this {
    this.#index++
    return this
  }

  override attribute(name: string): Value | undefined {
    const [index, size] = [this.#index, this.#items.length]
    switch (name) {
      case 'index':
        return index + 1
      case 'index0':
        return index
      case 'revindex':
        return size - index
      case 'revindex0':
        return size - index - 1
      case 'first':
        return index === 0
      case 'last':
        return index === size - 1
      case 'length':
        return size
      case 'depth':
        return this.#depth + 1
      case 'depth0':
        return this.#depth
      case 'previtem':
        return this.#item(index - 1, 'there is no previous item')
      case 'nextitem':
        return this.#item(index + 1, 'there is no next item')
      case 'cycle':
        return new Method(this, CYCLE, 'cycle')
      case 'changed':
        return new Method(this, CHANGED, 'changed')
      default:
        return undefined
    }
  }

  #item(index: number, missing: string): Value {
    const item = this.#items[index]
    return item === undefined ? new Undefined(missing) : shallow(item, this.#evaluation)
  }

  /** The value whose turn it is. */
  cycle(values: readonly Value[]): Value {
    if (!values.length) throw new PlonerunError('no items for cycling given')
    return values[this.#index % values.length]!
  }

  /** Whether the values differ from those of the previous call. */
  changed(values: readonly Value[]): boolean {
    const now = tuple(...values)
    const same = this.#last !== undefined && equal(this.#last, now)
    this.#last = now
    return !same
  }

  override call([items]: readonly Value[]): Value {
    if (!this.#again) throw new PlonerunError("the loop is not recursive, so 'loop' cannot be called", { hint: "write 'recursive' at the end of the {% for %}" })
    if (items === undefined) throw new PlonerunError('loop: the items to loop over are missing')
    return this.#again(items)
  }

  override repr(): string {
    return `<LoopContext ${this.#index + 1}/${this.#items.length}>`
  }
}

const CYCLE = plugin({ self: { kind: 'one', convert: (value) => value as LoopContext }, values: rest }, ({ self, values }) => self.cycle(values), { secrets: true, unknown: 'anywhere' })
const CHANGED = plugin({ self: { kind: 'one', convert: (value) => value as LoopContext }, values: rest }, ({ self, values }) => self.changed(values))
