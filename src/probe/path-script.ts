/** The script of a path probe: one process of a kind answers all requests. */
import { hostWord, REAL_PATHS } from './host-path.ts'
import type { ChecksumAlgorithm, PathRequest } from './path-state.ts'

/** Requests that share one run of each tool. Paths are asked once, however many requests name them. */
export interface Batch {
  readonly paths: readonly string[]
  readonly requests: readonly PathRequest[]
}

/** Keeps the arguments of a process, and what `set --` moves around, small. */
const MOST_PATHS = 400
const MOST_BYTES = 60_000

/** The requests in portions that one process's arguments can hold. */
export function batchesOf(requests: readonly PathRequest[]): readonly Batch[] {
  const byPath = new Map<string, PathRequest[]>()
  for (const request of requests) byPath.set(request.path, [...(byPath.get(request.path) ?? []), request])
  const batches: Batch[] = []
  let paths: string[] = []
  let bytes = 0
  const close = (): void => {
    if (paths.length > 0) batches.push({ paths, requests: paths.flatMap((path) => byPath.get(path)!) })
    ;[paths, bytes] = [[], 0]
  }
  for (const path of byPath.keys()) {
    paths.push(path)
    bytes += path.length
    if (paths.length === MOST_PATHS || bytes > MOST_BYTES) close()
  }
  close()
  return batches
}

/** Whether some of it is about links themselves. */
export function asksForLinks({ requests }: Batch): boolean {
  return !requests.every(isFollowed)
}

/** Distinct paths of the batch's requests that ask for something extra. */
export function asking({ requests }: Batch, wants: (request: PathRequest) => unknown): readonly string[] {
  return [...new Set(requests.filter(wants).map(({ path }) => path))]
}

/** The same, those that ask about what a link leads to apart from those that ask about the path itself. */
export function askingApart(batch: Batch, wants: (request: PathRequest) => unknown): readonly { readonly follow: boolean; readonly paths: readonly string[] }[] {
  return [false, true].map((follow) => ({ follow, paths: asking(batch, (request) => wants(request) && isFollowed(request) === follow) })).filter(({ paths }) => paths.length > 0)
}

export function isFollowed({ follow = false }: PathRequest): boolean {
  return follow
}

/** Checksum algorithms that the batch needs. */
export function algorithmsOf({ requests }: Batch): readonly ChecksumAlgorithm[] {
  return [...new Set(requests.flatMap(({ checksum }) => checksum ?? []))]
}

const words = (paths: readonly string[]): string => `set -- ${paths.map((path) => hostWord(path)).join(' ')}`
const keepOnly = (test: string): string => `for p do shift; if ${test}; then set -- "$@" "$p"; fi; done`
const END = `printf '\\0'`

/** What namedLines of path-parse.ts reads. */
const FORMAT = '%f %u %g %s %.9Y %.9X %.9Z %i %d %h %b %o %t %T:%U:%G:%n'

/**
 * The batch's questions, answers separated by NUL. GNU stat and busybox's understand the same format
 * (busybox gives whole seconds); `readlink -z` is GNU's, with a slower way for busybox.
 */
export function batchScript(batch: Batch): string {
  const lines = [
    words(batch.paths),
    `umask; ${END}; printf '%s\\0' "$@"`,
    `stat -L -c '${FORMAT}' -- "$@" 2>/dev/null; ${END}`,
    REAL_PATHS,
  ]
  if (asksForLinks(batch))
    lines.push(
      keepOnly('[ -L "$p" ]'),
      `[ $# = 0 ] || stat -c '${FORMAT}' -- "$@" 2>/dev/null; ${END}`,
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
  for (const { follow, paths } of askingApart(batch, ({ mime }) => mime)) lines.push(words(paths), `file -${follow ? 'L' : 'h'} -b --mime-type --mime-encoding -- "$@" 2>/dev/null; ${END}`)
  const access = asking(batch, (request) => request.access)
  if (access.length > 0)
    lines.push(words(access), `for p do [ -r "$p" ] && printf r; [ -w "$p" ] && printf w; [ -x "$p" ] && printf x; ${END}; done`)
  for (const { follow, paths } of askingApart(batch, ({ context }) => context))
    lines.push(
      words(paths),
      `if [ -e /sys/fs/selinux/enforce ]; then stat ${follow ? '-L ' : ''}-c '%C:%n' -- "$@" 2>/dev/null; ${END}; matchpathcon -n -- "$@" 2>/dev/null; ${END}; else printf '\\0\\0'; fi`,
    )
  return lines.join('\n')
}
