/** What Ansible's modules return about a path. */
import type { PathState } from '../../probe/path-state.ts'
import type { Plain } from '../../values/value.ts'
import { formatMode } from './mode.ts'

/** Owner, mode, size and state of a path; only its state when it is not there. */
export function pathResult(path: PathState): Readonly<Record<string, Plain>> {
  if (!path.exists) return { state: 'absent' }
  const { uid, gid, owner, group, mode, size, context } = path
  return {
    uid: Number.isNaN(uid) ? undefined : uid,
    gid: Number.isNaN(gid) ? undefined : gid,
    owner,
    group,
    mode: formatMode(mode),
    size,
    state: stateOf(path),
    ...(context && { secontext: context.current }),
  }
}

/** The word that Ansible has for what is there: a file with several names is `hard`. */
export function stateOf(path: PathState): 'absent' | 'link' | 'directory' | 'hard' | 'file' {
  if (!path.exists) return 'absent'
  if (path.type === 'link' || path.type === 'directory') return path.type
  return path.links > 1 ? 'hard' : 'file'
}
