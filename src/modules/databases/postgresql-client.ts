/** PostgreSQL through the psql that is on the host: how to log in, and statements as text that no process list shows. */
import { shellRead, type ShellResult } from '../../probe/shell.ts'
import type { Read } from '../../probe/read.ts'
import { quote } from '../../shell/quote.ts'
import type { Step } from '../contract/change.ts'
import { defaulting, integer, oneOf, path, text } from '../contract/option.ts'

export const loginOptions = {
  login_user: defaulting(text('Who logs in.'), 'postgres'),
  login_password: text('The password to log in with.', { secret: true }),
  login_host: text('The server; its socket unless given.', { aliases: ['host'] }),
  login_unix_socket: path('The folder of its socket.', { aliases: ['unix_socket'] }),
  login_port: defaulting(integer('Its port.', { aliases: ['port'] }), 5432),
  ssl_mode: defaulting(oneOf(['allow', 'disable', 'prefer', 'require', 'verify-ca', 'verify-full'], 'Whether the connection is encrypted.', { aliases: ['sslmode'] }), 'prefer'),
  ca_cert: path('The certificate that is trusted.', { aliases: ['ssl_rootcert'] }),
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
  readonly session_role: string | undefined
}

function environment({ login_password: password, ssl_mode: mode, ca_cert: ca }: Login): Record<string, string> {
  return { PGCONNECT_TIMEOUT: '30', PGSSLMODE: mode, ...(password !== undefined && { PGPASSWORD: password }), ...(ca !== undefined && { PGSSLROOTCERT: ca }) }
}

function words({ login_user: user, login_host: host, login_unix_socket: socket, login_port: port }: Login, database: string): readonly string[] {
  const server = host === undefined || host === '' || host === 'localhost' ? (socket ?? host) : host
  return ['psql', '-X', '-q', '-A', '-t', '-F', '\t', '-v', 'ON_ERROR_STOP=1', '-w', '-U', user, ...(server === undefined || server === '' ? [] : ['-h', server]), '-p', String(port), '-d', database]
}

function inRole({ session_role: role }: Login, statements: readonly string[]): string {
  return [...(role === undefined ? [] : [`SET ROLE ${sqlName(role)}`]), ...statements].map((each) => `${each};\n`).join('')
}

/** Asks queries, one row a line and fields separated by tabs. */
export function postgresRead(login: Login, database: string, ...queries: readonly string[]): Read<ShellResult> {
  const settings = Object.entries(environment(login)).map(([name, value]) => `${name}=${quote(value)}`).join(' ')
  return shellRead(`printf %s ${quote(inRole(login, queries))} | ${settings} ${words(login, database).map(quote).join(' ')} 2>&1`, ['beyond:', 'anything'])
}

/** Runs statements, which end with the first that fails. */
export function postgresStep(login: Login, database: string, statements: readonly string[]): Step {
  return { argv: words(login, database), stdin: inRole(login, statements), environment: environment(login) }
}

/** The words and environment of another program of PostgreSQL's with the same login. */
export function postgresTool(login: Login, program: string, ...more: readonly string[]): { readonly argv: readonly string[]; readonly environment: Record<string, string> } {
  const all = words(login, '')
  return { argv: [program, ...all.slice(all.indexOf('-w'), -2), ...more], environment: environment(login) }
}

/** The login of such a program as Ansible tells it. */
export function loginShown({ login_user: user, login_host: host, login_unix_socket: socket, login_port: port }: Login): readonly string[] {
  const server = host === undefined || host === '' || host === 'localhost' ? (socket ?? host) : host
  return [...(server === undefined || server === '' ? [] : [`--host=${server}`]), `--port=${port}`, `--username=${user}`]
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
