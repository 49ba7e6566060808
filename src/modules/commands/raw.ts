/** ansible.builtin.raw: runs a text with the login shell's means and nothing around it. */
import { state } from '../contract/module.ts'
import { defaulting, path, required, text } from '../contract/option.ts'
import { bareResult, commandSummary } from './result.ts'
import { shellStep } from './shell.ts'

export const raw = state({
  name: 'ansible.builtin.raw',
  summary: 'Runs a text with a shell, whatever the host has.',
  effect: true,
  options: { cmd: required(text('The text.')), executable: defaulting(path('The shell.'), '/bin/sh') },
  freeForm: 'cmd',
  reads: () => ({}),
  plan: ({ cmd, executable }) => [{ summary: commandSummary(cmd), writes: ['anything'], leaves: [{ kind: 'anything' }], steps: [shellStep(executable, cmd, undefined)] }],
  result: ({ cmd }, _known, outcome) => bareResult(cmd, outcome),
})
