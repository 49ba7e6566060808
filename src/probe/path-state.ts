/** What a path probe asks and tells. */
export type ChecksumAlgorithm = 'md5' | 'sha1' | 'sha224' | 'sha256' | 'sha384' | 'sha512'

export interface PathOptions {
  /** Tells about what a link leads to, instead of the link itself. */
  readonly follow?: boolean
  /** Checksum of the content, when it is a file (through a link too). */
  readonly checksum?: ChecksumAlgorithm
  /** The flags of lsattr. */
  readonly attributes?: boolean
  /** The MIME type and charset, from `file`. */
  readonly mime?: boolean
  /** Whether the session's user may read, write and execute it. */
  readonly access?: boolean
  /** The SELinux context, and the policy's default for the path. */
  readonly context?: boolean
  /** check mode: takes commands at their word that say what they create. */
  readonly claims?: true
}

export interface PathRequest extends PathOptions {
  readonly path: string
}

export type PathType = 'file' | 'directory' | 'link' | 'fifo' | 'socket' | 'block' | 'char'

export interface Place {
  /** As asked, absolute, with `~` expanded; may still lead through links. */
  readonly path: string
  /** Without any link; also for a path that is not there. */
  readonly realPath: string
  /** The umask of the session, which decides the mode of what it creates. */
  readonly umask: number
  /** check mode: something whose outcome nobody can foresee would have run before (a command, a package), so this may be otherwise. */
  readonly uncertain?: boolean
}

export interface MissingPath extends Place {
  readonly exists: false
}

/** What stat tells of a path, as far as every tool that lists paths tells it too. */
export interface PathFacts {
  readonly type: PathType
  /** Permission bits, up to 0o7777. */
  readonly mode: number
  readonly uid: number
  readonly gid: number
  /** The name, or the number as a text when nobody has it. */
  readonly owner: string
  readonly group: string
  readonly size: number
  /** Seconds since 1970. */
  readonly mtime: number
  readonly atime: number
  readonly ctime: number
  readonly inode: number
  readonly device: number
  readonly links: number
}

export interface ExistingPath extends Place, PathFacts {
  readonly exists: true
  readonly deviceType: number
  readonly blocks: number
  readonly blockSize: number
  /** What a link says; not for a followed one. */
  readonly target?: string
  readonly checksum?: string
  /** Letters of chattr. */
  readonly attributes?: string
  /** The file system's generation number. */
  readonly version?: string
  readonly mime?: { readonly type: string; readonly charset: string }
  readonly access?: { readonly read: boolean; readonly write: boolean; readonly execute: boolean }
  readonly context?: { readonly current: string; readonly policy: string }
}

export type PathState = MissingPath | ExistingPath
