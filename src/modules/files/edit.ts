/** Modules that edit a text file on the host: what they read, and the change that their new text makes. */
import { contentRead, type FileContent } from '../../probe/content.ts'
import { pathRead } from '../../probe/path.ts'
import type { PathState } from '../../probe/path-state.ts'
import type { Read } from '../../probe/read.ts'
import { bytesToText, textToBytes } from '../../values/bytes.ts'
import type { Change, Plan } from '../contract/change.ts'
import type { Known } from '../contract/module.ts'
import { defaulting, flag, path, required, text } from '../contract/option.ts'
import { attributeOptions, attributeQuestions, compareAttributes, unsafeWrites, type WantedAttributes } from './attributes.ts'
import { parentOf } from './destination.ts'
import { ancestorReads, makeDirectories, missingAbove } from './directories.ts'
import { attributesOnly, newAttributes, sha1, writeFile } from './write-file.ts'

/** Options that all of them have. */
export const editOptions = {
  path: required(path('The file.', { aliases: ['dest', 'destfile', 'name'] })),
  backup: defaulting(flag('Keeps the file as it was under a name with the time.'), false),
  validate: text('Command that accepts the new file, named %s.'),
  ...attributeOptions,
  unsafe_writes: unsafeWrites,
}

export interface EditInput extends WantedAttributes {
  readonly path: string
  readonly backup: boolean
  readonly validate?: string | undefined
  readonly unsafe_writes: boolean
  /** Makes a file that is not there. */
  readonly create?: boolean
  /** What a file that is not there is called. */
  readonly what?: string
}

/** For modules that change nothing but the text of one of the system's files; it is made when it is not there. */
export function systemFile(path: string, { backup = false, ...wanted }: WantedAttributes & { readonly backup?: boolean } = {}): EditInput {
  return { path, backup, unsafe_writes: false, create: true, ...wanted }
}

/** One stage; a second one only for folders to be made. */
export function editReads(input: EditInput, known: Known) {
  const questions = attributeQuestions(input)
  const parent = known['parent'] as PathState | undefined
  return {
    entry: pathRead(input.path, { ...questions, follow: true }),
    content: contentRead(input.path),
    parent: pathRead(parentOf(input.path), { follow: true }),
    ...(input.create && parent?.exists === false && ancestorReads(input.path)),
  } satisfies Record<string, Read<unknown>>
}

export interface Edited {
  readonly current: PathState
  /** The text of the file, bytes that are not UTF-8 escaped; null when there is no file. */
  readonly text: string | null
}

/** The file as it is, or a plan that says why it cannot be edited. */
export function editedFile(input: EditInput, state: Known): Edited | Plan {
  const [entry, content] = [state['entry'] as PathState, state['content'] as FileContent]
  const current = { ...entry, path: entry.realPath }
  if (content.bytes !== null) return { current, text: bytesToText(content.bytes) }
  switch (content.why) {
    case 'missing':
      if (input.create) return { current, text: null }
      return { fail: `${input.what ?? 'Path'} ${entry.path} does not exist !`, result: { rc: 257 } }
    case 'not a file':
      return entry.exists && entry.type === 'directory' ? { fail: `Path ${entry.path} is a directory !`, result: { rc: 256 } } : { fail: `Path ${entry.path} is not a file` }
    case 'below a file':
      return { fail: `${entry.path} cannot be there: what it is said to be in is a file` }
    case 'unreadable':
      return { fail: `${entry.path} cannot be read` }
    default:
      return { fail: `${entry.path} is larger than what can be edited` }
  }
}

/** Whether `editedFile` gave a plan. */
export function isPlan(edited: Edited | Plan): edited is Plan {
  return !('current' in edited)
}

/** The changes that give the file this text and the attributes that are wanted. */
export function planEdit(input: EditInput, { current, text: before }: Edited, after: string, state: Known, encode: (text: string) => Buffer = textToBytes): readonly Change[] {
  if (before === after && current.exists) return some(attributesOnly(current, input))
  const parent = state['parent'] as PathState
  const folders = !parent.exists && !parent.uncertain ? [makeDirectories(missingAbove(input.path, state), {})] : []
  const content = encode(after)
  const wish = { content, checksum: sha1(content), wanted: input, backup: input.backup, validate: input.validate, unsafeWrites: input.unsafe_writes }
  const known: FileContent = before === null ? { bytes: null, why: 'missing', realPath: current.realPath } : { bytes: encode(before), realPath: current.realPath }
  return [...folders, ...some(writeFile(current, wish, known))]
}

/** The name of the backup, which the placement printed; empty when there is none. */
export function backupName(input: Pick<EditInput, 'backup'>, replies: readonly { readonly stdout: Buffer }[]): string {
  return input.backup ? (replies.map(({ stdout }) => stdout.toString('utf8')).find((printed) => printed.endsWith('~')) ?? '') : ''
}

/**
 * What Ansible adds to a message when mode, owner or context change too.
 * @param ofNew also of a file that is made
 */
export function withAttributes(message: string, input: EditInput, { current }: Edited, ofNew = true): string {
  const changed = current.exists ? compareAttributes(input, current).lines.length > 0 : ofNew && isUnusual(input, current.umask)
  return [message, ...(changed ? ['ownership, perms or SE linux context changed'] : [])].filter((part) => part !== '').join(' and ')
}

/** Whether a new file gets other attributes than it would have by itself; owners by name count as others, unless they are root. */
function isUnusual({ mode, owner = 'root', group = 'root', attributes, ...rest }: EditInput, umask: number): boolean {
  return newAttributes({ mode }, umask).mode !== newAttributes({}, umask).mode || ![owner, group].every((name) => name === 'root' || name === '0') || attributes !== undefined || newAttributes(rest, umask).context !== undefined
}

function some(change: Change | undefined): readonly Change[] {
  return change ? [change] : []
}
