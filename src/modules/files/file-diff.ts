/** What the file module returns as its diff: state and attributes before and after. */
import type { PathState } from '../../probe/path-state.ts'
import type { Tree } from '../../probe/tree.ts'
import type { Plain } from '../../values/value.ts'
import { compareAttributes, type WantedAttributes } from './attributes.ts'
import { formatMode } from './mode.ts'
import { stateOf } from './path-result.ts'
import type { Times } from './timestamps.ts'

interface Wanted extends WantedAttributes {
  readonly state: string
  /** What a link shall lead to. */
  readonly target?: string | undefined
  readonly times: Times
}

/** @param below what is in a folder that goes */
export function fileDiff(current: PathState, wanted: Wanted, below: Tree | undefined): Readonly<Record<'before' | 'after', Record<string, Plain>>> {
  const [before, after]: Record<string, Plain>[] = [{ path: current.path }, { path: current.path }]
  const differ = (what: string, old: Plain, fresh: Plain): void => {
    before![what] = old
    after![what] = fresh
  }
  if (stateOf(current) !== wanted.state) differ('state', stateOf(current), wanted.state)
  if (below) before!['path_content'] = { directories: pathsOf(below, true), files: pathsOf(below, false) }
  if (current.exists && wanted.state !== 'absent') {
    const { mode, owner, group, flags } = compareAttributes(wanted, current)
    if (current.type === 'link' && wanted.target !== undefined && current.target !== wanted.target) differ('src', current.target, wanted.target)
    if (mode !== undefined && mode !== current.mode) differ('mode', formatMode(current.mode), formatMode(mode))
    if (owner !== undefined) differ('owner', current.uid, owner)
    if (group !== undefined) differ('group', current.gid, group)
    if (flags !== undefined) differ('attributes', current.attributes, flags)
    if (wanted.times.mtime !== undefined) differ('mtime', current.mtime, wanted.times.mtime)
    if (wanted.times.atime !== undefined) differ('atime', current.atime, wanted.times.atime)
  }
  return { before: before!, after: after! }
}

function pathsOf({ entries }: Tree, folders: boolean): readonly string[] {
  return entries.filter(({ type }) => (type === 'directory') === folders).map(({ path }) => path)
}
