/** Decides whether a file must be written, and with what: the heart of copy, template and all that edit files. */
import { createHash } from 'node:crypto'
import type { FileContent } from '../../probe/content.ts'
import type { ExistingPath, PathState } from '../../probe/path-state.ts'
import { pathResource } from '../../probe/resource.ts'
import type { Change, Diff } from '../contract/change.ts'
import { attributeSteps, compareAttributes, modeOf, type AttributeChange, type WantedAttributes } from './attributes.ts'
import { describe } from './directories.ts'
import { place, type Content } from './place.ts'

/** A file as it is to be. */
export interface FileWish {
  readonly content: Content
  /** SHA-1 of the content. */
  readonly checksum: string
  readonly wanted: WantedAttributes
  readonly backup?: boolean | undefined
  readonly validate?: string | undefined
  readonly unsafeWrites?: boolean | undefined
  /** The mode of a file that is written, when nothing else is said: that of the file it is copied from. */
  readonly sourceMode?: number | undefined
  /** The content holds a secret: no diff. */
  readonly secret?: boolean | undefined
}

/** Content beyond this is not shown as a diff. Bytes. */
export const MOST_FOR_DIFF = 104_448

/**
 * The change that makes a path be this file, or undefined when it is.
 * @param current the path itself, or what it leads to where links are followed; a link is replaced by a file
 * @param before for a diff
 */
export function writeFile(current: PathState, wish: FileWish, before?: FileContent): Change | undefined {
  if (current.exists && current.type === 'file') {
    if (current.checksum === wish.checksum) return attributesOnly(current, wish.wanted)
    const attributes = compareAttributes({ ...wish.wanted, mode: wish.wanted.mode ?? wish.sourceMode }, current)
    return placing(current, current, attributes, ['content', ...attributes.lines], wish, before)
  }
  const { lines, ...attributes } = newAttributes(wish.wanted, current.umask)
  return placing(current, undefined, { lines, ...attributes }, [current.exists ? `file instead of a ${current.type}` : 'new file', ...lines], wish, before)
}

/** The change of mode, owner and so on at a path that is there, or undefined when they are as wanted. */
export function attributesOnly(current: ExistingPath, wanted: WantedAttributes): Change | undefined {
  const attributes = compareAttributes(wanted, current)
  if (attributes.lines.length === 0) return undefined
  const { mode, owner, group, flags } = attributes
  return {
    summary: `${current.path}: ${attributes.lines.join(', ')}`,
    writes: resourcesOf(current),
    steps: attributeSteps(current.path, attributes),
    leaves: [{ kind: 'path', path: imaginedPath(current), state: { type: imaginedType(current), ...given({ mode, owner, group }), ...(flags !== undefined && { attributes: withFlags(flags, current.attributes ?? '') }) } }],
  }
}

/** Letters of chattr after a call of it. */
function withFlags(flags: string, before: string): string {
  const letters = flags.slice(1)
  return flags.startsWith('=') ? letters : flags.startsWith('+') ? before + letters : Array.from(before).filter((letter) => !letters.includes(letter)).join('')
}

/** All that a new file gets; its mode is never left to chance. */
export function newAttributes(wanted: WantedAttributes, umask: number): AttributeChange & { readonly mode: number } {
  const usual = 0o666 & ~umask
  const mode = modeOf(wanted.mode, { mode: usual, type: 'file', umask }) ?? usual
  const { owner, group, attributes } = wanted
  return {
    lines: describe(mode, owner, group),
    mode,
    ...given({ owner, group }),
    ...(attributes && { flags: /^[-+=]/.test(attributes) ? attributes : `=${attributes}` }),
    ...contextOfNew(wanted),
  }
}

function contextOfNew({ seuser, serole, setype, selevel }: WantedAttributes): Pick<AttributeChange, 'context'> {
  const context = Object.entries({ '-u': seuser, '-r': serole, '-t': setype, '-l': selevel }).flatMap(([argument, value]) =>
    value === undefined || value === '_default' ? [] : [argument, value],
  )
  return context.length > 0 ? { context } : {}
}

function placing(
  current: PathState,
  replaces: ExistingPath | undefined,
  attributes: AttributeChange,
  lines: readonly string[],
  wish: FileWish,
  before: FileContent | undefined,
): Change {
  const { content, secret, backup, validate, unsafeWrites } = wish
  const { mode, owner, group } = attributes
  const diff = secret ? undefined : contentDiff(current.path, before, content)
  return {
    summary: `${current.path}: ${lines.join(', ')}`,
    ...(diff && { diff }),
    writes: resourcesOf(current),
    steps: [place({ path: current.path, content, ...(replaces && { replaces }), attributes, backup, validate, unsafeWrites })],
    leaves: [{ kind: 'path', path: imaginedPath(current), state: { type: 'file', ...given({ mode, owner, group }), ...(content instanceof Uint8Array ? { content } : /^[0-9a-f]{40}$/.test(wish.checksum) && { sha1: wish.checksum }) } }],
  }
}

/** The name under which check mode knows a path, however a later task spells it. A link is only itself. */
export function imaginedPath(current: PathState): string {
  return current.exists && current.type === 'link' ? current.path : current.realPath
}

/** The paths that a change of this one writes. */
export function resourcesOf(current: PathState): Change['writes'] {
  const { path, realPath } = current
  // The other names of a file with hard links are not known.
  if (current.exists && current.type === 'file' && current.links > 1) return ['anything']
  return path === realPath ? [pathResource(path)] : [pathResource(path), pathResource(realPath)]
}

/** Texts before and after; nothing when either is binary, too large or not known. */
export function contentDiff(path: string, before: FileContent | undefined, after: Content): Diff | undefined {
  if (!before || !(after instanceof Uint8Array)) return undefined
  if (before.bytes === null && before.why !== 'missing') return undefined
  const [old, fresh] = [before.bytes ?? Buffer.alloc(0), Buffer.from(after.buffer, after.byteOffset, after.length)]
  if ([old, fresh].some((bytes) => bytes.length > MOST_FOR_DIFF || bytes.includes(0))) return undefined
  return { before: old.toString('utf8'), after: fresh.toString('utf8'), beforeHeader: path, afterHeader: path }
}

/** SHA-1 as hexadecimal digits. */
export function sha1(content: Uint8Array): string {
  return createHash('sha1').update(content).digest('hex')
}

/** The type that a path has in check mode's eyes. */
export function imaginedType({ type }: ExistingPath): 'file' | 'directory' | 'link' | 'fifo' {
  return type === 'directory' || type === 'link' || type === 'fifo' ? type : 'file'
}

/** Only what is given: an undefined field and a field left out are not the same to the type checker. */
function given<T extends Record<string, unknown>>(fields: T): { [K in keyof T]?: NonNullable<T[K]> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as { [K in keyof T]?: NonNullable<T[K]> }
}
