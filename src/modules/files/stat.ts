/** stat: tells what is at a path. */
import { pathRead } from '../../probe/path.ts'
import type { ChecksumAlgorithm, ExistingPath, PathFacts, PathState } from '../../probe/path-state.ts'
import { toFloat } from '../../values/float.ts'
import { Unknown } from '../../values/unknown.ts'
import type { Plain } from '../../values/value.ts'
import { state } from '../contract/module.ts'
import { defaulting, flag, oneOf, path, required } from '../contract/option.ts'

/** The names that checksum algorithms have as options. */
export const ALGORITHMS = ['md5', 'sha1', 'sha224', 'sha256', 'sha384', 'sha512'] as const satisfies readonly ChecksumAlgorithm[]

/** Tells what is at a path. */
export const stat = state({
  name: 'ansible.builtin.stat',
  summary: 'Tells what is at a path.',
  options: {
    path: required(path('The path.', { aliases: ['dest', 'name'] })),
    follow: defaulting(flag('Tells about what a link leads to.'), false),
    get_checksum: defaulting(flag('Tells the checksum of a file.'), true),
    get_mime: defaulting(flag('Tells the type of a file\'s content.', { aliases: ['mime', 'mime_type', 'mime-type'] }), true),
    get_attributes: defaulting(flag('Tells the flags that chattr sets.', { aliases: ['attr', 'attributes'] }), true),
    checksum_algorithm: defaulting(oneOf(ALGORITHMS, 'How the checksum is made.', { aliases: ['checksum', 'checksum_algo'] }), 'sha1'),
  },
  reads: ({ path, follow, get_checksum, get_mime, get_attributes, checksum_algorithm }) => ({
    path: pathRead(path, {
      follow,
      access: true,
      ...(get_checksum && { checksum: checksum_algorithm }),
      ...(get_mime && { mime: true }),
      ...(get_attributes && { attributes: true }),
    }),
  }),
  plan: () => [],
  result: ({ path: asked, get_mime, get_attributes }, { path }) => ({ stat: { ...describe(path, asked), ...(path.exists && extras(path, get_mime, get_attributes)) } }),
})

function describe(path: PathState, asked: string): Readonly<Record<string, Plain>> {
  if (!path.exists) return { exists: path.uncertain ? new Unknown(`whether ${path.path} is there`) : false }
  const readable = path.access?.read ?? true
  return {
    exists: true,
    // What the host expands is told as it is there, a relative path as it was asked.
    path: /^~|\$/.test(asked) ? path.path : asked,
    ...statFields(path),
    blocks: path.blocks,
    block_size: path.blockSize,
    device_type: path.deviceType,
    readable,
    writeable: path.access?.write ?? true,
    executable: path.access?.execute ?? true,
    ...(path.type === 'link' && { lnk_source: path.realPath, lnk_target: path.target }),
    ...(path.owner !== String(path.uid) && { pw_name: path.owner }),
    ...(path.group !== String(path.gid) && { gr_name: path.group }),
    ...(path.type === 'file' && readable && path.checksum !== undefined && { checksum: path.checksum }),
  }
}

function extras(path: ExistingPath, mime: boolean, attributes: boolean): Readonly<Record<string, Plain>> {
  const flags = path.attributes ?? ''
  return {
    ...(mime && { mimetype: path.mime?.type ?? 'unknown', charset: path.mime?.charset ?? 'unknown' }),
    ...(attributes && { attr_flags: flags, attributes: Array.from(flags).flatMap((letter) => FLAGS[letter] ?? []), version: path.version ?? null }),
  }
}

/** What stat and find tell alike. */
export function statFields(path: PathFacts): Readonly<Record<string, Plain>> {
  const { type, mode } = path
  const may = (bit: number): boolean => (mode & bit) !== 0
  return {
    mode: mode.toString(8).padStart(4, '0'),
    isdir: type === 'directory',
    ischr: type === 'char',
    isblk: type === 'block',
    isreg: type === 'file',
    isfifo: type === 'fifo',
    islnk: type === 'link',
    issock: type === 'socket',
    uid: numberOf(path.uid, path.owner),
    gid: numberOf(path.gid, path.group),
    size: path.size,
    inode: path.inode,
    dev: path.device,
    nlink: path.links,
    atime: toFloat(path.atime),
    mtime: toFloat(path.mtime),
    ctime: toFloat(path.ctime),
    wusr: may(0o200),
    rusr: may(0o400),
    xusr: may(0o100),
    wgrp: may(0o020),
    rgrp: may(0o040),
    xgrp: may(0o010),
    woth: may(0o002),
    roth: may(0o004),
    xoth: may(0o001),
    isuid: may(0o4000),
    isgid: may(0o2000),
  }
}

/** check mode: of an owner who is to be set only the name is known. */
function numberOf(id: number, name: string): Plain {
  return Number.isNaN(id) ? new Unknown(`the number of ${name}`) : id
}

/** chattr's letters and what they are called. */
const FLAGS: Readonly<Record<string, string>> = {
  A: 'noatime',
  a: 'append',
  c: 'compressed',
  C: 'nocow',
  d: 'nodump',
  D: 'dirsync',
  e: 'extents',
  E: 'encrypted',
  h: 'blocksize',
  i: 'immutable',
  I: 'indexed',
  j: 'journalled',
  N: 'inline',
  s: 'zero',
  S: 'synchronous',
  t: 'notail',
  T: 'blockroot',
  u: 'undelete',
  X: 'compressedraw',
  Z: 'compresseddirty',
}
