/** blockinfile: keeps a block of lines between two markers in a file. */
import type { FileContent } from '../../probe/content.ts'
import type { Plan } from '../contract/change.ts'
import { failureMessage } from '../contract/failure.ts'
import { state, type Known } from '../contract/module.ts'
import { defaulting, flag, presence, text, type Input } from '../contract/option.ts'
import { ensureBlock } from './block-edit.ts'
import { backupName, editedFile, editOptions, editReads, isPlan, planEdit, withAttributes } from './edit.ts'

const options = {
  ...editOptions,
  state: presence('Whether the block shall be there.'),
  block: defaulting(text('The lines between the markers; an empty block is taken away.', { aliases: ['content'] }), ''),
  marker: defaulting(text('The lines around the block; {mark} stands for marker_begin and marker_end.'), '# {mark} ANSIBLE MANAGED BLOCK'),
  marker_begin: defaulting(text('What {mark} is above the block.'), 'BEGIN'),
  marker_end: defaulting(text('What {mark} is below the block.'), 'END'),
  insertafter: text('Where a new block goes: behind the last line that matches, or EOF.'),
  insertbefore: text('Where a new block goes: in front of the last line that matches, or BOF.'),
  create: defaulting(flag('Makes the file when it is not there.'), false),
  append_newline: defaulting(flag('Keeps a blank line below the block.'), false),
  prepend_newline: defaulting(flag('Keeps a blank line above the block.'), false),
}

type BlockInput = Input<typeof options>

/** Edits a marked block of a file. */
export const blockinfile = state({
  name: 'ansible.builtin.blockinfile',
  summary: 'Keeps a block of lines between two markers in a file, or takes it away.',
  options,
  rules: { mutuallyExclusive: [['insertbefore', 'insertafter']] },
  reads: (input, _prepared, known) => editReads(input, known),
  plan: (input, state) => decide(input, state).plan,
  failure: (_input, _known, failed) => failureMessage(failed),
  result(input, state, { replies }) {
    const { message } = decide(input, state)
    const backup = backupName(input, replies)
    return { msg: message, ...(backup !== '' && { backup_file: backup }) }
  },
})

function decide(input: BlockInput, state: Known): { readonly plan: Plan; readonly message: string } {
  const content = state['content'] as FileContent
  if (input.state === 'absent' && content.why === 'missing') return { plan: {}, message: `File ${input.path} not present` }
  const edited = editedFile(input, state)
  if (isPlan(edited)) return { plan: edited, message: '' }
  const { marker, marker_begin, marker_end } = input
  const wish = { ...input, begin: marker.replaceAll('{mark}', () => marker_begin), end: marker.replaceAll('{mark}', () => marker_end) }
  const present = input.state === 'present'
  const after = ensureBlock(edited.text ?? '', wish, present)
  const done = edited.text === null ? 'File created' : edited.text === after ? '' : present && input.block !== '' ? 'Block inserted' : 'Block removed'
  return { plan: { changes: planEdit(input, edited, after, state) }, message: withAttributes(done, input, edited) }
}
