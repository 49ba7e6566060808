/** mysql_user on MariaDB and on MySQL: what expires, what is noted, salts, and what a session begins with. */
import { expect, it } from 'vitest'
import { mysqlUser } from '../../../../src/modules/databases/mysql_user.ts'
import type { Read } from '../../../../src/probe/read.ts'
import type { Plain } from '../../../../src/values/value.ts'
import { inputOf, planWith, resultWith } from '../../../support/drive.ts'

const said = (stdout: string, code = 0): { stdout: string; code: number } => ({ stdout, code })
const HASH = '*14E65567ABDB5135D0CFD9A70B3032C179A49EE7'
const MARIADB = said('11.8.3-MariaDB-0+deb13u1 from Debian\n')
const MYSQL = said('9.7.4-2\n')
const NONE = { version: MYSQL, users: said('') }

interface Told {
  readonly version?: unknown
  readonly row?: string
  readonly expiry?: string
  readonly attributes?: string
}

/** What the server tells of z@localhost. */
function there({ version = MARIADB, row = `mysql_native_password\t${HASH}`, expiry, attributes }: Told = {}): Record<string, unknown> {
  return {
    version,
    users: said(`localhost\t${row}\n`),
    'grants localhost': said("GRANT USAGE ON *.* TO `z`@`localhost`\n"),
    'create localhost': said("CREATE USER `z`@`localhost` IDENTIFIED BY PASSWORD '*AB'\n"),
    ...(expiry !== undefined && { 'expiry localhost': said(expiry) }),
    ...(attributes !== undefined && { 'attributes localhost': said(attributes) }),
  }
}

function statements(args: Record<string, Plain>, state: Record<string, unknown>): string {
  const { changes, fail } = planWith(mysqlUser, { name: 'z', ...args }, state)
  return fail ?? changes.map(({ steps }) => String(steps[0]!.stdin)).join('')
}

it.each<[string, Record<string, Plain>, Told, string]>([
  ['never', { password_expire: 'never' }, { expiry: '-1\tN\n' }, "ALTER USER 'z'@'localhost' PASSWORD EXPIRE NEVER;\n"],
  ['never already', { password_expire: 'never' }, { expiry: '0\tN\n' }, ''],
  ['never, though it has expired', { password_expire: 'never' }, { expiry: '0\tY\n' }, ''],
  ['as all others', { password_expire: 'default' }, { expiry: '0\tN\n' }, "ALTER USER 'z'@'localhost' PASSWORD EXPIRE DEFAULT;\n"],
  ['as all others already', { password_expire: 'default' }, { expiry: '-1\tN\n' }, ''],
  ['after days', { password_expire: 'interval', password_expire_interval: 90 }, { expiry: '30\tN\n' }, "ALTER USER 'z'@'localhost' PASSWORD EXPIRE INTERVAL 90 DAY;\n"],
  ['after days already', { password_expire: 'interval', password_expire_interval: 90 }, { expiry: '90\tN\n' }, ''],
  ['now', { password_expire: 'now' }, { expiry: '-1\tN\n' }, "ALTER USER 'z'@'localhost' PASSWORD EXPIRE;\n"],
  ['now already', { password_expire: 'now', password: 'secret' }, { expiry: '-1\tY\n' }, ''],
  ['a new password expires anew', { password_expire: 'now', password: 'other' }, { expiry: '-1\tY\n' }, "ALTER USER 'z'@'localhost' IDENTIFIED WITH mysql_native_password AS '*023494FBCDFBF9C93B6B2663B348A1C4A939B247';\nALTER USER 'z'@'localhost' PASSWORD EXPIRE;\n"],
  ['also where passwords stay', { password_expire: 'never', password: 'other', update_password: 'on_create' }, { expiry: '-1\tN\n' }, "ALTER USER 'z'@'localhost' PASSWORD EXPIRE NEVER;\n"],
])('a password expires: %s', (_, args, told, expected) => expect(statements(args, there(told))).toBe(expected))

