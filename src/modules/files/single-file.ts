/** One file with known content for the host: what copy and template have in common. */
import { createHash } from 'node:crypto'
import type { FileContent } from '../../probe/content.ts'
import type { Plain } from '../../values/value.ts'
import type { Change, Plan } from '../contract/change.ts'
import type { Known } from '../contract/module.ts'
import { attributeQuestions, type WantedAttributes } from './attributes.ts'
import { beforeRead, destinationReads, resolveDestination, type Destination, type DestinationRequest } from './destination.ts'
import { makeDirectories, missingAbove } from './directories.ts'
import { pathResult } from './path-result.ts'
import { writeFile, type FileWish } from './write-file.ts'

/** What the controller contributes. */
export interface SingleFile {
  /** Path on the controller; null for content that the task holds. */
  readonly source: string | null
  /** Name within a folder at the destination; null when it cannot be one. */
  readonly name: string | null
  /** Bytes, or a file on the host. */
  readonly content: Buffer | { readonly from: string }
  /** SHA-1 of the content. */
  readonly checksum: string
  /** Mode of the source, for `preserve`. */
  readonly mode?: number
  /** Mode that a file which is replaced gets, when the task names none. */
  readonly modeOfReplaced?: number
  readonly secret: boolean
  /** --diff was asked for. */
  readonly diff: boolean
}

/** The options of copy and template that matter here. */
export interface SingleInput extends WantedAttributes {
  readonly dest: string
  readonly follow: boolean
  readonly force: boolean
  readonly backup: boolean
  readonly validate: string | undefined
  readonly unsafe_writes: boolean
  readonly directory_mode?: number | string | undefined
  readonly checksum?: string | undefined
}

function request(input: SingleInput, file: SingleFile): DestinationRequest {
  return { dest: input.dest, name: file.name, questions: attributeQuestions(input) }
}

/** One stage; a second one only for the diff of a file that differs, or for folders to be made. */
export function readsOfSingle(input: SingleInput, file: SingleFile, known: Known) {
  const reads = destinationReads(request(input, file), known)
  if (!file.diff || file.secret || known['entry'] === undefined) return reads
  const { current } = resolveDestination(request(input, file), input.follow, known)
  const differs = !(current.exists && current.type === 'file' && current.checksum === file.checksum)
  return { ...reads, ...(differs && (input.force || !current.exists) && { before: beforeRead(current) }) }
}

/** The changes that make the destination be the file. */
export function planSingle(input: SingleInput, file: SingleFile, state: Known): Plan {
  const destination = resolveDestination(request(input, file), input.follow, state)
  const { current } = destination
  if (input.checksum !== undefined && input.checksum !== file.checksum)
    return { fail: 'Copied file does not match the expected checksum. Transfer failed.', result: { checksum: file.checksum, expected_checksum: input.checksum } }
  if (current.exists && current.type === 'directory')
    return { fail: file.name === null ? `can not use content with a dir as dest: ${current.path}` : `${current.path} is a folder` }
  if (current.exists && !input.force) return { note: `${current.path} exists` }
  const folders = foldersToMake(input, destination, state)
  if (folders === undefined) return { fail: `Destination directory ${destination.parent.path} does not exist`, result: { checksum: file.checksum } }
  const change = writeFile(current, wish(input, file), state['before'] as FileContent | undefined)
  return { changes: [...folders, ...(change ? [change] : [])] }
}

/** The folder of a destination that ends in a slash is made; any other must be there. */
function foldersToMake(input: SingleInput, { parent, inside }: Destination, state: Known): readonly Change[] | undefined {
  if (parent.exists) return parent.type === 'directory' ? [] : undefined
  if (!inside || !input.dest.endsWith('/')) return parent.uncertain ? [] : undefined
  return [makeDirectories(missingAbove(`${input.dest}x`, state), { ...input, mode: input.directory_mode })]
}

function wish(input: SingleInput, file: SingleFile): FileWish {
  return {
    content: file.content,
    checksum: file.checksum,
    wanted: { ...input, mode: input.mode === 'preserve' ? file.mode : input.mode },
    backup: input.backup,
    validate: input.validate,
    unsafeWrites: input.unsafe_writes,
    sourceMode: file.modeOfReplaced,
    secret: file.secret,
  }
}

/** Ansible's return values. */
export function resultOfSingle(
  input: SingleInput,
  file: SingleFile,
  state: Known,
  { changed, replies, after }: { readonly changed: boolean; readonly replies: readonly { readonly stdout: Buffer }[]; readonly after?: Known },
): Readonly<Record<string, Plain>> {
  const { current } = resolveDestination(request(input, file), input.follow, after ?? state)
  const { current: before } = resolveDestination(request(input, file), input.follow, state)
  const sourced = file.source === null ? {} : { src: file.source }
  if (before.exists && !input.force) return { dest: before.path, ...sourced }
  const written = changed && !(before.exists && before.checksum === file.checksum)
  const backup = input.backup ? replies.at(-1)?.stdout.toString('utf8') : ''
  return {
    ...pathResult(current),
    dest: current.path,
    // What the controller need not send Ansible has its file module look at.
    ...(!written && file.content instanceof Buffer ? { path: current.path } : sourced),
    checksum: file.checksum,
    ...(written && file.content instanceof Buffer && { md5sum: createHash('md5').update(file.content).digest('hex') }),
    ...(backup && { backup_file: backup }),
  }
}

/** What is returned when a file could not be put into its place: what its validation said, or why else. */
export function failureOfSingle({ checksum }: Pick<SingleFile, 'checksum'>, { stderr }: { readonly stderr: Buffer }): Readonly<Record<string, Plain>> {
  const said = stderr.toString()
  const [, code, error] = /^failed to validate: rc:(\d+) error:([^]*)$/m.exec(said.trimEnd()) ?? []
  return { checksum, ...(code === undefined ? { msg: said.trimEnd() } : { msg: 'failed to validate', exit_status: Number(code), stdout: '', stderr: error ?? '' }) }
}
