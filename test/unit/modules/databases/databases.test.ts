import { expect, it } from 'vitest'
import { indexModules } from '../../../../src/engine/module-names.ts'
import { mysqlDb } from '../../../../src/modules/databases/mysql_db.ts'
import { mysqlUser } from '../../../../src/modules/databases/mysql_user.ts'
import { afterwards, grantsText, parseGrants, parsePrivileges, privilegesMessage, privilegeStatements } from '../../../../src/modules/databases/mysql-privileges.ts'
import { postgresqlDb } from '../../../../src/modules/databases/postgresql_db.ts'
import { postgresqlUser } from '../../../../src/modules/databases/postgresql_user.ts'
import type { Module } from '../../../../src/modules/contract/module.ts'
import type { Read } from '../../../../src/probe/read.ts'
import type { Plain } from '../../../../src/values/value.ts'
import { inputOf, planWith, resultWith } from '../../../support/drive.ts'

const answer = (...lines: readonly string[]): unknown => ({ stdout: lines.map((line) => `${line}\n`).join(''), code: 0 })

function statements(module: Module, args: Record<string, Plain>, state: Record<string, unknown>): string[] {
  const { changes, fail } = planWith(module, args, { version: answer('11.8.3-MariaDB'), ...state })
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
  ['double quotes', grants(USAGE, 'SELECT ("B", "A"), INSERT ON "my_db"."t" TO "z"@"localhost"', 'ALL PRIVILEGES ON "a""b`c".* TO "z"@"localhost"'), 'my_db.t:INSERT,SELECT(a, b)/a"b`c.*:ALL', 'exactly', []],
  ['backquotes', grants(USAGE, 'ALL PRIVILEGES ON `a``b`.* TO `z`@`localhost`'), 'a`b.*:ALL/`c`.*:SELECT', 'exactly', ['GRANT SELECT ON `c`.* TO z']],
  ['a function', grants(USAGE), 'FUNCTION db.f:EXECUTE', 'append', ['GRANT EXECUTE ON FUNCTION `db`.`f` TO z']],
])('privileges: %s', (_, current, wanted, mode, expected) => expect(privilegeStatements(current, { user: 'zope', account: 'z', wanted: parsePrivileges(wanted, false), mode })).toEqual(expected))

it('takes nothing from root that is not named, and no right to act for others', () => {
  const elsewhere = grants(USAGE, 'SELECT ON `old`.* TO `z`@`localhost`')
  const statements = (current: typeof elsewhere, user: string): readonly string[] => privilegeStatements(current, { user, account: 'z', wanted: parsePrivileges('*.*:USAGE', false), mode: 'exactly' })
  expect(statements(elsewhere, 'zope')).toEqual(['REVOKE SELECT ON `old`.* FROM z'])
  expect(statements(elsewhere, 'root')).toEqual([])
  expect(statements(grants(USAGE, "PROXY ON ''@'%' TO `z`@`localhost` WITH GRANT OPTION"), 'zope')).toEqual([])
})

it.each<[string, string, 'exactly' | 'append' | 'subtract', readonly string[]]>([
  ['other ones', 'db.*:SELECT,UPDATE/*.*:USAGE', 'exactly', ["Privileges updated: granted ['UPDATE'], revoked ['INSERT']"]],
  ['new ones', 'db.*:SELECT,INSERT/two.*:ALL/*.*:USAGE', 'exactly', ['New privileges granted']],
  ['none', '*.*:USAGE', 'exactly', ['Privileges updated']],
  ['more', 'db.*:DELETE', 'append', ["Privileges updated: granted ['DELETE'], revoked []"]],
  ['fewer', 'db.*:INSERT', 'subtract', ["Privileges updated: granted [], revoked ['INSERT']"]],
  ['as it is', 'db.*:SELECT,INSERT/*.*:USAGE', 'exactly', []],
])('says of privileges: %s', (_, wanted, mode, message) => {
  const current = grants(USAGE, 'SELECT, INSERT ON `db`.* TO `z`@`localhost`')
  const wish = { user: 'z', account: '`z`@`localhost`', wanted: parsePrivileges(wanted, false), mode }
  expect(privilegesMessage(current, wish)).toEqual(message)
  // What the statements leave is what is wanted.
  expect(privilegeStatements(parseGrants(grantsText(afterwards(current, wish), '`z`@`localhost`').split('\n'), false), wish)).toEqual([])
})

it('says what a privilege looks like', () => expect(() => parsePrivileges('db.*', false)).toThrow("'db.*' is no privilege"))

