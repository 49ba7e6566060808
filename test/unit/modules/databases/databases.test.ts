import { expect, it } from 'vitest'
import { indexModules } from '../../../../src/engine/module-names.ts'
import { mysqlDb } from '../../../../src/modules/databases/mysql_db.ts'
import { mysqlUser } from '../../../../src/modules/databases/mysql_user.ts'
import { parseGrants, parsePrivileges, privilegeStatements } from '../../../../src/modules/databases/mysql-privileges.ts'
import { postgresqlDb } from '../../../../src/modules/databases/postgresql_db.ts'
import { postgresqlUser } from '../../../../src/modules/databases/postgresql_user.ts'
import type { Module } from '../../../../src/modules/contract/module.ts'
import type { Plain } from '../../../../src/values/value.ts'
import { inputOf, planWith, resultWith } from '../../../support/drive.ts'

const answer = (...lines: readonly string[]): unknown => ({ stdout: lines.map((line) => `${line}\n`).join(''), code: 0 })

function statements(module: Module, args: Record<string, Plain>, state: Record<string, unknown>): string[] {
  const { changes, fail } = planWith(module, args, state)
  expect(fail).toBeUndefined()
  return changes.map(({ steps }) => String(steps[0]!.stdin).trim())
}

const grants = (...lines: readonly string[]): ReturnType<typeof parseGrants> => parseGrants(lines.map((line) => `GRANT ${line}`), false)
const USAGE = 'USAGE ON *.* TO `z`@`localhost` IDENTIFIED BY PASSWORD \'*AB\''

it.each<[string, ReturnType<typeof parseGrants>, string, 'exactly' | 'append' | 'subtract', string[]]>([
  ['a new one', grants(USAGE), 'db.*:SELECT,INSERT', 'exactly', ['GRANT SELECT, INSERT ON `db`.* TO z']],
  ['as it is', grants(USAGE, 'INSERT, SELECT ON `db`.* TO `z`@`localhost`'), 'db.*:SELECT,INSERT/*.*:USAGE', 'exactly', []],
  ['all', grants(USAGE, 'ALL PRIVILEGES ON `my_db`.* TO `z`@`localhost` WITH GRANT OPTION'), '`my_db`.*:ALL,GRANT', 'exactly', []],
  ['fewer', grants(USAGE, 'ALL PRIVILEGES ON `db`.* TO `z`@`localhost`'), 'db.*:SELECT', 'exactly', ['REVOKE ALL ON `db`.* FROM z', 'GRANT SELECT ON `db`.* TO z']],
  ['elsewhere', grants(USAGE, 'SELECT ON `old`.* TO `z`@`localhost`'), 'db.t:SELECT', 'exactly', ['REVOKE SELECT ON `old`.* FROM z', 'GRANT SELECT ON `db`.`t` TO z']],
  ['more', grants(USAGE, 'SELECT ON `old`.* TO `z`@`localhost`'), 'db.*:SELECT', 'append', ['GRANT SELECT ON `db`.* TO z']],
  ['less', grants(USAGE, 'SELECT, INSERT ON `db`.* TO `z`@`localhost`'), 'db.*:INSERT,UPDATE', 'subtract', ['REVOKE INSERT ON `db`.* FROM z']],
  ['columns', grants(USAGE, 'SELECT (`B`, `A`) ON `db`.`t` TO `z`@`localhost`'), 'db.t:SELECT(a, b)', 'exactly', []],
  ['a function', grants(USAGE), 'FUNCTION db.f:EXECUTE', 'append', ['GRANT EXECUTE ON FUNCTION `db`.`f` TO z']],
])('privileges: %s', (_, current, wanted, mode, expected) => expect(privilegeStatements(current, { account: 'z', wanted: parsePrivileges(wanted, false), mode })).toEqual(expected))

it('says what a privilege looks like', () => expect(() => parsePrivileges('db.*', false)).toThrow("'db.*' is no privilege"))

// SHA-1 of SHA-1 of "secret", as MySQL's documentation defines it.
const HASH = '*14E65567ABDB5135D0CFD9A70B3032C179A49EE7'
const there = (hash = HASH): Record<string, unknown> => ({ users: answer(`localhost\tmysql_native_password\t${hash}`), 'grants localhost': answer(`GRANT ${USAGE}`), 'create localhost': answer("CREATE USER `z`@`localhost` IDENTIFIED BY PASSWORD '*AB'") })

it.each<[string, Record<string, Plain>, Record<string, unknown>, string[]]>([
  ['a new one', { password: "it's", priv: { 'db.*': 'ALL' }, host: '%' }, { users: answer() }, ["CREATE USER 'z'@'%' IDENTIFIED BY 'it''s';\nGRANT ALL ON `db`.* TO 'z'@'%';"]],
  ['the same password', { password: 'secret' }, there(), []],
  ['the same hash', { password: HASH, encrypted: true }, there(), []],
  ['another password', { password: 'other' }, there(), ["ALTER USER 'z'@'localhost' IDENTIFIED BY 'other';"]],
  ['another password, which stays', { password: 'other', update_password: 'on_create' }, there(), []],
  ['a plugin', { plugin: 'unix_socket' }, there(), ["ALTER USER 'z'@'localhost' IDENTIFIED WITH unix_socket;"]],
  ['encryption', { tls_requires: { SSL: null } }, there(), ["ALTER USER 'z'@'localhost' REQUIRE SSL;"]],
  ['locked', { locked: true }, there(), ["ALTER USER 'z'@'localhost' ACCOUNT LOCK;"]],
  ['gone', { state: 'absent' }, there(), ["DROP USER 'z'@'localhost';"]],
  ['gone already', { state: 'absent' }, { users: answer() }, []],
])('mysql_user: %s', (_, args, state, expected) => expect(statements(mysqlUser, { name: 'z', ...args }, state)).toEqual(expected))

