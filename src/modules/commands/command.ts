/** ansible.builtin.command: runs a program, without a shell. */
import { PlonerunError } from '../../errors/plonerun-error.ts'
import { changeFolder } from '../../shell/change-folder.ts'
import type { Reply } from '../../shell/fragment.ts'
import { splitWords } from '../../shell/words.ts'
import type { Step } from '../contract/change.ts'
import { state } from '../contract/module.ts'
import { defaulting, flag, list, path, pathIfAny, text } from '../contract/option.ts'
import { guardedLeaves, guardOptions, guardReads, guardReason, isGuarded, skippedText } from './guard.ts'
import { commandResult, commandSummary } from './result.ts'
import { expandedWord, needsExpansion } from './words.ts'

export const command = state({
  name: 'ansible.builtin.command',
  summary: 'Runs a program; no shell, so no pipes, redirections or variables other than those of the environment.',
  effect: true,
  options: {
    ...guardOptions,
    cmd: text('The program and its arguments.'),
    argv: list(text('A word.'), 'The program and its arguments, word by word.'),
    chdir: pathIfAny('The folder to run it in.'),
    stdin: text('What it reads.'),
    stdin_add_newline: defaulting(flag('Ends stdin with a newline.'), true),
    strip_empty_ends: defaulting(flag('Takes newlines from the end of stdout and stderr.'), true),
    expand_argument_vars: defaulting(flag('Expands ~ and environment variables in the arguments.'), true),
    executable: path('Ignored, with a warning, as Ansible does; use the shell module.'),
    warn: flag('Accepted for old playbooks, which switch warnings off that no longer exist.'),
  },
  freeForm: 'cmd',
  rules: { mutuallyExclusive: [['cmd', 'argv']], requiredOneOf: [['cmd', 'argv']] },
  prepare: ({ cmd, argv }) => {
    const words = argv ?? splitWords(cmd ?? '')
    if (words.length === 0) throw new PlonerunError('no command given', { kind: 'task' })
    return words
  },
  reads: (input) => guardReads(input),
  plan(input, known, words) {
    const reason = guardReason(input, known)
    if (reason !== undefined) return { note: skippedText(reason) }
    const { stdin, stdin_add_newline, chdir, expand_argument_vars, executable } = input
    const program = expand_argument_vars ? withExpansion(words, chdir) : { argv: words, ...(chdir !== undefined && { cwd: chdir }) }
    return {
      needed: isGuarded(input),
      changes: [
        {
          summary: commandSummary(words),
          writes: ['anything'],
          leaves: guardedLeaves(input),
          steps: [{ ...program, user: true, ...(stdin !== undefined && { stdin: stdin_add_newline ? `${stdin}\n` : stdin }) }],
        },
      ],
      ...(executable !== undefined && { warnings: [`the parameter 'executable' is no longer supported by command: '${executable}' is not used`] }),
    }
  },
  result(input, known, outcome, words) {
    const result = commandResult({ cmd: words, strip: input.strip_empty_ends, reason: guardReason(input, known) }, outcome)
    return isNotThere(words[0]!, outcome.replies[0]) ? { ...result, ...NOT_THERE, msg: `[Errno 2] No such file or directory: '${words[0]!}'` } : result
  },
})

/** As Ansible tells of a program that there is not: nothing was printed, because nothing ran. */
const NOT_THERE = { rc: 2, stdout: '', stderr: '', changed: false }

function isNotThere(program: string, reply: Reply | undefined): boolean {
  return reply?.code === 127 && reply.stderr.toString('utf8').trimEnd().endsWith(`${program}: not found`)
}

/** The words as they are, or through a shell that expands only what needs it. */
function withExpansion(words: readonly string[], chdir: string | undefined): Step {
  if (![...words, chdir ?? ''].some(needsExpansion)) return { argv: words, ...(chdir !== undefined && { cwd: chdir }) }
  const move = chdir === undefined ? '' : `${changeFolder(expandedWord(chdir))}\n`
  return { argv: ['/bin/sh', '-c', `${move}exec ${words.map(expandedWord).join(' ')}`] }
}
