/** copy with a folder on the controller: every file, folder and link below it. */
import { createHash } from 'node:crypto'
import { existsSync, lstatSync, readdirSync, readFileSync, readlinkSync, realpathSync, statSync } from 'node:fs'
import type { FileContent } from '../../probe/content.ts'
import { pathRead } from '../../probe/path.ts'
import type { PathState } from '../../probe/path-state.ts'
import type { Read } from '../../probe/read.ts'
import { isVault } from '../../values/vault-text.ts'
import type { Change, Plan } from '../contract/change.ts'
import type { Known } from '../contract/module.ts'
import { attributeQuestions } from './attributes.ts'
import type { CopyInput } from './copy-options.ts'
import { beforeRead, join } from './destination.ts'
import { ancestorReads, makeDirectories, missingAbove } from './directories.ts'
import { planLink } from './link.ts'
import { attributesOnly, writeFile } from './write-file.ts'

/** What is to be copied, by its path below the destination. */
export interface SourceTree {
  readonly folders: readonly string[]
  readonly files: readonly SourceFile[]
  readonly links: readonly { readonly relative: string; readonly target: string }[]
}

interface SourceFile {
  readonly relative: string
  /** On the controller. */
  readonly file: string
  readonly checksum: string
  readonly mode: number
  /** What a vault held; otherwise the file itself is read when it is sent. */
  readonly decrypted?: Buffer
}

/**
 * Walks a folder on the controller.
 * @param contentsOnly its content goes to the destination; otherwise the folder itself does
 * @param follow links are replaced by what they lead to, except where that would go in circles
 * @param open gives a file's content, that of a vault decrypted
 */
export function walkTree(folder: string, { contentsOnly, follow, open }: { readonly contentsOnly: boolean; readonly follow: boolean; readonly open: (file: string) => Buffer }): SourceTree {
  const tree = { folders: [] as string[], files: [] as SourceFile[], links: [] as { relative: string; target: string }[] }
  const top = folder.replace(/\/+$/, '')
  const walk = (path: string, relative: string, within: readonly string[]): void => {
    if (relative !== '') tree.folders.push(relative)
    for (const name of readdirSync(path).sort()) visit(`${path}/${name}`, relative === '' ? name : `${relative}/${name}`, within)
  }
  const visit = (path: string, relative: string, within: readonly string[]): void => {
    const link = lstatSync(path).isSymbolicLink()
    // Not so for a link that leads nowhere, or to itself.
    const stats = existsSync(path) ? statSync(path) : undefined
    const real = stats?.isDirectory() ? realpathSync(path) : ''
    if (link && (!follow || !stats || within.includes(real))) tree.links.push({ relative, target: readlinkSync(path) })
    else if (stats?.isDirectory()) walk(path, relative, [...within, real])
    else if (stats?.isFile()) tree.files.push({ relative, file: path, mode: stats.mode & 0o7777, ...contentOf(path, open) })
  }
  walk(top, contentsOnly ? '' : top.slice(top.lastIndexOf('/') + 1), [realpathSync(top)])
  return tree
}

function contentOf(file: string, open: (file: string) => Buffer): Pick<SourceFile, 'checksum' | 'decrypted'> {
  const stored = readFileSync(file)
  const decrypted = isVault(stored) ? open(file) : undefined
  return { checksum: createHash('sha1').update(decrypted ?? stored).digest('hex'), ...(decrypted && { decrypted }) }
}

/** One stage for all paths; a second one for folders to be made above the destination, and for diffs. */
export function readsOfTree(input: CopyInput, tree: SourceTree, diff: boolean, known: Known): Record<string, Read<unknown>> {
  const questions = { ...attributeQuestions(input), checksum: 'sha1' } as const
  const reads: Record<string, Read<unknown>> = { dest: pathRead(input.dest, { follow: true }) }
  for (const relative of tree.folders) reads[`folder ${relative}`] = pathRead(join(input.dest, relative), { ...questions, follow: true })
  for (const { relative } of [...tree.files, ...tree.links]) reads[`entry ${relative}`] = pathRead(join(input.dest, relative), questions)
  const dest = known['dest'] as PathState | undefined
  if (dest?.exists === false) Object.assign(reads, ancestorReads(join(input.dest, 'x')))
  if (dest && diff)
    for (const { relative, checksum } of tree.files) {
      const current = known[`entry ${relative}`] as PathState
      if (!(current.exists && current.checksum === checksum)) reads[`before ${relative}`] = beforeRead(current)
    }
  return reads
}

/** Folders first, then files, then links. */
export function planTree(input: CopyInput, tree: SourceTree, state: Known): Plan {
  const at = (key: string): PathState => state[key] as PathState
  const dest = at('dest')
  if (dest.exists && dest.type !== 'directory') return { fail: `${dest.path} is a ${dest.type}, and a folder is to be copied there` }
  const folderWish = { ...input, mode: input.directory_mode }
  const changes: (Change | undefined)[] = []
  if (!dest.exists) changes.push(makeDirectories(missingAbove(join(input.dest, 'x'), state), folderWish))
  for (const relative of tree.folders) {
    const folder = at(`folder ${relative}`)
    if (folder.exists && folder.type !== 'directory') return { fail: `${folder.path} is a ${folder.type}, and a folder is to be copied there` }
    changes.push(folder.exists ? attributesOnly(folder, folderWish) : makeDirectories([folder], folderWish))
  }
  for (const { relative, file, checksum, mode, decrypted } of tree.files) {
    const current = at(`entry ${relative}`)
    if (current.exists && current.type === 'directory') return { fail: `${current.path} is a folder, and a file is to be copied there` }
    if (current.exists && !input.force) continue
    const same = current.exists && current.type === 'file' && current.checksum === checksum
    const wish = {
      content: same ? new Uint8Array() : (decrypted ?? readFileSync(file)),
      checksum,
      wanted: { ...input, mode: input.mode === 'preserve' ? mode : input.mode },
      backup: input.backup,
      validate: input.validate,
      unsafeWrites: input.unsafe_writes,
    }
    changes.push(writeFile(current, wish, state[`before ${relative}`] as FileContent | undefined))
  }
  for (const { relative, target } of tree.links) {
    const { fail, changes: made = [] } = planLink(at(`entry ${relative}`), target, { ...input, mode: undefined, force: true })
    if (fail !== undefined) return { fail }
    changes.push(...made)
  }
  return { changes: changes.filter((change) => change !== undefined) }
}
