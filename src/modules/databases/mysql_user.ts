/** community.mysql.mysql_user: accounts of MySQL and MariaDB, with their passwords and privileges. */
import { PlonerunError } from '../../errors/plonerun-error.ts'
import type { PathState } from '../../probe/path-state.ts'
import type { Read } from '../../probe/read.ts'
import { answered, type ShellResult } from '../../probe/shell.ts'
import { isDict } from '../../values/dict.ts'
import { str } from '../../values/print.ts'
import type { Plain } from '../../values/value.ts'
import type { Change, Plan } from '../contract/change.ts'
import { state, type Known } from '../contract/module.ts'
import { defaulting, dict, flag, oneOf, presence, raw, required, text, type Input } from '../contract/option.ts'
import { accountName, clauses, identified, identifiedAs, isHash, isLocked, keptBy, limitsOf, proofDiffers, requirement, requiresOther, rowsOf, rowsText, wantedLimits, type Limits, type Row } from './mysql-account.ts'
import { configRead, loginFailure, loginOptions, mysqlRead, mysqlStep, serverError, sqlText, type Login } from './mysql-client.ts'
import { afterwards, grantsText, parseGrants, parsePrivileges, privilegeStatements, privilegesMessage, type PrivilegeWish, type Privileges } from './mysql-privileges.ts'

const options = {
  ...loginOptions,
  name: required(text('The user.', { aliases: ['user'] })),
  host: defaulting(text('Where the user comes from.'), 'localhost'),
  host_all: defaulting(flag('Means the user wherever it comes from; for changing and removing.'), false),
  state: presence('Whether it exists.'),
  password: text('The password.', { secret: true }),
  encrypted: defaulting(flag('The password is given as the hash of mysql_native_password.'), false),
  update_password: defaulting(oneOf(['always', 'on_create', 'on_new_username'], 'Whether the password of a user that is there is changed; on_new_username: a new one gets that of the same name elsewhere.'), 'always'),
  plugin: text('The authentication plugin.'),
  plugin_hash_string: text("What the plugin gets after AS.", { secret: true }),
  plugin_auth_string: text('What the plugin gets after BY.', { secret: true }),
  priv: raw('DATABASE.TABLE:PRIVILEGE,..., several with a slash between them, or a mapping.'),
  append_privs: defaulting(flag('Leaves the other privileges that the user has.'), false),
  subtract_privs: defaulting(flag('Takes these privileges away instead.'), false),
  column_case_sensitive: defaulting(flag('Names of columns are taken as they are, not in upper case.'), false),
  tls_requires: raw('What the connection must have: SSL, X509, or CIPHER, ISSUER and SUBJECT; nothing unless given.'),
  resource_limits: dict('Limits such as MAX_QUERIES_PER_HOUR.'),
  locked: flag('Whether the account is locked.'),
  check_implicit_admin: defaulting(flag('Tries to log in as root without a password first.'), false),
  sql_log_bin: defaulting(flag('Whether it goes to the binary log.'), true),
} as const

type UserInput = Input<typeof options>

interface Wanted {
  readonly privileges: Privileges | undefined
  readonly tls: string
  readonly limits: Limits
}

export const mysqlUser = state({
  name: 'community.mysql.mysql_user',
  aliases: ['ansible.mysql.mysql_user'],
  summary: 'Makes users of MySQL and MariaDB, sets their passwords and privileges, and removes them.',
  options,
  rules: { mutuallyExclusive: [['append_privs', 'subtract_privs']] },
  beyond: true,
  prepare: (input): Wanted => ({ privileges: wantedPrivileges(input), tls: requirement(input.tls_requires), limits: wantedLimits(input.resource_limits) }),
  reads: (input, _prepared, known: Known) => reads(input, known),
  plan: (input, known: Known, wanted) => plan(input, known, wanted),
  result: (input, known: Known, { foreseen }, wanted) => result(input, known, wanted, foreseen),
  failure: (_input, _known, { stderr }) => ({ msg: serverError(stderr.toString()) }),
})

function wantedPrivileges({ priv, column_case_sensitive: cased, subtract_privs: subtract }: UserInput): Privileges | undefined {
  if (priv === undefined) return undefined
  if (typeof priv !== 'string' && !isDict(priv)) throw new PlonerunError('priv parameter must be str or dict', { kind: 'task' })
  const wanted = parsePrivileges(typeof priv === 'string' ? priv : [...priv].map(([target, privileges]) => `${str(target)}:${str(privileges)}`).join('/'), cased)
  return subtract || wanted.has('*.*') ? wanted : new Map([...wanted, ['*.*', new Set(['USAGE'])]])
}

