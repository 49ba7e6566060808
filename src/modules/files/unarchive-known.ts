/** Unpacking an archive whose content the controller knows: only what differs is sent, as a tar archive. */
import { gzipSync } from 'node:zlib'
import { pathRead } from '../../probe/path.ts'
import type { PathState } from '../../probe/path-state.ts'
import type { Imagined, Read } from '../../probe/read.ts'
import { pathResource } from '../../probe/resource.ts'
import { shellRead, type ShellResult } from '../../probe/shell.ts'
import type { Change, Plan, Step } from '../contract/change.ts'
import type { Known } from '../contract/module.ts'
import type { Archive } from './open-archive.ts'
import { compareAttributes, ownerSpec, type WantedAttributes } from './attributes.ts'
import { join } from './destination.ts'
import { glob } from './glob.ts'
import { chmodMode, resolveMode } from './mode.ts'
import { partOfTar, type TarEntry } from './tar.ts'
import type { UnarchiveInput } from './unarchive-options.ts'
import { sha1 } from './write-file.ts'

export interface KnownArchive extends Pick<Archive, 'handler' | 'tar' | 'hasOwners'> {
  /** What is to be unpacked, and where below the destination. */
  readonly entries: readonly (TarEntry & { readonly place: string })[]
}

/** tar's options that do not change where things go, or what they are. */
const HARMLESS = /^(-[vp]|--verbose|--no-same-owner|-o|--same-owner|--no-same-permissions|--same-permissions|--preserve-permissions|--overwrite|--no-overwrite-dir|--delay-directory-restore|--keep-directory-symlink|--warning=.*)$/

