/** What lies below a folder. */
import { quote } from '../shell/quote.ts'
import { bytesToText } from '../values/bytes.ts'
import { hostWord, tidyPath } from './host-path.ts'
import type { PathFacts, PathType } from './path-state.ts'
import { read, type Imagined, type ProbeKind, type Read } from './read.ts'
import { pathResource } from './resource.ts'

export interface TreeOptions {
  /** Tells about what links lead to, and walks into folders behind them. */
  readonly follow?: boolean
  /** 1: only what is in the folder itself. */
  readonly depth?: number
  /** Only what has another owner, group or mode than these. */
  readonly differs?: { readonly owner?: string | undefined; readonly group?: string | undefined; readonly mode?: number | undefined }
}

interface TreeRequest extends TreeOptions {
  readonly path: string
}

export interface TreeEntry extends PathFacts {
  readonly path: string
  readonly target?: string
}

export interface Tree {
  /** Whether the folder is there; without it there are no entries. */
  readonly exists: boolean
  /** The folder as the host names it: absolute, `~` expanded. */
  readonly path: string
  readonly realPath: string
  readonly entries: readonly TreeEntry[]
  /** What could not be looked into, in find's words. */
  readonly problems: string
}

/** Lists everything below a folder, not the folder itself. */
export function treeRead(path: string, options: TreeOptions = {}): Read<Tree> {
  return read(treeKind, { path: tidyPath(path), ...options })
}

/**
 * find's -printf is GNU's; for busybox a loop over stat does the same. An entry is its facts, a link's target and
 * the path, each ended by NUL; an empty one ends the list. After it come the real path and what went wrong.
 */
export const treeKind: ProbeKind<TreeRequest, Tree> = {
  name: 'tree',
  script: (requests) => ['find / -maxdepth 0 -printf "" 2>/dev/null && gnu=1 || gnu=', ...requests.map(listing)].join('\n'),
  parse(requests, stdout) {
    const fields = stdout.toString('latin1').split('\0')
    let at = 0
    const take = (): string => {
      const field = fields[at++]
      if (field === undefined) throw new Error('the answer about folders is incomplete')
      return field
    }
    return requests.map(() => {
      const [path, realPath, state] = [textOf(take()), textOf(take()), take()]
      const entries: TreeEntry[] = []
      for (let facts = take(); facts !== ''; facts = take()) entries.push(entryOf(facts, textOf(take()), textOf(take())))
      return { exists: state === 'd', path, realPath: realPath.slice(0, -1) || path, entries, problems: textOf(take()).trim() }
    })
  },
  touches: ({ path }, result) => (result ? [pathResource(result.path), pathResource(result.realPath)] : [pathResource(path)]),
  imagine: ({ depth = Infinity }, real, imagined) => imagined.reduce((tree, each) => layOver(tree, each, depth), real),
}

const textOf = (latin1: string): string => bytesToText(Buffer.from(latin1, 'latin1'))

function listing({ path, follow = false, depth, differs }: TreeRequest): string {
  const links = follow ? '-L' : '-P'
  const within = `-mindepth 1${depth === undefined ? '' : ` -maxdepth ${depth}`}`
  return [
    `p=${hostWord(path)}; set --`,
    `printf '%s\\0' "$p"; readlink -f -- "$p"; printf '\\0'`,
    ...(differs ? filter(differs) : []),
    `if [ -d "$p" ]; then printf 'd\\0'`,
    // Complaints are kept apart by the descriptor, and told at the end.
    `{ e=$({ if [ -n "$gnu" ]; then find ${links} "$p/" ${within} "$@" -printf '%y %m %U %G %s %T@ %A@ %C@ %i %n %D:%u:%g\\0%l\\0%p\\0'`,
    `else find ${links} "$p/" ${within} "$@" -exec sh -c '${BUSYBOX}' sh ${follow ? '-L' : '--'} {} +; fi; } 2>&1 >&3); } 3>&1`,
    `printf '\\0%s\\0' "$e"; else printf '\\0\\0\\0'; fi`,
  ].join('\n')
}

