/** An archive on the controller, whatever its format. */
import { spawnSync } from 'node:child_process'
import { gunzipSync } from 'node:zlib'
import { PlonerunError } from '../../errors/plonerun-error.ts'
import { readTar, type TarEntry } from './tar.ts'
import { zipToTar } from './zip.ts'

export interface Archive {
  /** Ansible's name for what handles the format. */
  readonly handler: string
  /** As a tar archive without compression. */
  readonly tar: Buffer
  readonly entries: readonly TarEntry[]
  /** Whether the archive says whose the files are. */
  readonly hasOwners: boolean
}

interface Format {
  readonly magic: string
  readonly handler: string
  unpack(bytes: Buffer): Buffer
}

const FORMATS: readonly Format[] = [
  { magic: '\x1f\x8b', handler: 'TgzArchive', unpack: (bytes) => gunzipSync(bytes) },
  { magic: 'BZh', handler: 'TarBzipArchive', unpack: (bytes) => through('bzip2', bytes) },
  { magic: '\xfd7zXZ\0', handler: 'TarXzArchive', unpack: (bytes) => through('xz', bytes) },
  { magic: '\x28\xb5\x2f\xfd', handler: 'TarZstdArchive', unpack: (bytes) => through('zstd', bytes) },
  { magic: 'PK', handler: 'ZipArchive', unpack: zipToTar },
]

/** @throws PlonerunError when it is no archive that is known */
export function openArchive(bytes: Buffer): Archive {
  const format = FORMATS.find(({ magic }) => bytes.toString('latin1', 0, magic.length) === magic)
  const tar = format ? format.unpack(bytes) : bytes
  return { handler: format?.handler ?? 'TarArchive', tar, entries: readTar(tar), hasOwners: format?.handler !== 'ZipArchive' }
}

/** Decompresses with a program of the controller. */
function through(program: string, bytes: Buffer): Buffer {
  const { status, stdout, stderr, error } = spawnSync(program, ['-dc'], { input: bytes, maxBuffer: 2 ** 31 - 1 })
  if (error) throw new PlonerunError(`${program} is needed on this machine to read the archive`, { why: error.message })
  if (status !== 0) throw new PlonerunError(`${program} cannot read the archive`, { why: stderr.toString('utf8').trim() })
  return stdout
}
