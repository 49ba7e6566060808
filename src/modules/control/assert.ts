/** assert: fails unless all conditions hold. */
import { defaulting, expressions, flag, raw, required } from '../contract/option.ts'
import { action } from '../contract/module.ts'
import { toPlain } from '../../values/convert.ts'
import { Template } from '../../values/template.ts'
import type { Plain } from '../../values/value.ts'

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
      const written = condition instanceof Template ? condition.source : (condition as Plain)
      if (holds === 'unknown') return { result: {}, unknown: `whether ${String(written as string)}` }
      if (!holds) return { failed: true, msg: asMessage(fail_msg, `Assertion failed: ${String(written as string)}`), result: { evaluated_to: false, assertion: written, ...(Array.isArray(fail_msg) && { msg: toPlain(fail_msg) as Plain }) } }
    }
    return { result: {}, msg: asMessage(success_msg, 'All assertions passed') }
  },
})

function asMessage(given: unknown, otherwise: string): string {
  if (given === undefined) return otherwise
  return Array.isArray(given) ? given.map(String).join('\n') : String(given)
}
