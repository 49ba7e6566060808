/** A read: one typed question about a host. Reads of a kind in a frame are merged into one script. */
import type { Resource } from './resource.ts'
import type { Shadow } from './shadow.ts'

/**
 * A kind of question (path state, unit, account ...), one file each in this folder.
 * `script` answers many requests in one shell text, which runs with LC_ALL=C in a subshell of the session,
 * prints to stdout only, and must exit 0 also when what it asks about is not there.
 */
export interface ProbeKind<Request, Result> {
  readonly name: string
  script(requests: readonly Request[]): string
  /** The results in the order of the requests, from exactly what the script printed. Throws when the output is not understood. */
  parse(requests: readonly Request[], stdout: Buffer): readonly Result[]
  /** What the result depends on; asked again with the result, which may know more (the real path behind a link). */
  touches(request: Request, result?: Result): readonly Resource[]
  /** Only those who ask know what an answer means: one that a folder which is about to be made may change has to be asked for, and check mode knows it from changes of the same user that say so. */
  readonly opaque?: true
  /** check mode: the result as it would be after changes that have only been planned. */
  imagine?(request: Request, real: Result, imagined: readonly Imagined[]): Result
}

/** One question. Two reads with the same key are the same question. */
export interface Read<Result> {
  readonly key: string
  readonly request: unknown
  readonly kind: ProbeKind<unknown, Result>
}

/** Makes a read; the request must be plain data, because its JSON is the key. */
export function read<Request, Result>(kind: ProbeKind<Request, Result>, request: Request): Read<Result> {
  return { key: `${kind.name} ${JSON.stringify(request)}`, request, kind: kind }
}

/** What a planned change would leave behind, laid over later reads in check mode. Each probe kind understands its own. */
export type Imagined =
  | { readonly kind: 'path'; readonly path: string; readonly state: ImaginedPath }
  | { readonly kind: 'user'; readonly name: string; readonly entry: ImaginedUser | null }
  | { readonly kind: 'group'; readonly name: string; readonly entry: { readonly gid?: number; readonly members?: readonly string[] } | null }
  | { readonly kind: 'package'; readonly name: string; readonly version: string | null }
  /** The package lists would be fetched anew: what they offer cannot be foreseen. */
  | { readonly kind: 'package-lists' }
  | { readonly kind: 'unit'; readonly name: string; readonly state: { readonly active?: boolean; readonly enabled?: boolean; readonly masked?: boolean; readonly exists?: boolean } }
  | { readonly kind: 'crontab'; readonly user: string | null; readonly text: string }
  /** What a command says of itself that it creates; what kind of thing that is nobody knows. */
  | { readonly kind: 'claim'; readonly path: string }
  /** What a shell text would then print, and end with, for the user who becomes it (the login user unless given). */
  | { readonly kind: 'answer'; readonly script: string; readonly stdout: string; readonly code: number; readonly by?: string }
  /** Nobody can tell what it leaves behind (a command, the scripts of a package). */
  | { readonly kind: 'anything' }

/** null: the path would be gone. Fields left out stay as they are. */
export type ImaginedPath = null | {
  readonly type: 'file' | 'directory' | 'link' | 'hard' | 'fifo'
  readonly mode?: number
  readonly owner?: string
  readonly group?: string
  readonly target?: string
  /** Seconds since 1970. */
  readonly mtime?: number
  readonly atime?: number
  /** Bytes of a file, when the plan knows them. */
  readonly content?: Uint8Array
  /** Otherwise their SHA-1. */
  readonly sha1?: string
  /** Letters of chattr. */
  readonly attributes?: string
}

export interface ImaginedUser {
  readonly uid?: number
  readonly group?: string
  readonly groups?: readonly string[]
  readonly home?: string
  readonly shell?: string
  readonly comment?: string
  /** What becomes of its entry in /etc/shadow. */
  readonly shadow?: Partial<Shadow>
}
