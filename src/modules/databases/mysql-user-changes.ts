/** Changes of accounts of MySQL and MariaDB: the statements, and what the server would tell afterwards. */
import type { Imagined } from '../../probe/read.ts'
import type { ShellResult } from '../../probe/shell.ts'
import type { Change } from '../contract/change.ts'
import type { Known } from '../contract/module.ts'
import { accountName, clauses, identified, identifiedAs, isLocked, keptBy, limitsOf, rowsOf, rowsText, type Row } from './mysql-account.ts'
import { attributesAfter, attributesStatement, attributesText, type Attributes } from './mysql-attributes.ts'
import { mysqlAnswered, mysqlStep } from './mysql-client.ts'
import { expiryAfter, expiryStatement, expiryText, NEW_EXPIRY, type Expiry } from './mysql-expiry.ts'
import { foundLogin } from './mysql-found-login.ts'
import { afterwards, grantsText, privilegeStatements } from './mysql-privileges.ts'
import { differencesOf, hostReads, meant, usersRead } from './mysql-user-state.ts'
import type { UserInput, Wanted } from './mysql-user-wanted.ts'

/** What the server would tell afterwards. */
interface Leaving {
  readonly rows: readonly Row[]
  readonly grants?: string
  readonly create?: string
  readonly expiry?: Expiry | undefined
  readonly attributes?: Attributes | undefined
}

function change(input: UserInput, known: Known, wanted: Wanted, host: string, what: string, statements: readonly string[], { rows, grants, create, expiry, attributes }: Leaving): Change {
  const reads = hostReads(input, known, wanted, host)
  const told = { grants, create, expiry: expiry && expiryText(expiry), attributes: attributes && attributesText(attributes) }
  const { database, statements: before = [] } = wanted.session
  return {
    summary: `user ${input.name}@${host}: ${what}`,
    writes: ['anything'],
    steps: [mysqlStep(foundLogin(input, known)!, statements, { database, statements: [...(input.sql_log_bin ? [] : ['SET SQL_LOG_BIN=0']), ...before] })],
    leaves: [
      mysqlAnswered(usersRead(input, known, wanted), rowsText(rows)),
      ...Object.entries(told).flatMap(([key, text]): Imagined[] => {
        const read = reads[`${key} ${host}`]
        return text === undefined || read === undefined ? [] : [mysqlAnswered(read, text)]
      }),
    ],
  }
}

export function removals(input: UserInput, known: Known, wanted: Wanted): readonly Change[] {
  const rows = meant(input, known)
  return rows.map(({ host }, index) => change(input, known, wanted, host, 'removed', [`DROP USER ${accountName(input.name, host)}`], { rows: rowsOf(known.users as ShellResult).filter((each) => !rows.slice(0, index + 1).some((gone) => gone.host === each.host)) }))
}

/** The proof of the same name elsewhere, when all of them have the same. */
export function reused({ update_password: update }: UserInput, known: Known): Row | undefined {
  const others = update === 'on_new_username' ? rowsOf(known.users as ShellResult) : []
  const [one] = others
  return others.every(({ plugin, hash }) => plugin === one?.plugin && hash === one.hash) ? one : undefined
}

export function creation(input: UserInput, known: Known, wanted: Wanted): Change {
  const { privileges: privs, tls, limits, expiry } = wanted
  const host = input.host.toLowerCase()
  const account = accountName(input.name, host)
  const granted = privs === undefined || input.subtract_privs ? new Map<string, Set<string>>() : privs
  const privileges = privilegeStatements(new Map(), { user: input.name, account, wanted: granted, mode: 'append' })
  const elsewhere = reused(input, known)
  const rest = clauses({ ...(tls !== 'NONE' && { tls }), limits, ...(input.locked === true && { locked: true }) })
  const proof = elsewhere === undefined ? identified(input) : identifiedAs(elsewhere.plugin, elsewhere.hash)
  const row = { host, ...(elsewhere === undefined ? keptBy(input) : { plugin: elsewhere.plugin, hash: elsewhere.hash }) }
  const noted = Object.keys(wanted.attributes).length > 0 ? [attributesStatement(wanted.attributes, account)] : []
  const statements = [`CREATE USER ${account}${proof}${rest}`, ...(expiry === undefined ? [] : [expiryStatement(expiry, account)]), ...privileges, ...noted]
  return change(input, known, wanted, host, `new${privileges.length > 0 ? ', with privileges' : ''}`, statements, {
    rows: [...rowsOf(known.users as ShellResult), row],
    grants: grantsText(new Map([['*.*', new Set(['USAGE'])], ...granted]), account),
    create: `CREATE USER ${account}${rest}`,
    expiry: expiry === undefined ? NEW_EXPIRY : expiryAfter(expiry, NEW_EXPIRY),
    attributes: attributesAfter(wanted.attributes, {}),
  })
}

export function alteration(input: UserInput, known: Known, wanted: Wanted, row: Row): readonly Change[] {
  const account = accountName(input.name, row.host)
  const { password, tls, locked, limits, grants, wish, privileges, expiry, expires, attributes, noted } = differencesOf(input, known, wanted, row)
  const statements = [
    ...(password || tls || locked || limits.size > 0 ? [`ALTER USER ${account}${password ? identified(input) : ''}${clauses({ ...(tls && { tls: wanted.tls }), limits, ...(locked && { locked: input.locked }) })}`] : []),
    ...(expires ? [expiryStatement(wanted.expiry!, account)] : []),
    ...privileges,
    ...(Object.keys(noted).length > 0 ? [attributesStatement(noted, account)] : []),
  ]
  if (statements.length === 0) return []
  const what = [
    ...(password ? ['password'] : []),
    ...(expires ? [`password expires ${wanted.expiry!.when === 'interval' ? `after ${wanted.expiry!.days} days` : wanted.expiry!.when}`] : []),
    ...(tls ? ['tls'] : []),
    ...limits.keys(),
    ...(locked ? [input.locked ? 'locked' : 'unlocked'] : []),
    ...(privileges.length > 0 ? ['privileges'] : []),
    ...Object.keys(noted).map((name) => `attribute ${name}`),
  ]
  const shown = (known[`create ${row.host}`] as ShellResult).stdout
  return [change(input, known, wanted, row.host, what.join(', '), statements, {
    rows: rowsOf(known.users as ShellResult).map((each) => (each.host === row.host && password ? { host: each.host, ...keptBy(input) } : each)),
    grants: grantsText(wish === undefined ? grants : afterwards(grants, wish), account),
    create: `CREATE USER ${account}${clauses({ tls: wanted.tls, limits: new Map([...limitsOf(shown), ...limits]), locked: input.locked ?? isLocked(shown) })}`,
    expiry: expiry === undefined || !expires ? expiry : expiryAfter(wanted.expiry!, expiry),
    attributes: attributes === undefined ? undefined : attributesAfter(noted, attributes),
  })]
}
