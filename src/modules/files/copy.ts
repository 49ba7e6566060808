/** copy: puts a file, a folder or a text on the host. */
import { statSync } from 'node:fs'
import { PlonerunError } from '../../errors/plonerun-error.ts'
import { failureMessage } from '../contract/failure.ts'
import { state, type Controller } from '../contract/module.ts'
import { contentOf, holdsSecret } from './content-value.ts'
import { copyOptions, type CopyInput } from './copy-options.ts'
import { planRemote, readsOfRemote, resultOfRemote } from './copy-remote.ts'
import { planTree, readsOfTree, walkTree, type SourceTree } from './copy-tree.ts'
import { planSingle, readsOfSingle, failureOfSingle, resultOfSingle, type SingleFile } from './single-file.ts'
import { sha1 } from './write-file.ts'

type Prepared =
  | { readonly kind: 'file'; readonly file: SingleFile }
  | { readonly kind: 'tree'; readonly source: string; readonly tree: SourceTree; readonly diff: boolean }
  | { readonly kind: 'remote' }

/** Copies files to the host. */
export const copy = state({
  name: 'ansible.builtin.copy',
  summary: 'Copies a file, a folder or a text to the host.',
  options: copyOptions,
  rules: { mutuallyExclusive: [['src', 'content']] },
  sends: { option: 'src', unless: 'remote_src' },
  readsAgain: true,
  prepare,
  reads(input, prepared, known) {
    if (prepared.kind === 'remote') return readsOfRemote(input, known)
    if (prepared.kind === 'tree') return readsOfTree(input, prepared.tree, prepared.diff, known)
    return readsOfSingle(input, prepared.file, known)
  },
  plan(input, state, prepared) {
    if (prepared.kind === 'remote') return planRemote(input, state)
    return prepared.kind === 'tree' ? planTree(input, prepared.tree, state) : planSingle(input, prepared.file, state)
  },
  failure: (_input, _state, failed, prepared) => (prepared.kind === 'file' ? failureOfSingle(prepared.file, failed) : failureMessage(failed)),
  result(input, state, outcome, prepared) {
    if (prepared.kind === 'remote') return resultOfRemote(input, state, outcome)
    if (prepared.kind === 'tree') return { dest: input.dest.replace(/\/*$/, '/'), src: prepared.source }
    return resultOfSingle(input, prepared.file, state, outcome)
  },
})

/** What `preserve` takes of a content: Ansible writes that into a file of its own first, which nobody else may read. */
const CONTENT_MODE = 0o600

function prepare(input: CopyInput, controller: Controller): Prepared {
  const { diff, position } = controller
  if (input.dest === '') throw new PlonerunError('dest is required', { where: position })
  if (input.src === undefined ? input.content === undefined : input.src === '') throw new PlonerunError('src (or content) is required', { where: position })
  if (input.src === undefined) {
    if (input.dest.endsWith('/')) throw new PlonerunError('can not use content with a dir as dest', { where: position, hint: 'Give dest the name of a file.' })
    const content = contentOf(input.content ?? null)
    return { kind: 'file', file: { source: null, name: null, content, checksum: sha1(content), mode: CONTENT_MODE, secret: holdsSecret(input.content ?? null), diff } }
  }
  if (input.remote_src) return { kind: 'remote' }
  const source = controller.findFile('files', input.src)
  const stats = statSync(source)
  const contentsOnly = input.src.endsWith('/')
  if (stats.isDirectory()) return { kind: 'tree', source: source.replace(/\/*$/, contentsOnly ? '/' : ''), tree: walkTree(source, { contentsOnly, follow: input.local_follow, open: (file) => controller.readFile(file, { decrypt: input.decrypt }) }), diff }
  const content = controller.readFile(source, { decrypt: input.decrypt })
  const name = source.slice(source.lastIndexOf('/') + 1)
  return { kind: 'file', file: { source, name, content, checksum: sha1(content), mode: stats.mode & 0o7777, secret: false, diff } }
}
