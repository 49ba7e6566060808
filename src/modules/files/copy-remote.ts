/** copy with remote_src: from a file or folder of the host to another place there. */
import { pathRead } from '../../probe/path.ts'
import type { ExistingPath, PathState } from '../../probe/path-state.ts'
import type { Read } from '../../probe/read.ts'
import { pathResource } from '../../probe/resource.ts'
import { treeRead, type Tree, type TreeEntry } from '../../probe/tree.ts'
import type { Plain } from '../../values/value.ts'
import type { Change, Plan } from '../contract/change.ts'
import type { Known } from '../contract/module.ts'
import { ownerSpec, type WantedAttributes } from './attributes.ts'
import type { CopyInput } from './copy-options.ts'
import { join } from './destination.ts'
import { ancestorReads, makeDirectories, missingAbove } from './directories.ts'
import { planLink } from './link.ts'
import { pathResult } from './path-result.ts'
import { planSingle, readsOfSingle, resultOfSingle, type SingleFile } from './single-file.ts'
import { attributesOnly, writeFile } from './write-file.ts'

type Outcome = Parameters<typeof resultOfSingle>[3]

/** The source first; then, for a folder, both trees, and the checksums of files that are in both. */
export function readsOfRemote(input: CopyInput, known: Known): Record<string, Read<unknown>> {
  const source = known['source'] as PathState | undefined
  const reads: Record<string, Read<unknown>> = { source: pathRead(input.src!, { follow: true, checksum: 'sha1' }) }
  if (source === undefined || !isFolder(source)) return { ...reads, md5: pathRead(input.src!, { follow: true, checksum: 'md5' }), ...readsOfSingle(input, singleFile(input, source), known) }
  const root = destinationRoot(input)
  Object.assign(reads, readsOfSingle(input, singleFile(input, source), {}), {
    dest: pathRead(input.dest, { follow: true }),
    root: pathRead(root, { follow: true }),
    from: treeRead(input.src!, { follow: input.local_follow }),
    to: treeRead(root),
    ...ancestorReads(root),
  })
  const [from, to] = [known['from'] as Tree | undefined, known['to'] as Tree | undefined]
  if (!from || !to) return reads
  const there = below(to)
  for (const [relative, entry] of below(from)) {
    const other = there.get(relative)
    if (entry.type === 'directory' || other === undefined) continue
    reads[`entry ${relative}`] = pathRead(other.path, { checksum: 'sha1' })
    if (entry.type === 'file' && other.type === 'file' && entry.size === other.size) reads[`source ${relative}`] = pathRead(entry.path, { checksum: 'sha1', follow: true })
  }
  return reads
}

export function planRemote(input: CopyInput, state: Known): Plan {
  const source = state['source'] as PathState
  if (!source.exists) return { fail: `Source ${source.path} not found` }
  if (isFolder(source)) return planTrees(input, state)
  if (source.type !== 'file') return { fail: `${source.path} is a ${source.type}, not a file` }
  return planSingle(input, singleFile(input, source), state)
}

export function resultOfRemote(input: CopyInput, state: Known, outcome: Outcome): Readonly<Record<string, Plain>> {
  const source = state['source'] as PathState
  if (isFolder(source)) return { ...resultOfTree(input, state, outcome.after ?? state), src: input.src, checksum: null, md5sum: null }
  const { checksum: md5sum } = state['md5'] as ExistingPath
  return { ...resultOfSingle(input, singleFile(input, source), state, outcome), ...(md5sum !== undefined && { md5sum }) }
}

/** Where there was a folder before, Ansible tells of what is in it by the source's name, even an empty one. */
function resultOfTree({ src, dest }: CopyInput, before: Known, after: Known): Readonly<Record<string, Plain>> {
  if (!(before['dest'] as PathState).exists) return { ...pathResult(after['dest'] as PathState), dest }
  return { ...pathResult(after['root'] as PathState), dest: `${dest.replace(/\/*$/, '/')}${src!.split('/').at(-1)!}` }
}

function isFolder(source: PathState): boolean {
  return source.exists && source.type === 'directory'
}

