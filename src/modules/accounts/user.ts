/** ansible.builtin.user: makes a user exist as described, or not. */
import { groupRead, userRead, type GroupState, type UserState } from '../../probe/account.ts'
import { hostWord } from '../../probe/host-path.ts'
import { pathRead } from '../../probe/path.ts'
import type { PathState } from '../../probe/path-state.ts'
import type { Read } from '../../probe/read.ts'
import { shellRead, type ShellResult } from '../../probe/shell.ts'
import type { Reply } from '../../shell/fragment.ts'
import type { Plain } from '../../values/value.ts'
import type { Plan } from '../contract/change.ts'
import { state, type Known } from '../contract/module.ts'
import { createHome, createUser, removeUser } from './user-create.ts'
import { hasLibuser, libuserRead } from './libuser.ts'
import { createKey, keyFile, keyRead } from './user-key.ts'
import { modifyUser } from './user-modify.ts'
import { userOptions, type UserInput } from './user-options.ts'
import { isHash } from './user-password.ts'

export const user = state({
  name: 'ansible.builtin.user',
  summary: 'Makes a user exist as described, or not.',
  options: userOptions,
  rules: { requiredIf: [['non_unique', true, ['uid']]] },
  readsAgain: true,
  reads: (input, _prepared, known: Known) => reads(input, known),
  plan: (input, known: Known) => plan(expanded(input, known), known),
  result: (input, known: Known, { after, replies }) => ({ ...result(expanded(input, known), known.user !== null, after ?? known), ...said(replies) }),
  failure: ({ name }, _known, { stderr, code }) => ({ name, msg: stderr.toString(), rc: code }),
})

function reads(input: UserInput, known: Known): Record<string, Read<unknown>> {
  const { name, group, groups = [], state, local } = input
  const shadow = [input.password, input.password_lock, input.expires, input.password_expire_max, input.password_expire_min, input.password_expire_warn, input.password_expire_account_disable].some(
    (each) => each !== undefined,
  )
  const asked: Record<string, Read<unknown>> = { user: userRead(name, { ...(shadow && { shadow }), ...(local && { local }) }) }
  if (local) asked.libuser = libuserRead()
  if (state === 'present' && input.uid !== undefined && !input.non_unique) asked.holder = userRead(String(input.uid), { orNumber: true, ...(local && { local }) })
  if (state === 'absent') return asked
  for (const each of new Set([name, ...(group === undefined ? [] : [group]), ...namesOf(groups)])) asked[`group ${each}`] = groupRead(each)
  const found = known.user as UserState | null | undefined
  const home = input.home ?? found?.home
  // The home of a user that is yet to be made is made along with it.
  if (found != null && home !== undefined && input.create_home) asked.home = pathRead(home, { follow: true })
  if (input.generate_ssh_key) asked.key = keyRead(keyFile(input, input.home))
  for (const key of PATHS) if (/^~|\$/.test(input[key] ?? '')) asked[`path ${key}`] = shellRead(`printf %s ${hostWord(input[key]!)}`, ['account:*'])
  return asked
}

/** What is written into the accounts, where nothing is expanded any more. */
const PATHS = ['home', 'shell'] as const

function expanded(input: UserInput, known: Known): UserInput {
  return { ...input, ...Object.fromEntries(PATHS.flatMap((key) => (known[`path ${key}`] === undefined ? [] : [[key, (known[`path ${key}`] as ShellResult).stdout]]))) }
}

/** An empty text in the list stands for no group at all. */
function namesOf(groups: readonly string[]): readonly string[] {
  return groups.filter((each) => each !== '')
}

function groupOf(known: Known, name: string): GroupState | null {
  return known[`group ${name}`] as GroupState | null
}

/** Parameters that only useradd knows. */
const NOT_LOCAL = ['umask', 'uid_min', 'uid_max'] as const

