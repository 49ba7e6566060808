/** ansible.builtin.shell: runs a text with a shell. */
import { PlonerunError } from '../../errors/plonerun-error.ts'
import { changeFolder } from '../../shell/change-folder.ts'
import type { Step } from '../contract/change.ts'
import { state } from '../contract/module.ts'
import { defaulting, flag, path, pathIfAny, text } from '../contract/option.ts'
import { guardedLeaves, guardOptions, guardReads, guardReason, isGuarded, skippedText } from './guard.ts'
import { commandResult, commandSummary } from './result.ts'
import { expandedWord, needsExpansion } from './words.ts'

export const shell = state({
  name: 'ansible.builtin.shell',
  summary: 'Runs a text with /bin/sh, or another shell.',
  effect: true,
  options: {
    ...guardOptions,
    cmd: text('The text.'),
    chdir: pathIfAny('The folder to run it in.'),
    executable: defaulting(path('The shell.'), '/bin/sh'),
    stdin: text('What it reads.'),
    stdin_add_newline: defaulting(flag('Ends stdin with a newline.'), true),
    warn: flag('Accepted for old playbooks, which switch warnings off that no longer exist.'),
  },
  freeForm: 'cmd',
  prepare: ({ cmd }) => {
    if (cmd === undefined || cmd.trim() === '') throw new PlonerunError('no command given', { kind: 'task' })
    return cmd
  },
  reads: (input) => guardReads(input),
  plan(input, known, cmd) {
    const reason = guardReason(input, known)
    if (reason !== undefined) return { note: skippedText(reason) }
    const { stdin, stdin_add_newline } = input
    return {
      needed: isGuarded(input),
      changes: [
        {
          summary: commandSummary(cmd),
          writes: ['anything'],
          leaves: guardedLeaves(input),
          steps: [{ ...shellStep(input.executable, cmd, input.chdir), ...(stdin !== undefined && { stdin: stdin_add_newline ? `${stdin}\n` : stdin }) }],
        },
      ],
    }
  },
  result: (input, known, outcome, cmd) => commandResult({ cmd, reason: guardReason(input, known) }, outcome),
})

/** A text of the person's, run by a shell of their choice. */
export function shellStep(executable: string, text: string, chdir: string | undefined): Step {
  if (chdir === undefined || !needsExpansion(chdir)) return { argv: [executable, '-c', text], user: true, ...(chdir !== undefined && { cwd: chdir }) }
  return { argv: ['/bin/sh', '-c', `${changeFolder(expandedWord(chdir))}\nexec "$@"`, 'sh', executable, '-c', text], user: true }
}
