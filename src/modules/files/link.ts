/** Symbolic links: what makes a path be one. */
import type { PathState } from '../../probe/path-state.ts'
import { sh, type Change, type Plan } from '../contract/change.ts'
import { attributesOnly, imaginedPath, resourcesOf } from './write-file.ts'
import { ownerSpec, type WantedAttributes } from './attributes.ts'
import { describe } from './directories.ts'

export interface LinkWish extends WantedAttributes {
  /** Replaces a file or an empty folder. */
  readonly force: boolean
}

/** The change that makes a path a link to the target, replacing a file or an empty folder at once when forced. */
export function planLink(current: PathState, target: string, wish: LinkWish): Plan {
  if (current.exists && current.type === 'link' && current.target === target) {
    const change = attributesOnly(current, wish)
    return { changes: change ? [change] : [] }
  }
  if (current.exists && current.type !== 'link' && !wish.force)
    return { fail: `${current.path} is a ${current.type}; it is only replaced by a link with force` }
  return { changes: [linking(current, target, wish)] }
}

function linking(current: PathState, target: string, { owner, group }: WantedAttributes): Change {
  const spec = ownerSpec(owner, group)
  const lines = [
    'set -e',
    'path=$1 target=$2 spec=$3',
    // ln -f takes the old one away first; a rename leaves no moment without.
    'temp=${path%/*}/.plonerun-$$',
    `trap 'rm -f -- "$temp"' EXIT`,
    'ln -s -- "$target" "$temp"',
    '[ -z "$spec" ] || chown -h -- "$spec" "$temp"',
    ...(current.exists && current.type === 'directory' ? ['rmdir -- "$path"'] : []),
    // A rename onto a link to a folder would go into that folder.
    ...(current.exists && current.type === 'link' ? ['mv -fT -- "$temp" "$path" 2>/dev/null || { rm -f -- "$path"; mv -- "$temp" "$path"; }'] : ['mv -f -- "$temp" "$path"']),
    'trap - EXIT',
  ]
  const before = current.exists ? (current.type === 'link' ? `link ${current.target ?? ''} -> ${target}` : `link to ${target} instead of a ${current.type}`) : `new link to ${target}`
  return {
    summary: [`${current.path}: ${before}`, ...describe(undefined, owner, group)].join(', '),
    writes: resourcesOf(current),
    steps: [sh(lines.join('\n'), current.path, target, spec)],
    leaves: [{ kind: 'path', path: imaginedPath(current), state: { type: 'link', target, mode: 0o777, ...(owner !== undefined && { owner }), ...(group !== undefined && { group }) } }],
  }
}
