/** Filters to and from JSON. */
import { PlonerunError } from '../../errors/plonerun-error.ts'
import { isNumeric, toNumber } from '../../values/number.ts'
import { toPlain } from '../../values/convert.ts'
import { str } from '../../values/print.ts'
import { isList } from '../../values/tuple.ts'
import type { Value } from '../../values/value.ts'
import { dumpJson, type JsonOptions } from '../json/dump.ts'
import { loadJson } from '../json/load.ts'
import { searchJmespath } from '../json/jmespath.ts'
import { anything, flag, optional, or, string } from '../plugins/parameter.ts'
import { plugin, type Plugins } from '../plugins/plugin.ts'

/** `indent` as json.dumps takes it: a number of spaces or the text itself. */
function indentOf(indent: Value | undefined): { indent?: string } {
  if (indent === undefined || indent === null) return {}
  return { indent: isNumeric(indent) ? ' '.repeat(Math.max(0, Number(toNumber(indent)))) : str(indent) }
}

/** Arguments of json.dumps; what follows them changes nothing here. */
const options = { indent: optional(anything), sort_keys: or(flag, false), ensure_ascii: or(flag, true), separators: optional(anything), profile: optional(anything), vault_to_text: optional(anything), preprocess_unsafe: optional(anything) }

function settings(indent: Value | undefined, sortKeys: boolean, ensureAscii: boolean, separators: Value | undefined): JsonOptions {
  const given = separators !== undefined && isList(separators) && separators.length === 2 ? { separators: [str(separators[0]!), str(separators[1]!)] as const } : {}
  return { ...indentOf(indent), sortKeys, ensureAscii, ...given }
}

export const json: Plugins = {
  to_json: plugin({ value: anything, ...options }, (args) => dumpJson(args.value, settings(args.indent, args.sort_keys, args.ensure_ascii, args.separators))),
  to_nice_json: plugin({ value: anything, ...options, indent: or<Value | undefined>(anything, 4), sort_keys: or(flag, true) }, (args) => dumpJson(args.value, settings(args.indent, args.sort_keys, args.ensure_ascii, [',', ': ']))),
  from_json: plugin({ value: anything, profile: optional(anything) }, ({ value }) => {
    if (typeof value !== 'string') throw new PlonerunError('the JSON object must be str')
    return loadJson(value)
  }),
  tojson: plugin({ value: anything, indent: optional(anything) }, ({ value, indent }) =>
    dumpJson(value, { ...indentOf(indent), sortKeys: true }).replace(/[<>&']/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`),
  ),
  json_query: plugin({ value: anything, expr: string }, ({ value, expr }) => searchJmespath(toPlain(value), expr)),
}

