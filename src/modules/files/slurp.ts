/** slurp: brings the content of a file as base64. */
import { contentRead, type NoContent } from '../../probe/content.ts'
import { state } from '../contract/module.ts'
import { path, required } from '../contract/option.ts'

const PROBLEMS: Readonly<Record<NoContent, string>> = {
  missing: 'File not found',
  'below a file': 'Unable to slurp file, because what it is said to be in is no folder',
  'not a file': 'Source is a directory and must be a file',
  unreadable: 'File is not readable',
  'too large': 'File is too large to be brought in one piece',
}

/** Brings the content of a file. */
export const slurp = state({
  name: 'ansible.builtin.slurp',
  summary: 'Brings the content of a file as base64.',
  options: { src: required(path('The file.', { aliases: ['path'] })) },
  reads: ({ src }) => ({ content: contentRead(src) }),
  plan({ src }, { content }) {
    if (content.bytes !== null) return {}
    return { fail: `${PROBLEMS[content.why ?? 'missing']}: ${src}` }
  },
  result: ({ src }, { content }) => ({ content: content.bytes?.toString('base64'), source: src, encoding: 'base64' }),
})
