/** Logins to MySQL and MariaDB: the words and files that programs get, run by a real shell, and what only the host can tell of them. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { mysqlDb } from '../../../../src/modules/databases/mysql_db.ts'
import { foundLogin, loginReads } from '../../../../src/modules/databases/mysql-found-login.ts'
import { loggedIn, loginEnvironment, type Files, type Login } from '../../../../src/modules/databases/mysql-login.ts'
import type { Read } from '../../../../src/probe/read.ts'
import type { ShellResult } from '../../../../src/probe/shell.ts'
import { quote } from '../../../../src/shell/quote.ts'
import type { Plain } from '../../../../src/values/value.ts'
import { inputOf, localRemote, planWith, resultWith } from '../../../support/drive.ts'

const folder = mkdtempSync(join(tmpdir(), 'plonerun-logins-'))
afterAll(() => rmSync(folder, { recursive: true }))
const config = join(folder, '.my.cnf')
writeFileSync(config, '[mysqld]\nhost = wrong\n[client]\nuser = "app"\nHost = db1 \nport=3307\n# port = 1\n[mysqldump]\nport = 2')

const login = (args: Record<string, Plain> = {}): Login => inputOf(mysqlDb, { name: 'x', ...args }) as unknown as Login

/** The words, and what is in the file that the first of them names. */
function run(files: Files, args: Record<string, Plain>, stdin = ''): { words: readonly string[]; file: string; stdin: string } {
  const environment = Object.entries(loginEnvironment(login(args))).map(([name, value]) => `export ${name}=${quote(value)}\n`).join('')
  const script = `printf '%s\\n' "$@"; echo =; case $1 in --defaults-file=/dev/fd/3) cat <&3 ;; esac; echo =; cat`
  const { stdout } = localRemote(`HOME=${quote(folder)}; export HOME\n${environment}${loggedIn(login(args), files, script)}`, stdin)
  const [words = '', file = '', input = ''] = stdout.toString().split(/^=\n/m)
  return { words: words.trim().split('\n'), file, stdin: input }
}

it('gives the words of a login', () => {
  expect(run('named', {})).toMatchObject({ words: ['--host=localhost', '--connect-timeout=30'] })
  expect(run('named', { login_user: "o'b", login_host: 'db', login_port: 3307, connect_timeout: 3 }).words).toEqual(["--user=o'b", '--host=db', '--port=3307', '--connect-timeout=3'])
  expect(run('all', { login_unix_socket: '/run/s', ca_cert: '~/ca', client_cert: '/c', client_key: '/k', check_hostname: true }).words).toEqual(['--socket=/run/s', '--connect-timeout=30', '--ssl-verify-server-cert', `--ssl-ca=${folder}/ca`, '--ssl-cert=/c', '--ssl-key=/k'])
})

it('a password goes before those of files, and in no command line', () => {
  const { words, file, stdin } = run('named', { login_password: 'a"b\\c #%s', config_file: config }, 'SELECT 1;\n')
  expect(words).toEqual(['--defaults-file=/dev/fd/3', '--host=localhost', '--connect-timeout=30'])
  expect(file.indexOf('user = "app"')).toBeGreaterThan(-1)
  expect(file.endsWith('[mysqldump]\nport = 2\n[client]\npassword="a\\"b\\\\c #%s"\n')).toBe(true)
  expect(stdin).toBe('SELECT 1;\n')
})

it('reads the files that it should', () => {
  writeFileSync(join(folder, 'other.cnf'), '[client]\nuser=other\n')
  // ~/.my.cnf is the configuration file unless another is named.
  expect(run('alone', {}).file.trim()).toContain('user = "app"')
  expect(run('alone', { config_file: '~/other.cnf' }).file.trim()).toBe('[client]\nuser=other')
  expect(run('named', { config_file: '~/other.cnf' }).file).not.toContain('"app"')
  const all = run('all', { config_file: '~/other.cnf' }).file
  expect(all.indexOf('user=other')).toBeLessThan(all.indexOf('user = "app"'))
  expect(run('named', { config_file: '' }).file).not.toContain('"app"')
  expect(run('named', { config_file: '/nowhere' }).words[0]).toBe('--defaults-file=/dev/fd/3')
})

const found = { check_implicit_admin: true, config_overrides_defaults: true }
const ask = (read: Read<ShellResult>): ShellResult => read.kind.parse([read.request], localRemote(read.kind.script([read.request])).stdout)[0]!

it('finds the login step by step', () => {
  const input = { ...login({ config_file: config, login_host: 'given', login_user: 'me', login_password: 'x' }), ...found }
  expect(Object.keys(loginReads(input, {}))).toEqual(['server'])
  expect(foundLogin(input, {})).toBeUndefined()
  const server = ask(loginReads(input, {})['server']!)
  expect(server).toEqual({ stdout: 'db1\t3307\n', code: 0 })
  expect(Object.keys(loginReads(input, { server }))).toEqual(['server', 'implicit'])
  expect(foundLogin(input, { server })).toBeUndefined()
  expect(foundLogin(input, { server, implicit: { stdout: '', code: 1 } })).toMatchObject({ login_host: 'db1', login_port: 3307, login_user: 'me', login_password: 'x' })
  expect(foundLogin(input, { server, implicit: { stdout: '1\n', code: 0 } })).toMatchObject({ login_host: 'db1', login_user: 'root', login_password: undefined })
  expect(foundLogin({ ...input, ...found, check_implicit_admin: false }, { server: { stdout: '', code: 0 } })).toMatchObject({ login_host: 'given', login_port: 3306, login_user: 'me' })
  expect(foundLogin({ ...input, check_implicit_admin: false, config_overrides_defaults: false }, {})).toMatchObject({ login_host: 'given' })
})

