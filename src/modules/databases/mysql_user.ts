/** community.mysql.mysql_user: accounts of MySQL and MariaDB, with their passwords and privileges. */
import { createHash } from 'node:crypto'
import { PlonerunError } from '../../errors/plonerun-error.ts'
import type { Read } from '../../probe/read.ts'
import type { ShellResult } from '../../probe/shell.ts'
import { isDict } from '../../values/dict.ts'
import { str } from '../../values/print.ts'
import type { Value } from '../../values/value.ts'
import type { Change, Plan } from '../contract/change.ts'
import { state, type Known } from '../contract/module.ts'
import { defaulting, flag, oneOf, presence, raw, required, text, type Input } from '../contract/option.ts'
import { loginFailure, loginOptions, mysqlRead, mysqlStep, sqlText, type Login } from './mysql-client.ts'
import { parseGrants, parsePrivileges, privilegeStatements, type Privileges } from './mysql-privileges.ts'

const options = {
  ...loginOptions,
  name: required(text('The user.', { aliases: ['user'] })),
  host: defaulting(text('Where the user comes from.'), 'localhost'),
  host_all: defaulting(flag('Means the user wherever it comes from; for changing and removing.'), false),
  state: presence('Whether it exists.'),
  password: text('The password.', { secret: true }),
  encrypted: defaulting(flag('The password is given as the hash of mysql_native_password.'), false),
  update_password: defaulting(oneOf(['always', 'on_create', 'on_new_username'], 'Whether the password of a user that is there is changed.'), 'always'),
  plugin: text('The authentication plugin.'),
  plugin_hash_string: text("What the plugin gets after AS.", { secret: true }),
  plugin_auth_string: text('What the plugin gets after BY.', { secret: true }),
  priv: raw('DATABASE.TABLE:PRIVILEGE,..., several with a slash between them, or a mapping.'),
  append_privs: defaulting(flag('Leaves the other privileges that the user has.'), false),
  subtract_privs: defaulting(flag('Takes these privileges away instead.'), false),
  column_case_sensitive: defaulting(flag('Names of columns are taken as they are, not in upper case.'), false),
  tls_requires: raw('What the connection must have: SSL, X509, or CIPHER, ISSUER and SUBJECT.'),
  locked: flag('Whether the account is locked.'),
  check_implicit_admin: defaulting(flag('Tries to log in as root without a password first.'), false),
  sql_log_bin: defaulting(flag('Whether it goes to the binary log.'), true),
} as const

type UserInput = Input<typeof options>

export const mysqlUser = state({
  name: 'community.mysql.mysql_user',
  aliases: ['ansible.mysql.mysql_user'],
  summary: 'Makes users of MySQL and MariaDB, sets their passwords and privileges, and removes them.',
  options,
  rules: { mutuallyExclusive: [['append_privs', 'subtract_privs']] },
  beyond: true,
  prepare: (input) => {
    if (input.host_all && input.state === 'present' && input.update_password === 'on_new_username') throw new PlonerunError('host_all excludes update_password: on_new_username', { kind: 'task' })
    return { wanted: wantedPrivileges(input), tls: requirement(input.tls_requires) }
  },
  reads: (input, _prepared, known: Known) => reads(input, known),
  plan: (input, known: Known, { wanted, tls }) => plan(input, known, wanted, tls),
  result({ name, state }, known: Known, { changed }) {
    const msg = state === 'absent' ? (changed ? 'User deleted' : "User doesn't exist") : rowsOf(known).length === 0 ? 'User added' : changed ? 'User changed' : 'User unchanged'
    return { user: name, msg }
  },
})

function wantedPrivileges({ priv, column_case_sensitive: cased, subtract_privs: subtract }: UserInput): Privileges | undefined {
  if (priv === undefined) return undefined
  if (typeof priv !== 'string' && !isDict(priv)) throw new PlonerunError('priv parameter must be str or dict', { kind: 'task' })
  const wanted = parsePrivileges(typeof priv === 'string' ? priv : [...priv].map(([target, privileges]) => `${str(target)}:${str(privileges)}`).join('/'), cased)
  return subtract || wanted.has('*.*') ? wanted : new Map([...wanted, ['*.*', new Set(['USAGE'])]])
}

/** As REQUIRE takes it. */
function requirement(given: Value | undefined): string | undefined {
  if (given === undefined || given === null) return undefined
  if (!isDict(given)) throw new PlonerunError('tls_requires must be a mapping', { kind: 'task' })
  const names = [...given.keys()].map((name) => str(name).toUpperCase())
  for (const simple of ['X509', 'SSL']) if (names.includes(simple)) return simple
  return [...given].map(([name, value]) => `${str(name).toUpperCase()} ${sqlText(str(value))}`).join(' AND ') || 'NONE'
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
  const implicit = input.check_implicit_admin ? { implicit: mysqlRead(implicitAdmin(input), 'SELECT 1') } : {}
  if (input.check_implicit_admin && known.implicit === undefined) return implicit
  const hosts = input.host_all ? '' : ` AND host = ${sqlText(input.host.toLowerCase())}`
  const users = mysqlRead(login(input, known), `SELECT host, plugin, authentication_string FROM mysql.user WHERE user = ${sqlText(input.name)}${hosts}`)
  const shown = known.users === undefined ? [] : rowsOf(known).flatMap(({ host }): [string, Read<unknown>][] => [
    [`grants ${host}`, mysqlRead(login(input, known), `SHOW GRANTS FOR ${account(input.name, host)}`)],
    [`create ${host}`, mysqlRead(login(input, known), `SHOW CREATE USER ${account(input.name, host)}`)],
  ])
  return { ...implicit, users, ...Object.fromEntries(shown) }
}

