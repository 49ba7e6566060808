/** Folders that are to be made, with those above them that are not there yet. */
import { pathRead } from '../../probe/path.ts'
import type { PathState } from '../../probe/path-state.ts'
import type { Read } from '../../probe/read.ts'
import { entryResource } from '../../probe/resource.ts'
import { sh, type Change } from '../contract/change.ts'
import type { Known } from '../contract/module.ts'
import { ownerSpec, modeOf, type WantedAttributes } from './attributes.ts'
import { chmodMode, formatMode } from './mode.ts'

/** Reads of every folder above a path, from the top; `key` makes their names. */
export function ancestorReads(path: string): Record<`above ${string}`, Read<PathState>> {
  const parts = path.replace(/\/+$/, '').split('/')
  const above = parts.map((_, index) => parts.slice(0, index).join('/')).filter((each) => each !== '')
  return Object.fromEntries(above.map((each) => [`above ${each}`, pathRead(each, { follow: true })]))
}

/** The folders above that are missing, from the top. */
export function missingAbove(path: string, state: Known): readonly PathState[] {
  const states = Object.keys(ancestorReads(path)).map((key) => state[key] as PathState)
  return states.filter(({ exists }) => !exists)
}

/** Makes folders, each of which gets the same attributes; they are listed from the top. */
export function makeDirectories(directories: readonly PathState[], wanted: WantedAttributes): Change {
  const last = directories.at(-1)!
  const mode = modeOf(wanted.mode, { mode: 0o777 & ~last.umask, type: 'directory', umask: last.umask })
  const { owner, group } = wanted
  const lines = [
    'set -e',
    'spec=$1 mode=$2; shift 2',
    `for p do [ -d "$p" ] || e=$(mkdir \${mode:+-m "$mode"} -- "$p" 2>&1) || { printf 'Error creating %s: %s\\n' "$p" "$e" >&2; exit 1; }; done`,
    '[ -z "$spec" ] || chown -- "$spec" "$@"',
    // A new owner costs the set-id bits.
    '[ -z "$spec" ] || [ -z "$mode" ] || chmod -- "$mode" "$@"',
    '[ ! -e /sys/fs/selinux/enforce ] || restorecon -- "$@"',
  ]
  const paths = directories.map(({ path }) => path)
  return {
    summary: [`${last.path}: new folder`, ...describe(mode, owner, group)].join(', '),
    writes: [...new Set(directories.flatMap(({ path, realPath }) => [entryResource(path), entryResource(realPath)]))],
    steps: [sh(lines.join('\n'), ownerSpec(owner, group), mode === undefined ? '' : chmodMode(mode), ...paths)],
    leaves: directories.map(({ realPath, umask }) => ({
      kind: 'path',
      path: realPath,
      state: { type: 'directory', mode: mode ?? 0o777 & ~umask, ...(owner !== undefined && { owner }), ...(group !== undefined && { group }) },
    })),
  }
}

/** What a new path gets, for its summary. */
export function describe(mode: number | undefined, owner: string | undefined, group: string | undefined): readonly string[] {
  return [
    ...(mode === undefined ? [] : [`mode ${formatMode(mode)}`]),
    ...(owner === undefined ? [] : [`owner ${owner}`]),
    ...(group === undefined ? [] : [`group ${group}`]),
  ]
}
