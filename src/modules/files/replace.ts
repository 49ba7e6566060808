/** replace: replaces all matches of a regular expression in a file. */
import { PlonerunError } from '../../errors/plonerun-error.ts'
import { replacer } from '../../template/regex/replace.ts'
import { compileRegex } from '../../template/regex/translate.ts'
import { textToBytes } from '../../values/bytes.ts'
import type { Plan } from '../contract/change.ts'
import { failureMessage } from '../contract/failure.ts'
import { state, type Known } from '../contract/module.ts'
import { defaulting, required, text, type Input } from '../contract/option.ts'
import { backupName, editedFile, editOptions, editReads, isPlan, planEdit, withAttributes } from './edit.ts'
import { decodeText, encodeText } from './encoding.ts'

const options = {
  ...editOptions,
  regexp: required(text('What is replaced; ^ and $ match at every line.')),
  replace: defaulting(text(String.raw`What comes in its place; \1 and \g<name> are groups.`), ''),
  after: text('Only what follows the first match of this is looked at.'),
  before: text('Only what stands in front of the first match of this is looked at.'),
  encoding: defaulting(text('Encoding of the file.'), 'utf-8'),
}

type ReplaceInput = Input<typeof options>

/** Replaces text in a file. */
export const replace = state({
  name: 'ansible.builtin.replace',
  summary: 'Replaces all matches of a regular expression in a file.',
  options,
  reads: (input, _prepared, known) => editReads(input, known),
  plan: (input, state) => decide(input, state).plan,
  failure: (_input, _known, failed) => failureMessage(failed),
  result(input, state, { replies }) {
    const backup = backupName(input, replies)
    return { rc: 0, msg: decide(input, state).message, ...(backup !== '' && { backup_file: backup }) }
  },
})

function decide(input: ReplaceInput, state: Known): { readonly plan: Plan; readonly message: string } {
  const make = replacement(input.replace)
  const edited = editedFile(input, state)
  if (isPlan(edited)) return { plan: edited, message: '' }
  const text = decodeText(textToBytes(edited.text ?? ''), input.encoding)
  const section = sectionOf(text, input)
  if (section === undefined) {
    const message = `Pattern for before/after params did not match the given file: ${sectionPattern(input)}`
    return { plan: { changes: planEdit(input, edited, edited.text ?? '', state) }, message }
  }
  const { result, count } = replaceAll(section.text, input.regexp, make)
  const after = section.text === result ? text : text.slice(0, section.start) + result + text.slice(section.start + section.text.length)
  const message = after === text ? '' : `${count} replacements made`
  const encode = (some: string): Buffer => encodeText(some, input.encoding)
  return { plan: { changes: planEdit(input, { ...edited, text }, after, state, encode) }, message: withAttributes(message, input, edited) }
}

function sectionPattern({ after, before }: ReplaceInput): string {
  return after && before ? `${after}(?P<subsection>.*?)${before}` : after ? `${after}(?P<subsection>.*)` : `(?P<subsection>.*)${before!}`
}

/** The part of the text between `after` and `before`; undefined when they do not match. */
function sectionOf(text: string, input: ReplaceInput): { readonly text: string; readonly start: number } | undefined {
  if (!input.after && !input.before) return { text, start: 0 }
  const regex = compileRegex(sectionPattern(input), { dotAll: true })
  const found = new RegExp(regex, `d${regex.flags}`).exec(text)
  const place = found?.indices?.groups?.['subsection']
  return place && { text: text.slice(...place), start: place[0] }
}

/** @throws PlonerunError for an escape that means nothing, or a group that is not there */
function replacement(template: string): ReturnType<typeof replacer> {
  const explained = <T>(work: () => T): T => {
    try {
      return work()
    } catch (error) {
      if (!(error instanceof PlonerunError)) throw error
      throw new PlonerunError(`Unable to process replace due to error: ${error.message}`, { kind: 'task' })
    }
  }
  const make = explained(() => replacer(template))
  return (match) => explained(() => make(match))
}

function replaceAll(text: string, regexp: string, make: ReturnType<typeof replacer>): { readonly result: string; readonly count: number } {
  let [result, from, count] = ['', 0, 0]
  for (const match of text.matchAll(compileRegex(regexp, { multiline: true }))) {
    result += text.slice(from, match.index) + make(match)
    from = match.index + match[0].length
    count++
  }
  return { result: result + text.slice(from), count }
}
