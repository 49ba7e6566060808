/** Logins to PostgreSQL: words, environment and parameters of the connection, for questions, statements, dumps and restores. */
import { expect, it } from 'vitest'
import { loginShown, postgresRead, postgresStep, postgresTool, type Login } from '../../../../src/modules/databases/postgresql-client.ts'
import { postgresqlDb } from '../../../../src/modules/databases/postgresql_db.ts'
import { postgresqlPrivs } from '../../../../src/modules/databases/postgresql_privs.ts'
import { postgresqlUser } from '../../../../src/modules/databases/postgresql_user.ts'
import type { Plain } from '../../../../src/values/value.ts'
import { inputOf, planWith } from '../../../support/drive.ts'

const login = (args: Record<string, Plain> = {}): Login => inputOf(postgresqlDb, { name: 'x', ...args }) as unknown as Login
const START = ['psql', '-X', '-q', '-A', '-t', '-F', '\t', '-v', 'ON_ERROR_STOP=1', '-w']

it.each<[Record<string, Plain>, readonly string[]]>([
  [{}, ['-U', 'postgres', '-p', '5432', '-d', 'app']],
  [{ login: 'ann', host: 'db', port: 5433 }, ['-U', 'ann', '-h', 'db', '-p', '5433', '-d', 'app']],
  [{ login_host: 'localhost', login_unix_socket: '/run/pg' }, ['-U', 'postgres', '-h', '/run/pg', '-p', '5432', '-d', 'app']],
  [{ connect_params: { application_name: "it's \\ so", connect_timeout: 5, keepalives: null } }, ['-U', 'postgres', '-p', '5432', '-d', String.raw`dbname='app' application_name='it\'s \\ so' connect_timeout='5'`]],
  [{ login_host: 'db', connect_params: { host: '/run/pg', dbname: 'other', user: 'me' } }, ['-U', 'postgres', '-h', '/run/pg', '-p', '5432', '-d', "dbname='other' host='/run/pg' user='me'"]],
])('%j', (args, words) => expect(postgresStep(login(args), 'app', ['SELECT 1'])).toMatchObject({ argv: [...START, ...words], stdin: 'SELECT 1;\n' }))

it('a database without a name is that of who logs in', () => expect(postgresStep(login(), '', []).argv).toEqual([...START, '-U', 'postgres', '-p', '5432']))

it('certificates are paths on the host', () => {
  const args = { ca_cert: '/ca', ssl_cert: '~/my cert', ssl_key: '$HOME/key', ssl_mode: 'verify-full', login_password: 'sesame' }
  const { argv, environment } = postgresStep(login(args), 'app', [])
  const paths = ['PGSSLROOTCERT=/ca', "PGSSLCERT=~/'my cert'", 'PGSSLKEY="${HOME-\\$HOME}"/key']
  expect(argv.slice(0, 4)).toEqual(['/bin/sh', '-c', `${paths.map((each) => `export ${each}\n`).join('')}exec "$@"`, 'sh'])
  expect(environment).toEqual({ PGCONNECT_TIMEOUT: '30', PGSSLMODE: 'verify-full', PGPASSWORD: 'sesame' })
  expect((postgresRead(login(args), 'app', 'SELECT 1').request as { script: string }).script).toContain(`| PGCONNECT_TIMEOUT=30 PGSSLMODE=verify-full PGPASSWORD=sesame ${paths.join(' ')} psql`)
  expect(postgresTool(login(args), 'pg_dump', 'app', () => []).exports).toBe(paths.map((each) => `export ${each}\n`).join(''))
})

it('passwords are in no command line', () => {
  const { argv, environment } = postgresStep(login({ login_password: 'x', connect_params: { password: 'sesame', host: 'db' } }), 'app', [])
  expect(argv.join(' ')).not.toContain('sesame')
  expect(environment).toMatchObject({ PGPASSWORD: 'sesame' })
  expect(() => postgresStep(login({ connect_params: { sslpassword: 'sesame' } }), 'app', [])).toThrow('a key with a password of its own is not supported')
})

it('dumps and restores have the parameters too, and the database that they are of', () => {
  const args = { login_host: 'db', connect_params: { port: 5433, dbname: 'other', user: 'me' } }
  const known = { databases: { stdout: 'app\tzope\tUTF8\tC\tC\t-1\tpg_default\t\t\t', code: 0 } }
  const words = (state: string, file: string): readonly string[] => planWith(postgresqlDb, { name: 'app', state, target: file, ...args }, known).changes[0]!.steps[0]!.argv
  for (const [state, file] of [['dump', '/d/x.sql'], ['restore', '/d/x.sql'], ['restore', '/d/x.tar']] as const) expect(words(state, file)).toContain("dbname='app' port='5433' user='me'")
  expect(loginShown(login(args))).toEqual(['--host=db', '--port=5433', '--username=me'])
})

it.each([postgresqlDb, postgresqlPrivs, postgresqlUser])('$name knows them', (module) => {
  expect(Object.keys(module.options)).toEqual(expect.arrayContaining(['connect_params', 'ssl_cert', 'ssl_key', 'ca_cert']))
  expect(module.options['login_user']).toMatchObject({ aliases: ['login'] })
})

const databases = (...lines: readonly string[]): Record<string, unknown> => ({ databases: { stdout: lines.map((line) => `${line}\n`).join(''), code: 0 } })
const TEMPLATE = 'template1\tpostgres\tUTF8\tC\tC\t-1\tpg_default\t\tlibc\t'
const ICU = 'app\tzope\tUTF8\tC\tC\t-1\tpg_default\tde-DE\ticu\t'

it.each<[string, Record<string, Plain>, Record<string, unknown>, string]>([
  ['a new database', { name: 'new', template: 'template0', icu_locale: 'de-DE', locale_provider: 'icu' }, databases(TEMPLATE), `CREATE DATABASE "new" TEMPLATE "template0" ICU_LOCALE 'de-DE' LOCALE_PROVIDER 'icu';\n`],
  ['a server before 15', { name: 'new', icu_locale: 'de-DE', locale_provider: 'icu' }, databases(TEMPLATE.replace('libc', '')), 'CREATE DATABASE "new";\n'],
  ['the same', { name: 'app', icu_locale: 'de_DE', locale_provider: 'icu' }, databases(ICU), ''],
  ['another locale', { name: 'app', icu_locale: 'en' }, databases(ICU), 'Changing ICU_LOCALE is not supported.Current ICU_LOCALE: de-DE'],
  ['a locale where there is none', { name: 'template1', icu_locale: 'en' }, databases(TEMPLATE), 'Changing ICU_LOCALE is not supported.Current ICU_LOCALE: None'],
  ['another provider', { name: 'app', locale_provider: 'libc' }, databases(ICU), 'Changing LOCALE_PROVIDER is not supported.Current LOCALE_PROVIDER: icu'],
  ['no number of connections', { name: 'app', conn_limit: '' }, databases(ICU), ''],
])('locales: %s', (_, args, state, expected) => {
  const { changes, fail } = planWith(postgresqlDb, args, state)
  expect(fail ?? changes.map(({ steps }) => String(steps[0]!.stdin)).join('')).toBe(expected)
  const left = changes.flatMap(({ leaves }) => leaves ?? [])[0]
  if (left?.kind === 'answer' && expected.includes('ICU')) expect(planWith(postgresqlDb, args, { databases: { stdout: left.stdout, code: 0 } }).changes).toEqual([])
})
