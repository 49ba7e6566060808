/** The state of a path: what is there, whose it is, its checksum. */
import { leftFolders, tidyPath } from './host-path.ts'
import { imaginePath } from './imagine-path.ts'
import { parseBatch } from './path-parse.ts'
import { batchesOf, batchScript } from './path-script.ts'
import type { PathOptions, PathRequest, PathState } from './path-state.ts'
import { read, type ProbeKind, type Read } from './read.ts'
import { entryResource, pathResource, type Resource } from './resource.ts'

/** Asks for the state of a path on the host; `~` at its start is expanded there. */
export function pathRead(path: string, options: PathOptions = {}): Read<PathState> {
  return read(pathKind, { path: tidyPath(path), ...options })
}

export const pathKind: ProbeKind<PathRequest, PathState> = {
  name: 'path',
  script: (requests) => batchesOf(requests).map(batchScript).join('\n'),
  parse(requests, stdout) {
    const cursor = { entries: stdout.toString('latin1').split('\0'), at: 0 }
    const answers = new Map<PathRequest, PathState>()
    for (const batch of batchesOf(requests)) parseBatch(batch, cursor, answers)
    return requests.map((request) => answers.get(request)!)
  },
  // What is not there may come with anything below it; what is there is only itself.
  touches({ path }, result): readonly Resource[] {
    const left = leftFolders(path).map(entryResource)
    if (!result) return [pathResource(path), ...left]
    const names = result.path === result.realPath ? [result.path] : [result.path, result.realPath]
    return [...names.map(result.exists ? entryResource : pathResource), ...left]
  },
  imagine: imaginePath,
}