it('a file without a server changes nothing', () => {
  for (const file of ['/nowhere', join(folder, 'other.cnf'), '']) expect(foundLogin({ ...login({ config_file: file }), check_implicit_admin: false, config_overrides_defaults: true }, { server: ask(loginReads({ ...login({ config_file: file }), ...found }, {})['server']!) })).toMatchObject({ login_host: 'localhost', login_port: 3306 })
})

const state = { databases: { stdout: 'old\n', code: 0 }, config: { exists: true, path: '/root/.my.cnf' }, folder: { exists: true }, target: { exists: true, path: '/root/o.sql' } }
const dump = { name: 'old', state: 'dump', target: '/d/o.sql' }
const replies = (stdout: string): { replies: readonly { stdout: Buffer; stderr: Buffer; code: number }[] } => ({ replies: [{ stdout: Buffer.from(stdout), stderr: Buffer.alloc(0), code: 0 }] })
const scripts = (args: Record<string, Plain>, known: Record<string, unknown>): string => planWith(mysqlDb, args, known).changes.map(({ steps }) => steps[0]!.argv.at(2)).join('\n')

it('mysql_db works as root where root needs no password', () => {
  const args = { check_implicit_admin: true, login_user: 'me', login_password: 'se same' }
  const yes = { ...state, implicit: { stdout: '1\n', code: 0 } }
  const no = { ...state, implicit: { stdout: 'ERROR 1698 (28000): Access denied', code: 1 } }
  expect(scripts({ name: 'new', ...args }, yes)).toContain('--user=root')
  expect(scripts({ name: 'new', ...args }, no)).toContain('--user=me')
  expect(scripts({ ...dump, ...args }, yes)).toContain('--user=root')
  expect(resultWith(mysqlDb, { ...dump, ...args }, yes, { changed: true, ...replies('/usr/bin/mariadb-dump\n') })['executed_commands']).toEqual(["/usr/bin/mariadb-dump --defaults-extra-file=/root/.my.cnf --user=root --password='' --host=localhost --port=3306 old --quick > /d/o.sql"])
  expect(resultWith(mysqlDb, { ...dump, ...args }, no, { changed: true, ...replies('/usr/bin/mariadb-dump\n') })['executed_commands']).toEqual(["/usr/bin/mariadb-dump --defaults-extra-file=/root/.my.cnf --user=me --password='********' --host=localhost --port=3306 old --quick > /d/o.sql"])
})

it('mysql_db makes databases where the configuration says, and dumps what it is told to', () => {
  const args = { config_overrides_defaults: true, login_host: 'given' }
  const known = { ...state, server: { stdout: 'db1\t3307', code: 0 } }
  expect(scripts({ name: 'new', ...args }, known)).toContain("'--host=db1' '--port=3307'")
  expect(scripts({ ...dump, ...args }, known)).toContain("'--host=given' '--port=3306'")
})

it('mysql_db reads no other file than it is told to', () => {
  const args = { ...dump, restrict_config_file: true }
  expect(scripts(args, state)).toContain('for f in ~/.my.cnf; do')
  expect(resultWith(mysqlDb, args, state, { changed: true, ...replies('/usr/bin/mariadb-dump\n') })['executed_commands']).toEqual(['/usr/bin/mariadb-dump --defaults-file=/root/.my.cnf --host=localhost --port=3306 old --quick > /d/o.sql'])
  expect(scripts(args, { ...state, config: { exists: false, path: '/root/.my.cnf' } })).not.toContain('/dev/fd/3')
})

it('mysql_db works in a folder', () => {
  const args = { ...dump, target: 'o.sql', chdir: '/srv/it' }
  const known = { ...state, workplace: { exists: true, type: 'directory', path: '/srv/it' } }
  const { changes } = planWith(mysqlDb, args, known)
  expect(changes[0]!.steps[0]!.argv.at(2)).toContain('cd -- /srv/it || exit\nt="$PWD"/o.sql\n')
  expect(changes[0]!.leaves).toEqual([{ kind: 'path', path: '/srv/it/o.sql', state: { type: 'file' } }])
  const reads = mysqlDb.reads(inputOf(mysqlDb, args), undefined, {}) as Record<string, Read<unknown>>
  expect([reads['target'], reads['folder'], reads['workplace']].map((read) => (read!.request as { path: string }).path)).toEqual(['/srv/it/o.sql', '/srv/it', '/srv/it'])
  expect(planWith(mysqlDb, args, { ...known, workplace: { exists: false, path: '/srv/it' } }).fail).toBe("Cannot change the current directory to /srv/it: [Errno 2] No such file or directory: '/srv/it'")
  expect(planWith(mysqlDb, args, { ...known, workplace: { exists: true, type: 'file', path: '/srv/it' } }).fail).toBe("Cannot change the current directory to /srv/it: [Errno 20] Not a directory: '/srv/it'")
})
