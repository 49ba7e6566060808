/** Something of the template language itself that can be called: a macro, a recursive loop, a function of the names that are always there. */
import { Instance, type Value } from '../../values/value.ts'

export abstract class CallableInstance extends Instance {
  abstract call(args: readonly Value[], kwargs: ReadonlyMap<string, Value>): Value

  override repr(): string {
    return `<${this.typeName}>`
  }
}
