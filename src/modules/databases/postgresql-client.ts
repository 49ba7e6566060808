/** PostgreSQL through the psql that is on the host: how to log in, and statements as text that no process list shows. */
import { PlonerunError } from '../../errors/plonerun-error.ts'
import { hostWord } from '../../probe/host-path.ts'
import { shellRead, type ShellResult } from '../../probe/shell.ts'
import type { Read } from '../../probe/read.ts'
import { quote } from '../../shell/quote.ts'
import { str } from '../../values/print.ts'
import type { Dict } from '../../values/value.ts'
import { sh, type Step } from '../contract/change.ts'
import { defaulting, dict, integer, oneOf, parseText, path, text } from '../contract/option.ts'

export const loginOptions = {
  login_user: defaulting(text('Who logs in.', { aliases: ['login'] }), 'postgres'),
  login_password: text('The password to log in with.', { secret: true }),
  login_host: text('The server; its socket unless given.', { aliases: ['host'] }),
  login_unix_socket: path('The folder of its socket.', { aliases: ['unix_socket'] }),
  login_port: defaulting(integer('Its port.', { aliases: ['port'] }), 5432),
  ssl_mode: defaulting(oneOf(['allow', 'disable', 'prefer', 'require', 'verify-ca', 'verify-full'], 'Whether the connection is encrypted.', { aliases: ['sslmode'] }), 'prefer'),
  ca_cert: path('The certificate that is trusted.', { aliases: ['ssl_rootcert'] }),
  ssl_cert: path("The client's certificate."),
  ssl_key: path("The client's key."),
  connect_params: defaulting(dict('More parameters of the connection, by the names of libpq; they go before the others.', { hidden: true }), new Map()),
  session_role: text('The role to take on after the login.'),
} as const

export interface Login {
  readonly login_user: string
  readonly login_password: string | undefined
  readonly login_host: string | undefined
  readonly login_unix_socket: string | undefined
  readonly login_port: number
  readonly ssl_mode: string
  readonly ca_cert: string | undefined
  readonly ssl_cert: string | undefined
  readonly ssl_key: string | undefined
  readonly connect_params: Dict
  readonly session_role: string | undefined
}

function environment({ login_password: given, ssl_mode: mode, connect_params: parameters }: Login): Record<string, string> {
  const password = parametersOf(parameters).get('password') ?? given
  return { PGCONNECT_TIMEOUT: '30', PGSSLMODE: mode, ...(password !== undefined && { PGPASSWORD: password }) }
}

/** Assignments of paths, which the shell expands. */
function paths({ ca_cert: ca, ssl_cert: cert, ssl_key: key }: Login): readonly string[] {
  const named = { PGSSLROOTCERT: ca, PGSSLCERT: cert, PGSSLKEY: key }
  return Object.entries(named).flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${hostWord(value)}`]))
}

/** @throws PlonerunError for one that could only be handed over where everybody reads it */
function parametersOf(given: Dict): ReadonlyMap<string, string> {
  if (given.has('sslpassword')) throw new PlonerunError('connect_params: a key with a password of its own is not supported, since sslpassword would stand in a command line', { kind: 'task', hint: 'Use a key without one that only its owner may read.' })
  return new Map([...given].filter(([, value]) => value !== null).map(([name, value]) => [str(name), parseText(value)]))
}

/** A database as psql and its kin take it, with the parameters of the connection: these go before all other words. */
function target(database: string, { connect_params: given }: Login): string {
  const parameters = new Map([...parametersOf(given)].filter(([name]) => name !== 'password'))
  if (parameters.size === 0) return database
  return [...new Map([...(database === '' ? [] : [['dbname', database] as const]), ...parameters])].map(([name, value]) => `${name}='${value.replace(/[\\']/g, '\\$&')}'`).join(' ')
}

function server({ login_host: host, login_unix_socket: socket, connect_params: given }: Login): string | undefined {
  return parametersOf(given).get('host') ?? ((host === undefined || host === '' || host === 'localhost' ? (socket || host) : host) || undefined)
}

function serverWords(login: Login): readonly string[] {
  const host = server(login)
  return ['-w', '-U', login.login_user, ...(host === undefined ? [] : ['-h', host]), '-p', String(login.login_port)]
}

function words(login: Login, database: string): readonly string[] {
  const to = target(database, login)
  return ['psql', '-X', '-q', '-A', '-t', '-F', '\t', '-v', 'ON_ERROR_STOP=1', ...serverWords(login), ...(to === '' ? [] : ['-d', to])]
}

function inRole({ session_role: role }: Login, statements: readonly string[]): string {
  return [...(role === undefined ? [] : [`SET ROLE ${sqlName(role)}`]), ...statements].map((each) => `${each};\n`).join('')
}

/** Asks queries, one row a line and fields separated by tabs. */
export function postgresRead(login: Login, database: string, ...queries: readonly string[]): Read<ShellResult> {
  const settings = [...Object.entries(environment(login)).map(([name, value]) => `${name}=${quote(value)}`), ...paths(login)].join(' ')
  return shellRead(`printf %s ${quote(inRole(login, queries))} | ${settings} ${words(login, database).map(quote).join(' ')} 2>&1`, ['beyond:', 'anything'])
}

/** Runs statements, which end with the first that fails. */
export function postgresStep(login: Login, database: string, statements: readonly string[]): Step {
  const argv = words(login, database)
  return { ...(paths(login).length === 0 ? { argv } : sh(`${exported(login)}exec "$@"`, ...argv)), stdin: inRole(login, statements), environment: environment(login) }
}

function exported(login: Login): string {
  return paths(login).map((each) => `export ${each}\n`).join('')
}

/** What another program of PostgreSQL's needs for the same login. */
export interface Tool {
  readonly argv: readonly string[]
  readonly environment: Record<string, string>
  /** A shell text that goes before it. */
  readonly exports: string
}

/** @param more words that stand behind those of the login, of the database as the program takes it; whatever the parameters say it is this one */
export function postgresTool(login: Login, program: string, database: string, more: (database: string) => readonly string[]): Tool {
  const rest = new Map([...login.connect_params].filter(([name]) => name !== 'dbname'))
  return { argv: [program, ...serverWords(login), ...more(target(database, { ...login, connect_params: rest }))], environment: environment(login), exports: exported(login) }
}

/** The login of such a program as Ansible tells it. */
export function loginShown(login: Login): readonly string[] {
  const given = parametersOf(login.connect_params)
  const host = server(login)
  return [...(host === undefined ? [] : [`--host=${host}`]), `--port=${given.get('port') ?? login.login_port}`, `--username=${given.get('user') ?? login.login_user}`]
}

/** What psql says of a server's error, as Python's drivers have it. */
export function serverError(said: string): string {
  return `${said.trim().replace(/^(?:psql:[^\n]*?\s)?ERROR: {2}/, '')}\n`
}

/** A text as SQL has it. */
export function sqlText(value: string): string {
  const quoted = `'${value.replaceAll("'", "''")}'`
  return value.includes('\\') ? `E${quoted.replaceAll('\\', '\\\\')}` : quoted
}

/** A name as SQL has it. */
export function sqlName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

/** Why a query could not be answered, as a person should read it. */
export function loginFailure({ stdout, code }: ShellResult): string {
  return `unable to connect to database: ${code === 127 ? 'psql was not found on the host' : `${stdout.trim().replace(/^psql: error: /, '')}\n`}`
}
