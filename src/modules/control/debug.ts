/** debug: prints a message or a variable. */
import { anything, defaulting, expressions, integer } from '../contract/option.ts'
import { action } from '../contract/module.ts'
import { asResult } from '../../values/convert.ts'

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
    const given = typeof written === 'string' ? written : context.evaluate(written)
    // What a template gives may have come from a host: it can name a variable, and is no expression.
    if (typeof given === 'string' && (given === written || NAME.test(given))) return { result: { [given]: asResult(context.show(given)) } }
    return { result: { '(expression)': asResult(given) } }
  },
})

/** `a`, `a.b`, `a['b'][0]`. */
const NAME = /^[A-Za-z_]\w*(\.\w+|\[(\d+|'[^'{}]*'|"[^"{}]*")\])*$/
