/** check mode: lays planned changes over the state of a path. */
import { createHash } from 'node:crypto'
import { leftFolders } from './host-path.ts'
import type { ExistingPath, PathRequest, PathState, Place } from './path-state.ts'
import type { Imagined, ImaginedPath } from './read.ts'

/** The last planned state of a path; undefined when nothing planned concerns it. */
export interface Foreseen {
  readonly state: ImaginedPath | undefined
  /** Something ran before whose outcome nobody can foresee. */
  readonly uncertain: boolean
}

/** What the planned changes, in their order, say about a path that is known under these names. */
export function foresee(names: readonly string[], imagined: readonly Imagined[]): Foreseen {
  let foreseen: Foreseen = { state: undefined, uncertain: false }
  for (const each of imagined) {
    if (each.kind !== 'path') {
      if (!foreseen.uncertain && (each.kind === 'anything' || each.kind === 'package')) foreseen = { ...foreseen, uncertain: true }
    } else if (names.includes(each.path)) foreseen = { state: merge(foreseen.state, each.state), uncertain: false }
    else if (each.state === null && names.some((name) => name.startsWith(`${each.path}/`))) foreseen = { state: null, uncertain: false }
  }
  return foreseen
}

/** Changes of a file one after the other: what the later one leaves open stays as the earlier one made it. */
function merge(before: ImaginedPath | undefined, after: ImaginedPath): ImaginedPath {
  return before && after && (before.type === after.type || after.type === 'hard') ? { ...before, ...after } : after
}

/** The state as it would be after the planned changes. */
export function imaginePath(request: PathRequest, real: PathState, imagined: readonly Imagined[]): PathState {
  const at = request.claims === true ? imagined.findLastIndex((each) => each.kind === 'claim' && each.path === request.path) : -1
  return imagineChanges(request, at < 0 || real.exists ? real : fresh(placeOf(real), 'file'), imagined.slice(at + 1))
}

function placeOf({ path, realPath, umask }: PathState): Place {
  return { path, realPath, umask }
}

function imagineChanges({ follow, checksum }: PathRequest, real: PathState, imagined: readonly Imagined[]): PathState {
  // What is planned for a link's target does not concern the link.
  const { state, uncertain: unsure } = foresee(real.exists && real.type === 'link' ? [real.path] : [real.path, real.realPath], imagined)
  const uncertain = unsure || opens(real, imagined)
  const place = placeOf(real)
  if (state === undefined) return uncertain ? { ...real, uncertain } : real
  if (state === null) return { ...place, exists: false, ...(uncertain && { uncertain }) }
  if (follow && state.type === 'link') return { ...place, exists: false, uncertain: true }
  const type = state.type === 'hard' ? 'file' : state.type
  const stays = real.exists && real.type === type ? real : fresh(place, type)
  const { checksum: before, ...rest } = stays
  const sum = state.content !== undefined ? checksum && createHash(checksum).update(state.content).digest('hex') : state.sha1 === undefined ? before : checksum === 'sha1' ? state.sha1 : undefined
  return {
    ...rest,
    ...(sum !== undefined && { checksum: sum }),
    ...(state.content !== undefined && { size: state.content.length }),
    ...(state.mode !== undefined && { mode: state.mode }),
    ...(state.mtime !== undefined && { mtime: state.mtime }),
    ...(state.atime !== undefined && { atime: state.atime }),
    ...(state.attributes !== undefined && { attributes: state.attributes }),
    ...(state.target !== undefined && { target: state.target }),
    ...(state.owner !== undefined && { owner: state.owner, uid: idOf(state.owner, stays.owner, stays.uid) }),
    ...(state.group !== undefined && { group: state.group, gid: idOf(state.group, stays.group, stays.gid) }),
    ...(uncertain && { uncertain }),
  }
}

/** Whether a folder is planned that the path leaves again with `..`, so that it leads somewhere then. */
function opens({ path, exists }: PathState, imagined: readonly Imagined[]): boolean {
  return !exists && leftFolders(path).some((folder) => imagined.some((each) => each.kind === 'path' && each.path === folder && each.state !== null))
}

/** A name's number is only known while it stays the same; NaN equals no number. */
function idOf(name: string, before: string, id: number): number {
  if (name === before) return id
  return /^\d+$/.test(name) ? Number(name) : Number.NaN
}

function fresh(place: Place, type: ExistingPath['type']): ExistingPath {
  return {
    ...place,
    exists: true,
    type,
    mode: (type === 'directory' ? 0o777 : 0o666) & ~place.umask,
    uid: 0,
    gid: 0,
    owner: 'root',
    group: 'root',
    size: 0,
    mtime: 0,
    atime: 0,
    ctime: 0,
    inode: 0,
    device: 0,
    deviceType: 0,
    links: 1,
    blocks: 0,
    blockSize: 4096,
  }
}
