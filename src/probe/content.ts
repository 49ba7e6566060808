/** The content of a file, up to a limit. */
import { bytesToText } from '../values/bytes.ts'
import { hostWord, REAL_PATHS, tidyPath } from './host-path.ts'
import { foresee } from './imagine-path.ts'
import { read, type ProbeKind, type Read } from './read.ts'
import { pathResource } from './resource.ts'

interface ContentRequest {
  readonly path: string
  /** Bytes. */
  readonly limit: number
}

/** Why there is no content. */
export type NoContent = 'missing' | 'not a file' | 'below a file' | 'unreadable' | 'too large'

export interface FileContent {
  /** null when there is none, or none that may be read. */
  readonly bytes: Buffer | null
  readonly why?: NoContent
  /** Without any link. */
  readonly realPath: string
}

/** What one read may bring, unless it says otherwise: 20 MB. */
export const USUAL_LIMIT = 20_000_000

/** Asks for the content of a file (through links). */
export function contentRead(path: string, limit = USUAL_LIMIT): Read<FileContent> {
  return read(contentKind, { path: tidyPath(path), limit })
}

/** Of each file a letter for why there is no content, or `=` and the content in base64; then the real paths; NUL behind each. */
export const contentKind: ProbeKind<ContentRequest, FileContent> = {
  name: 'content',
  script: (requests) =>
    limitsOf(requests)
      .map((limit) =>
        [
          `set -- ${requests.filter((each) => each.limit === limit).map(({ path }) => hostWord(path)).join(' ')}`,
          'for p do',
          // Of what is not there, the nearest folder tells whether it could be seen.
          `if [ ! -e "$p" ]; then d=$p; while [ ! -e "$d" ]; do case $d in */*) d=\${d%/*}; d=\${d:-/};; *) d=.;; esac; done`,
          'if [ ! -d "$d" ]; then printf f; elif [ ! -x "$d" ]; then printf u; else printf m; fi',
          `elif [ ! -f "$p" ]; then printf n; elif [ ! -r "$p" ]; then printf u`,
          `else printf =; head -c ${limit + 1} -- "$p" | base64; fi; printf '\\0'`,
          'done',
          REAL_PATHS,
        ].join('\n'),
      )
      .join('\n'),
  parse(requests, stdout) {
    const answers = stdout.toString('latin1').split('\0')
    let next = 0
    const take = (): string => {
      const answer = answers[next++]
      if (answer === undefined) throw new Error('the answer about contents is incomplete')
      return answer
    }
    const found = new Map<ContentRequest, FileContent>()
    for (const limit of limitsOf(requests)) {
      const group = requests.filter((each) => each.limit === limit)
      const contents = group.map(take)
      const paths = group.map(take)
      group.forEach((request, index) => found.set(request, contentOf(contents[index]!, bytesToText(Buffer.from(paths[index]!, 'latin1')) || request.path, limit)))
    }
    return requests.map((request) => found.get(request)!)
  },
  touches: ({ path }, result) => (result ? [pathResource(path), pathResource(result.realPath)] : [pathResource(path)]),
  imagine({ path, limit }, real, imagined) {
    const { state } = foresee([path, real.realPath], imagined)
    if (state === undefined) return real
    if (state === null) return { bytes: null, why: 'missing', realPath: real.realPath }
    if (state.type === 'directory') return { bytes: null, why: 'not a file', realPath: real.realPath }
    if (state.content === undefined) return real
    const bytes = Buffer.from(state.content)
    return bytes.length > limit ? { bytes: null, why: 'too large', realPath: real.realPath } : { bytes, realPath: real.realPath }
  },
}

/** Files of one limit share the programs that read them. */
function limitsOf(requests: readonly ContentRequest[]): readonly number[] {
  return [...new Set(requests.map(({ limit }) => limit))]
}

function contentOf(answer: string, realPath: string, limit: number): FileContent {
  const why = WHY[answer[0] ?? '']
  if (why) return { bytes: null, why, realPath }
  const bytes = Buffer.from(answer.slice(1), 'base64')
  return bytes.length > limit ? { bytes: null, why: 'too large', realPath } : { bytes, realPath }
}

const WHY: Readonly<Record<string, NoContent>> = { m: 'missing', f: 'below a file', n: 'not a file', u: 'unreadable' }
