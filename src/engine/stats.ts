/** What set_stats keeps for the end of the run. */
import type { ActionResult } from '../modules/contract/module.ts'
import { toPlain } from '../values/convert.ts'
import { isDict } from '../values/dict.ts'
import { isNumeric } from '../values/number.ts'
import { operate } from '../template/evaluate/operators.ts'
import { isList } from '../values/tuple.ts'
import type { Dict, Value } from '../values/value.ts'

/** Where data stands that belongs to no host. */
const RUN = 'RUN'

export interface Stats {
  keep(host: string, stats: NonNullable<ActionResult['stats']>): void
  /** By host; that of the whole run stands under `RUN`. */
  all(): Readonly<Record<string, unknown>>
}

export function createStats(): Stats {
  const kept = new Map<string, Dict>()
  return {
    keep(host, { data, perHost, aggregate }) {
      const place = perHost ? host : RUN
      const known: Dict = kept.get(place) ?? new Map<Value, Value>()
      kept.set(place, known)
      for (const [name, value] of data) known.set(name, aggregate ? sum(known.get(name), value) : value)
    },
    all: () => Object.fromEntries([...kept].map(([place, data]) => [place, toPlain(data)])),
  }
}

/** Numbers, texts and lists are added, mappings laid over; what does not go together is replaced. */
function sum(before: Value | undefined, value: Value): Value {
  if (before === undefined) return value
  if (isDict(before) && isDict(value)) return new Map([...before, ...value])
  const alike = (isNumeric(before) && isNumeric(value)) || (typeof before === 'string' && typeof value === 'string') || (isList(before) && isList(value))
  return alike ? operate('Add', before, value) : value
}
