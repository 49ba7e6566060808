/** Reads tar archives (POSIX.1-2001 pax and GNU), and writes them. */
import { PlonerunError } from '../../errors/plonerun-error.ts'
import { bytesToText, textToBytes } from '../../values/bytes.ts'

export interface TarEntry {
  /** Without `./` and slashes at the ends. */
  readonly name: string
  readonly type: 'file' | 'directory' | 'link' | 'hard'
  readonly mode: number
  readonly uid: number
  readonly gid: number
  /** Names, empty when the archive has none. */
  readonly owner: string
  readonly group: string
  readonly size: number
  /** Seconds since 1970. */
  readonly mtime: number
  /** What a link leads to. */
  readonly target: string
  /** Where it stands in the archive with all its headers, and where its content does. */
  readonly start: number
  readonly content: number
  readonly end: number
}

const BLOCK = 512
const TYPES: Readonly<Record<string, TarEntry['type']>> = { '0': 'file', '\0': 'file', '7': 'file', '1': 'hard', '2': 'link', '5': 'directory' }

/**
 * All files, folders and links of an archive.
 * @throws PlonerunError when it is none
 */
export function readTar(bytes: Buffer): TarEntry[] {
  const entries: TarEntry[] = []
  let global: Record<string, string> = {}
  let own: Record<string, string> = {}
  let start: number | undefined
  for (let at = 0; at + BLOCK <= bytes.length; ) {
    const header = bytes.subarray(at, at + BLOCK)
    if (header.every((byte) => byte === 0)) break
    if (!sumsUp(header)) throw new PlonerunError('this is no tar archive, or a damaged one', { kind: 'task' })
    start ??= at
    const type = String.fromCharCode(header[156]!)
    const fields = { ...global, ...own }
    const size = fields['size'] === undefined || 'xgLK'.includes(type) ? numberAt(header, 124, 12) : Number(fields['size'])
    const content = at + BLOCK
    const data = bytes.subarray(content, content + size)
    at = content + Math.ceil(size / BLOCK) * BLOCK
    if (type === 'g') global = { ...global, ...records(data) }
    else if (type === 'x') own = { ...own, ...records(data) }
    else if (type === 'L') own['path'] = textAt(data, 0, size)
    else if (type === 'K') own['linkpath'] = textAt(data, 0, size)
    else {
      const entry = entryOf(header, fields, size, { start, content, end: at })
      if (entry) entries.push(entry)
      ;[own, start] = [{}, undefined]
    }
  }
  return entries
}

function entryOf(header: Buffer, fields: Readonly<Record<string, string>>, size: number, place: Pick<TarEntry, 'start' | 'content' | 'end'>): TarEntry | undefined {
  const posix = textAt(header, 257, 6) === 'ustar'
  const prefix = posix ? textAt(header, 345, 155) : ''
  const name = fields['path'] ?? (prefix === '' ? '' : `${prefix}/`) + textAt(header, 0, 100)
  const type = name.endsWith('/') ? 'directory' : TYPES[String.fromCharCode(header[156]!)]
  const plain = name.replace(/^(\.?\/)+/, '').replace(/\/+$/, '')
  if (type === undefined || plain === '' || plain === '.') return undefined
  return {
    name: plain,
    type,
    mode: numberAt(header, 100, 8) & 0o7777,
    uid: Number(fields['uid'] ?? numberAt(header, 108, 8)),
    gid: Number(fields['gid'] ?? numberAt(header, 116, 8)),
    owner: fields['uname'] ?? textAt(header, 265, 32),
    group: fields['gname'] ?? textAt(header, 297, 32),
    size: type === 'file' ? size : 0,
    mtime: Number(fields['mtime'] ?? numberAt(header, 136, 12)),
    target: fields['linkpath'] ?? textAt(header, 157, 100),
    ...place,
  }
}

/** An archive of some entries of another, in the order given. */
export function partOfTar(bytes: Buffer, entries: readonly TarEntry[]): Buffer {
  return Buffer.concat([...entries.map(({ start, end }) => bytes.subarray(start, end)), Buffer.alloc(2 * BLOCK)])
}

/** A file, folder or link as it stands in an archive. */
export function tarEntry(entry: { readonly name: string; readonly type: 'file' | 'directory' | 'link'; readonly mode: number; readonly mtime: number }, content: Buffer): Buffer {
  const name = textToBytes(entry.type === 'directory' ? `${entry.name}/` : entry.name)
  const body = entry.type === 'file' ? content : Buffer.alloc(0)
  // GNU's way for names beyond 100 bytes.
  const long = name.length > 100 ? [header('L', Buffer.from('././@LongLink'), 0, name.length + 1, 0), padded(Buffer.concat([name, Buffer.alloc(1)]))] : []
  const own = header(entry.type === 'link' ? '2' : entry.type === 'directory' ? '5' : '0', name, entry.mode, body.length, entry.mtime, entry.type === 'link' ? content : undefined)
  return Buffer.concat([...long, own, padded(body)])
}

function header(type: string, name: Buffer, mode: number, size: number, mtime: number, target: Buffer = Buffer.alloc(0)): Buffer {
  const block = Buffer.alloc(BLOCK)
  name.copy(block, 0, 0, 100)
  const octal = (value: number, at: number, length: number): void => void block.write(value.toString(8).padStart(length - 1, '0'), at)
  octal(mode, 100, 8)
  octal(0, 108, 8)
  octal(0, 116, 8)
  octal(size, 124, 12)
  octal(Math.max(0, Math.floor(mtime)), 136, 12)
  block.write(type, 156)
  target.copy(block, 157, 0, 100)
  block.write('ustar  ', 257)
  block.fill(' ', 148, 156)
  block.write(`${block.reduce((sum, byte) => sum + byte, 0).toString(8).padStart(6, '0')}\0 `, 148)
  return block
}

function padded(data: Buffer): Buffer {
  return Buffer.concat([data, Buffer.alloc((BLOCK - (data.length % BLOCK)) % BLOCK)])
}

/** The header's checksum counts its own field as blanks. */
function sumsUp(header: Buffer): boolean {
  const sum = header.reduce((total, byte, index) => total + (index >= 148 && index < 156 ? 32 : byte), 0)
  return sum === numberAt(header, 148, 8)
}

/** `25 mtime=1700000000.5\n`, one after the other. */
function records(data: Buffer): Record<string, string> {
  const found: Record<string, string> = {}
  for (let at = 0; at < data.length; ) {
    const blank = data.indexOf(32, at)
    const length = Number.parseInt(data.toString('latin1', at, blank), 10)
    if (blank === -1 || !(length > 0)) break
    const record = bytesToText(data.subarray(blank + 1, at + length - 1))
    const equals = record.indexOf('=')
    found[record.slice(0, equals)] = record.slice(equals + 1)
    at += length
  }
  return found
}

function textAt(bytes: Buffer, at: number, length: number): string {
  const field = bytes.subarray(at, at + length)
  const end = field.indexOf(0)
  return bytesToText(end === -1 ? field : field.subarray(0, end))
}

/** Octal digits, or with the first bit set a big-endian number. */
function numberAt(bytes: Buffer, at: number, length: number): number {
  if ((bytes[at]! & 0x80) === 0) return Number.parseInt(bytes.toString('latin1', at, at + length).replace(/\0.*$/s, '').trim(), 8) || 0
  return bytes.subarray(at + 1, at + length).reduce((value, byte) => value * 256 + byte, 0)
}
