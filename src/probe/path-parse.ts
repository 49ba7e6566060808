/** What a path probe's tools printed, as states. */
import { bytesToText } from '../values/bytes.ts'
import { namedLines } from './named-lines.ts'
import { algorithmsOf, asking, askingApart, asksForLinks, type Batch, isFollowed } from './path-script.ts'
import type { ExistingPath, PathRequest, PathState, PathType, Place } from './path-state.ts'

/** Where the parser stands in the answers, which NUL separates. */
export interface Cursor {
  readonly entries: readonly string[]
  at: number
}

function take(cursor: Cursor): string {
  const entry = cursor.entries[cursor.at++]
  if (entry === undefined) throw new Error('the answer about paths is incomplete')
  return entry
}

function takeMany(cursor: Cursor, count: number): string[] {
  return Array.from({ length: count }, () => take(cursor))
}

const textOf = (latin1: string): string => bytesToText(Buffer.from(latin1, 'latin1'))

const STAT = /([0-9a-f]+) (\d+) (\d+) (\d+) (-?[\d.]+) (-?[\d.]+) (-?[\d.]+) (\d+) (\d+) (\d+) (\d+) (\d+) ([0-9a-f]+) ([0-9a-f]+):([^:]*):([^:]*):/y

/** The answers of one batch; mirrors batchScript, section by section. */
export function parseBatch(batch: Batch, cursor: Cursor, answers: Map<PathRequest, PathState>): void {
  const { paths, requests } = batch
  const umask = Number.parseInt(take(cursor), 8)
  const names = takeMany(cursor, paths.length)
  const followed = namedLines(take(cursor), STAT, names)
  const real = takeMany(cursor, paths.length)
  const nameOf = new Map(paths.map((path, index) => [path, names[index]!]))
  const namesOf = (some: readonly string[]): string[] => some.map((path) => nameOf.get(path)!)

  const links = asksForLinks(batch) ? namedLines(take(cursor), STAT, names) : new Map<string, RegExpExecArray>()
  const targets = new Map<string, string>()
  if (asksForLinks(batch)) {
    const found = [...links.keys()]
    for (let entry = take(cursor); entry !== ''; entry = take(cursor)) targets.set(found[targets.size] ?? '', textOf(entry))
  }
  const sums = new Map(
    algorithmsOf(batch).map((algorithm) => [
      algorithm,
      namedLines(take(cursor), /\\?([0-9a-f]+) [ *]/y, namesOf(asking(batch, ({ checksum }) => checksum === algorithm))),
    ]),
  )
  const wantAttributes = asking(batch, (request) => request.attributes)
  const attributes = wantAttributes.length > 0 ? namedLines(take(cursor), / *(\d+) +([-\w]+) +/y, namesOf(wantAttributes)) : undefined
  const mimes = new Map<PathRequest, string>()
  for (const { follow, paths: asked } of askingApart(batch, ({ mime }) => mime)) {
    const lines = take(cursor).split('\n')
    for (const request of requests) if (isFollowed(request) === follow) mimes.set(request, lines[asked.indexOf(request.path)] ?? '')
  }
  const access = new Map(asking(batch, (request) => request.access).map((path) => [path, take(cursor)]))
  const contexts = new Map<PathRequest, ExistingPath['context']>()
  for (const { follow, paths: asked } of askingApart(batch, ({ context }) => context)) {
    const current = namedLines(take(cursor), /([^/]*):(?=\/)/y, namesOf(asked))
    const policies = take(cursor).split('\n')
    for (const request of requests) {
      const found = isFollowed(request) === follow ? current.get(nameOf.get(request.path)!)?.[1] : undefined
      if (found) contexts.set(request, { current: found, policy: policies[asked.indexOf(request.path)] ?? '' })
    }
  }

  paths.forEach((path, index) => {
    const name = names[index]!
    const place = { path: textOf(name), realPath: textOf(real[index]! || name), umask }
    for (const request of requests.filter((each) => each.path === path)) {
      const link = isFollowed(request) ? undefined : links.get(name)
      const fields = link ?? followed.get(name)
      if (!fields) {
        answers.set(request, { ...place, exists: false })
        continue
      }
      const checksum = request.checksum && sums.get(request.checksum)?.get(name)?.[1]
      const [, version, flags] = (request.attributes && attributes?.get(name)) || []
      const [type, charset] = (request.mime && mimes.get(request)?.split('; charset=')) || []
      const allowed = request.access ? access.get(path) : undefined
      const context = request.context && contexts.get(request)
      const target = link && targets.get(name)
      answers.set(request, {
        ...place,
        exists: true,
        ...factsOf(fields),
        ...(target !== undefined && { target }),
        ...(checksum && { checksum }),
        ...(version !== undefined && flags !== undefined && { version, attributes: flags.replaceAll('-', '') }),
        ...(type && charset && { mime: { type, charset } }),
        ...(allowed !== undefined && { access: { read: allowed.includes('r'), write: allowed.includes('w'), execute: allowed.includes('x') } }),
        ...(context && { context }),
      })
    }
  })
}

const TYPES: Readonly<Record<number, PathType>> = {
  0o14: 'socket',
  0o12: 'link',
  0o10: 'file',
  0o6: 'block',
  0o4: 'directory',
  0o2: 'char',
  0o1: 'fifo',
}

function typeOf(fields: RegExpExecArray | undefined): PathType | undefined {
  return fields && TYPES[Number.parseInt(fields[1]!, 16) >> 12]
}

function factsOf(fields: RegExpExecArray): Omit<ExistingPath, keyof Place | 'exists'> {
  const number = (index: number): number => Number(fields[index])
  const [major, minor] = [Number.parseInt(fields[13]!, 16), Number.parseInt(fields[14]!, 16)]
  const named = (index: number, id: number): string => (fields[index] === '' || fields[index] === 'UNKNOWN' ? String(id) : textOf(fields[index]!))
  return {
    type: typeOf(fields) ?? 'file',
    mode: Number.parseInt(fields[1]!, 16) & 0o7777,
    uid: number(2),
    gid: number(3),
    owner: named(15, number(2)),
    group: named(16, number(3)),
    size: number(4),
    mtime: number(5),
    atime: number(6),
    ctime: number(7),
    inode: number(8),
    device: number(9),
    links: number(10),
    blocks: number(11),
    blockSize: number(12),
    deviceType: major * 256 + minor,
  }
}
