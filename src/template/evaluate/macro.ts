/** Macros, and the `caller` of a call block. */
import { PlonerunError } from '../../errors/plonerun-error.ts'
import { didYouMean } from '../../errors/suggest.ts'
import { tuple } from '../../values/tuple.ts'
import { Undefined } from '../../values/undefined.ts'
import type { Value } from '../../values/value.ts'
import type { MacroNode } from '../syntax/ast.ts'
import { positionOf } from '../syntax/parse.ts'
import { CallableInstance } from './callable.ts'
import { innerFrame, type Frame } from './evaluation.ts'
import { handedOver } from './resolve.ts'
import { uses } from './uses.ts'

export class Macro extends CallableInstance {
  override readonly typeName = 'Macro'
  readonly #node: MacroNode
  readonly #frame: Frame

  constructor(node: MacroNode, frame: Frame) {
    super()
    this.#node = node
    this.#frame = frame
  }

  override attribute(name: string): Value | undefined {
    const { parameters, body } = this.#node
    switch (name) {
      case 'name':
        return this.#node.name
      case 'arguments':
        return tuple(...parameters.map((parameter) => parameter.name))
      case 'catch_varargs':
        return uses(body, 'varargs')
      case 'catch_kwargs':
        return uses(body, 'kwargs')
      case 'caller':
        return uses(body, 'caller')
      default:
        return undefined
    }
  }

  override call(given: readonly Value[], named: ReadonlyMap<string, Value>): Value {
    const { name, parameters, body } = this.#node
    const frame = innerFrame(this.#frame)
    const own = (value: Value): Value => (frame.source.changesValues ? handedOver(value, frame.evaluation) : value)
    const args = given.map(own)
    const rest = new Map([...named].map(([key, value]) => [key, own(value)]))
    parameters.forEach((parameter, index) => {
      const value = args[index] === undefined ? rest.get(parameter.name) : args[index]
      if (args[index] !== undefined && rest.has(parameter.name)) throw new PlonerunError(`macro '${name}': the argument '${parameter.name}' is given twice`)
      rest.delete(parameter.name)
      const missing = new Undefined(`parameter '${parameter.name}' was not provided`, positionOf(this.#node, frame.source.origin))
      const fallback = (): Value => (parameter.fallback ? frame.evaluation.evaluate(parameter.fallback, frame) : missing)
      frame.names.set(parameter.name, value === undefined ? fallback() : value)
    })
    this.#takeRest(args.slice(parameters.length), rest, frame)
    return frame.evaluation.output(frame, body)
  }

  /** What no parameter takes: varargs, kwargs and caller, where the body uses them. */
  #takeRest(args: readonly Value[], kwargs: Map<string, Value>, { names }: Frame): void {
    const { name, parameters, body } = this.#node
    const caller = kwargs.get('caller')
    if (!parameters.some((parameter) => parameter.name === 'caller')) {
      names.set('caller', caller ?? new Undefined(`the macro '${name}' was not called by a {% call %} block`))
      kwargs.delete('caller')
    }
    if (caller !== undefined && !uses(body, 'caller')) throw new PlonerunError(`macro '${name}' does not use caller(), so it cannot be called by a {% call %} block`)
    if (uses(body, 'varargs')) names.set('varargs', tuple(...args))
    else if (args.length) throw new PlonerunError(`macro '${name}' takes not more than ${parameters.length} argument(s)`)
    if (uses(body, 'kwargs')) names.set('kwargs', new Map<Value, Value>(kwargs))
    else if (kwargs.size) this.#refuse([...kwargs.keys()][0]!)
  }

  #refuse(keyword: string): never {
    const { name, parameters } = this.#node
    const hint = didYouMean(keyword, parameters.map((parameter) => parameter.name))
    throw new PlonerunError(`macro '${name}' takes no keyword argument '${keyword}'`, hint ? { hint } : {})
  }
}
