/** assert: fails unless all conditions hold. */
import { defaulting, expressions, flag, raw, required } from '../contract/option.ts'
import { action } from '../contract/module.ts'
import { toPlain } from '../../values/convert.ts'
import { Template } from '../../values/template.ts'
import { isList } from '../../values/tuple.ts'
import { str } from '../../values/print.ts'
import type { Plain, Value } from '../../values/value.ts'

export const assert = action({
  name: 'ansible.builtin.assert',
  summary: 'Fails unless all conditions hold.',
  options: {
    that: required(expressions('Conditions, as `when` takes them.')),
    fail_msg: raw('What to say when one does not hold.', { aliases: ['msg'] }),
    success_msg: raw('What to say when all hold.'),
    quiet: defaulting(flag('Says less.'), false),
  },
  run({ that, fail_msg, success_msg }, context) {
    for (const condition of that) {
      const holds = context.condition(condition)
      const written = condition instanceof Template ? condition.source : str(condition)
      if (holds === 'unknown') return { result: {}, unknown: `whether ${written}` }
      if (!holds) return { failed: true, msg: asMessage(fail_msg, `Assertion failed: ${written}`), result: { evaluated_to: false, assertion: written, ...(isList(fail_msg ?? null) && { msg: toPlain(fail_msg ?? null) as Plain }) } }
    }
    return { result: {}, msg: asMessage(success_msg, 'All assertions passed') }
  },
})

function asMessage(given: Value | undefined, otherwise: string): string {
  if (given === undefined) return otherwise
  return isList(given) ? given.map(str).join('\n') : str(given)
}