it('asks each server where it keeps that', () => {
  const asked = (version: unknown): string[] => {
    const input = inputOf(mysqlUser, { name: 'z', password_expire: 'never' })
    const reads = mysqlUser.reads(input, (mysqlUser.prepare as (input: unknown, controller: unknown) => unknown)(input, undefined), { config: {}, ...there({ version }) }) as Record<string, Read<unknown>>
    return Object.keys(reads)
  }
  expect(asked(MARIADB)).toEqual(['config', 'version', 'users', 'grants localhost', 'create localhost', 'expiry localhost'])
  expect(asked(MYSQL)).toEqual(['config', 'version', 'users', 'grants localhost', 'create localhost', 'expiry localhost', 'attributes localhost'])
  expect(asked(said('10.3.1-MariaDB'))).not.toContain('expiry localhost')
})

it('a new user has it from the start', () => {
  expect(statements({ password_expire: 'interval', password_expire_interval: 3, priv: 'a.*:SELECT', attributes: { floor: '2' } }, NONE)).toBe(
    "CREATE USER 'z'@'localhost';\nALTER USER 'z'@'localhost' PASSWORD EXPIRE INTERVAL 3 DAY;\nGRANT SELECT ON `a`.* TO 'z'@'localhost';\nALTER USER 'z'@'localhost' ATTRIBUTE '{\"floor\":\"2\"}';\n",
  )
})

// What the server keeps of "secret": compared with the hash that community.mysql makes, and tried by a login to MySQL 9.
const SALT = '1234567890abcdefghij'
const SALTED = '$A$005$1234567890abcdefghij8Z8CDaiw/qWJLMvhgdMrOmBUOSfR29zbEm4P2JHDqR6'
const salted = { plugin: 'caching_sha2_password', plugin_auth_string: 'secret', salt: SALT }
const AS = `IDENTIFIED WITH caching_sha2_password AS 0x${Buffer.from(SALTED).toString('hex').toUpperCase()}`

it.each<[string, Record<string, Plain>, Record<string, unknown>, string]>([
  ['a new user', salted, NONE, `CREATE USER 'z'@'localhost' ${AS};\n`],
  ['another password', salted, there({ version: MYSQL, row: `caching_sha2_password\t${SALTED.replace('$A', '$B')}` }), `ALTER USER 'z'@'localhost' ${AS};\n`],
  ['the same', salted, there({ version: MYSQL, row: `caching_sha2_password\t${SALTED}` }), ''],
  ['no salt: nobody can tell', { ...salted, salt: null }, there({ version: MYSQL, row: `caching_sha2_password\t${SALTED}` }), "ALTER USER 'z'@'localhost' IDENTIFIED WITH caching_sha2_password BY 'secret';\n"],
])('a salt: %s', (_, args, state, expected) => expect(statements(args, state)).toBe(expected))

const noted = (attributes: Plain, now: string): [string, unknown] => {
  const state = there({ version: MYSQL, attributes: now })
  const { msg, attributes: after } = resultWith(mysqlUser, { name: 'z', attributes }, state, { changed: true })
  return [statements({ attributes }, state), { msg, after }]
}

it('notes attributes', () => {
  expect(noted({ a: '1', b: null, c: true }, '{"a": "0", "b": "2", "d": "it\'s \\\\"x\\\\""}\n')).toEqual([
    'ALTER USER \'z\'@\'localhost\' ATTRIBUTE \'{"a":"1","b":null,"c":true}\';\n',
    { msg: 'Attributes updated: a: 1, b: None, c: True', after: { a: '1', c: true, d: 'it\'s "x"' } },
  ])
  expect(noted({ a: '1', b: null }, '{"a": "1"}\n')).toEqual(['', { msg: 'User unchanged', after: { a: '1' } }])
  expect(noted({ a: null }, 'NULL\n')).toEqual(['', { msg: 'User unchanged', after: null }])
  expect(noted({}, '{"a": "1"}\n')).toEqual(['', { msg: 'User unchanged', after: { a: '1' } }])
  expect(resultWith(mysqlUser, { name: 'z', attributes: { a: 1, b: null } }, NONE, { changed: true })).toMatchObject({ msg: 'User added', attributes: { a: 1 } })
})

