/** ini_file: sets options in sections of an INI file. */
import { PlonerunError } from '../../errors/plonerun-error.ts'
import { pathRead } from '../../probe/path.ts'
import type { PathState } from '../../probe/path-state.ts'
import { str } from '../../values/print.ts'
import { isDict } from '../../values/dict.ts'
import { isList } from '../../values/tuple.ts'
import type { Value } from '../../values/value.ts'
import type { Plan } from '../contract/change.ts'
import { failureMessage } from '../contract/failure.ts'
import { state, type Known } from '../contract/module.ts'
import { defaulting, flag, list, presence, raw, text, type Input } from '../contract/option.ts'
import { backupName, editedFile, editOptions, editReads, isPlan, planEdit, withAttributes, type EditInput } from './edit.ts'
import { editIni } from './ini-edit.ts'
import { pathResult } from './path-result.ts'

const { validate: _none, ...common } = editOptions

const options = {
  ...common,
  section: text('The section; without it the options above all sections.'),
  section_has_values: list(raw('option and value or values.'), 'Tells sections of the same name apart.'),
  option: text('The option; without it the section itself is meant.'),
  value: text('Its value.'),
  values: list(text('Value.'), 'Its values, a line each.'),
  state: presence('Whether it shall be there.'),
  exclusive: defaulting(flag('The option has no other values.'), true),
  no_extra_spaces: defaulting(flag('No blanks around =.'), false),
  ignore_spaces: defaulting(flag('Leaves a line that differs in blanks only.'), false),
  allow_no_value: defaulting(flag('The option may stand without a value.'), false),
  modify_inactive_option: defaulting(flag('Makes use of a line that is commented out.'), true),
  create: defaulting(flag('Makes the file when it is not there.'), true),
  follow: defaulting(flag('Edits what a link leads to, instead of replacing the link.'), false),
}

type IniInput = Input<typeof options>

/** Sets options of an INI file. */
export const iniFile = state({
  name: 'community.general.ini_file',
  summary: 'Sets options in sections of an INI file, or takes them away.',
  options,
  rules: { mutuallyExclusive: [['value', 'values']] },
  readsAgain: true,
  reads: (input, _prepared, known) => ({ ...editReads(asEdit(input), known), itself: pathRead(input.path) }),
  plan: (input, state) => decide(input, state).plan,
  failure: (_input, _known, failed) => failureMessage(failed),
  result(input, state, { changed, foreseen, replies, after }) {
    const backup = backupName(asEdit(input), replies)
    const path = ((after ?? state) as Known)['entry'] as PathState
    return { ...pathResult(path), path: input.path, msg: decide(input, state).message, ...(input.backup && changed && !foreseen && { backup_file: backup }) }
  },
})

function asEdit(input: IniInput): EditInput {
  return { ...input, what: 'Destination', create: input.create && input.state === 'present' }
}

function decide(input: IniInput, state: Known): { readonly plan: Plan; readonly message: string } {
  const { value, values, allow_no_value } = input
  if (input.state === 'present' && !allow_no_value && value === undefined && !values?.length) {
    const fail = "Parameter 'value(s)' must be defined if state=present and allow_no_value=False."
    return { plan: { fail }, message: fail }
  }
  const edit = asEdit(input)
  const edited = editedFile(edit, state)
  // Nothing can be taken away from a file that is not there.
  if (isPlan(edited)) return input.state === 'absent' && input.create ? { plan: {}, message: 'OK' } : { plan: edited, message: '' }
  const itself = state['itself'] as PathState
  const current = !input.follow && itself.exists && itself.type === 'link' ? itself : edited.current
  const { text: after, message } = editIni(edited.text ?? '', {
    ...input,
    section_has_values: (input.section_has_values ?? []).map(pairOf),
    values: [...new Set(values ?? (value === undefined ? [] : [value]))],
    present: input.state === 'present',
  })
  if (message === 'OK') return { plan: { changes: planEdit(edit, edited, edited.text ?? '', state) }, message: withAttributes('', edit, edited) || message }
  return { plan: { changes: planEdit(edit, { ...edited, current }, after, state) }, message: withAttributes(message, edit, edited, false) }
}

function pairOf(pair: Value): { option: string; values: string[] } {
  if (!isDict(pair)) throw new PlonerunError('section_has_values is a list of mappings with option and value or values')
  const [option, value = null, values = null] = [pair.get('option'), pair.get('value'), pair.get('values')]
  if (typeof option !== 'string') throw new PlonerunError('section_has_values: each needs an option')
  if (isList(values)) return { option, values: values.map(str) }
  return { option, values: value === null ? [] : [str(value)] }
}
