/** Lookups of variables and of the environment. */
import { PlonerunError } from '../../errors/plonerun-error.ts'
import { didYouMean } from '../../errors/suggest.ts'
import { str } from '../../values/print.ts'
import { typeName } from '../../values/python.ts'
import { Undefined } from '../../values/undefined.ts'
import type { Value } from '../../values/value.ts'
import { anything, optional, or, string } from '../plugins/parameter.ts'
import type { Plugins } from '../plugins/plugin.ts'
import { compileRegex } from '../regex/translate.ts'
import { lookup, opened } from './lookup.ts'

const withDefault = { default: or<Value | undefined>(anything, undefined) }

function searchPattern(text: string): RegExp {
  try {
    return compileRegex(text)
  } catch (error) {
    if (!(error instanceof PlonerunError)) throw error
    throw new PlonerunError(`varnames: Unable to use '${text}' as a search parameter: ${error.why ?? error.message}`)
  }
}

export const variableLookups: Plugins = {
  env: lookup(withDefault, (terms, options) =>
    opened(terms).map((term) => {
      const value = process.env[str(term)]
      if (value !== undefined) return value
      if (options.default instanceof Undefined) return new Undefined(`the environment variable '${str(term)}' is not set`)
      return options.default ?? ''
    }),
    { undefined: true },
  ),
  vars: lookup(withDefault, (terms, options, { variable, resolve }) =>
    terms.map((term) => {
      if (typeof term !== 'string') throw new PlonerunError(`vars: Variable name must be 'str' not '${typeName(term)}'`)
      const value = variable(term)
      const resolved = value === undefined ? undefined : resolve(value)
      if (resolved !== undefined && !(resolved instanceof Undefined)) return resolved
      if (options.default !== undefined) return options.default
      return new Undefined(`No variable named '${term}' was found`)
    }),
    { undefined: true },
  ),
  config: lookup({ on_missing: or(string, 'error'), plugin_type: optional(string), plugin_name: optional(string) }, (terms, { on_missing, plugin_type }, { settings, warn }) =>
    terms.flatMap((term) => {
      const value = plugin_type === undefined ? settings.get(term) : undefined
      if (value !== undefined) return [value]
      const missing = `config: there is no setting '${str(term)}' here`
      if (on_missing === 'error') throw new PlonerunError(missing, { hint: plugin_type === undefined ? didYouMean(str(term), [...settings.keys()].map(str)) : 'plonerun has no plugins that could be set up' })
      if (on_missing === 'warn') warn(missing)
      return []
    }),
  ),
  varnames: lookup({}, (terms, _, { scope }) => {
    const names = [...new Set(scope.names())]
    return terms.flatMap((term) => {
      if (typeof term !== 'string') throw new PlonerunError(`varnames: Invalid setting identifier, '${str(term)}' is no text but a ${typeName(term)}`)
      const pattern = searchPattern(term)
      return names.filter((name) => name.search(pattern) >= 0)
    })
  }),
}
