/** Bringing a user that exists to what a task wants: one change for each thing that differs. */
import type { UserState } from '../../probe/account.ts'
import type { Shadow } from '../../probe/shadow.ts'
import type { Change, Step } from '../contract/change.ts'
import type { Imagined, ImaginedUser } from '../../probe/read.ts'
import { ageingFlags, ageingOf, homeFolder, setPassword } from './user-create.ts'
import { expiresSo, expiryDate, expiryDays } from './user-expiry.ts'
import { expiryStep, membershipSteps } from './libuser.ts'
import type { UserInput } from './user-options.ts'

interface Difference {
  readonly what: string
  /** usermod's, and lusermod's where that has such a thing. */
  readonly flags: readonly string[]
  /** What libuser has a program of its own for. */
  readonly libuser?: readonly Step[]
  readonly entry?: ImaginedUser
}

/**
 * The changes.
 * @param group the primary group that is asked for
 * @param groups names of the other groups that are asked for; undefined leaves them
 * @param libuser its programs are to be used
 */
export function modifyUser(input: UserInput, user: UserState, group: { readonly name: string; readonly gid: number } | undefined, groups: readonly string[] | undefined, libuser: boolean): readonly Change[] {
  const { name } = input
  const changes: Change[] = []
  const differences = [...attributes(input, user), ...membership(input, user, group, groups)]
  if (differences.length > 0)
    changes.push({
      summary: `user ${name}: ${differences.map(({ what }) => what).join(', ')}`,
      writes: ['account:*', ...(input.move_home && input.home !== undefined ? [`path:${input.home}` as const, `path:${user.home}` as const] : [])],
      steps: libuser ? withLibuser(name, differences) : [{ argv: ['usermod', ...differences.flatMap(({ flags }) => flags), name] }],
      leaves: [{ kind: 'user', name, entry: Object.assign({}, ...differences.map(({ entry }) => entry)) as ImaginedUser }, ...moved(input, user)],
    })
  for (const { what, step, shadow } of shadowDifferences(input, user, libuser)) changes.push({ summary: `user ${name}: ${what}`, writes: ['account:*'], steps: [step], leaves: [{ kind: 'user', name, entry: { shadow } }] })
  return changes
}

function moved({ move_home: moves, home }: UserInput, user: UserState): readonly Imagined[] {
  if (!moves || home === undefined || home === user.home) return []
  return [{ kind: 'path', path: user.home, state: null }, homeFolder(home, user.name, user.group ?? user.name)]
}

function withLibuser(name: string, differences: readonly Difference[]): readonly Step[] {
  const flags = differences.flatMap(({ flags, libuser }) => (libuser === undefined ? flags : []))
  return [...(flags.length > 0 ? [{ argv: ['lusermod', ...flags, name] }] : []), ...differences.flatMap(({ libuser = [] }) => libuser)]
}

function attributes(input: UserInput, user: UserState): Difference[] {
  const { uid, comment, home, shell, seuser, expires } = input
  const found: Difference[] = []
  if (uid !== undefined && uid !== user.uid) found.push({ what: `uid ${user.uid} -> ${uid}`, flags: ['-u', String(uid), ...(input.non_unique ? ['-o'] : [])], entry: { uid } })
  if (comment !== undefined && comment !== user.comment) found.push({ what: `comment ${user.comment || "''"} -> ${comment || "''"}`, flags: ['-c', comment], entry: { comment } })
  if (home !== undefined && home !== user.home) found.push({ what: `home ${user.home} -> ${home}`, flags: ['-d', home, ...(input.move_home ? ['-m'] : [])], entry: { home } })
  if (shell !== undefined && shell !== user.shell) found.push({ what: `shell ${user.shell || "''"} -> ${shell}`, flags: ['-s', shell], entry: { shell } })
  if (expires !== undefined && user.shadow !== undefined && !expiresSo(expires, user.shadow.expires))
    found.push({ what: `expires ${expires < 0 ? 'never' : `on ${expiryDate(expires)}`}`, flags: ['-e', expiryDate(expires)], libuser: [expiryStep(user.name, expires)], entry: { shadow: { expires: expiryDays(expires) } } })
  // What SELinux maps a login to is not asked, so it goes along only when something else changes.
  return found.length > 0 && seuser !== undefined ? [...found, { what: `SELinux user ${seuser}`, flags: ['-Z', seuser] }] : found
}

function membership(input: UserInput, user: UserState, group: { readonly name: string; readonly gid: number } | undefined, groups: readonly string[] | undefined): Difference[] {
  const found: Difference[] = []
  if (group !== undefined && group.gid !== user.gid && group.name !== user.group) found.push({ what: `group ${user.group ?? user.gid} -> ${group.name}`, flags: ['-g', input.group!], entry: { group: group.name } })
  if (groups === undefined) return found
  const primary = group?.name ?? user.group
  const wanted = groups.filter((each) => each !== primary)
  const added = wanted.filter((each) => !user.groups.includes(each))
  const dropped = input.append ? [] : user.groups.filter((each) => !wanted.includes(each))
  if (added.length === 0 && dropped.length === 0) return found
  const what = [...added.map((each) => `+${each}`), ...dropped.map((each) => `-${each}`)].join(' ')
  const flags = input.append ? ['-a', '-G', added.join(',')] : ['-G', wanted.join(',')]
  return [...found, { what: `groups ${what}`, flags, libuser: membershipSteps(user.name, added, dropped), entry: { groups: input.append ? [...user.groups, ...added] : wanted } }]
}

interface ShadowDifference {
  readonly what: string
  readonly step: Step
  readonly shadow: Partial<Shadow>
}

/** What only the shadow file knows; nothing when it could not be read. */
function shadowDifferences(input: UserInput, { name, shadow }: UserState, libuser: boolean): readonly ShadowDifference[] {
  const { password, password_lock: lock } = input
  if (shadow === undefined) return []
  const usermod = libuser ? 'lusermod' : 'usermod'
  const found: ShadowDifference[] = []
  const locked = shadow.password.startsWith('!')
  if (password !== undefined && input.update_password === 'always' && shadow.password.replace(/^!+/, '') !== password.replace(/^!+/, ''))
    found.push({ what: 'password', step: setPassword(name, lock === true ? `!${password}` : password), shadow: { password: lock === true ? `!${password}` : password } })
  else if (lock === true && !locked) found.push({ what: 'lock the password', step: { argv: [usermod, '-L', name] }, shadow: { password: `!${shadow.password}` } })
  else if (lock === false && locked) found.push({ what: 'unlock the password', step: { argv: [usermod, '-U', name] }, shadow: { password: shadow.password.slice(1) } })
  const ageing = ageingFlags({
    password_expire_max: unless(shadow.maximum, input.password_expire_max),
    password_expire_min: unless(shadow.minimum, input.password_expire_min),
    password_expire_warn: unless(shadow.warning, input.password_expire_warn),
    password_expire_account_disable: unless(shadow.inactive, input.password_expire_account_disable),
  })
  if (ageing.length > 0) found.push({ what: `ageing of the password (chage ${ageing.join(' ')})`, step: { argv: ['chage', ...ageing, name] }, shadow: ageingOf(input) })
  return found
}

/** The number that is wanted, unless it is so already; -1 and an empty field both mean never. */
function unless(real: number | undefined, wanted: number | undefined): number | undefined {
  return wanted === (real ?? -1) ? undefined : wanted
}
