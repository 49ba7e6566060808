/** The accounts that a task is about: what is asked of the server about them, and what differs from what is wanted. */
import type { Read } from '../../probe/read.ts'
import type { ShellResult } from '../../probe/shell.ts'
import type { Known } from '../contract/module.ts'
import { accountName, isLocked, limitsOf, proofDiffers, requiresOther, rowsOf, type Limits, type Row } from './mysql-account.ts'
import { attributesOf, attributesQuery, attributesToChange, knowsAttributes, type Attributes } from './mysql-attributes.ts'
import { configRead, mysqlRead, sqlText } from './mysql-client.ts'
import { expiryDiffers, expiryOf, expiryQuery, knowsExpiry, type Expiry } from './mysql-expiry.ts'
import { foundLogin, loginReads } from './mysql-found-login.ts'
import { parseGrants, privilegeStatements, type PrivilegeWish, type Privileges } from './mysql-privileges.ts'
import type { UserInput, Wanted } from './mysql-user-wanted.ts'
import { serverOf, versionRead } from './mysql-version.ts'

/** Accounts of the name first, then what each may do. */
export function userReads(input: UserInput, known: Known, wanted: Wanted): Record<string, Read<unknown>> {
  const first = { config: configRead(input), ...loginReads(input, known) }
  const login = foundLogin(input, known)
  if (login === undefined) return first
  const next = { ...first, version: versionRead(login, wanted.session), users: usersRead(input, known, wanted) }
  if (known.users === undefined || known.version === undefined) return next
  return { ...next, ...Object.fromEntries(meant(input, known).flatMap(({ host }) => Object.entries(hostReads(input, known, wanted, host)))) }
}

/** The name's accounts everywhere. */
export function usersRead(input: UserInput, known: Known, wanted: Wanted): Read<ShellResult> {
  return asked(input, known, wanted, `SELECT host, plugin, authentication_string FROM mysql.user WHERE user = ${sqlText(input.name)}`)
}

/** What is asked of one account. */
export function hostReads(input: UserInput, known: Known, wanted: Wanted, host: string): Readonly<Record<string, Read<ShellResult>>> {
  const server = serverOf(known.version as ShellResult)
  const account = accountName(input.name, host)
  const ask = (sql: string): Read<ShellResult> => asked(input, known, wanted, sql)
  return {
    [`grants ${host}`]: ask(`SHOW GRANTS FOR ${account}`),
    [`create ${host}`]: ask(`SHOW CREATE USER ${account}`),
    ...(wanted.expiry !== undefined && knowsExpiry(server) && { [`expiry ${host}`]: ask(expiryQuery(server, input.name, host)) }),
    ...(knowsAttributes(server) && { [`attributes ${host}`]: ask(attributesQuery(input.name, host)) }),
  }
}

function asked(input: UserInput, known: Known, { session }: Wanted, sql: string): Read<ShellResult> {
  return mysqlRead(foundLogin(input, known) ?? input, sql, session)
}

/** The accounts that the task is about. */
export function meant({ host, host_all: everywhere }: UserInput, { users }: Known): readonly Row[] {
  return rowsOf(users as ShellResult).filter((row) => everywhere || row.host === host.toLowerCase())
}

/** What has to change of an account that is there. */
export interface Differences {
  readonly password: boolean
  readonly tls: boolean
  readonly locked: boolean
  readonly limits: Limits
  readonly grants: Privileges
  readonly wish: PrivilegeWish | undefined
  readonly privileges: readonly string[]
  /** When its password expires now; undefined where that does not matter. */
  readonly expiry: Expiry | undefined
  readonly expires: boolean
  /** What is noted of it now; undefined where the server has nothing of the kind. */
  readonly attributes: Attributes | undefined
  readonly noted: Attributes
}

export function differencesOf(input: UserInput, known: Known, wanted: Wanted, row: Row): Differences {
  const { privileges, tls, limits } = wanted
  const told = (what: string): ShellResult | undefined => known[`${what} ${row.host}`] as ShellResult | undefined
  const shown = told('create')!.stdout
  const current = limitsOf(shown)
  const grants = parseGrants(told('grants')!.stdout.split('\n'), input.column_case_sensitive)
  const mode = input.append_privs ? 'append' : input.subtract_privs ? 'subtract' : 'exactly'
  const wish = privileges === undefined ? undefined : { user: input.name, account: accountName(input.name, row.host), wanted: privileges, mode } as const
  const password = input.update_password === 'always' && proofDiffers(input, row)
  const until = told('expiry')
  const notes = told('attributes')
  // A new password has not expired.
  const expiry = until === undefined ? undefined : { ...expiryOf(until), ...(password && { expired: false }) }
  const attributes = notes === undefined ? undefined : attributesOf(notes)
  return {
    password,
    tls: requiresOther(shown, tls),
    locked: input.locked !== undefined && input.locked !== isLocked(shown),
    limits: new Map([...limits].filter(([name, value]) => current.get(name) !== value)),
    grants,
    wish,
    privileges: wish === undefined ? [] : privilegeStatements(grants, wish),
    expiry,
    expires: expiry !== undefined && wanted.expiry !== undefined && expiryDiffers(wanted.expiry, expiry),
    attributes,
    noted: attributesToChange(wanted.attributes, attributes ?? {}),
  }
}
