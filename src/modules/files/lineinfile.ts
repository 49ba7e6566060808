/** lineinfile: makes a line be in a file, or not. */
import { state, type Known } from '../contract/module.ts'
import { defaulting, flag, presence, text, type Input } from '../contract/option.ts'
import type { FileContent } from '../../probe/content.ts'
import type { Plan } from '../contract/change.ts'
import { failureMessage } from '../contract/failure.ts'
import { backupName, editedFile, editOptions, editReads, isPlan, planEdit, withAttributes } from './edit.ts'
import { ensureLine, removeLines } from './line-edit.ts'

const options = {
  ...editOptions,
  state: presence('Whether the line shall be there.'),
  line: text('The line.', { aliases: ['value'] }),
  regexp: text('Finds the line to replace, or the lines to take away.', { aliases: ['regex'] }),
  search_string: text('As regexp, but a plain text.'),
  insertafter: text('Where a new line goes: behind the last line that matches, EOF or BOF.'),
  insertbefore: text('Where a new line goes: in front of the last line that matches, or BOF.'),
  backrefs: defaulting(flag('The line refers to groups of regexp, and is not added when nothing matches.'), false),
  create: defaulting(flag('Makes the file when it is not there.'), false),
  firstmatch: defaulting(flag('Takes the first line that matches, not the last.'), false),
}

type LineInput = Input<typeof options>

/** Edits one line of a file. */
export const lineinfile = state({
  name: 'ansible.builtin.lineinfile',
  summary: 'Makes a line be in a file, or not.',
  options,
  rules: { mutuallyExclusive: [['insertbefore', 'insertafter'], ['regexp', 'search_string'], ['backrefs', 'search_string']] },
  reads: (input, _prepared, known) => editReads(input, known),
  plan(input, state) {
    return { ...decide(input, state).plan, warnings: warningsOf(input) }
  },
  failure: (_input, _known, failed) => failureMessage(failed),
  result(input, state, { changed, replies }) {
    const { message, found } = decide(input, state)
    // A file that is not there has nothing to take away, and of that the result has no more to say.
    if (input.state === 'absent' && found === undefined) return { msg: message }
    const warnings = warningsOf(input)
    return { msg: changed || input.state === 'absent' ? message : '', backup: backupName(input, replies), ...(found !== undefined && { found }), ...(warnings.length > 0 && { warnings }) }
  },
})

/** In Ansible's words: they are in the result, where playbooks look for them. */
function warningsOf({ regexp, search_string }: LineInput): readonly string[] {
  const matchesAll = (what: string): string => `The ${what} is an empty string, which will match every line in the file. This may have unintended consequences, such as replacing the last line in the file rather than appending.`
  return [
    ...(regexp === '' ? [`${matchesAll('regular expression')} If this is desired, use '^' to match every line in the file and avoid this warning.`] : []),
    ...(search_string === '' ? [matchesAll('search string')] : []),
  ]
}

interface Decision {
  readonly plan: Plan
  readonly message: string
  readonly found?: number
}

function decide(input: LineInput, state: Known): Decision {
  const wrong = mistake(input)
  if (wrong !== undefined) return { plan: { fail: wrong }, message: wrong }
  if (input.state === 'absent' && (state['content'] as FileContent).why === 'missing')
    return { plan: {}, message: 'file not present' }
  const edited = editedFile({ ...input, what: 'Destination' }, state)
  if (isPlan(edited)) return { plan: edited, message: '' }
  if (input.state === 'absent') {
    const { text: after, found } = removeLines(edited.text ?? '', input)
    const message = withAttributes(found === 0 ? '' : `${found} line(s) removed`, input, edited)
    return { plan: { changes: planEdit(input, edited, after, state) }, message, found }
  }
  const usual = input.insertbefore === undefined && input.insertafter === undefined ? { insertafter: 'EOF' } : {}
  const { text: after, message } = ensureLine(edited.text ?? '', { ...input, ...usual, line: input.line! })
  // A file that only would be made to stay empty is not made.
  const changes = message === '' && edited.text === null ? [] : planEdit(input, edited, after, state)
  return { plan: { changes }, message: withAttributes(message, input, edited) }
}

/** What Ansible does not take, beyond what the options themselves say. */
function mistake({ state, line, regexp, search_string, backrefs }: LineInput): string | undefined {
  if (state === 'absent')
    return line === undefined && regexp === undefined && search_string === undefined ? 'one of line, search_string, or regexp is required with state=absent' : undefined
  if (backrefs && regexp === undefined) return 'regexp is required with backrefs=true'
  return line === undefined ? 'line is required with state=present' : undefined
}
