/** MySQL and MariaDB through the client that is on the host: how to log in, and statements as text that no process list shows. */
import { hostWord } from '../../probe/host-path.ts'
import { pathRead } from '../../probe/path.ts'
import type { PathState } from '../../probe/path-state.ts'
import { shellRead, type ShellResult } from '../../probe/shell.ts'
import type { Read } from '../../probe/read.ts'
import { quote } from '../../shell/quote.ts'
import { repr } from '../../values/print.ts'
import { sh, type Step } from '../contract/change.ts'
import { defaulting, flag, integer, path, text } from '../contract/option.ts'

export const loginOptions = {
  login_user: text('Who logs in; the account on the host unless given, or what the configuration file says.'),
  login_password: text('The password to log in with.', { secret: true }),
  login_host: defaulting(text("The server; for localhost its socket is used."), 'localhost'),
  login_port: defaulting(integer('Its port.'), 3306),
  login_unix_socket: text('Its socket.'),
  config_file: path('A file with a [client] section, read besides ~/.my.cnf.'),
  connect_timeout: defaulting(integer('Seconds until it is given up.'), 30),
  ca_cert: path('The certificate that is trusted.', { aliases: ['ssl_ca'] }),
  client_cert: path("The client's certificate.", { aliases: ['ssl_cert'] }),
  client_key: path("The client's key.", { aliases: ['ssl_key'] }),
  check_hostname: flag("Whether the certificate must name the server."),
} as const

export interface Login {
  readonly login_user: string | undefined
  readonly login_password: string | undefined
  readonly login_host: string
  readonly login_port: number
  readonly login_unix_socket: string | undefined
  readonly config_file: string | undefined
  readonly connect_timeout: number
  readonly ca_cert: string | undefined
  readonly client_cert: string | undefined
  readonly client_key: string | undefined
  readonly check_hostname: boolean | undefined
}

/** Words of the login, for the client and its kin, as shell text. */
function loginWords(login: Login): string {
  const given = (flag: string, value: string | number | undefined): string[] => (value === undefined ? [] : [quote(`--${flag}=${value}`)])
  return [
    // ~/.my.cnf, which Ansible names by default, is read by the client anyway.
    ...(login.config_file === undefined || /^$|^~\/\.my\.cnf$/.test(login.config_file) ? [] : [`--defaults-extra-file=${hostWord(login.config_file)}`]),
    ...given('user', login.login_user),
    ...(login.login_unix_socket === undefined ? [...given('host', login.login_host), ...(login.login_host === 'localhost' ? [] : given('port', login.login_port))] : given('socket', login.login_unix_socket)),
    ...given('connect-timeout', login.connect_timeout),
    ...given('ssl-ca', login.ca_cert),
    ...given('ssl-cert', login.client_cert),
    ...given('ssl-key', login.client_key),
    ...(login.check_hostname === true ? ['--ssl-verify-server-cert'] : []),
  ].join(' ')
}

function password({ login_password: password }: Login): Record<string, string> {
  return password === undefined ? {} : { MYSQL_PWD: password }
}

const CLIENT = `for client in mariadb mysql; do command -v "$client" >/dev/null && break; done`

/**
 * Asks queries, one row a line and fields separated by tabs; what goes wrong is the answer of a code that is not 0.
 * @param names the first row holds the names of the columns
 */
export function mysqlRead(login: Login, sql: string, { names = false } = {}): Read<ShellResult> {
  const secret = Object.entries(password(login)).map(([name, value]) => `${name}=${quote(value)} `).join('')
  return shellRead(
    `${CLIENT}
printf '%s\\n' ${quote(sql)} | ${secret}"$client" ${loginWords(login)} --batch${names ? '' : ' --skip-column-names'} 2>&1`,
    ['beyond:', 'anything'],
  )
}

/** Runs statements, which end with the first that fails. */
export function mysqlStep(login: Login, statements: readonly string[], database?: string): Step {
  return {
    ...sh(`${CLIENT}\nexec "$client" ${loginWords(login)} --batch${database === undefined ? '' : ` ${quote(database)}`}`),
    stdin: statements.map((each) => `${each};\n`).join(''),
    environment: password(login),
  }
}

/** Runs a shell text with the client's name in $client and the login in $@. */
export function mysqlPipe(login: Login, script: string, ...parameters: readonly string[]): Step {
  const names = parameters.map((_, index) => `p${index + 1}=$${index + 1}`).join(' ')
  return { ...sh(`${names}\nset -- ${loginWords(login)}\n${CLIENT}\n${script}`, ...parameters), environment: password(login) }
}

/** A text as SQL has it. */
export function sqlText(value: string): string {
  return `'${value.replace(/[\\']/g, (each) => (each === '\\' ? '\\\\' : "''"))}'`
}

/** A name as SQL has it. */
export function sqlName(name: string): string {
  return `\`${name.replaceAll('`', '``')}\``
}

/** The file that Ansible has logins from when none is named. */
export function configRead({ config_file: file }: Login): Read<PathState> {
  return pathRead(file || '~/.my.cnf')
}

/** What the client says of a server's error, as Python's drivers have it: `(1049, "Unknown database 'x'")`. */
export function serverError(said: string): string {
  const [, number, why = ''] = /^ERROR (\d+) \(\w+\)(?: at line \d+)?: ([^]*)$/m.exec(said.trim()) ?? []
  return number === undefined ? said.trim() : `(${number}, ${repr(why)})`
}

/** Why a query could not be answered, as a person should read it. */
export function loginFailure({ stdout }: ShellResult, config?: PathState): string {
  const why = stdout.trim() || 'there is neither mariadb nor mysql on the host'
  return config === undefined ? `unable to connect to database: ${why}` : `unable to connect to database, check login_user and login_password are correct or ${config.path} has the credentials. Exception message: ${serverError(why)}`
}
