/** ansible.builtin.script: runs a script of the controller on the host. */
import { basename } from 'node:path'
import { PlonerunError } from '../../errors/plonerun-error.ts'
import { splitWords } from '../../shell/words.ts'
import { state } from '../contract/module.ts'
import { defaulting, flag, pathIfAny, text } from '../contract/option.ts'
import { guardedLeaves, guardOptions, guardReads, isGuarded, skipReason } from './guard.ts'
import { bareResult, commandSummary } from './result.ts'

/** The script is kept apart from its arguments, has its own name, is nobody else's to read, and is gone when it has run. */
const RUN = `
d=$(mktemp -d) || exit
trap 'rm -rf -- "$d"' EXIT
f=$d/$3
cat >"$f" && chmod 700 -- "$f" || exit
[ -z "$1" ] || cd -- "$1" || exit
interpreter=$2; shift 3
if [ -n "$interpreter" ]; then $interpreter "$f" "$@" </dev/null; else "$f" "$@" </dev/null; fi`

export const script = state({
  name: 'ansible.builtin.script',
  summary: 'Sends a script to the host and runs it there.',
  effect: true,
  options: {
    ...guardOptions,
    cmd: text('The script on the controller, and its arguments.'),
    chdir: pathIfAny('The folder to run it in.'),
    executable: text('The interpreter, with its arguments; otherwise the first line of the script says.'),
    decrypt: defaulting(flag('Decrypts the script when it is a vault.'), true),
  },
  freeForm: 'cmd',
  prepare({ cmd = '', decrypt }, controller) {
    const [name, ...words] = splitWords(cmd)
    if (name === undefined) throw new PlonerunError('one of the following is required: free-form, cmd', { where: controller.position })
    const file = controller.findFile('files', name)
    return { content: controller.readFile(file, { decrypt }), name: basename(file), words }
  },
  reads: (input) => guardReads(input),
  plan(input, known, { content, name, words }) {
    const reason = skipReason(input, known)
    if (reason !== undefined) return { note: reason }
    const argv = ['/bin/sh', '-c', RUN, 'sh', input.chdir ?? '', input.executable ?? '', name, ...words]
    return { needed: isGuarded(input), changes: [{ summary: commandSummary(input.cmd ?? ''), writes: ['anything'], leaves: guardedLeaves(input), steps: [{ argv, stdin: content, user: true }] }] }
  },
  // Unlike a command, a script that has no need to run counts as skipped.
  result(input, known, outcome) {
    const reason = skipReason(input, known)
    return reason === undefined ? bareResult(input.cmd ?? '', outcome) : { skipped: true, msg: reason }
  },
})
