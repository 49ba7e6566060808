/** fetch: brings a file from the host to the controller. */
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, isAbsolute, join, normalize, resolve } from 'node:path'
import { contentRead, USUAL_LIMIT } from '../../probe/content.ts'
import { pathRead } from '../../probe/path.ts'
import type { ExistingPath } from '../../probe/path-state.ts'
import { str } from '../../values/print.ts'
import { action, type ActionContext, type ActionResult } from '../contract/module.ts'
import { defaulting, flag, path, required, text } from '../contract/option.ts'
import { sha1 } from './write-file.ts'

interface FetchInput {
  readonly src: string
  readonly dest: string
  readonly flat: boolean
  readonly fail_on_missing: boolean
  readonly validate_checksum: boolean
}

/** Brings a file to the controller. */
export const fetch = action({
  name: 'ansible.builtin.fetch',
  summary: 'Brings a file from the host to the controller.',
  options: {
    src: required(path('The file on the host.')),
    dest: required(text('Folder on the controller, which gets a folder for each host; with flat the file itself.')),
    flat: defaulting(flag('No folders for hosts and paths.'), false),
    fail_on_missing: defaulting(flag('A file that is not there is a failure.'), true),
    validate_checksum: defaulting(flag('Compares checksums when the file has arrived.'), true),
  },
  async run(input, context) {
    const { file } = await context.read({ file: pathRead(input.src, { follow: true, checksum: 'sha1', access: true }) })
    if (!file.exists) return missing(input, 'the remote file does not exist', ABSENT)
    if (file.type !== 'file') return missing(input, file.type === 'directory' ? 'remote file is a directory, fetch cannot work on directories' : `remote file is a ${file.type}`)
    if (file.access?.read === false) return missing(input, 'remote file is not readable')
    return bring(input, file, context)
  },
})

/** What Ansible says where nothing is fetched, and of a file that is not there also where that is a failure. */
const ABSENT = ', not transferring, ignored'

function missing({ src, fail_on_missing }: FetchInput, why: string, ofFailure = ''): ActionResult {
  const msg = `${why}${fail_on_missing ? ofFailure : ABSENT}`
  return { result: { ...(!fail_on_missing && { file: src }), msg }, msg, changed: false, failed: fail_on_missing }
}

async function bring(input: FetchInput, file: ExistingPath, context: ActionContext): Promise<ActionResult> {
  const { dest, problem } = destination(input, file.path, context)
  if (problem !== undefined) return { result: {}, failed: true, msg: problem }
  const before = contentOf(dest)
  if (before && sha1(before) === file.checksum) return { result: { dest, file: file.path, checksum: file.checksum, md5sum: md5(before) }, changed: false }
  if (context.check) return { result: { dest, file: file.path, remote_checksum: file.checksum }, changed: true }
  const content = await contentOnHost(file, context)
  const checksum = sha1(content)
  if (input.validate_checksum && file.checksum !== undefined && checksum !== file.checksum)
    return { result: { dest, file: file.path, checksum, remote_checksum: file.checksum }, failed: true, msg: 'checksum mismatch' }
  mkdirSync(dirname(dest), { recursive: true })
  writeFileSync(dest, content)
  return { result: { dest, checksum, md5sum: md5(content), remote_checksum: file.checksum, remote_md5sum: null }, changed: true }
}

/** Small files come through the session, which may belong to a user that file transfer does not know. */
async function contentOnHost({ path, size }: ExistingPath, context: ActionContext): Promise<Buffer> {
  const { content } = size <= USUAL_LIMIT ? await context.read({ content: contentRead(path) }) : { content: undefined }
  return content?.bytes ?? context.download(path)
}

/** Relative paths start from the playbook's folder. */
function destination({ dest, flat }: FetchInput, source: string, context: ActionContext): { readonly dest: string; readonly problem?: string } {
  const folder = context.variable('playbook_dir')
  const base = isAbsolute(dest) ? dest : resolve(typeof folder === 'string' ? folder : '.', dest) + (dest.endsWith('/') ? '/' : '')
  if (flat && !base.endsWith('/') && isFolder(base)) return { dest: base, problem: 'dest is an existing directory, use a trailing slash if you want to fetch src into that directory' }
  const inside = base.endsWith('/') ? join(base, source.slice(source.lastIndexOf('/') + 1)) : base
  const file = flat ? inside : normalize(`${base}/${str(context.variable('inventory_hostname') ?? context.host)}/${source}`)
  return { dest: file, ...(isFolder(file) && { problem: `calculated dest '${file}' is an existing directory` }) }
}

function isFolder(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false })?.isDirectory() === true
}

function contentOf(file: string): Buffer | undefined {
  return statSync(file, { throwIfNoEntry: false })?.isFile() ? readFileSync(file) : undefined
}

function md5(content: Uint8Array): string {
  return createHash('md5').update(content).digest('hex')
}
