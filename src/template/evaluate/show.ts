/** A value for the eyes of a person: what cannot be evaluated is told where it stands. */
import { PlonerunError } from '../../errors/plonerun-error.ts'
import { Omit } from '../../values/omit.ts'
import { isList } from '../../values/tuple.ts'
import { Undefined } from '../../values/undefined.ts'
import type { Value } from '../../values/value.ts'
import type { Evaluation } from './evaluation.ts'
import { finalize } from './finalize.ts'
import { shallow } from './resolve.ts'

/** As `finalize`, but nothing in it raises: only an expression that fails itself does. */
export function show(value: Value, evaluation: Evaluation): Value {
  let errors = 0
  const told = (message: string): string => `<< error ${++errors} - ${message} >>`
  const shown = (compute: () => Value): Value => {
    try {
      return inside(compute())
    } catch (error) {
      if (!(error instanceof PlonerunError)) throw error
      return told(error.message)
    }
  }
  const inside = (written: Value): Value => {
    const given = shallow(written, evaluation)
    if (given instanceof Undefined) return told(given.hint)
    if (isList(given)) return Array.from(given, (item) => shown(() => item)).filter((item) => !(item instanceof Omit))
    if (given instanceof Map) return new Map([...given.keys()].map((key) => [key, shown(() => given.get(key) ?? null)] as const).filter(([, item]) => !(item instanceof Omit)))
    return finalize(given, evaluation, false)
  }
  return inside(value)
}