/** The entries that are wanted; undefined when an option says something that only tar understands. */
export function wantedEntries({ handler, tar, hasOwners, entries }: Archive, { extra_opts, include, exclude }: UnarchiveInput): KnownArchive | undefined {
  const strip = /^--strip(?:-components)?=(\d+)$/
  if (!extra_opts.every((option) => HARMLESS.test(option) || strip.test(option))) return undefined
  const levels = Number(extra_opts.map((option) => strip.exec(option)?.[1]).findLast((found) => found !== undefined) ?? 0)
  const unwanted = exclude.map((pattern) => glob(pattern.replace(/\/+$/, '')))
  const wanted = include.map((name) => name.replace(/^\.\//, '').replace(/\/+$/, ''))
  return {
    handler,
    tar,
    hasOwners,
    entries: entries
      .filter(({ name }) => !partsOf(name).some((part) => unwanted.some((pattern) => pattern.test(part))))
      .filter(({ name }) => wanted.length === 0 || wanted.some((one) => name === one || name.startsWith(`${one}/`)))
      .map((entry) => ({ ...entry, place: entry.name.split('/').slice(levels).join('/') }))
      .filter(({ place }) => place !== ''),
  }
}

/** What tar holds an exclusion against: the name and the folders it is in, from any level on. */
function partsOf(name: string): readonly string[] {
  const names = name.split('/')
  return names.flatMap((_, from) => names.slice(from).map((__, length) => names.slice(from, from + length + 1).join('/')))
}

/** One stage: every path of the archive, and who is asking. */
export function readsOfKnown(input: UnarchiveInput, { entries }: KnownArchive): Record<string, Read<unknown>> {
  return {
    user: shellRead('id -u', []),
    ...Object.fromEntries(entries.map(({ place, type }) => [`at ${place}`, pathRead(join(input.dest, place), type === 'file' ? { checksum: 'sha1' } : {})])),
  }
}

export function planOfKnown(input: UnarchiveInput, archive: KnownArchive, dest: PathState, state: Known): Plan {
  const root = (state['user'] as ShellResult).stdout.trim() === '0'
  const at = ({ place }: { readonly place: string }): PathState => state[`at ${place}`] as PathState
  const differing = archive.entries.filter((entry) => differs(entry, at(entry), input, { root, archive }))
  const unowned = archive.entries.filter((entry) => !differing.includes(entry) && hasOtherAttributes(at(entry), input))
  const changes: Change[] = []
  if (differing.length > 0) changes.push(unpacking(differing, archive, dest, input))
  const toSet = [...differing.map((entry) => withMode(entry, input, entry.mode, dest)), ...unowned.map((entry) => withMode(entry, input, modeAt(at(entry)), dest))]
  const steps = attributeSteps(toSet, dest, input)
  const { owner, group } = input
  if (steps.length > 0)
    changes.push({ summary: `${dest.path}: owner or mode of ${toSet.length} from the archive`, writes: writesOf(dest), steps, leaves: toSet.map((entry) => leave(entry, dest, { owner, group, mode: entry.newMode })) })
  return { changes }
}

type Placed = KnownArchive['entries'][number]
type Moded = Placed & { readonly newMode: number | undefined }

/** The entry with the mode that the task gives it; a link has none of its own. */
function withMode(entry: Placed, { mode }: WantedAttributes, before: number, { umask }: PathState): Moded {
  const newMode = mode === undefined || entry.type === 'link' ? undefined : resolveMode(mode, { mode: before, directory: entry.type === 'directory', umask })
  return { ...entry, newMode }
}

function modeAt(current: PathState): number {
  return current.exists ? current.mode : 0
}

/** What tar --diff looks at. */
function differs(entry: TarEntry, current: PathState, { owner, group, mode, keep_newer, extra_opts }: UnarchiveInput, { root, archive: { tar, hasOwners } }: { readonly root: boolean; readonly archive: KnownArchive }): boolean {
  const { type } = entry
  if (!current.exists || current.type !== (type === 'hard' ? 'file' : type)) return true
  if (type === 'link') return current.target !== entry.target
  if (type === 'hard') return false
  if (type === 'file' && keep_newer && current.mtime > entry.mtime) return false
  const kept = root && !extra_opts.includes('--no-same-permissions')
  if (mode === undefined && current.mode !== (kept ? entry.mode : entry.mode & ~current.umask & 0o777)) return true
  if (type === 'directory') return false
  if (current.size !== entry.size || Math.floor(current.mtime) !== Math.floor(entry.mtime)) return true
  // Builds that are to be the same every time give all their files one time.
  if (current.checksum !== sha1(tar.subarray(entry.content, entry.content + entry.size))) return true
  const same = (wanted: string | undefined, name: string, id: number, is: string, isId: number): boolean => wanted !== undefined || is === name || isId === id
  if (!root || !hasOwners || extra_opts.some((option) => option === '--no-same-owner' || option === '-o')) return false
  return !same(owner, entry.owner, entry.uid, current.owner, current.uid) || !same(group, entry.group, entry.gid, current.group, current.gid)
}

function hasOtherAttributes(current: PathState, { owner, group, mode }: WantedAttributes): boolean {
  return current.exists && compareAttributes({ owner, group, mode }, current).lines.length > 0
}

function unpacking(entries: readonly Placed[], { tar, hasOwners }: KnownArchive, dest: PathState, { extra_opts, keep_newer }: UnarchiveInput): Change {
  const options = [...(hasOwners ? [] : ['--no-same-owner']), ...(keep_newer ? ['--keep-newer-files'] : []), ...extra_opts]
  const [first] = entries
  return {
    summary: `${dest.path}: unpack ${entries.length === 1 ? first!.place : `${entries.length} files and folders, such as ${first!.place}`}`,
    writes: writesOf(dest),
    steps: [{ argv: ['tar', '-x', '-z', '-f', '-', '-C', dest.path, ...options], stdin: gzipSync(partOfTar(tar, entries)) }],
    leaves: entries.map((entry) => leave(entry, dest, { mode: entry.mode, ...(hasOwners && { owner: entry.owner || String(entry.uid), group: entry.group || String(entry.gid) }) }, tar)),
  }
}

function writesOf(dest: PathState): Change['writes'] {
  return [pathResource(dest.path), pathResource(dest.realPath)]
}

function leave(entry: Placed, dest: PathState, { mode, owner, group }: { readonly mode?: number | undefined; readonly owner?: string | undefined; readonly group?: string | undefined }, tar?: Buffer): Imagined {
  return {
    kind: 'path',
    path: join(dest.realPath, entry.place),
    state: {
      type: entry.type,
      ...(mode !== undefined && entry.type !== 'link' && { mode }),
      ...(owner !== undefined && { owner }),
      ...(group !== undefined && { group }),
      ...(entry.type === 'link' && { target: entry.target }),
      ...(tar && entry.type === 'file' && { content: tar.subarray(entry.content, entry.content + entry.size), mtime: entry.mtime }),
    },
  }
}

/** One chown over all of them, and one chmod for each mode; names travel on stdin. */
function attributeSteps(entries: readonly Moded[], dest: PathState, { owner, group }: WantedAttributes): readonly Step[] {
  const onAll = (argv: readonly string[], some: readonly Placed[]): Step => ({ argv: ['xargs', '-0', ...argv], stdin: some.map(({ place }) => `${join(dest.path, place)}\0`).join('') })
  const modes = new Set(entries.flatMap(({ newMode }) => newMode ?? []))
  return [
    ...(entries.length > 0 && (owner ?? group) !== undefined ? [onAll(['chown', '-h', '--', ownerSpec(owner, group)], entries)] : []),
    ...[...modes].map((mode) => onAll(['chmod', '--', chmodMode(mode)], entries.filter(({ newMode }) => newMode === mode))),
  ]
}
