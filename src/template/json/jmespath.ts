/** JMESPath queries, by the library of that name. */
import { search } from 'jmespath'
import { PlonerunError } from '../../errors/plonerun-error.ts'
import { fromPlain } from '../../values/convert.ts'
import type { Plain, Value } from '../../values/value.ts'

/** What a query selects from plain data. Throws a PlonerunError for a query that is not one. */
export function searchJmespath(data: unknown, query: string): Value {
  try {
    return fromPlain(search(data, query) as Plain)
  } catch (error) {
    throw new PlonerunError(`json_query: '${query}' cannot be evaluated`, { why: error instanceof Error ? error.message : String(error) })
  }
}
