/** Diversions of dpkg: a package's file is installed under another name, so that one of our own can be in its place. */
import { pathRead } from '../../probe/path.ts'
import type { PathState } from '../../probe/path-state.ts'
import type { Imagined, Read } from '../../probe/read.ts'
import { pathResource } from '../../probe/resource.ts'
import { answered, shellRead, type ShellResult } from '../../probe/shell.ts'
import { quote } from '../../shell/quote.ts'
import type { Change, Plan, Step } from '../contract/change.ts'
import type { Known } from '../contract/module.ts'

/** A diversion as it is to be. */
export interface DiversionWish {
  readonly path: string
  readonly state: 'present' | 'absent'
  /** The package whose file stays where it is; LOCAL is none. */
  readonly holder: string
  /** Where the files of all other packages go. */
  readonly divert: string
  /** The file is moved along. */
  readonly rename: boolean
  /** A file in the way of one that is moved is removed. */
  readonly overwrite: boolean
  /** Of one that is removed, what stands in the place of the diverted file goes. */
  readonly remove?: boolean
  /** Whether one with another holder or destination is touched. */
  readonly others: boolean
}

interface Diversion {
  readonly holder: string
  readonly divert: string
}

const DATABASE = '/var/lib/dpkg/diversions'

interface DiversionState {
  /** The holder and where files go, each on a line; nothing when there is none. */
  readonly listing: ShellResult
  readonly file: PathState
  /** What is where the files are to go, and where they go now. */
  readonly wanted: PathState
  readonly current?: PathState
}

export function diversionReads({ path, divert }: Pick<DiversionWish, 'path' | 'divert'>, known: Known) {
  const { listing } = known as Partial<DiversionState>
  const current = listing && parseDiversion(listing)
  return {
    listing: listingRead(path),
    file: pathRead(path),
    wanted: pathRead(divert),
    ...(current !== undefined && { current: pathRead(current.divert) }),
  }
}

function listingRead(path: string): Read<ShellResult> {
  return shellRead(`h=$(dpkg-divert --listpackage ${quote(path)}) && [ -n "$h" ] && printf '%s\\n' "$h" && dpkg-divert --truename ${quote(path)}`, [`path:${DATABASE}`])
}

function leftListing(path: string, after: Diversion | undefined): Imagined {
  return answered(listingRead(path), after === undefined ? '' : `${after.holder}\n${after.divert}\n`)
}

function parseDiversion({ stdout }: ShellResult): Diversion | undefined {
  const [holder, divert] = stdout.split('\n')
  return holder === undefined || holder === '' || divert === undefined ? undefined : { holder, divert }
}

export function planDiversion(wish: DiversionWish, known: Known): Plan {
  const state = known as unknown as DiversionState
  const there = parseDiversion(state.listing)
  return wish.state === 'present' ? add(wish, there, state) : take(wish, there, state)
}

function add(wish: DiversionWish, there: Diversion | undefined, { file, wanted, current }: DiversionState): Plan {
  const { path, holder, divert, rename } = wish
  const to = ['--divert', divert, ...(holder === 'LOCAL' ? ['--local'] : ['--package', holder]), '--add', path]
  if (there === undefined) {
    const moved = rename && file.exists
    if (moved && wanted.exists && !wish.overwrite) return { fail: `${path} cannot be moved to ${divert}: a file is there`, result: { diversion: stateOf(path, there) } }
    const steps = [...(moved && wanted.exists ? [removal(divert)] : []), dpkgDivert(rename, ...to)]
    return { changes: [change(`divert ${path} to ${divert}`, [path, divert], steps, [...(moved ? movement(path, divert, file) : []), leftListing(path, { holder, divert })])] }
  }
  if (there.holder === holder && there.divert === divert) return {}
  if (!wish.others) return { fail: `${path} is diverted to ${there.divert} by ${there.holder}`, result: { diversion: stateOf(path, there) } }
  const moved = there.divert !== divert && current?.exists === true && !wanted.exists
  const steps = [dpkgDivert(false, '--remove', path), ...(moved ? [{ argv: ['mv', '--', there.divert, divert] }] : []), dpkgDivert(false, ...to)]
  return { changes: [change(`divert ${path} to ${divert} instead of ${there.divert}`, [path, divert, there.divert], steps, [...(moved ? movement(there.divert, divert, current) : []), leftListing(path, { holder, divert })])] }
}

function take(wish: DiversionWish, there: Diversion | undefined, { file, current }: DiversionState): Plan {
  const { path, holder, divert, rename } = wish
  if (there === undefined) return {}
  if (!wish.others && (there.holder !== holder || there.divert !== divert)) return { fail: `${path} is diverted to ${there.divert} by ${there.holder}, not to ${divert} by ${holder}`, result: { diversion: stateOf(path, there) } }
  const moved = rename && current?.exists === true
  const removed = file.exists && (wish.remove === true || (moved && wish.overwrite))
  if (moved && file.exists && !removed) return { fail: `${there.divert} cannot be moved back to ${path}: a file is there`, result: { diversion: stateOf(path, there) } }
  const leaves: Imagined[] = moved ? movement(there.divert, path, current) : removed ? [{ kind: 'path', path, state: null }] : []
  return { changes: [change(`${path} is diverted no more`, [path, there.divert], [...(removed ? [removal(path)] : []), dpkgDivert(rename, '--remove', path)], [...leaves, leftListing(path, undefined)])] }
}

function change(summary: string, paths: readonly string[], steps: readonly Step[], leaves: readonly Imagined[]): Change {
  return { summary, writes: [DATABASE, ...paths].map(pathResource), steps, leaves }
}

function movement(from: string, to: string, moved: PathState): Imagined[] {
  const state = moved.exists ? ({ type: 'file', mode: moved.mode, owner: moved.owner, group: moved.group } as const) : null
  return [{ kind: 'path', path: from, state: null }, { kind: 'path', path: to, state }]
}

function removal(path: string): Step {
  return { argv: ['rm', '-f', '--', path] }
}

function dpkgDivert(rename: boolean, ...words: readonly string[]): Step {
  return { argv: ['dpkg-divert', rename ? '--rename' : '--no-rename', ...words], environment: { LC_ALL: 'C' } }
}

/** The diversion as it was found, as results tell it. */
export function foundDiversion(path: string, known: Known): ReturnType<typeof stateOf> {
  return stateOf(path, parseDiversion((known as unknown as DiversionState).listing))
}

export function stateOf(path: string, diversion: Diversion | undefined): { readonly path: string; readonly state: string; readonly holder: string | null; readonly divert: string | null } {
  return { path, state: diversion === undefined ? 'absent' : 'present', holder: diversion?.holder ?? null, divert: diversion?.divert ?? null }
}