function login(input: UserInput, known: Known): Login {
  const admin = known.implicit as ShellResult | undefined
  return input.check_implicit_admin && admin?.code === 0 ? implicitAdmin(input) : input
}

function implicitAdmin(input: UserInput): Login {
  return { ...input, login_user: 'root', login_password: '' }
}

/** Accounts of the name first, then what each may do. */
function reads(input: UserInput, known: Known): Record<string, Read<unknown>> {
  const first = { config: configRead(input), ...(input.check_implicit_admin && { implicit: mysqlRead(implicitAdmin(input), 'SELECT 1') }) }
  if (input.check_implicit_admin && known.implicit === undefined) return first
  const { usersRead, grantsRead, createRead } = questions(input, known)
  const shown = known.users === undefined ? [] : meant(input, known).flatMap(({ host }): [string, Read<unknown>][] => [[`grants ${host}`, grantsRead(host)], [`create ${host}`, createRead(host)]])
  return { ...first, users: usersRead, ...Object.fromEntries(shown) }
}

interface Questions {
  /** The name's accounts everywhere. */
  readonly usersRead: Read<ShellResult>
  readonly grantsRead: (host: string) => Read<ShellResult>
  readonly createRead: (host: string) => Read<ShellResult>
}

function questions(input: UserInput, known: Known): Questions {
  const { name } = input
  const ask = (sql: string): Read<ShellResult> => mysqlRead(login(input, known), sql)
  return {
    usersRead: ask(`SELECT host, plugin, authentication_string FROM mysql.user WHERE user = ${sqlText(name)}`),
    grantsRead: (host) => ask(`SHOW GRANTS FOR ${accountName(name, host)}`),
    createRead: (host) => ask(`SHOW CREATE USER ${accountName(name, host)}`),
  }
}

/** The accounts that the task is about. */
function meant({ host, host_all: everywhere }: UserInput, { users }: Known): readonly Row[] {
  return rowsOf(users as ShellResult).filter((row) => everywhere || row.host === host.toLowerCase())
}

/** The proof of the same name elsewhere, when all of them have the same. */
function reused({ update_password: update }: UserInput, known: Known): Row | undefined {
  const others = update === 'on_new_username' ? rowsOf(known.users as ShellResult) : []
  const [one] = others
  return others.every(({ plugin, hash }) => plugin === one?.plugin && hash === one.hash) ? one : undefined
}

/** What has to change of an account that is there. */
interface Differences {
  readonly password: boolean
  readonly tls: boolean
  readonly locked: boolean
  readonly limits: Limits
  readonly grants: Privileges
  readonly wish: PrivilegeWish | undefined
  readonly privileges: readonly string[]
}

function differencesOf(input: UserInput, known: Known, { privileges: wanted, tls, limits }: Wanted, row: Row): Differences {
  const shown = (known[`create ${row.host}`] as ShellResult).stdout
  const current = limitsOf(shown)
  const grants = parseGrants((known[`grants ${row.host}`] as ShellResult).stdout.split('\n'), input.column_case_sensitive)
  const mode = input.append_privs ? 'append' : input.subtract_privs ? 'subtract' : 'exactly'
  const wish = wanted === undefined ? undefined : { user: input.name, account: accountName(input.name, row.host), wanted, mode } as const
  return {
    password: input.update_password === 'always' && proofDiffers(input, row),
    tls: requiresOther(shown, tls),
    locked: input.locked !== undefined && input.locked !== isLocked(shown),
    limits: new Map([...limits].filter(([name, value]) => current.get(name) !== value)),
    grants,
    wish,
    privileges: wish === undefined ? [] : privilegeStatements(grants, wish),
  }
}

function plan(input: UserInput, known: Known, wanted: Wanted): Plan {
  const answer = known.users as ShellResult
  if (answer.code !== 0) return { fail: loginFailure(answer, known.config as PathState) }
  const rows = meant(input, known)
  if (input.state === 'absent') return { changes: rows.map(({ host }, index) => change(input, known, host, 'removed', [`DROP USER ${accountName(input.name, host)}`], { rows: rowsOf(answer).filter((each) => !rows.slice(0, index + 1).some((gone) => gone.host === each.host)) })) }
  if (rows.length === 0) return input.host_all ? { fail: 'host_all parameter cannot be used when adding a user' } : { changes: [creation(input, known, wanted)] }
  if (input.password && input.encrypted && !isHash(input.password)) return { fail: 'encrypted was specified however it does not appear to be a valid hash expecting: *SHA1(SHA1(your_password))' }
  return { changes: rows.flatMap((row) => alteration(input, known, wanted, row)) }
}

