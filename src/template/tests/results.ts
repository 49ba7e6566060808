/** Tests of the results of tasks. */
import { PlonerunError } from '../../errors/plonerun-error.ts'
import { isDict } from '../../values/dict.ts'
import { truth, typeName } from '../../values/python.ts'
import { isList } from '../../values/tuple.ts'
import { Unknown } from '../../values/unknown.ts'
import type { Dict, Value } from '../../values/value.ts'
import { anything } from '../plugins/parameter.ts'
import { plugin, type Plugins } from '../plugins/plugin.ts'

/** A question about one key of a result; unknown when that key is, whatever else the result holds. */
function about(ask: (result: Dict) => Value) {
  return plugin(
    { result: anything },
    ({ result }) => {
      if (result instanceof Unknown) return result
      if (!isDict(result)) throw new PlonerunError(`the test expects the result of a task, a dict, not a ${typeName(result)}`, { hint: 'register: gives a task a name for its result' })
      const answer = ask(result)
      return answer instanceof Unknown ? answer : truth(answer)
    },
    { unknown: 'anywhere', secrets: true },
  )
}

const key = (name: string) => (result: Dict): Value => result.get(name) ?? false
const not = (ask: (result: Dict) => Value) => (result: Dict): Value => {
  const answer = ask(result)
  return answer instanceof Unknown ? answer : !truth(answer)
}

/** A loop's result without a `changed` of its own has changed when one of its items has. */
function hasChanged(result: Dict): Value {
  const own = result.get('changed')
  if (own !== undefined) return own
  const items = result.get('results')
  return items !== undefined && isList(items) && items.some((item) => isDict(item) && truth(item.get('changed') ?? false))
}

const failed = about(key('failed'))
const succeeded = about(not(key('failed')))
const changed = about(hasChanged)
const skipped = about(key('skipped'))

/** Were filters before they were tests, and roles of those days still write `result | changed`. */
export const formerFilters: Plugins = { failed, succeeded, success: succeeded, changed, skipped }

export const resultTests: Plugins = {
  failed,
  failure: failed,
  succeeded,
  success: succeeded,
  successful: succeeded,
  changed,
  change: changed,
  skipped,
  skip: skipped,
  unreachable: about(key('unreachable')),
  reachable: about(not(key('unreachable'))),
  started: about((result) => result.get('started') ?? true),
  finished: about((result) => result.get('finished') ?? true),
  timedout: about((result) => {
    const timedout = result.get('timedout')
    return timedout !== undefined && isDict(timedout) && (timedout.get('period') ?? false)
  }),
}
