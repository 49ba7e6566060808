/** Attributes of everything below a folder. */
import type { ExistingPath, PathState } from '../../probe/path-state.ts'
import type { Read } from '../../probe/read.ts'
import { pathResource } from '../../probe/resource.ts'
import { treeRead, type Tree, type TreeEntry } from '../../probe/tree.ts'
import type { Change, Step } from '../contract/change.ts'
import { compareAttributes, ownerSpec, type WantedAttributes } from './attributes.ts'
import { chmodMode } from './mode.ts'

/** The host tells only what differs, where a mode is a number. */
export function recurseReads(path: string, wanted: WantedAttributes, follow: boolean): Record<'below' | 'behind', Read<Tree>> | Record<'below', Read<Tree>> {
  const { owner, group, mode } = wanted
  const options = typeof mode === 'string' ? {} : { differs: { owner, group, mode } }
  const below = treeRead(path, options)
  return follow ? { below, behind: treeRead(path, { ...options, follow: true }) } : { below }
}

/** One change for all paths below the folder whose attributes differ; links lead to what must be changed too when they are followed. */
export function planRecurse(folder: PathState, wanted: WantedAttributes, below: Tree, behind: Tree | undefined): Change | undefined {
  const itself = new Set(below.entries.filter(({ type }) => type !== 'link').map(({ path }) => path))
  // What is behind a link; a link that leads nowhere is listed as itself.
  const led = (behind?.entries ?? []).filter(({ path, type }) => type !== 'link' && !itself.has(path))
  const all = [
    ...below.entries.map((entry) => ({ ...compare(entry, folder, wanted), link: true })),
    ...led.map((entry) => ({ ...compare(entry, folder, wanted), link: false })),
  ].filter(({ change }) => change.lines.length > 0)
  if (all.length === 0) return undefined
  const owners = all.filter(({ change }) => change.owner !== undefined || change.group !== undefined)
  const chown = (dereference: readonly string[], some: typeof all): Step[] => (some.length === 0 ? [] : [onAll(['chown', ...dereference, '--', ownerSpec(wanted.owner, wanted.group)], some)])
  const modes = new Map<number, typeof all>()
  for (const each of all) if (each.change.mode !== undefined) modes.set(each.change.mode, [...(modes.get(each.change.mode) ?? []), each])
  return {
    summary: `${folder.path}: ${all.length} ${all.length === 1 ? 'path' : 'paths'} below, such as ${all[0]!.path}: ${all[0]!.change.lines.join(', ')}`,
    // What links lead to may be anywhere.
    writes: [pathResource(folder.path), pathResource(folder.realPath), ...(all.some(({ link }) => !link) ? [pathResource('/')] : [])],
    steps: [
      ...chown(['-h'], owners.filter(({ link }) => link)),
      ...chown([], owners.filter(({ link }) => !link)),
      ...[...modes].map(([mode, some]) => onAll(['chmod', '--', chmodMode(mode)], some)),
    ],
    leaves: all.map(({ path, type, change: { mode, owner, group } }) => ({
      kind: 'path',
      path,
      state: {
        type: type === 'directory' || type === 'link' || type === 'fifo' ? type : 'file',
        ...(mode !== undefined && { mode }),
        ...(owner !== undefined && { owner }),
        ...(group !== undefined && { group }),
      },
    })),
  }
}

function compare(entry: TreeEntry, { umask, realPath }: PathState, wanted: WantedAttributes): { path: string; type: TreeEntry['type']; change: ReturnType<typeof compareAttributes> } {
  const state: ExistingPath = { ...entry, realPath, umask, exists: true, blocks: 0, blockSize: 0, deviceType: 0 }
  const { owner, group, mode } = wanted
  return { path: entry.path, type: entry.type, change: compareAttributes({ owner, group, mode }, state) }
}

/** A command over many paths, which travel on its stdin. */
function onAll(argv: readonly string[], some: readonly { readonly path: string }[]): Step {
  return { argv: ['xargs', '-0', ...argv], stdin: some.map(({ path }) => `${path}\0`).join('') }
}