interface Row {
  readonly host: string
  readonly plugin: string
  readonly hash: string
}

function rowsOf({ users }: Known): readonly Row[] {
  const { stdout, code } = users as ShellResult
  if (code !== 0) return []
  return stdout.split('\n').filter((line) => line.includes('\t')).map((line) => {
    const [host = '', plugin = '', hash = ''] = line.split('\t')
    return { host, plugin, hash }
  })
}

function account(name: string, host: string): string {
  return `${sqlText(name)}@${sqlText(host)}`
}

function plan(input: UserInput, known: Known, wanted: Privileges | undefined, tls: string | undefined): Plan {
  const answer = known.users as ShellResult
  if (answer.code !== 0) return { fail: loginFailure(answer) }
  const rows = rowsOf(known)
  const change = (host: string, what: string, statements: readonly string[]): Change => ({
    summary: `user ${input.name}@${host}: ${what}`,
    writes: ['anything'],
    steps: [mysqlStep(login(input, known), [...(input.sql_log_bin ? [] : ['SET SQL_LOG_BIN=0']), ...statements])],
    leaves: [],
  })
  if (input.state === 'absent') return { changes: rows.map(({ host }) => change(host, 'removed', [`DROP USER ${account(input.name, host)}`])) }
  if (rows.length === 0) {
    if (input.host_all) return { fail: 'host_all parameter cannot be used when adding a user' }
    const own = account(input.name, input.host.toLowerCase())
    const privileges = wanted === undefined || input.subtract_privs ? [] : privilegeStatements(new Map(), { account: own, wanted, mode: 'append' })
    return { changes: [change(input.host, `new${privileges.length > 0 ? ', with privileges' : ''}`, [`CREATE USER ${own}${identified(input)}${clauses(input, tls)}`, ...privileges])] }
  }
  return {
    changes: rows.flatMap((row): Change[] => {
      const own = account(input.name, row.host)
      const shown = (known[`create ${row.host}`] as ShellResult).stdout
      const password = input.update_password === 'always' && passwordDiffers(input, row)
      const required = tls !== undefined && !requires(shown, tls)
      const locked = input.locked !== undefined && input.locked !== shown.includes('ACCOUNT LOCK')
      const altered = password || required || locked ? [`ALTER USER ${own}${password ? identified(input) : ''}${clauses({ locked: locked ? input.locked : undefined }, required ? tls : undefined)}`] : []
      const grants = parseGrants((known[`grants ${row.host}`] as ShellResult).stdout.split('\n'), input.column_case_sensitive)
      const privileges = wanted === undefined ? [] : privilegeStatements(grants, { account: own, wanted, mode: input.append_privs ? 'append' : input.subtract_privs ? 'subtract' : 'exactly' })
      const what = [...(password ? ['password'] : []), ...(required ? ['tls'] : []), ...(locked ? [input.locked ? 'locked' : 'unlocked'] : []), ...(privileges.length > 0 ? ['privileges'] : [])]
      return what.length === 0 ? [] : [change(row.host, what.join(', '), [...altered, ...privileges])]
    }),
  }
}

function identified({ password, encrypted, plugin, plugin_hash_string: hash, plugin_auth_string: auth }: UserInput): string {
  if (plugin !== undefined) {
    const proof = hash !== undefined ? ` AS ${sqlText(hash)}` : auth !== undefined ? ` BY ${sqlText(auth)}` : ''
    return ` IDENTIFIED WITH ${plugin.replace(/\W/g, '')}${proof}`
  }
  if (password === undefined) return ''
  return encrypted ? ` IDENTIFIED BY PASSWORD ${sqlText(password)}` : ` IDENTIFIED BY ${sqlText(password)}`
}

function clauses({ locked }: Pick<UserInput, 'locked'>, tls: string | undefined): string {
  return `${tls === undefined ? '' : ` REQUIRE ${tls}`}${locked === undefined ? '' : ` ACCOUNT ${locked ? 'LOCK' : 'UNLOCK'}`}`
}

/** Whether what the server keeps is of another password, as far as that can be told. */
function passwordDiffers({ password, encrypted, plugin, plugin_hash_string: hash, plugin_auth_string: auth }: UserInput, row: Row): boolean {
  if (plugin !== undefined) {
    if (plugin !== row.plugin) return true
    if (hash !== undefined) return hash !== row.hash
    return auth !== undefined && (plugin !== 'mysql_native_password' || nativeHash(auth) !== row.hash)
  }
  if (password === undefined) return false
  return (encrypted ? password.toUpperCase() : nativeHash(password)) !== row.hash.toUpperCase()
}

/** What mysql_native_password keeps: SHA-1 of the SHA-1. */
function nativeHash(password: string): string {
  if (password === '') return ''
  const once = createHash('sha1').update(password).digest()
  return `*${createHash('sha1').update(once).digest('hex').toUpperCase()}`
}

function requires(shown: string, tls: string): boolean {
  const found = /REQUIRE (.*?)(?= WITH | ACCOUNT | PASSWORD |$)/.exec(shown.trim())?.[1] ?? 'NONE'
  return found.replace(/ AND /g, ' ') === tls.replace(/ AND /g, ' ')
}