// SHA-1 of SHA-1 of "secret", as MySQL's documentation defines it.
const HASH = '*14E65567ABDB5135D0CFD9A70B3032C179A49EE7'
const there = (hash = HASH, clauses = ''): Record<string, unknown> => ({ version: answer('11.8.3-MariaDB'), users: answer(`localhost\tmysql_native_password\t${hash}`), 'grants localhost': answer(`GRANT ${USAGE}`), 'create localhost': answer(`CREATE USER \`z\`@\`localhost\` IDENTIFIED BY PASSWORD '*AB' ${clauses}`) })

it.each<[string, Record<string, Plain>, Record<string, unknown>, string[]]>([
  ['a new one', { password: "it's", priv: { 'db.*': 'ALL' }, host: '%' }, { users: answer() }, ["CREATE USER 'z'@'%' IDENTIFIED WITH mysql_native_password AS '*03433C6B3A6A40A98822153A1ABC5C0A8A21B8CB';\nGRANT ALL ON `db`.* TO 'z'@'%';"]],
  ['the same password', { password: 'secret' }, there(), []],
  ['the same hash', { password: HASH, encrypted: true }, there(), []],
  ['another password', { password: 'other' }, there(), ["ALTER USER 'z'@'localhost' IDENTIFIED WITH mysql_native_password AS '*023494FBCDFBF9C93B6B2663B348A1C4A939B247';"]],
  ['another password, which stays', { password: 'other', update_password: 'on_create' }, there(), []],
  ['a plugin', { plugin: 'unix_socket' }, there(), ["ALTER USER 'z'@'localhost' IDENTIFIED WITH unix_socket;"]],
  ['encryption', { tls_requires: { SSL: null } }, there(), ["ALTER USER 'z'@'localhost' REQUIRE SSL;"]],
  ['a subject and an issuer', { tls_requires: { subject: '/CN=z', issuer: '/CN=c' } }, there(HASH, "REQUIRE ISSUER '/CN=c' SUBJECT '/CN=z'"), []],
  ['encryption no longer', {}, there(HASH, 'REQUIRE SSL'), ["ALTER USER 'z'@'localhost' REQUIRE NONE;"]],
  ['limits', { resource_limits: { MAX_QUERIES_PER_HOUR: 10, MAX_USER_CONNECTIONS: 2 } }, there(HASH, 'WITH MAX_QUERIES_PER_HOUR 10'), ["ALTER USER 'z'@'localhost' WITH MAX_USER_CONNECTIONS 2;"]],
  ['the password of the same name', { update_password: 'on_new_username', password: 'x', host: 'h' }, { users: answer(`localhost\tmysql_native_password\t${HASH}`) }, [`CREATE USER 'z'@'h' IDENTIFIED WITH mysql_native_password AS '${HASH}';`]],
  ['locked', { locked: true }, there(), ["ALTER USER 'z'@'localhost' ACCOUNT LOCK;"]],
  ['gone', { state: 'absent' }, there(), ["DROP USER 'z'@'localhost';"]],
  ['gone already', { state: 'absent' }, { users: answer() }, []],
])('mysql_user: %s', (_, args, state, expected) => expect(statements(mysqlUser, { name: 'z', ...args }, state)).toEqual(expected))

it.each<[string, Record<string, Plain>, string[]]>([
  ['new ones', { name: ['old', 'a`b'], encoding: 'utf8mb4', collation: 'utf8mb4_bin' }, ["CREATE DATABASE `a``b` CHARACTER SET 'utf8mb4' COLLATE 'utf8mb4_bin';"]],
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
  ['another limit', { conn_limit: 4 }, role('-'), ['ALTER USER "zope" WITH CONNECTION LIMIT 4;']],
])('postgresql_user: %s', (_, args, state, expected) => expect(statements(postgresqlUser, { name: 'zope', ...args }, { role: state })).toEqual(expected))

it.each<[Module, Record<string, Plain>, string]>([
  [postgresqlUser, { name: 'x', role_attr_flags: 'KING' }, 'Invalid role_attr_flags specified: KING'],
  [mysqlUser, { name: 'x', priv: 'db' }, "'db' is no privilege"],
  [mysqlDb, { name: 'all' }, 'name is not allowed to equal'],
  [mysqlDb, { name: 'x', state: 'dump' }, 'target is required'],
])('bad arguments %#', (module, args, message) => expect(() => planWith(module, args, {})).toThrow(message))

it('takes the aliases that Ansible has', () => expect(inputOf(postgresqlUser, { user: 'x', db: 'y', port: 1 })).toMatchObject({ name: 'x', login_db: 'y', login_port: 1 }))