const BUSYBOX =
  'o=$1; shift; for p do stat $o -c "%f %u %g %s %Y %X %Z %i %h %d:%U:%G" "$p"; printf "\\0"; [ -L "$p" ] && readlink -n "$p"; printf "\\0%s\\0" "$p"; done'

/** find's tests for what differs; without any that the host understands (an account still to be made), everything counts. */
function filter({ owner, group, mode }: NonNullable<TreeOptions['differs']>): string[] {
  const tests = [
    ...(owner === undefined ? [] : [`-user ${quote(owner)}`]),
    ...(group === undefined ? [] : [`-group ${quote(group)}`]),
    ...(mode === undefined ? [] : [`-perm ${mode.toString(8)}`]),
  ]
  if (tests.length === 0) return []
  return [`if find / -maxdepth 0 ${tests.join(' ')} >/dev/null 2>&1; then set -- ! '(' ${tests.join(' ')} ')'; fi`]
}

const LETTERS: Readonly<Record<string, PathType>> = { f: 'file', d: 'directory', l: 'link', p: 'fifo', s: 'socket', b: 'block', c: 'char', N: 'link', L: 'link' }
const BITS: Readonly<Record<number, PathType>> = { 0o14: 'socket', 0o12: 'link', 0o10: 'file', 0o6: 'block', 0o4: 'directory', 0o2: 'char', 0o1: 'fifo' }

function entryOf(facts: string, target: string, path: string): TreeEntry {
  const [head = '', owner = '', group = ''] = facts.split(':')
  const words = head.trim().split(' ')
  // GNU find tells type and mode apart, busybox's stat as one hexadecimal number.
  const gnu = words.length === 11
  const raw = Number.parseInt(words[0]!, 16)
  const [uid, gid, size, mtime, atime, ctime, inode, links, device] = words.slice(gnu ? 2 : 1).map(Number) as [number, number, number, number, number, number, number, number, number]
  const type = gnu ? LETTERS[words[0]!] : BITS[raw >> 12]
  return {
    path: path.replace(/^\/\//, '/'),
    type: type ?? 'file',
    mode: gnu ? Number.parseInt(words[1]!, 8) : raw & 0o7777,
    uid,
    gid,
    owner: textOf(owner.trim()),
    group: textOf(group.trim()),
    size,
    mtime,
    atime,
    ctime,
    inode,
    links,
    device,
    ...(type === 'link' && { target }),
  }
}

/** One planned change, laid over the list. */
function layOver(tree: Tree, each: Imagined, depth: number): Tree {
  if (each.kind !== 'path') return tree
  const { path, state } = each
  const roots = [tree.path, tree.realPath]
  if (roots.some((root) => root === path || root.startsWith(`${path}/`))) return { ...tree, exists: state === null ? false : state.type === 'directory', entries: state === null ? [] : tree.entries }
  const root = roots.find((candidate) => path.startsWith(`${candidate}/`))
  if (root === undefined || path.slice(root.length + 1).split('/').length > depth) return tree
  const own = tree.path + path.slice(root.length)
  const others = tree.entries.filter((entry) => entry.path !== own && (state !== null || !entry.path.startsWith(`${own}/`)))
  if (state === null) return { ...tree, entries: others }
  const before = tree.entries.find((entry) => entry.path === own)
  const { type, mode, owner, group, target, content } = state
  const entry: TreeEntry = {
    ...(before ?? NEW),
    path: own,
    type: type === 'hard' ? 'file' : type,
    ...(mode !== undefined && { mode }),
    ...(owner !== undefined && { owner }),
    ...(group !== undefined && { group }),
    ...(target !== undefined && { target }),
    ...(content !== undefined && { size: content.length }),
  }
  return { ...tree, entries: [...others, entry] }
}

const NEW = { mode: 0o644, uid: 0, gid: 0, owner: 'root', group: 'root', size: 0, mtime: 0, atime: 0, ctime: 0, inode: 0, links: 1, device: 0 }
