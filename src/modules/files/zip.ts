/** Turns zip archives into tar archives, because every host has tar. */
import { inflateRawSync } from 'node:zlib'
import { PlonerunError } from '../../errors/plonerun-error.ts'
import { bytesToText } from '../../values/bytes.ts'
import { tarEntry } from './tar.ts'

/**
 * The same files, folders and links with their modes and times, as a tar archive.
 * Format: PKWARE's APPNOTE.TXT; without encryption, zip64, or another method than deflate.
 * @throws PlonerunError when the archive cannot be read
 */
export function zipToTar(bytes: Buffer): Buffer {
  const end = bytes.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'))
  if (end === -1) throw damaged()
  const count = bytes.readUInt16LE(end + 10)
  const parts: Buffer[] = []
  for (let index = 0, at = bytes.readUInt32LE(end + 16); index < count; index++) {
    if (bytes.toString('latin1', at, at + 4) !== 'PK\x01\x02') throw damaged()
    const [nameLength, extraLength, commentLength] = [bytes.readUInt16LE(at + 28), bytes.readUInt16LE(at + 30), bytes.readUInt16LE(at + 32)]
    parts.push(entryAt(bytes, at, nameLength, extraLength))
    at += 46 + nameLength + extraLength + commentLength
  }
  return Buffer.concat([...parts, Buffer.alloc(1024)])
}

function entryAt(bytes: Buffer, at: number, nameLength: number, extraLength: number): Buffer {
  const spelt = bytesToText(bytes.subarray(at + 46, at + 46 + nameLength))
  const name = spelt.replaceAll('\\', '/').replace(/^\/+/, '').replace(/\/+$/, '')
  const attributes = bytes.readUInt32LE(at + 38) >>> 16
  const kind = attributes >> 12
  const type = kind === 0o12 ? 'link' : kind === 0o4 || spelt.endsWith('/') ? 'directory' : 'file'
  const mode = attributes & 0o7777 || (type === 'directory' ? 0o755 : 0o644)
  const extra = bytes.subarray(at + 46 + nameLength, at + 46 + nameLength + extraLength)
  const mtime = unixTime(extra) ?? dosTime(bytes.readUInt16LE(at + 14), bytes.readUInt16LE(at + 12))
  return tarEntry({ name, type, mode, mtime }, type === 'directory' ? Buffer.alloc(0) : contentAt(bytes, at, name))
}

function contentAt(bytes: Buffer, at: number, name: string): Buffer {
  const [flags, method, size, offset] = [bytes.readUInt16LE(at + 8), bytes.readUInt16LE(at + 10), bytes.readUInt32LE(at + 20), bytes.readUInt32LE(at + 42)]
  if ((flags & 1) !== 0) throw new PlonerunError(`${name} in the zip archive is encrypted`, { kind: 'task' })
  const start = offset + 30 + bytes.readUInt16LE(offset + 26) + bytes.readUInt16LE(offset + 28)
  const data = bytes.subarray(start, start + size)
  if (method === 0) return data
  if (method === 8) return inflateRawSync(data)
  throw new PlonerunError(`${name} in the zip archive is compressed in a way that is not supported (method ${method})`, { kind: 'task' })
}

/** The extended timestamp, seconds since 1970. */
function unixTime(extra: Buffer): number | undefined {
  for (let at = 0; at + 4 <= extra.length; at += 4 + extra.readUInt16LE(at + 2))
    if (extra.readUInt16LE(at) === 0x5455 && (extra[at + 4]! & 1) !== 0) return extra.readInt32LE(at + 5)
  return undefined
}

/** Local time of whoever made the archive; taken as this machine's. */
function dosTime(date: number, time: number): number {
  return new Date(1980 + (date >> 9), ((date >> 5) & 15) - 1, date & 31, time >> 11, (time >> 5) & 63, (time & 31) * 2).getTime() / 1000
}

function damaged(): PlonerunError {
  return new PlonerunError('this is no zip archive, or a damaged one', { kind: 'task' })
}
