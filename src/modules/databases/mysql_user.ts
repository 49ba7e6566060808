/** community.mysql.mysql_user: accounts of MySQL and MariaDB, with their passwords and privileges. */
import type { PathState } from '../../probe/path-state.ts'
import type { ShellResult } from '../../probe/shell.ts'
import type { Plain } from '../../values/value.ts'
import type { Plan } from '../contract/change.ts'
import { state, type Known } from '../contract/module.ts'
import { isHash } from './mysql-account.ts'
import { attributesAfter, attributesMessage, attributesShown, knowsAttributes, UNSUPPORTED } from './mysql-attributes.ts'
import { loginFailure, serverError } from './mysql-client.ts'
import { knowsExpiry } from './mysql-expiry.ts'
import { privilegesMessage } from './mysql-privileges.ts'
import { alteration, creation, removals, reused } from './mysql-user-changes.ts'
import { differencesOf, meant, userReads } from './mysql-user-state.ts'
import { options, settings, wantedOf, type UserInput, type Wanted } from './mysql-user-wanted.ts'
import { serverOf } from './mysql-version.ts'

export const mysqlUser = state({
  name: 'community.mysql.mysql_user',
  aliases: ['ansible.mysql.mysql_user'],
  summary: 'Makes users of MySQL and MariaDB, sets their passwords and privileges, and removes them.',
  options,
  rules: { mutuallyExclusive: [['append_privs', 'subtract_privs']], requiredIf: [['password_expire', 'interval', ['password_expire_interval']]] },
  beyond: true,
  prepare: wantedOf,
  reads: (input, wanted, known: Known) => userReads(input, known, wanted),
  plan: (input, known: Known, wanted) => plan(input, known, wanted),
  result: (input, known: Known, { foreseen }, wanted) => result(input, known, wanted, foreseen),
  failure: (_input, _known, { stderr }) => ({ msg: serverError(stderr.toString()) }),
})

function plan(input: UserInput, known: Known, wanted: Wanted): Plan {
  // What check mode foresees of users says nothing of the login.
  const refusal = [known.version, known.users].find((answer) => answer !== undefined && (answer as ShellResult).code !== 0) as ShellResult | undefined
  if (refusal !== undefined) return { fail: settingFailure(input, refusal) ?? loginFailure(refusal, known.config as PathState) }
  if (input.state === 'absent') return { changes: removals(input, known, wanted) }
  const rows = meant(input, known)
  if (rows.length === 0 && input.host_all) return { fail: 'host_all parameter cannot be used when adding a user' }
  const lacking = lacks(known, wanted)
  if (lacking !== undefined) return { fail: lacking }
  if (rows.length === 0) return { changes: [creation(input, known, wanted)] }
  if (input.password && input.encrypted && !isHash(input.password)) return { fail: 'encrypted was specified however it does not appear to be a valid hash expecting: *SHA1(SHA1(your_password))' }
  return { changes: rows.flatMap((row) => alteration(input, known, wanted, row)) }
}

/** Why a variable cannot be set; undefined when it is something else. */
function settingFailure({ session_vars: variables }: UserInput, answer: ShellResult): string | undefined {
  const setting = settings(variables)[Number(/ at line (\d+):/.exec(answer.stdout)?.[1] ?? 0) - 1]
  return setting === undefined ? undefined : `Failed to execute ${setting.shown}: ${serverError(answer.stdout)}`
}

/** What the server does not have. */
function lacks({ version }: Known, { attributes, expiry, limits }: Wanted): string | undefined {
  const server = serverOf(version as ShellResult)
  if (Object.keys(attributes).length > 0 && !knowsAttributes(server)) return UNSUPPORTED
  if (expiry !== undefined && !knowsExpiry(server)) return "The server version does not match the requirements for password_expire parameter. See module's documentation."
  return limits.has('MAX_STATEMENT_TIME') && !server.isMariadb ? 'MAX_STATEMENT_TIME resource limit is only supported by MariaDB.' : undefined
}

/** Ansible's message is that of the last thing it did. */
function result(input: UserInput, known: Known, wanted: Wanted, foreseen: boolean): Readonly<Record<string, Plain>> {
  const user = input.name
  const rows = meant(input, known)
  if (input.state === 'absent') return { user, msg: rows.length > 0 ? 'User deleted' : "User doesn't exist", password_changed: false, attributes: null }
  if (rows.length === 0) return { user, msg: 'User added', password_changed: foreseen ? null : reused(input, known) === undefined, attributes: attributesShown(attributesAfter(wanted.attributes, {})) }
  const all = rows.map((row) => differencesOf(input, known, wanted, row))
  const messages = all.flatMap(({ password, locked, tls, grants, wish, noted }) => [
    ...(password && input.password ? [foreseen ? 'Password updated' : 'Password updated (new style)'] : []),
    ...((wish === undefined ? undefined : privilegesMessage(grants, wish)) ?? []),
    ...(Object.keys(noted).length > 0 ? [attributesMessage(noted)] : []),
    ...(locked ? [foreseen ? `User will be ${input.locked ? 'locked' : 'unlocked'}` : `User ${input.locked ? 'locked' : 'unlocked'}`] : []),
    ...(tls ? ['TLS requires updated'] : []),
  ])
  const { attributes, noted } = all.at(-1)!
  return { user, msg: messages.at(-1) ?? 'User unchanged', password_changed: all.some(({ password, expires }) => password || expires), attributes: attributes === undefined ? {} : attributesShown(attributesAfter(noted, attributes)) }
}
