/** A file whose whole content a module knows: made, replaced, or removed. */
import { contentRead, type FileContent } from '../../probe/content.ts'
import { pathRead } from '../../probe/path.ts'
import type { PathState } from '../../probe/path-state.ts'
import type { Read } from '../../probe/read.ts'
import { textToBytes } from '../../values/bytes.ts'
import type { Change } from '../contract/change.ts'
import type { Known } from '../contract/module.ts'
import { attributeQuestions, type WantedAttributes } from '../files/attributes.ts'
import { imaginedPath, resourcesOf, sha1, writeFile } from '../files/write-file.ts'

/** What must be known of the file; `name` tells several files of a task apart. */
export function wholeFileReads(name: string, path: string, wanted: WantedAttributes = {}): Record<string, Read<unknown>> {
  return {
    [`${name} entry`]: pathRead(path, { ...attributeQuestions(wanted), checksum: 'sha1', follow: true }),
    [`${name} content`]: contentRead(path),
  }
}

/** What the file holds; undefined when there is none. */
export function wholeFileContent(name: string, known: Known): Buffer | undefined {
  return (known[`${name} content`] as FileContent | undefined)?.bytes ?? undefined
}

/** The change that gives the file this content (null: no file), or undefined when it has it. */
export function planWholeFile(name: string, known: Known, content: string | Uint8Array | null, wanted: WantedAttributes = {}): Change | undefined {
  const entry = known[`${name} entry`] as PathState
  const current = { ...entry, path: entry.realPath }
  if (content === null) {
    if (!entry.exists) return undefined
    const before = wholeFileContent(name, known)?.toString('utf8') ?? ''
    return {
      summary: `${entry.path}: removed`,
      diff: { before, after: '', beforeHeader: entry.path, afterHeader: entry.path },
      writes: resourcesOf(entry),
      steps: [{ argv: ['rm', '-f', '--', entry.path] }],
      leaves: [{ kind: 'path', path: imaginedPath(entry), state: null }],
    }
  }
  const bytes = typeof content === 'string' ? textToBytes(content) : content
  return writeFile(current, { content: bytes, checksum: sha1(bytes), wanted }, known[`${name} content`] as FileContent)
}
