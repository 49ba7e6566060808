/** Where a single file goes: the destination itself, or a file of the source's name in the folder that it is. */
import { contentRead } from '../../probe/content.ts'
import { pathRead } from '../../probe/path.ts'
import type { PathOptions, PathState } from '../../probe/path-state.ts'
import type { Known } from '../contract/module.ts'
import { ancestorReads } from './directories.ts'
import { MOST_FOR_DIFF } from './write-file.ts'

export interface DestinationRequest {
  /** As the task has it. */
  readonly dest: string
  /** The source's name; null when the destination cannot be a folder. */
  readonly name: string | null
  readonly questions: PathOptions
}

type DestinationState = Partial<Record<keyof ReturnType<typeof destinationReads>, unknown>>

/** The questions about a destination, all in one stage; what is above it only when a folder must be made. */
export function destinationReads({ dest, name, questions }: DestinationRequest, known: Known) {
  const asked = { ...questions, checksum: 'sha1' } as const
  const inside = name === null ? undefined : join(dest, name)
  const target = known['target'] as PathState | undefined
  return {
    entry: pathRead(dest, asked),
    target: pathRead(dest, { ...asked, follow: true }),
    parent: pathRead(parentOf(dest), { follow: true }),
    ...(inside !== undefined && { insideEntry: pathRead(inside, asked), insideTarget: pathRead(inside, { ...asked, follow: true }) }),
    ...(dest.endsWith('/') && target?.exists === false && ancestorReads(`${dest}x`)),
  }
}

export interface Destination {
  /** The path itself, or what it leads to when links are followed. */
  readonly current: PathState
  /** The folder it is in. */
  readonly parent: PathState
  /** It is within the folder that the task names. */
  readonly inside: boolean
}

/** Which of the paths read is the destination. */
export function resolveDestination({ dest }: DestinationRequest, follow: boolean, state: DestinationState): Destination {
  const { entry, target, parent, insideEntry, insideTarget } = state as Record<string, PathState | undefined>
  const folder = target!.exists && target!.type === 'directory'
  const inside = (folder || dest.endsWith('/')) && insideEntry !== undefined
  const [itself, leadsTo] = inside ? [insideEntry, insideTarget!] : [entry!, target!]
  const followed = follow && itself.exists && itself.type === 'link' && leadsTo.exists
  return { current: followed ? { ...leadsTo, path: leadsTo.realPath } : itself, parent: inside ? target! : parent!, inside }
}

/** The content that is there now, for a diff. */
export function beforeRead(current: PathState) {
  return contentRead(current.path, MOST_FOR_DIFF)
}

/** `/a/b` for `/a/b/c` and for `/a/b/c/`. */
export function parentOf(path: string): string {
  const trimmed = path.replace(/\/+$/, '')
  const slash = trimmed.lastIndexOf('/')
  return slash > 0 ? trimmed.slice(0, slash) : slash === 0 ? '/' : '.'
}

/** A path below a folder. */
export function join(folder: string, name: string): string {
  return folder.endsWith('/') ? `${folder}${name}` : `${folder}/${name}`
}
