/** Hard links: a second name for a file. */
import type { PathState } from '../../probe/path-state.ts'
import { sh, type Plan } from '../contract/change.ts'
import type { WantedAttributes } from './attributes.ts'
import { attributesOnly, imaginedPath, resourcesOf } from './write-file.ts'

/** Makes a path another name of the source's file; without a source it must already have several names. */
export function planHardLink(current: PathState, source: PathState | undefined, wish: WantedAttributes & { readonly force: boolean }): Plan {
  if (source === undefined) {
    if (!current.exists || current.type !== 'file' || current.links < 2) return { fail: 'src is required for creating new hardlinks' }
    return attributes(current, wish)
  }
  if (!source.exists) return { fail: 'src does not exist' }
  if (current.exists && (current.target === source.realPath || (current.inode === source.inode && current.device === source.device && current.inode !== 0))) return attributes(current, wish)
  if (current.exists && current.type === 'directory') return { fail: `${current.path} is a folder` }
  if (current.exists && current.type !== 'link' && !wish.force) return { fail: `Cannot link, ${current.links > 1 ? 'different hard link' : 'file'} exists at destination: ${current.path}` }
  const script = ['set -e', 'temp=${2%/*}/.plonerun-$$', `trap 'rm -f -- "$temp"' EXIT`, 'ln -- "$1" "$temp"', 'mv -f -- "$temp" "$2"', '[ ! -e "$temp" ] || rm -f -- "$temp"', 'trap - EXIT']
  return {
    changes: [
      {
        summary: `${current.path}: another name of ${source.path}`,
        writes: [...resourcesOf(current), ...resourcesOf(source)],
        steps: [sh(script.join('\n'), source.path, current.path)],
        leaves: [{ kind: 'path', path: imaginedPath(current), state: { type: 'hard', target: source.realPath, mode: source.mode, owner: source.owner, group: source.group } }],
      },
      ...(attributes({ ...source, path: current.path }, wish).changes ?? []),
    ],
  }
}

function attributes(current: PathState, wanted: WantedAttributes): Plan {
  const change = current.exists ? attributesOnly(current, wanted) : undefined
  return { changes: change ? [change] : [] }
}