function plan(input: UserInput, known: Known): Plan {
  const unfit = input.local ? NOT_LOCAL.find((key) => input[key] !== undefined) : undefined
  if (unfit !== undefined) return { fail: `'${unfit}' cannot be used with 'local'` }
  const found = known.user as UserState | null
  const libuser = hasLibuser(known.libuser)
  if (input.state === 'absent') return { changes: found === null ? [] : [removeUser(input, found, libuser)] }
  const groups = input.groups && namesOf(input.groups)
  const missing = [...(input.group === undefined ? [] : [input.group]), ...(groups ?? [])].find((each) => groupOf(known, each) === null)
  if (missing !== undefined) return { fail: `Group ${missing} does not exist` }
  if (known.holder != null && found?.uid !== input.uid) return { fail: found === null ? `useradd: UID ${input.uid!} is not unique\n` : `usermod: UID '${input.uid!}' already exists\n`, result: { name: input.name, rc: 4 } }
  const groupNames = groups && [...new Set(groups.map((each) => groupOf(known, each)!.name))]
  const changes = found === null ? [createUser(input, groupOf(known, input.name), groupNames ?? [], libuser)] : [...modifyUser(input, found, input.group === undefined ? undefined : groupOf(known, input.group)!, groupNames, libuser)]
  const home = known.home as PathState | undefined
  if (found !== null && home?.exists === false && !(input.move_home && input.home !== found.home)) changes.push(createHome(input, input.home ?? found.home))
  const key = known.key as ShellResult | undefined
  if (key && (input.force || key.code === 1)) changes.push(createKey(input, keyFile(input, input.home)))
  return { changes, warnings: warningsOf(input, key) }
}

function warningsOf({ password, append, groups, force }: UserInput, key: ShellResult | undefined): readonly string[] {
  return [
    ...(key?.code === 2 && !force ? ['A public key is there already, so no key was made: force: true replaces it.'] : []),
    ...(password !== undefined && !isHash(password) ? ['The password appears not to have been hashed: nobody can log in with it. The filter password_hash makes a hash.'] : []),
    ...(append && groups === undefined ? ["'append' is set, but no 'groups' are specified. Use 'groups' for the groups to add."] : []),
  ]
}

/** What the programs have printed; nothing where they have not. */
function said(replies: readonly Reply[]): Record<string, Plain> {
  const of = (stream: 'stdout' | 'stderr'): string => replies.map((reply) => reply[stream].toString()).join('')
  return { ...(of('stdout') !== '' && { stdout: of('stdout') }), ...(of('stderr') !== '' && { stderr: of('stderr') }) }
}

/** Ansible's return values, from the state afterwards. @param wasThere it is there already, or was */
function result(input: UserInput, wasThere: boolean, known: Known): Record<string, Plain> {
  const { name, state, append, move_home, create_home, system, password } = input
  if (state === 'absent') return { name, state, ...(wasThere && { force: input.force, remove: input.remove }) }
  const found = known.user as UserState | null
  const key = known.key as ShellResult | undefined
  const [fingerprint = '', ...publicKey] = key?.stdout.split('\n') ?? []
  return {
    name,
    state,
    ...(wasThere ? { append, move_home } : { system, create_home }),
    comment: found?.comment ?? input.comment ?? '',
    home: found?.home ?? input.home ?? `/home/${name}`,
    shell: found?.shell ?? input.shell,
    uid: known.user === null || Number.isNaN(found!.uid) ? input.uid : found!.uid,
    group: known.user === null || Number.isNaN(found!.gid) ? undefined : found!.gid,
    ...(input.groups !== undefined && { groups: namesOf(input.groups).join(',') }),
    ...(password !== undefined && { password: 'NOT_LOGGING_PASSWORD' }),
    ...(key !== undefined && { ssh_key_file: keyFile(input, found?.home), ...(key.code === 0 && { ssh_fingerprint: fingerprint, ssh_public_key: publicKey.join('\n').trim() }) }),
  }
}