/** What the server would tell afterwards. */
interface Leaving {
  readonly rows: readonly Row[]
  readonly grants?: string
  readonly create?: string
}

function change(input: UserInput, known: Known, host: string, what: string, statements: readonly string[], { rows, grants, create }: Leaving): Change {
  const { usersRead, grantsRead, createRead } = questions(input, known)
  return {
    summary: `user ${input.name}@${host}: ${what}`,
    writes: ['anything'],
    steps: [mysqlStep(login(input, known), [...(input.sql_log_bin ? [] : ['SET SQL_LOG_BIN=0']), ...statements])],
    leaves: [answered(usersRead, rowsText(rows)), ...(grants === undefined ? [] : [answered(grantsRead(host), grants)]), ...(create === undefined ? [] : [answered(createRead(host), create)])],
  }
}

function creation(input: UserInput, known: Known, { privileges: wanted, tls, limits }: Wanted): Change {
  const host = input.host.toLowerCase()
  const account = accountName(input.name, host)
  const granted = wanted === undefined || input.subtract_privs ? new Map<string, Set<string>>() : wanted
  const privileges = privilegeStatements(new Map(), { user: input.name, account, wanted: granted, mode: 'append' })
  const elsewhere = reused(input, known)
  const rest = clauses({ ...(tls !== 'NONE' && { tls }), limits, ...(input.locked === true && { locked: true }) })
  const proof = elsewhere === undefined ? identified(input) : identifiedAs(elsewhere.plugin, elsewhere.hash)
  const row = { host, ...(elsewhere === undefined ? keptBy(input) : { plugin: elsewhere.plugin, hash: elsewhere.hash }) }
  const leaving = { rows: [...rowsOf(known.users as ShellResult), row], grants: grantsText(new Map([['*.*', new Set(['USAGE'])], ...granted]), account), create: `CREATE USER ${account}${rest}` }
  return change(input, known, host, `new${privileges.length > 0 ? ', with privileges' : ''}`, [`CREATE USER ${account}${proof}${rest}`, ...privileges], leaving)
}

function alteration(input: UserInput, known: Known, wanted: Wanted, row: Row): readonly Change[] {
  const account = accountName(input.name, row.host)
  const { password, tls, locked, limits, grants, wish, privileges } = differencesOf(input, known, wanted, row)
  const altered = password || tls || locked || limits.size > 0 ? [`ALTER USER ${account}${password ? identified(input) : ''}${clauses({ ...(tls && { tls: wanted.tls }), limits, ...(locked && { locked: input.locked }) })}`] : []
  const what = [...(password ? ['password'] : []), ...(tls ? ['tls'] : []), ...limits.keys(), ...(locked ? [input.locked ? 'locked' : 'unlocked'] : []), ...(privileges.length > 0 ? ['privileges'] : [])]
  if (what.length === 0) return []
  const shown = (known[`create ${row.host}`] as ShellResult).stdout
  const leaving = {
    rows: rowsOf(known.users as ShellResult).map((each) => (each.host === row.host && password ? { host: each.host, ...keptBy(input) } : each)),
    grants: grantsText(wish === undefined ? grants : afterwards(grants, wish), account),
    create: `CREATE USER ${account}${clauses({ tls: wanted.tls, limits: new Map([...limitsOf(shown), ...limits]), locked: input.locked ?? isLocked(shown) })}`,
  }
  return [change(input, known, row.host, what.join(', '), [...altered, ...privileges], leaving)]
}

/** Ansible's message is that of the last thing it did. */
function result(input: UserInput, known: Known, wanted: Wanted, foreseen: boolean): Readonly<Record<string, Plain>> {
  const user = input.name
  const rows = meant(input, known)
  if (input.state === 'absent') return { user, msg: rows.length > 0 ? 'User deleted' : "User doesn't exist", password_changed: false, attributes: null }
  if (rows.length === 0) return { user, msg: 'User added', password_changed: foreseen ? null : reused(input, known) === undefined, attributes: null }
  const all = rows.map((row) => differencesOf(input, known, wanted, row))
  const messages = all.flatMap(({ password, locked, tls, grants, wish }) => [
    ...(password && input.password ? [foreseen ? 'Password updated' : 'Password updated (new style)'] : []),
    ...((wish === undefined ? undefined : privilegesMessage(grants, wish)) ?? []),
    ...(locked ? [foreseen ? `User will be ${input.locked ? 'locked' : 'unlocked'}` : `User ${input.locked ? 'locked' : 'unlocked'}`] : []),
    ...(tls ? ['TLS requires updated'] : []),
  ])
  return { user, msg: messages.at(-1) ?? 'User unchanged', password_changed: all.some(({ password }) => password), attributes: {} }
}