it.each<[string, Record<string, Plain>, string[]]>([
  ['new ones', { name: ['old', 'a`b'], encoding: 'utf8mb4', collation: 'utf8mb4_bin' }, ["CREATE DATABASE `a``b` CHARACTER SET = 'utf8mb4' COLLATE = 'utf8mb4_bin';"]],
  ['gone', { db: 'old', state: 'absent' }, ['DROP DATABASE `old`;']],
  ['gone already', { db: 'new', state: 'absent' }, []],
])('mysql_db: %s', (_, args, expected) => expect(statements(mysqlDb, args, { databases: answer('old') })).toEqual(expected))

const DATABASE = answer('app\tzope\tUTF8\tC\tC\t-1\tpg_default\t')

it.each<[string, Record<string, Plain>, string[]]>([
  ['new', { name: 'n"ew', owner: 'zope', encoding: 'UTF-8', lc_collate: 'C', template: 'template0' }, [`CREATE DATABASE "n""ew" OWNER "zope" TEMPLATE "template0" ENCODING 'UTF-8' LC_COLLATE 'C';`]],
  ['as it is', { name: 'app', owner: 'zope', encoding: 'utf-8', lc_ctype: 'C' }, []],
  ['another owner', { name: 'app', owner: 'you', conn_limit: 5 }, ['ALTER DATABASE "app" OWNER TO "you";\nALTER DATABASE "app" CONNECTION LIMIT 5;']],
  ['gone', { name: 'app', state: 'absent' }, ['DROP DATABASE "app";']],
  ['another name', { name: 'app', state: 'rename', target: 'b' }, ['ALTER DATABASE "app" RENAME TO "b";']],
])('postgresql_db: %s', (_, args, expected) => expect(statements(postgresqlDb, args, { databases: DATABASE })).toEqual(expected))

it('postgresql_db does not change an encoding', () => expect(planWith(postgresqlDb, { name: 'app', encoding: 'LATIN1' }, { databases: DATABASE }).fail).toBe('Changing database encoding is not supported. Current encoding: UTF8'))

// md5 of "secretzope" and a SCRAM verifier of "pencil" with the salt of RFC 7677's example.
const MD5 = 'md5e5e3ee18ee34d8a2f7b7f5c8b0b9c7f0'
const role = (hash: string): unknown => answer(`f\tf\tt\tt\tt\tf\tf\t-1\t-\t${hash}\t-`)
const SCRAM = 'SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU='

it.each<[string, Record<string, Plain>, unknown, string[]]>([
  ['new', { password: 'p', role_attr_flags: 'CREATEDB,NOSUPERUSER', conn_limit: 3 }, answer(), [`CREATE USER "zope" WITH ENCRYPTED PASSWORD 'p' CREATEDB NOSUPERUSER CONNECTION LIMIT 3;`]],
  ['as it is', { password: 'pencil', role_attr_flags: 'createdb,NOSUPERUSER' }, role(SCRAM), []],
  ['a hash that is the same', { password: MD5 }, role(MD5), []],
  ['another password', { password: 'x' }, role(SCRAM), [`ALTER USER "zope" WITH ENCRYPTED PASSWORD 'x';`]],
  ['another password, which stays', { password: 'x', no_password_changes: true }, role(SCRAM), []],
  ['other attributes', { role_attr_flags: 'NOCREATEDB,INHERIT,SUPERUSER' }, role('-'), ['ALTER USER "zope" WITH NOCREATEDB SUPERUSER;']],
  ['gone', { state: 'absent' }, role('-'), ['DROP USER "zope";']],
])('postgresql_user: %s', (_, args, state, expected) => expect(statements(postgresqlUser, { name: 'zope', ...args }, { role: state })).toEqual(expected))

it.each<[Module, Record<string, Plain>, string]>([
  [postgresqlUser, { name: 'x', role_attr_flags: 'KING' }, 'Invalid role_attr_flags specified: KING'],
  [mysqlUser, { name: 'x', priv: 'db' }, "'db' is no privilege"],
  [mysqlDb, { name: 'all' }, 'name is not allowed to equal'],
  [mysqlDb, { name: 'x', state: 'dump' }, 'target is required'],
])('bad arguments %#', (module, args, message) => expect(() => planWith(module, args, {})).toThrow(message))

it('takes the aliases that Ansible has', () => expect(inputOf(postgresqlUser, { user: 'x', db: 'y', port: 1 })).toMatchObject({ name: 'x', login_db: 'y', login_port: 1 }))

it.each([[mysqlDb, 'databases', { name: 'x' }], [postgresqlUser, 'role', { name: 'x' }]])('tells why nobody could log in', (module, key, args) => {
  expect(planWith(module, args, { [key]: { stdout: 'Access denied', code: 1 } }).fail).toBe('unable to connect to database: Access denied')
})

it.each([mysqlDb, mysqlUser])('$name answers to the new name of its collection', (module) => {
  expect(indexModules([module]).get(module.name.replace('community.', 'ansible.'))).toBe(module)
})

it('mysql_db tells what it executed', () => {
  const known = { databases: { stdout: 'old\n', code: 0 } }
  expect(resultWith(mysqlDb, { name: ['new', 'old'], encoding: 'utf8mb4' }, known, { changed: true })).toMatchObject({ executed_commands: ["CREATE DATABASE `new` CHARACTER SET = 'utf8mb4'"] })
  expect(resultWith(mysqlDb, { name: 'old', state: 'absent' }, known, { changed: true })).toMatchObject({ executed_commands: ['DROP DATABASE `old`'] })
  expect(resultWith(mysqlDb, { name: 'old' }, known)).toMatchObject({ executed_commands: [] })
})
