/** fail: fails with a message. */
import { defaulting, text } from '../contract/option.ts'
import { action } from '../contract/module.ts'

export const fail = action({
  name: 'ansible.builtin.fail',
  summary: 'Fails with a message.',
  options: { msg: defaulting(text('What to say.'), 'Failed as requested from task') },
  run: ({ msg }) => ({ failed: true, msg, result: {} }),
})
