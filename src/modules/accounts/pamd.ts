/** community.general.pamd: rules of PAM services. */
import type { FileContent } from '../../probe/content.ts'
import type { Plan } from '../contract/change.ts'
import { state, type Known } from '../contract/module.ts'
import { defaulting, flag, list, oneOf, path, required, text, type Input } from '../contract/option.ts'
import { backupName, editedFile, editReads, isPlan, planEdit, systemFile, type EditInput } from '../files/edit.ts'
import { join } from '../files/destination.ts'
import { argumentsOf, editPam } from './pam-text.ts'

const TYPES = ['account', '-account', 'auth', '-auth', 'password', '-password', 'session', '-session'] as const

const options = {
  name: required(text('The service: a file in /etc/pam.d.')),
  type: required(oneOf(TYPES, 'Type of the rule.')),
  control: required(text('Control of the rule; with brackets, as [success=1 default=ignore].')),
  module_path: required(text('Module of the rule.')),
  new_type: oneOf(TYPES, 'Type of the new rule.'),
  new_control: text('Control of the new rule.'),
  new_module_path: text('Module of the new rule.'),
  module_arguments: list(text('Argument.'), 'Arguments of the rule that is changed or added.'),
  state: defaulting(oneOf(['absent', 'after', 'args_absent', 'args_present', 'before', 'updated'], 'What happens to the rule, or where the new one goes.'), 'updated'),
  path: defaulting(path('Where the services are.'), '/etc/pam.d'),
  backup: defaulting(flag('Keeps the file as it was.'), false),
} as const

type PamInput = Input<typeof options>

export const pamd = state({
  name: 'community.general.pamd',
  summary: 'Edits rules of PAM services.',
  options,
  rules: {
    requiredIf: [
      ['state', 'args_present', ['module_arguments']],
      ['state', 'args_absent', ['module_arguments']],
      ['state', 'before', ['new_control', 'new_type', 'new_module_path']],
      ['state', 'after', ['new_control', 'new_type', 'new_module_path']],
    ],
  },
  reads: (input, _prepared, known) => editReads(fileOf(input), known),
  plan: (input, known) => decide(input, known).plan,
  result: (input, known, { replies }) => ({ change_count: decide(input, known).count, backupdest: backupName(fileOf(input), replies) }),
})

function fileOf({ path, name, backup }: PamInput): EditInput {
  return { ...systemFile(join(path, name), { backup }), create: false }
}

function decide(input: PamInput, known: Known): { readonly plan: Plan; readonly count: number } {
  const edited = editedFile(fileOf(input), known)
  if (isPlan(edited)) {
    const file = fileOf(input).path
    const missing = (known['content'] as FileContent).why === 'missing'
    return { plan: { fail: `Unable to open/read PAM module file ${file}${missing ? ` with error [Errno 2] No such file or directory: '${file}'.` : `: ${edited.fail ?? ''}`}` }, count: 0 }
  }
  const { type, control, module_path, state, new_type, new_control, new_module_path, module_arguments } = input
  if (state === 'args_present' && argumentsOf(module_arguments ?? []).some((each) => each.startsWith('[')))
    return { plan: { fail: "Unable to process bracketed '[' complex arguments with 'args_present'. Please use 'updated'." }, count: 0 }
  try {
    const { text: after, count } = editPam(edited.text ?? '', { type, control, path: module_path, state, fresh: { type: new_type, control: new_control, path: new_module_path }, args: module_arguments })
    return { plan: { changes: count === 0 ? [] : planEdit(fileOf(input), edited, after, known) }, count }
  } catch (error) {
    return { plan: { fail: (error as Error).message }, count: 0 }
  }
}
