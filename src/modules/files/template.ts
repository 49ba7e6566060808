/** template: renders a template on the controller and puts the text on the host. */
import { statSync } from 'node:fs'
import { hostname, userInfo } from 'node:os'
import { PlonerunError } from '../../errors/plonerun-error.ts'
import { DateTime } from '../../template/dates/datetime.ts'
import { dictOf } from '../../values/convert.ts'
import type { Dict } from '../../values/value.ts'
import { literalInput } from '../contract/decode.ts'
import { state, type Controller, type RenderRequest } from '../contract/module.ts'
import { defaulting, flag, path, required, text, type Input } from '../contract/option.ts'
import { attributeOptions, unsafeWrites } from './attributes.ts'
import { encodeText } from './encoding.ts'
import { planSingle, readsOfSingle, failureOfSingle, resultOfSingle, type SingleFile } from './single-file.ts'
import { sha1 } from './write-file.ts'

/** How the file is written. */
const syntaxOptions = {
  newline_sequence: defaulting(text('How lines end.'), '\n'),
  block_start_string: text('Opens a statement, {% unless said otherwise.'),
  block_end_string: text('Closes a statement.'),
  variable_start_string: text('Opens an expression, {{ unless said otherwise.'),
  variable_end_string: text('Closes an expression.'),
  comment_start_string: text('Opens a comment, {# unless said otherwise.'),
  comment_end_string: text('Closes a comment.'),
  trim_blocks: defaulting(flag('Drops the newline after a statement.'), true),
  lstrip_blocks: defaulting(flag('Drops the blanks before a statement.'), false),
}

const options = {
  src: required(text('Template on the controller.')),
  dest: required(path('Where the text goes; a folder gets a file of the template\'s name.')),
  ...attributeOptions,
  unsafe_writes: unsafeWrites,
  backup: defaulting(flag('Keeps the file that was there under a name with the time.'), false),
  force: defaulting(flag('Replaces a file that is there and differs.'), true),
  follow: defaulting(flag('Writes to what a link at the destination leads to, instead of replacing the link.'), false),
  validate: text('Command that accepts the new file, named %s.'),
  ...syntaxOptions,
  output_encoding: defaulting(text('Encoding of the file.'), 'utf-8'),
}

/** Renders a template to the host. */
export const template = state({
  name: 'ansible.builtin.template',
  summary: 'Renders a template to a file on the host.',
  options,
  readsAgain: true,
  renders: { option: 'src', syntax: (args) => { const given = literalInput(syntaxOptions, args); return given && syntaxOf(given) } },
  prepare,
  reads: (input, file, known) => readsOfSingle(input, file, known),
  plan: (input, state, file) => planSingle(input, file, state),
  failure: (_input, _state, failed, file) => failureOfSingle(file, failed),
  result: (input, state, outcome, file) => resultOfSingle(input, file, state, outcome),
})

function prepare(input: Input<typeof options>, controller: Controller): SingleFile {
  if (input.dest === '') throw new PlonerunError('src and dest are required', { where: controller.position })
  const source = controller.findFile('templates', input.src)
  const stats = statSync(source)
  const { text: rendered, secret } = controller.render(source, { ...syntaxOf(input), extra: templateVariables(input, source, stats) })
  const content = encodeText(rendered, input.output_encoding)
  return {
    source,
    name: source.slice(source.lastIndexOf('/') + 1),
    content,
    checksum: sha1(content),
    mode: stats.mode & 0o7777,
    secret,
    diff: controller.diff,
  }
}

const NEWLINES: Readonly<Record<string, '\n' | '\r' | '\r\n'>> = { '\n': '\n', '\\n': '\n', '\r': '\r', '\\r': '\r', '\r\n': '\r\n', '\\r\\n': '\r\n' }

function syntaxOf(input: Input<typeof syntaxOptions>): RenderRequest {
  const newline = NEWLINES[input.newline_sequence]
  if (newline === undefined) throw new PlonerunError(String.raw`newline_sequence is one of \n, \r and \r\n`)
  const marks = {
    variableStart: input.variable_start_string,
    variableEnd: input.variable_end_string,
    blockStart: input.block_start_string,
    blockEnd: input.block_end_string,
    commentStart: input.comment_start_string,
    commentEnd: input.comment_end_string,
  }
  const given = Object.fromEntries(Object.entries(marks).filter(([, mark]) => mark !== undefined))
  return { trimBlocks: input.trim_blocks, lstripBlocks: input.lstrip_blocks, newline, ...given }
}

/** What a template knows about itself. */
function templateVariables(input: Input<typeof options>, source: string, stats: { readonly uid: number; readonly mtimeMs: number }): Dict {
  const me = userInfo()
  const variables = dictOf({
    template_host: hostname(),
    template_path: input.src,
    template_fullpath: source,
    template_destpath: input.dest,
    template_uid: stats.uid === me.uid ? me.username : stats.uid,
  })
  variables.set('template_mtime', DateTime.at(stats.mtimeMs, false))
  variables.set('template_run_date', DateTime.now(false))
  return variables
}