function singleFile(input: CopyInput, source: PathState | undefined): SingleFile {
  const name = input.src!.replace(/\/+$/, '').split('/').at(-1)!
  const there = source?.exists === true ? source : undefined
  return {
    source: source?.path ?? input.src!,
    name,
    content: { from: source?.path ?? input.src! },
    checksum: there?.checksum ?? '',
    ...(there && { mode: there.mode, modeOfReplaced: there.mode }),
    secret: false,
    diff: false,
  }
}

/** Without a slash at its end the source's own folder is copied, with one only what is in it. */
function destinationRoot(input: CopyInput): string {
  return input.src!.endsWith('/') ? input.dest : join(input.dest, input.src!.split('/').at(-1)!)
}

function below(tree: Tree): Map<string, TreeEntry> {
  const folder = tree.path.replace(/\/*$/, '/')
  return new Map([...tree.entries].sort((a, b) => (a.path < b.path ? -1 : 1)).map((entry) => [entry.path.slice(folder.length), entry]))
}

function planTrees(input: CopyInput, state: Known): Plan {
  const [root, dest, source] = [state['root'] as PathState, state['dest'] as PathState, state['source'] as ExistingPath]
  const [from, to] = [state['from'] as Tree, state['to'] as Tree]
  if (root.exists && root.type !== 'directory') return { fail: `${root.path} is a ${root.type}, and a folder is to be copied there` }
  const { owner, group } = input
  const changes: (Change | undefined)[] = []
  if (!root.exists) {
    const above = missingAbove(destinationRoot(input), state)
    if (above.length > 0) changes.push(makeDirectories(above, { owner, group }))
    changes.push(makeDirectories([root], { owner, group, mode: source.mode }))
  }
  const there = below(to)
  for (const [relative, entry] of below(from)) {
    const change = copyEntry(entry, placeOf(root, relative, there, state), state[`source ${relative}`] as PathState | undefined, input)
    if (change?.fail !== undefined) return change
    changes.push(...(change?.changes ?? []))
  }
  const foreign = to.entries.some((entry) => differsInOwner(entry, input))
  if (foreign) changes.push({ summary: `${root.path}: owner of what is below`, writes: [pathResource(root.path)], steps: [{ argv: ['chown', '-hR', '--', ownerSpec(owner, group), root.path] }] })
  if (dest.exists) changes.push(attributesOnly(dest, { ...input, mode: input.mode === 'preserve' ? source.mode : input.mode }))
  return { changes: changes.filter((change) => change !== undefined) }
}

/** The state of a path at the destination; one that the tree does not have is not there. */
function placeOf(root: PathState, relative: string, there: ReadonlyMap<string, TreeEntry>, state: Known): PathState {
  const known = state[`entry ${relative}`] as PathState | undefined
  if (known) return known
  const [path, realPath] = [join(root.path, relative), join(root.realPath, relative)]
  const entry = there.get(relative)
  const missing = { path, realPath, umask: root.umask, exists: false } as const
  return entry ? { ...missing, ...entry, path, exists: true, blocks: 0, blockSize: 0, deviceType: 0 } : missing
}

function copyEntry(entry: TreeEntry, current: PathState, source: PathState | undefined, input: CopyInput): Plan | undefined {
  const { owner, group } = input
  const wanted: WantedAttributes = { owner, group, mode: entry.mode }
  if (entry.type === 'directory') {
    if (!current.exists) return { changes: [makeDirectories([current], wanted)] }
    return current.type === 'directory' ? undefined : { fail: `${current.path} is a ${current.type}, and a folder is to be copied there` }
  }
  if (entry.type === 'link') return planLink(current, entry.target ?? '', { owner, group, force: true })
  const checksum = source?.exists ? (source.checksum ?? '') : ''
  if (current.exists && current.type === 'file' && current.checksum === checksum) return undefined
  const change = writeFile(current, { content: { from: entry.path }, checksum, wanted, backup: input.backup, unsafeWrites: input.unsafe_writes })
  return { changes: change ? [change] : [] }
}

function differsInOwner(entry: TreeEntry, { owner, group }: CopyInput): boolean {
  const differs = (wanted: string | undefined, name: string, id: number): boolean => wanted !== undefined && wanted !== name && wanted !== String(id)
  return differs(owner, entry.owner, entry.uid) || differs(group, entry.group, entry.gid)
}
