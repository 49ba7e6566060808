/** Filters of any value: defaults, choices, types. */
import { PlonerunError } from '../../errors/plonerun-error.ts'
import { truth, typeName, undefinedError } from '../../values/python.ts'
import { isNumeric, toNumber } from '../../values/number.ts'
import { repr, str } from '../../values/print.ts'
import { Undefined } from '../../values/undefined.ts'
import { Unknown } from '../../values/unknown.ts'
import { anything, optional, or, text } from '../plugins/parameter.ts'
import { plugin, type Accepts, type Plugins } from '../plugins/plugin.ts'

const TRUE_WORDS: ReadonlySet<string> = new Set(['yes', 'on', 'true', '1'])
const FALSE_WORDS: ReadonlySet<string> = new Set(['no', 'off', 'false', '0'])
const HANDS_ON: Accepts = { undefined: true, unknown: 'anywhere', secrets: true, templates: true }

const defaulted = plugin(
  { value: anything, default_value: or(anything, ''), boolean: or(anything, false) },
  ({ value, default_value, boolean }) => {
    if (value instanceof Unknown) return value
    return value instanceof Undefined || (truth(boolean) && !truth(value)) ? default_value : value
  },
  HANDS_ON,
)

export const values: Plugins = {
  default: defaulted,
  d: defaulted,
  mandatory: plugin({ value: anything, msg: optional(text) }, ({ value, msg }) => {
    if (!(value instanceof Undefined)) return value
    // No value that is undefined, but an error: a `default` behind it comes too late.
    throw new PlonerunError(msg ?? value.hint, { ...(value.position && { where: value.position }), ...(msg !== undefined && { why: value.hint }) })
  }, HANDS_ON),
  ternary: plugin({ value: anything, true_val: anything, false_val: anything, none_val: optional(anything) }, ({ value, true_val, false_val, none_val }) => {
    if (value instanceof Undefined) throw undefinedError(value)
    if (value instanceof Unknown) return value
    if (value === null && none_val !== undefined) return none_val
    return truth(value) ? true_val : false_val
  }, HANDS_ON),
  bool: plugin({ value: anything }, ({ value }, { warn }) => {
    const word = isNumeric(value) ? str(toNumber(value)) : typeof value === 'string' ? value.toLowerCase() : ''
    if (TRUE_WORDS.has(word)) return true
    if (!FALSE_WORDS.has(word)) warn(`the filter 'bool' takes ${repr(value)} for false, though it is no boolean word`)
    return false
  }),
  type_debug: plugin({ value: anything }, ({ value }) => (value instanceof Undefined ? 'Undefined' : typeName(value)), { undefined: true }),
}
