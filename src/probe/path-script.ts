/** The script of a path probe: one process of a kind answers all requests. */
import { hostWord } from './host-path.ts'
import type { ChecksumAlgorithm, PathRequest } from './path-state.ts'

/** Requests that share one run of each tool. Paths are asked once, however many requests name them. */
export interface Batch {
  readonly follow: boolean
  readonly paths: readonly string[]
  readonly requests: readonly PathRequest[]
}

/** Keeps the arguments of a process, and what `set --` moves around, small. */
const MOST_PATHS = 400
const MOST_BYTES = 60_000

/** The requests in portions that one process's arguments can hold. */
export function batchesOf(requests: readonly PathRequest[]): readonly Batch[] {
  const batches: Batch[] = []
  for (const follow of [false, true]) {
    const byPath = new Map<string, PathRequest[]>()
    for (const request of requests.filter((each) => (each.follow ?? false) === follow)) byPath.set(request.path, [...(byPath.get(request.path) ?? []), request])
    let paths: string[] = []
    let bytes = 0
    const close = (): void => {
      if (paths.length > 0) batches.push({ follow, paths, requests: paths.flatMap((path) => byPath.get(path)!) })
      ;[paths, bytes] = [[], 0]
    }
    for (const path of byPath.keys()) {
      paths.push(path)
      bytes += path.length
      if (paths.length === MOST_PATHS || bytes > MOST_BYTES) close()
    }
    close()
  }
  return batches
}

/** Distinct paths of the batch's requests that ask for something extra. */
export function asking({ requests }: Batch, wants: (request: PathRequest) => unknown): readonly string[] {
  return [...new Set(requests.filter(wants).map(({ path }) => path))]
}

/** Checksum algorithms that the batch needs. */
export function algorithmsOf({ requests }: Batch): readonly ChecksumAlgorithm[] {
  return [...new Set(requests.flatMap(({ checksum }) => checksum ?? []))]
}

const words = (paths: readonly string[]): string => `set -- ${paths.map((path) => hostWord(path)).join(' ')}`
const keepOnly = (test: string): string => `for p do shift; if ${test}; then set -- "$@" "$p"; fi; done`
const END = `printf '\\0'`

/**
 * The batch's questions, answers separated by NUL. GNU stat and busybox's understand the same format
 * (busybox gives whole seconds); `readlink -m` and `-z` are GNU's, with a slower way for busybox.
 */
export function batchScript(batch: Batch): string {
  const lines = [
    words(batch.paths),
    `umask; ${END}; printf '%s\\0' "$@"`,
    `stat ${batch.follow ? '-L ' : ''}-c '%f %u %g %s %.9Y %.9X %.9Z %i %d %h %b %o %t %T:%U:%G:%n' -- "$@" 2>/dev/null; ${END}`,
    `readlink -mz -- "$@" 2>/dev/null || for p do x=$(readlink -f -- "$p"; printf .); x=\${x%.}; printf '%s\\0' "\${x%?}"; done`,
  ]
  if (!batch.follow)
    lines.push(
      keepOnly('[ -L "$p" ]'),
      `[ $# = 0 ] || readlink -z -- "$@" 2>/dev/null || for p do x=$(readlink -- "$p"; printf .); x=\${x%.}; printf '%s\\0' "\${x%?}"; done`,
      END,
    )
  for (const algorithm of algorithmsOf(batch))
    lines.push(
      words(asking(batch, ({ checksum }) => checksum === algorithm)),
      keepOnly('[ -f "$p" ] && [ -r "$p" ]'),
      `[ $# = 0 ] || ${algorithm}sum -- "$@" 2>/dev/null; ${END}`,
    )
  const attributes = asking(batch, (request) => request.attributes)
  if (attributes.length > 0) lines.push(words(attributes), `lsattr -vd -- "$@" 2>/dev/null; ${END}`)
  const mime = asking(batch, (request) => request.mime)
  if (mime.length > 0) lines.push(words(mime), `file -${batch.follow ? 'L' : 'h'} -b --mime-type --mime-encoding -- "$@" 2>/dev/null; ${END}`)
  const access = asking(batch, (request) => request.access)
  if (access.length > 0)
    lines.push(words(access), `for p do [ -r "$p" ] && printf r; [ -w "$p" ] && printf w; [ -x "$p" ] && printf x; ${END}; done`)
  const context = asking(batch, (request) => request.context)
  if (context.length > 0)
    lines.push(
      words(context),
      `if [ -e /sys/fs/selinux/enforce ]; then stat ${batch.follow ? '-L ' : ''}-c '%C:%n' -- "$@" 2>/dev/null; ${END}; matchpathcon -n -- "$@" 2>/dev/null; ${END}; else printf '\\0\\0'; fi`,
    )
  return lines.join('\n')
}