it.each<[string, Record<string, Plain>, Record<string, unknown>, string]>([
  ['attributes on MariaDB', { attributes: { a: '1' } }, there(), 'user attributes were specified but the server does not support user attributes'],
  ['attributes of a new user on MariaDB', { attributes: { a: '1' } }, { ...NONE, version: MARIADB }, 'user attributes were specified but the server does not support user attributes'],
  ['an old MariaDB', { password_expire: 'now' }, there({ version: said('10.3.1-MariaDB') }), 'The server version does not match the requirements for password_expire parameter.'],
  ['a limit of MariaDB', { resource_limits: { MAX_STATEMENT_TIME: 1 } }, NONE, 'MAX_STATEMENT_TIME resource limit is only supported by MariaDB.'],
  ['a variable that there is not', { session_vars: { sql_mode: '', nope: 1 } }, { users: said(''), version: said("ERROR 1193 (HY000) at line 2: Unknown system variable 'nope'\n", 1) }, 'Failed to execute SET SESSION `nope` = 1: (1193, "Unknown system variable \'nope\'")'],
])('the server cannot: %s', (_, args, state, message) => expect(planWith(mysqlUser, { name: 'z', ...args }, state).fail).toContain(message))

it.each<[Record<string, Plain>, string]>([
  [{ password_expire: 'interval' }, 'password_expire_interval'],
  [{ password_expire: 'interval', password_expire_interval: 0 }, 'password_expire_interval value should be positive number'],
  [{ password_expire: 'soon' }, 'one of now, never, default, interval'],
  [{ salt: SALT, plugin: 'caching_sha2_password' }, 'salt requires plugin_auth_string'],
  [{ ...salted, salt: 'short' }, 'salt must be 20 characters long'],
  [{ ...salted, plugin: 'ed25519' }, 'salt requires caching_sha2_password or sha256_password plugin'],
  [{ session_vars: { a: ['b'] } }, 'a text'],
])('refuses %j', (args, message) => expect(() => planWith(mysqlUser, { name: 'z', ...args }, NONE)).toThrow(message))

it('a session begins with variables, in the database mysql', () => {
  const args = { name: 'z', force_context: true, sql_log_bin: false, session_vars: { wsrep_on: 'off', sort_buffer_size: 65536, unique_checks: false } }
  const [change] = planWith(mysqlUser, args, NONE).changes
  const set = "SET SESSION `wsrep_on` = 'off';\nSET SESSION `sort_buffer_size` = 65536;\nSET SESSION `unique_checks` = 0;\n"
  expect(change!.steps[0]!.stdin).toBe(`SET SQL_LOG_BIN=0;\n${set}CREATE USER 'z'@'localhost';\n`)
  expect(change!.steps[0]!.argv.at(2)).toContain('"$client" "$@" --batch mysql')
})

it.each<[string, Record<string, Plain>, Record<string, unknown>]>([
  ['new', { password: 'p', password_expire: 'now', attributes: { a: '1' }, plugin: null }, NONE],
  ['new with a salt', { ...salted, password_expire: 'never' }, NONE],
  ['changed', { password_expire: 'interval', password_expire_interval: 2, attributes: { a: '"', b: null } }, there({ version: MYSQL, expiry: '-1\tN\n', attributes: '{"b": 1}\n' })],
])('foresees what it leaves: %s', (_, args, state) => {
  const { changes } = planWith(mysqlUser, { name: 'z', ...args }, state)
  const left = changes.flatMap(({ leaves }) => leaves ?? []).map((each) => (each.kind === 'answer' ? said(each.stdout) : undefined))
  const [users, grants, create, expiry, attributes] = left
  expect(left).toHaveLength(5)
  expect(planWith(mysqlUser, { name: 'z', ...args }, { version: MYSQL, users, 'grants localhost': grants, 'create localhost': create, 'expiry localhost': expiry, 'attributes localhost': attributes }).changes).toEqual([])
})

it('foresees it for tasks whose session begins otherwise', () => {
  const reads = (args: Record<string, Plain>): Record<string, Read<unknown>> => {
    const input = inputOf(mysqlUser, { name: 'z', ...args })
    return mysqlUser.reads(input, (mysqlUser.prepare as (input: unknown, controller: unknown) => unknown)(input, undefined), { config: {}, ...NONE })
  }
  const leaves = planWith(mysqlUser, { name: 'z', session_vars: { wsrep_on: 'off' } }, NONE).changes.flatMap((change) => change.leaves ?? [])
  const told = (args: Record<string, Plain>): unknown => {
    const { kind, request } = reads(args)['users']!
    return kind.imagine!(request, said(''), leaves)
  }
  expect(told({ force_context: true })).toEqual(said('localhost\tmysql_native_password\t\n'))
  for (const args of [{ login_user: 'other' }, { login_host: 'db' }, { name: 'y' }]) expect(told(args)).toEqual(said(''))
})
