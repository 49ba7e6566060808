/** debug: prints a message or a variable. */
import { anything, defaulting, expressions, integer } from '../contract/option.ts'
import { action } from '../contract/module.ts'
import { asResult } from '../../values/convert.ts'
import { Undefined } from '../../values/undefined.ts'
import type { Value } from '../../values/value.ts'

export const debug = action({
  name: 'ansible.builtin.debug',
  summary: 'Prints a message or the value of a variable.',
  options: {
    msg: anything('What to print.'),
    var: expressions('A variable or expression whose value is printed.'),
    verbosity: defaulting(integer('Prints only from this -v level on.'), 0),
  },
  rules: { mutuallyExclusive: [['msg', 'var']] },
  run({ msg, var: shown, verbosity }, context) {
    if (verbosity > context.verbosity) return { result: { skipped_reason: 'Verbosity threshold not met.' }, skipped: true }
    if (shown === undefined) return { result: { msg: msg === undefined ? 'Hello world!' : asResult(msg) } }
    const written = shown[0] ?? null
    const name = typeof written === 'string' ? written : '(expression)'
    const value: Value = typeof written === 'string' ? context.expression(written) : context.evaluate(written)
    return { result: { [name]: value instanceof Undefined ? `<< error 1 - ${value.hint} >>` : asResult(value) } }
  },
})
