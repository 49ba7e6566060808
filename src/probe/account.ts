/** The state of users and groups, from the name service and, when asked and allowed, the shadow file. */
import { quote } from '../shell/quote.ts'
import { bytesToText } from '../values/bytes.ts'
import { read, type Imagined, type ProbeKind, type Read } from './read.ts'
import type { Resource } from './resource.ts'
import { NEW_SHADOW, parseShadow, type Shadow } from './shadow.ts'

export interface UserRequest {
  readonly name: string
  /** Password hash and ageing are asked too; only root gets them. */
  readonly shadow?: boolean
  /** Only /etc/passwd and /etc/group count, not a directory service. */
  readonly local?: boolean
  /** The name may be a number too, as owners of files are given. */
  readonly orNumber?: boolean
}

export interface UserState {
  readonly name: string
  readonly uid: number
  readonly gid: number
  /** Name of the primary group; undefined when no group has that number. */
  readonly group: string | undefined
  /** Names of the other groups. */
  readonly groups: readonly string[]
  readonly comment: string
  readonly home: string
  readonly shell: string
  readonly shadow?: Shadow
}

export interface GroupRequest {
  readonly name: string
  readonly local?: boolean
}

export interface GroupState {
  readonly name: string
  readonly gid: number
  readonly members: readonly string[]
}

/** Asks for a user; null when there is none. */
export function userRead(name: string, options: Omit<UserRequest, 'name'> = {}): Read<UserState | null> {
  return read(userKind, { name, ...options })
}

/** Asks for a group, by its name or its number; null when there is none. */
export function groupRead(name: string, options: Omit<GroupRequest, 'name'> = {}): Read<GroupState | null> {
  return read(groupKind, { name, ...options })
}

/** All groups are listed, because a user's groups are told by their members. */
export const userKind: ProbeKind<UserRequest, UserState | null> = {
  name: 'user',
  script: (requests) =>
    [false, true]
      .map((local) => {
        const of = (wanted: readonly UserRequest[]): string => wanted.map(({ name }) => quote(name)).join(' ')
        const asked = requests.filter((request) => (request.local ?? false) === local)
        if (asked.length === 0) return `printf '\\0\\0\\0'`
        const service = local ? '-s files ' : ''
        const shadow = of(asked.filter((request) => request.shadow))
        return [
          `getent ${service}passwd -- ${of(asked)} 2>/dev/null; printf '\\0'`,
          `${shadow === '' ? '' : `getent ${service}shadow -- ${shadow} 2>/dev/null; `}printf '\\0'`,
          `getent ${service}group 2>/dev/null; printf '\\0'`,
        ].join('\n')
      })
      .join('\n'),
  parse(requests, stdout) {
    const sections = bytesToText(stdout).split('\0')
    return requests.map((request) => {
      const [passwd = '', shadow = '', group = ''] = sections.slice(request.local ? 3 : 0)
      return parseUser(request, linesOf(passwd), linesOf(shadow), linesOf(group).map(parseGroup))
    })
  },
  touches: ({ name }, result) => [name, ...(result?.groups ?? []), ...(result?.group === undefined ? [] : [result.group])].map((each): Resource => `account:${each}`),
  imagine: (request, real, imagined) => imagined.reduce((state, each) => imagineUser(request, state, each), real),
}

export const groupKind: ProbeKind<GroupRequest, GroupState | null> = {
  name: 'group',
  script: (requests) =>
    [false, true]
      .map((local) => {
        const names = requests.filter((request) => (request.local ?? false) === local).map(({ name }) => quote(name))
        return `${names.length === 0 ? '' : `getent ${local ? '-s files ' : ''}group -- ${names.join(' ')} 2>/dev/null; `}printf '\\0'`
      })
      .join('\n'),
  parse(requests, stdout) {
    const sections = bytesToText(stdout).split('\0')
    return requests.map(({ name, local = false }) => {
      const groups = linesOf(sections[local ? 1 : 0] ?? '').map(parseGroup)
      return groups.find((group) => group.name === name) ?? groups.find(({ gid }) => String(gid) === name) ?? null
    })
  },
  touches: ({ name }) => [`account:${name}`],
  imagine: ({ name }, real, imagined) => imagined.reduce((state, each) => imagineGroup(name, state, each), real),
}

function linesOf(text: string): string[] {
  return text.split('\n').filter((line) => line !== '')
}

function parseGroup(line: string): GroupState {
  const [name = '', , gid = '', members = ''] = line.split(':')
  return { name, gid: Number(gid), members: members === '' ? [] : members.split(',') }
}

function parseUser({ name, shadow: wanted, orNumber }: UserRequest, passwd: readonly string[], shadow: readonly string[], groups: readonly GroupState[]): UserState | null {
  const fields = (passwd.find((line) => line.startsWith(`${name}:`)) ?? (orNumber ? passwd.find((line) => line.split(':')[2] === name) : undefined))?.split(':')
  if (fields === undefined) return null
  const [, , uid, gid, comment = '', home = '', shell = ''] = fields
  const entry = wanted ? shadow.find((line) => line.startsWith(`${name}:`)) : undefined
  return {
    name,
    uid: Number(uid),
    gid: Number(gid),
    group: groups.find((group) => group.gid === Number(gid))?.name,
    groups: groups.filter((group) => group.gid !== Number(gid) && group.members.includes(name)).map((group) => group.name),
    comment,
    home,
    shell,
    ...(entry !== undefined && { shadow: parseShadow(entry) }),
  }
}

function imagineUser({ name, orNumber, shadow: wanted }: UserRequest, state: UserState | null, imagined: Imagined): UserState | null {
  if (imagined.kind !== 'user') return state
  if (imagined.name !== name && !(orNumber === true && String(imagined.entry?.uid) === name)) return state
  if (imagined.entry === null) return null
  const before = state ?? { name, uid: Number.NaN, gid: Number.NaN, group: name, groups: [], comment: '', home: `/home/${name}`, shell: '/bin/sh' }
  const { shadow, ...entry } = imagined.entry
  // Of a user that is there, and whose shadow was not told, nothing is known of it.
  const known = before.shadow ?? (state === null && wanted === true ? NEW_SHADOW : undefined)
  return { ...before, ...entry, ...(known !== undefined && { shadow: { ...known, ...shadow } }) }
}

function imagineGroup(name: string, state: GroupState | null, imagined: Imagined): GroupState | null {
  if (imagined.kind === 'user' && imagined.name === name && imagined.entry !== null && state === null && (imagined.entry.group ?? name) === name)
    return { name, gid: Number.NaN, members: [] }
  if (imagined.kind !== 'group' || (imagined.name !== name && String(imagined.entry?.gid) !== name)) return state
  if (imagined.entry === null) return null
  return { name, gid: imagined.entry.gid ?? state?.gid ?? Number.NaN, members: imagined.entry.members ?? state?.members ?? [] }
}
