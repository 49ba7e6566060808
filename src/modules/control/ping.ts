/** ping: tells whether a host can be reached and worked on. */
import { defaulting, text } from '../contract/option.ts'
import { state } from '../contract/module.ts'
import { shellRead } from '../../probe/shell.ts'

export const ping = state({
  name: 'ansible.builtin.ping',
  summary: 'Answers pong from a host that can be reached.',
  options: { data: defaulting(text('What to answer; `crash` fails.'), 'pong') },
  reads: () => ({ answer: shellRead('echo pong', []) }),
  plan: ({ data }) => (data === 'crash' ? { fail: 'boom' } : []),
  result: ({ data }) => ({ ping: data }),
})