const DENIED = "ERROR 1045 (28000): Access denied for user 'z'@'localhost'"
it.each<[Module, string, string, boolean, string]>([
  [mysqlDb, 'databases', DENIED, false, `unable to find /root/.my.cnf. Exception message: (1045, "Access denied for user 'z'@'localhost'")`],
  [mysqlDb, 'databases', DENIED, true, `unable to connect to database, check login_user and login_password are correct or /root/.my.cnf has the credentials. Exception message: (1045, "Access denied for user 'z'@'localhost'")`],
  [mysqlUser, 'users', DENIED, false, `unable to connect to database, check login_user and login_password are correct or /root/.my.cnf has the credentials. Exception message: (1045, "Access denied for user 'z'@'localhost'")`],
  [postgresqlUser, 'role', 'psql: error: Access denied', false, 'unable to connect to database: Access denied\n'],
])('%# tells why nobody could log in', (module, key, said, exists, message) => {
  expect(planWith(module, { name: 'x' }, { [key]: { stdout: said, code: 1 }, config: { path: '/root/.my.cnf', exists } }).fail).toBe(message)
})

it.each([mysqlDb, mysqlUser])('$name answers to the new name of its collection', (module) => {
  expect(indexModules([module]).get(module.name.replace('community.', 'ansible.'))).toBe(module)
})

it('mysql_db tells what it executed', () => {
  const known = { databases: { stdout: 'old\n', code: 0 }, config: { exists: false } }
  expect(resultWith(mysqlDb, { name: ['new', 'old'], encoding: 'utf8mb4' }, known, { changed: true })).toMatchObject({ executed_commands: ["CREATE DATABASE `new` CHARACTER SET 'utf8mb4'"] })
  expect(resultWith(mysqlDb, { name: 'old', state: 'absent' }, known, { changed: true })).toMatchObject({ executed_commands: ['DROP DATABASE `old`'] })
  expect(resultWith(mysqlDb, { name: 'old' }, known)).toMatchObject({ executed_commands: [] })
})

it('mysql_db tells the command lines of dumps and imports', () => {
  const known = { databases: answer('old'), config: { exists: true, path: '/root/.my.cnf' }, folder: { exists: true }, target: { exists: true } }
  const said = (stdout: string) => ({ changed: true, replies: [{ stdout: Buffer.from(stdout), stderr: Buffer.alloc(0), code: 0 }] })
  const options = { name: 'old', target: '/d/o.sql', single_transaction: true, ignore_tables: ['old.t'], force: true }
  expect(resultWith(mysqlDb, { ...options, state: 'dump' }, known, said('/usr/bin/mariadb-dump\n'))).toEqual({ db: 'old', db_list: ['old'], msg: '', executed_commands: ['/usr/bin/mariadb-dump --defaults-extra-file=/root/.my.cnf --force --host=localhost --port=3306 old --single-transaction=true --quick --ignore-table=old.t > /d/o.sql'] })
  expect(resultWith(mysqlDb, { ...options, state: 'import', target: '/d/o.sql.gz', login_unix_socket: '/s' }, known, said('/usr/bin/mariadb\n/usr/bin/gzip\nhello\n'))).toMatchObject({ msg: 'hello\n', executed_commands: ["/usr/bin/gzip -dc /d/o.sql.gz | ['/usr/bin/mariadb', '--defaults-extra-file=/root/.my.cnf', '-f', '--socket=/s', '--one-database', 'old']"] })
})

it('mysql_db knows in check mode what databases earlier tasks would make', () => {
  const { changes } = planWith(mysqlDb, { name: ['new', 'other'] }, { databases: answer('old') })
  const reads = (mysqlDb).reads(inputOf(mysqlDb, { name: 'x' }), undefined, {}) as Record<string, Read<unknown>>
  const { kind, request } = reads['databases']!
  expect(kind.imagine!(request, answer('old'), changes.flatMap(({ leaves }) => leaves ?? []))).toEqual({ stdout: 'old\nnew\nother', code: 0 })
})

it('mysql_user says what it has done last', () => {
  expect(resultWith(mysqlUser, { name: 'z', password: 'other', priv: 'db.*:SELECT' }, there(), { changed: true })).toEqual({ user: 'z', msg: 'New privileges granted', password_changed: true, attributes: {} })
  expect(resultWith(mysqlUser, { name: 'z', password: 'other' }, there(), { changed: true })).toMatchObject({ msg: 'Password updated (new style)' })
  expect(resultWith(mysqlUser, { name: 'z' }, { users: answer() }, { changed: true })).toEqual({ user: 'z', msg: 'User added', password_changed: true, attributes: null })
  expect(resultWith(mysqlUser, { name: 'z', state: 'absent' }, { users: answer() })).toEqual({ user: 'z', msg: "User doesn't exist", password_changed: false, attributes: null })
})

