/** Lookups of variables and of the environment. */
import { PlonerunError } from '../../errors/plonerun-error.ts'
import { str } from '../../values/print.ts'
import { Undefined } from '../../values/undefined.ts'
import type { Value } from '../../values/value.ts'
import { any, or } from '../plugins/parameter.ts'
import type { Plugins } from '../plugins/plugin.ts'
import { compileRegex } from '../regex/translate.ts'
import { lookup, opened } from './lookup.ts'

const withDefault = { default: or<Value | undefined>(any, undefined) }

export const variableLookups: Plugins = {
  env: lookup(withDefault, (terms, options) =>
    opened(terms).map((term) => {
      const value = process.env[str(term)]
      if (value !== undefined) return value
      if (options.default instanceof Undefined) throw new PlonerunError(`the environment variable '${str(term)}' is not set`, { cause: options.default })
      return options.default ?? ''
    }),
    { undefined: true },
  ),
  vars: lookup(withDefault, (terms, options, { variable, resolve }) =>
    terms.map((term) => {
      if (typeof term !== 'string') throw new PlonerunError('vars: the name of a variable must be a text')
      const value = variable(term)
      const resolved = value === undefined ? undefined : resolve(value)
      if (resolved !== undefined && !(resolved instanceof Undefined)) return resolved
      if (options.default !== undefined) return options.default
      return new Undefined(`'${term}' is undefined`)
    }),
    { undefined: true },
  ),
  varnames: lookup({}, (terms, _, { scope }) => {
    const names = [...new Set(scope.names())]
    return terms.flatMap((term) => {
      const pattern = compileRegex(str(term))
      return names.filter((name) => name.search(pattern) >= 0)
    })
  }),
}
