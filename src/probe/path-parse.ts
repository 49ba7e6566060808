/** What a path probe's tools printed, as states. */
import { bytesToText } from '../values/bytes.ts'
import { namedLines } from './named-lines.ts'
import { algorithmsOf, asking, type Batch } from './path-script.ts'
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
  const { paths, follow } = batch
  const umask = Number.parseInt(take(cursor), 8)
  const names = takeMany(cursor, paths.length)
  const stats = namedLines(take(cursor), STAT, names)
  const real = takeMany(cursor, paths.length)
  const nameOf = new Map(paths.map((path, index) => [path, names[index]!]))
  const namesOf = (some: readonly string[]): string[] => some.map((path) => nameOf.get(path)!)

  const targets = new Map<string, string>()
  if (!follow) {
    const links = names.filter((name) => typeOf(stats.get(name)) === 'link')
    for (let entry = take(cursor); entry !== ''; entry = take(cursor)) targets.set(links[targets.size] ?? '', textOf(entry))
  }
  const sums = new Map(
    algorithmsOf(batch).map((algorithm) => [
      algorithm,
      namedLines(take(cursor), /\\?([0-9a-f]+) [ *]/y, namesOf(asking(batch, ({ checksum }) => checksum === algorithm))),
    ]),
  )
  const wantAttributes = asking(batch, (request) => request.attributes)
  const attributes = wantAttributes.length > 0 ? namedLines(take(cursor), / *(\d+) +([-\w]+) +/y, namesOf(wantAttributes)) : undefined
  const wantMime = asking(batch, (request) => request.mime)
  const mime = new Map<string, string>()
  if (wantMime.length > 0) {
    const lines = take(cursor).split('\n')
    wantMime.forEach((path, index) => mime.set(path, lines[index] ?? ''))
  }
  const access = new Map(asking(batch, (request) => request.access).map((path) => [path, take(cursor)]))
  const wantContext = asking(batch, (request) => request.context)
  const contexts = wantContext.length > 0 ? namedLines(take(cursor), /([^/]*):(?=\/)/y, namesOf(wantContext)) : undefined
  const policies = wantContext.length > 0 ? take(cursor).split('\n') : []

  paths.forEach((path, index) => {
    const name = names[index]!
    const place = { path: textOf(name), realPath: textOf(real[index]! || name), umask }
    const fields = stats.get(name)
    for (const request of batch.requests.filter((each) => each.path === path)) {
      if (!fields) {
        answers.set(request, { ...place, exists: false })
        continue
      }
      const checksum = request.checksum && sums.get(request.checksum)?.get(name)?.[1]
      const [, version, flags] = (request.attributes && attributes?.get(name)) || []
      const [type, charset] = (request.mime && mime.get(path)?.split('; charset=')) || []
      const allowed = request.access ? access.get(path) : undefined
      const context = request.context && contexts?.get(name)?.[1]
      const target = targets.get(name)
      answers.set(request, {
        ...place,
        exists: true,
        ...factsOf(fields),
        ...(target !== undefined && { target }),
        ...(checksum && { checksum }),
        ...(version !== undefined && flags !== undefined && { version, attributes: flags.replaceAll('-', '') }),
        ...(type && charset && { mime: { type, charset } }),
        ...(allowed !== undefined && { access: { read: allowed.includes('r'), write: allowed.includes('w'), execute: allowed.includes('x') } }),
        ...(context && { context: { current: context, policy: policies[wantContext.indexOf(path)] ?? '' } }),
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