it.each<[Record<string, Plain>, unknown, Record<string, Plain>]>([
  [{ password: 'p', role_attr_flags: 'CREATEDB', conn_limit: 3 }, answer(), { user: 'zope', queries: ['CREATE USER "zope" WITH ENCRYPTED PASSWORD %(password)s CONNECTION LIMIT 3 CREATEDB'] }],
  [{}, answer(), { user: 'zope', queries: ['CREATE USER "zope" '] }],
  [{ password: 'x' }, role(SCRAM), { user: 'zope', queries: ['ALTER USER "zope" WITH ENCRYPTED PASSWORD %(password)s '] }],
  [{ role_attr_flags: 'SUPERUSER', expires: 'infinity' }, role('-'), { user: 'zope', queries: ['ALTER USER "zope" WITH SUPERUSER VALID UNTIL %(expires)s'] }],
  [{ comment: 'Z' }, role('-'), { user: 'zope', queries: [`COMMENT ON ROLE "zope" IS 'Z'`] }],
  [{ password: 'pencil' }, role(SCRAM), { user: 'zope', queries: [] }],
  [{ state: 'absent' }, role('-'), { user: 'zope', user_removed: true, queries: ['DROP USER "zope"'] }],
  [{ state: 'absent' }, answer(), { user: 'zope', queries: [] }],
])('postgresql_user tells %j', (args, state, result) => expect(resultWith(postgresqlUser, { name: 'zope', ...args }, { role: state }, { changed: true })).toEqual(result))

const drop = (said: string, args: Record<string, Plain> = {}) => planWith(postgresqlUser, { name: 'zope', state: 'absent', ...args }, { role: role('-'), rehearsal: { stdout: said, code: said === '' ? 0 : 3 } })
it('postgresql_user knows before whether something depends on a role', () => {
  expect(drop('').changes.map(({ steps }) => String(steps[0]!.stdin))).toEqual(['DROP USER "zope";\n'])
  expect(drop('ERROR:  role "zope" cannot be dropped because some objects depend on it\n').fail).toBe('Unable to remove user: role "zope" cannot be dropped because some objects depend on it\n')
  expect(drop('ERROR:  role "zope" cannot be dropped because some objects depend on it\n', { fail_on_user: false })).toMatchObject({ changes: [] })
})

it.each<[Module, string, Record<string, Plain>, Record<string, unknown>]>([
  [postgresqlUser, 'role', { name: 'zope', password: 'p', role_attr_flags: 'CREATEDB', comment: 'Z', conn_limit: 3, expires: 'infinity' }, { role: answer() }],
  [postgresqlUser, 'role', { name: 'zope', password: 'p', role_attr_flags: 'NOLOGIN' }, { role: role(SCRAM) }],
  [postgresqlDb, 'databases', { name: 'new', owner: 'zope', encoding: 'UTF8', comment: 'n' }, { databases: DATABASE }],
  [postgresqlDb, 'databases', { name: 'app', owner: 'you', conn_limit: '7' }, { databases: DATABASE }],
  [postgresqlDb, 'databases', { name: 'app', state: 'absent' }, { databases: DATABASE }],
  [postgresqlDb, 'databases', { name: 'app', state: 'rename', target: 'b' }, { databases: DATABASE }],
  [mysqlUser, 'users', { name: 'z', state: 'absent' }, there()],
])('$name foresees what it leaves: %#', (module, key, args, state) => {
  const first = planWith(module, args, state)
  const left = first.changes.flatMap(({ leaves }) => leaves ?? [])[0]
  expect(first.changes).toHaveLength(1)
  expect(planWith(module, args, { ...state, [key]: { stdout: left?.kind === 'answer' ? left.stdout : '', code: 0 } }).changes).toEqual([])
})

it('postgresql_db tells the command lines of dumps and restores', () => {
  const told = (args: Record<string, Plain>, stdout: string) => resultWith(postgresqlDb, { name: 'app', ...args }, { databases: DATABASE }, { changed: true, replies: [{ stdout: Buffer.from(stdout), stderr: Buffer.alloc(0), code: 0 }] })
  expect(told({ state: 'dump', target: '/d/a.tar', dump_extra_args: '--no-comments' }, '/usr/bin/pg_dump\n')).toEqual({ msg: '', stderr: '', rc: 0, cmd: '/usr/bin/pg_dump app --port=5432 --username=postgres --format=t --no-comments  > /d/a.tar', executed_commands: ['/usr/bin/pg_dump app --port=5432 --username=postgres --format=t --no-comments  > /d/a.tar'] })
  expect(told({ state: 'restore', target: '/d/a.sql' }, '/usr/bin/psql\nSET\n')).toMatchObject({ msg: 'SET\n', cmd: '/usr/bin/psql --dbname=app --port=5432 --username=postgres --file=/d/a.sql' })
  expect(told({ state: 'restore', target: '/d/a.sql.gz' }, '/usr/bin/psql\n/usr/bin/gzip\nSET\n')).toMatchObject({ msg: '', cmd: 'cmd: ****', executed_commands: [] })
})
