/** Mode, owner, group, flags and SELinux context: what differs from what a task wants, and how to set it. */
import { PlonerunError } from '../../errors/plonerun-error.ts'
import type { PathOptions, ExistingPath } from '../../probe/path-state.ts'
import type { Step } from '../contract/change.ts'
import { defaulting, flag, mode, text } from '../contract/option.ts'
import { chmodMode, formatMode, resolveMode } from './mode.ts'

/** The options that every module with a file has. */
export const attributeOptions = {
  mode: mode('Permissions, such as 0644 or u=rwX,g=rX.'),
  owner: text('Name or number of the user that owns it.'),
  group: text('Name or number of the group that owns it.'),
  attributes: text('Flags of chattr; with + or - in front they are added or taken away.', { aliases: ['attr'] }),
  seuser: text('SELinux user; _default is the policy\'s.'),
  serole: text('SELinux role; _default is the policy\'s.'),
  setype: text('SELinux type; _default is the policy\'s.'),
  selevel: text('SELinux level; _default is the policy\'s.'),
}

/** For modules that replace a file. */
export const unsafeWrites = defaulting(flag('Writes in place where a file cannot be replaced (a bind mount).'), false)

/** What a task wants of a path; nothing is said about what is left out. */
export interface WantedAttributes {
  readonly mode?: number | string | undefined
  readonly owner?: string | undefined
  readonly group?: string | undefined
  readonly attributes?: string | undefined
  readonly seuser?: string | undefined
  readonly serole?: string | undefined
  readonly setype?: string | undefined
  readonly selevel?: string | undefined
}

/** What has to be set, and the lines that tell of it. */
export interface AttributeChange {
  /** `mode 0644 -> 0600`. */
  readonly lines: readonly string[]
  readonly mode?: number
  readonly owner?: string
  readonly group?: string
  /** An argument of chattr: `+i`. */
  readonly flags?: string
  /** Arguments of chcon: `-t`, `httpd_sys_content_t`. */
  readonly context?: readonly string[]
}

/** What a path read must ask for, so that these wishes can be compared. */
export function attributeQuestions(wanted: WantedAttributes): PathOptions {
  return {
    ...(wanted.attributes !== undefined && { attributes: true }),
    ...(CONTEXT.some(([, option]) => wanted[option] !== undefined) && { context: true }),
  }
}

/**
 * What differs at a path that is there. The mode of a link cannot be set, so it is left alone.
 * @throws PlonerunError for `preserve`, which only copy and template resolve
 */
export function compareAttributes(wanted: WantedAttributes, current: ExistingPath): AttributeChange {
  const lines: string[] = []
  const differs = (what: string, before: string, after: string): void => void lines.push(`${what} ${before} -> ${after}`)

  const owner = isOwner(wanted.owner, current.owner, current.uid) ? undefined : wanted.owner
  if (owner !== undefined) differs('owner', current.owner, owner)
  const group = isOwner(wanted.group, current.group, current.gid) ? undefined : wanted.group
  if (group !== undefined) differs('group', current.group, group)

  const wantedMode = current.type === 'link' ? undefined : modeOf(wanted.mode, current)
  const sameMode = wantedMode === undefined || wantedMode === current.mode
  if (!sameMode) differs('mode', formatMode(current.mode), formatMode(wantedMode))
  // A new owner costs the set-id bits, so they are set again.
  const mode = sameMode && (owner ?? group) === undefined ? undefined : wantedMode

  const flags = flagChange(wanted.attributes, current.attributes ?? '')
  if (flags !== undefined) differs('attributes', current.attributes ?? '', flags)

  const context = contextChange(wanted, current.context)
  if (context.length > 0) differs('context', current.context!.current, context.filter((_, index) => index % 2 === 1).join(':'))

  return {
    lines,
    ...(mode !== undefined && { mode }),
    ...(owner !== undefined && { owner }),
    ...(group !== undefined && { group }),
    ...(flags !== undefined && { flags }),
    ...(context.length > 0 && { context }),
  }
}

/** The mode that a wish gives, or undefined when there is none. */
export function modeOf(wanted: number | string | undefined, current: Pick<ExistingPath, 'mode' | 'type' | 'umask'>): number | undefined {
  if (wanted === 'preserve') throw new PlonerunError("mode 'preserve' is for copying a file", { hint: 'Give a mode such as 0644 or u=rw,g=r.' })
  return wanted === undefined ? undefined : resolveMode(wanted, { mode: current.mode, directory: current.type === 'directory', umask: current.umask })
}

/** Digits are a number, anything else a name. */
function isOwner(wanted: string | undefined, name: string, id: number): boolean {
  return wanted === undefined || (/^\d+$/.test(wanted) ? Number(wanted) === id : wanted === name)
}

/** chattr's argument, or undefined when the flags are as wanted. The extent flag `e` belongs to the file system. */
function flagChange(wanted: string | undefined, current: string): string | undefined {
  if (!wanted) return undefined
  const operator = /^[-+=]/.exec(wanted)?.[0] ?? '='
  const letters = wanted.replace(/^[-+=]/, '')
  const has = Array.from(letters).filter((letter) => current.includes(letter))
  if (operator === '+') return has.length === letters.length ? undefined : `+${letters}`
  if (operator === '-') return has.length === 0 ? undefined : `-${letters}`
  const sorted = (flags: string): string => Array.from(new Set(`${flags}e`)).sort().join('')
  return sorted(letters) === sorted(current) ? undefined : `=${letters}`
}

const CONTEXT = [
  ['-u', 'seuser'],
  ['-r', 'serole'],
  ['-t', 'setype'],
  ['-l', 'selevel'],
] as const

/** Arguments of chcon. A host without SELinux tells no context, and nothing is to be done there. */
function contextChange(wanted: WantedAttributes, context: ExistingPath['context']): string[] {
  if (!context) return []
  const [current, policy] = [splitContext(context.current), splitContext(context.policy)]
  return CONTEXT.flatMap(([argument, option], index) => {
    const value = wanted[option] === '_default' ? policy[index] : wanted[option]
    return value === undefined || value === current[index] ? [] : [argument, value]
  })
}

/** User, role, type and level; a level has colons of its own. */
function splitContext(context: string): readonly string[] {
  const [user = '', role = '', type = '', ...level] = context.split(':')
  return [user, role, type, level.join(':')]
}

/** Commands that make the change at an absolute path; a link itself, never what it leads to. */
export function attributeCommands(path: string, { mode, owner, group, flags, context }: AttributeChange): readonly (readonly string[])[] {
  return [
    // chown takes the set-id bits away, so it comes first.
    ...(owner !== undefined || group !== undefined ? [['chown', '-h', '--', ownerSpec(owner, group), path]] : []),
    ...(mode !== undefined ? [['chmod', '--', chmodMode(mode), path]] : []),
    // Of a file that is new nobody has asked whether its host has SELinux.
    ...(context ? [['/bin/sh', '-c', '[ ! -e /sys/fs/selinux/enforce ] || exec chcon "$@"', 'sh', '-h', ...context, '--', path]] : []),
    ...(flags !== undefined ? [['chattr', flags, path]] : []),
  ]
}

/** The same as steps of a change. */
export function attributeSteps(path: string, change: AttributeChange): readonly Step[] {
  return attributeCommands(path, change).map((argv) => ({ argv }))
}

/** chown's argument. An owner alone has no colon, because `zope:` would set zope's own group too. */
export function ownerSpec(owner: string | undefined, group: string | undefined): string {
  return group === undefined ? (owner ?? '') : `${owner ?? ''}:${group}`
}
