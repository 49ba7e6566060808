/** Making and removing a user. */
import type { GroupState, UserState } from '../../probe/account.ts'
import type { Shadow } from '../../probe/shadow.ts'
import { sh, type Change, type Step } from '../contract/change.ts'
import type { UserInput } from './user-options.ts'
import { expiryStep, membershipSteps } from './libuser.ts'
import { expiryDate, expiryDays } from './user-expiry.ts'

const WRITES = ['account:*' as const]

/**
 * The change that makes the user. The password goes through stdin, so that no process list shows it.
 * @param sameName a group of the user's name, which useradd then must not make
 * @param groups names of the other groups
 * @param libuser its programs are to be used
 */
export function createUser(input: UserInput, sameName: GroupState | null, groups: readonly string[], libuser: boolean): Change {
  const { name, uid, home, password } = input
  const primary = input.group ?? (sameName === null ? undefined : 'users')
  const argv = [
    libuser ? 'luseradd' : 'useradd',
    ...(uid === undefined ? [] : ['-u', String(uid), ...(input.non_unique ? ['-o'] : [])]),
    ...option('-Z', input.seuser),
    ...(input.group !== undefined ? ['-g', input.group] : sameName === null ? [] : [libuser ? '-n' : '-N']),
    ...(groups.length > 0 && !libuser ? ['-G', groups.join(',')] : []),
    ...option('-c', input.comment),
    ...option('-d', home),
    ...option('-s', input.shell),
    ...(input.expires === undefined || libuser ? [] : ['-e', expiryDate(input.expires)]),
    ...(input.create_home ? [...(libuser ? [] : ['-m']), ...option('-k', input.skeleton)] : ['-M']),
    ...key('UMASK', input.create_home ? input.umask : undefined),
    ...key('UID_MIN', input.uid_min),
    ...key('UID_MAX', input.uid_max),
    ...(input.system ? ['-r'] : []),
    name,
  ]
  const steps: Step[] = [{ argv }, ...(libuser ? [...(input.expires === undefined ? [] : [expiryStep(name, input.expires)]), ...membershipSteps(name, groups, [])] : [])]
  if (password !== undefined) steps.push(setPassword(name, input.password_lock === true ? `!${password}` : password))
  const ageing = ageingFlags(input)
  if (ageing.length > 0) steps.push({ argv: ['chage', ...ageing, name] })
  const shadow = { ...(password !== undefined && { password: input.password_lock === true ? `!${password}` : password }), ...(input.expires !== undefined && { expires: expiryDays(input.expires) }), ...ageingOf(input) }
  const entry = { uid, group: primary, groups, home, shell: input.shell, comment: input.comment, shadow: Object.keys(shadow).length === 0 ? undefined : shadow }
  const known = Object.fromEntries(Object.entries(entry).filter(([, value]) => value !== undefined))
  return {
    summary: `create user ${name}${uid === undefined ? '' : ` (${uid})`}${home === undefined ? '' : `, home ${home}`}`,
    writes: home === undefined ? WRITES : [...WRITES, `path:${home}`],
    steps,
    leaves: [{ kind: 'user', name, entry: known }, ...(input.create_home ? [homeFolder(home ?? `/home/${name}`, name, primary ?? name)] : [])],
  }
}

/** check mode: what is left of a home. */
export function homeFolder(path: string, owner: string, group: string): NonNullable<Change['leaves']>[number] {
  return { kind: 'path', path, state: { type: 'directory', owner, group } }
}

function option(flag: string, value: string | undefined): string[] {
  return value === undefined ? [] : [flag, value]
}

function key(name: string, value: string | number | undefined): string[] {
  return value === undefined ? [] : ['-K', `${name}=${value}`]
}

/** Flags of chage for the ageing of the password that are asked for. */
export function ageingFlags(input: Pick<UserInput, 'password_expire_max' | 'password_expire_min' | 'password_expire_warn' | 'password_expire_account_disable'>): string[] {
  const flags = [
    ['-M', input.password_expire_max],
    ['-m', input.password_expire_min],
    ['-W', input.password_expire_warn],
    ['-I', input.password_expire_account_disable],
  ] as const
  return flags.flatMap(([flag, days]) => (days === undefined ? [] : [flag, String(days)]))
}

/** The ageing that is asked for, as the shadow file then has it. */
export function ageingOf({ password_expire_min: minimum, password_expire_max: maximum, password_expire_warn: warning, password_expire_account_disable: inactive }: Parameters<typeof ageingFlags>[0]): Partial<Shadow> {
  return { ...(minimum !== undefined && { minimum }), ...(maximum !== undefined && { maximum }), ...(warning !== undefined && { warning }), ...(inactive !== undefined && { inactive }) }
}

export function setPassword(name: string, hash: string): Step {
  return { argv: ['chpasswd', '-e'], stdin: `${name}:${hash}\n` }
}

/** The change that removes the user. @param libuser its programs are to be used */
export function removeUser({ name, remove, force }: UserInput, { home }: UserState, libuser: boolean): Change {
  return {
    summary: `remove user ${name}${remove ? ` and ${home}` : ''}`,
    writes: remove ? [...WRITES, `path:${home}`] : WRITES,
    steps: [{ argv: [libuser ? 'luserdel' : 'userdel', ...(force && !libuser ? ['-f'] : []), ...(remove ? ['-r'] : []), name] }],
    leaves: [{ kind: 'user', name, entry: null }, ...(remove ? [{ kind: 'path' as const, path: home, state: null }] : [])],
  }
}

/** The change that makes a missing home of a user that exists: a copy of the skeleton, with the mode that the umask gives. */
export function createHome({ name, skeleton, umask }: UserInput, home: string): Change {
  return {
    summary: `create home ${home}`,
    writes: [`path:${home}`],
    steps: [
      sh(
        `mask=$3 mode=
said() { sed -n "s/^$1[[:space:]]*//p" /etc/login.defs 2>/dev/null; }
if [ -z "$mask" ]; then mode=$(said HOME_MODE) mask=$(said UMASK); fi
mkdir -p "$(dirname "$1")" || exit
umask 077
if [ -d "$2" ]; then cp -R "$2" "$1"; else mkdir "$1"; fi || exit
chown -R "$4:$(id -g "$4")" "$1" || exit
umask "\${mask:-022}"
[ -n "$mode" ] || mode=$(printf '%o' "$((0777 & ~0$(umask)))")
chmod "$mode" "$1"`,
        home,
        skeleton ?? '/etc/skel',
        umask ?? '',
        name,
      ),
    ],
    leaves: [homeFolder(home, name, name)],
  }
}
