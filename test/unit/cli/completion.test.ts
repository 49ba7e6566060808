import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { commands } from '../../../src/cli/commands.ts'
import { completionScript } from '../../../src/cli/commands/completion.ts'

/** What bash offers for the last of these words. */
function complete(...words: readonly string[]): string[] {
  const script = `${completionScript(commands)}\nCOMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _plonerun; printf '%s\\n' "\${COMPREPLY[@]}"`
  return execFileSync('bash', ['-c', script, 'bash', 'plonerun', ...words], { encoding: 'utf8', cwd: import.meta.dirname }).trim().split('\n')
}

test.each([
  [['de'], ['deploy', 'demo']],
  [['run', '--list-h'], ['--list-hosts']],
  [['vault', '--ask'], ['--ask-vault-pass']],
  [['exec', 'all', '-m', 'lineinf'], ['lineinfile']],
  [['doc', 'lineinf'], ['lineinfile']],
  [['run', 'completion.t'], ['completion.test.ts']],
])('%j', (words, wanted) => expect(complete(...words)).toEqual(wanted))
