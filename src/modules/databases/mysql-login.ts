/** How to log in to MySQL and MariaDB through the programs that are on the host, with no password in a command line. */
import { hostWord } from '../../probe/host-path.ts'
import { quote } from '../../shell/quote.ts'
import { defaulting, flag, integer, path, text } from '../contract/option.ts'

/** The file that Ansible has logins from when none is named. */
const OWN_FILE = '~/.my.cnf'

export const loginOptions = {
  login_user: text('Who logs in; the account on the host unless given, or what the configuration file says.'),
  login_password: text('The password to log in with.', { secret: true }),
  login_host: defaulting(text("The server; for localhost its socket is used."), 'localhost'),
  login_port: defaulting(integer('Its port.'), 3306),
  login_unix_socket: text('Its socket.'),
  config_file: defaulting(path('A file with a [client] section; empty for none.'), OWN_FILE),
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
  readonly config_file: string
  readonly connect_timeout: number
  readonly ca_cert: string | undefined
  readonly client_cert: string | undefined
  readonly client_key: string | undefined
  readonly check_hostname: boolean | undefined
}

/**
 * Which files of options are read: the host's and the configuration file, as Ansible's drivers have it; these and the account's
 * own, as dumps have it; or the configuration file alone.
 */
export type Files = 'named' | 'all' | 'alone'

/** Where the programs look for options by themselves, before the account's own file. */
const GLOBAL_FILES = ['/etc/my.cnf', '/etc/mysql/my.cnf']

/**
 * A shell text that runs another with the words of the login in "$@". One program in it logs in.
 * A password comes in a file of options that is a pipe: one in the environment would yield to those of files.
 */
export function loggedIn(login: Login, files: Files, script: string): string {
  const { login_password: password, config_file: file } = login
  if (password === undefined && file === OWN_FILE && files !== 'alone') return `set --\n${moreWords(login)}\n${script}`
  const named = [...(files === 'alone' ? [] : GLOBAL_FILES), file, ...(files === 'all' ? [OWN_FILE] : [])]
  return `exec 4<&0
{
for f in ${[...new Set(named)].map(hostWord).join(' ')}; do [ ! -r "$f" ] || { cat -- "$f"; echo; }; done
${password === undefined ? '' : `printf '[client]\\npassword="%s"\\n' "$PLONERUN_PASSWORD"`}
} | {
exec 3<&0 <&4 4<&-
set -- --defaults-file=/dev/fd/3
${moreWords(login)}
${script}
}`
}

/** The environment of such a text. */
export function loginEnvironment({ login_password: password }: Login): Record<string, string> {
  return password === undefined ? {} : { PLONERUN_PASSWORD: password.replace(/[\\"\n]/g, (each) => (each === '\n' ? '\\n' : `\\${each}`)) }
}

function moreWords(login: Login): string {
  const given = (name: string, value: string | number | undefined): readonly string[] => (value === undefined ? [] : [quote(`--${name}=${value}`)])
  const paths = Object.entries({ 'ssl-ca': login.ca_cert, 'ssl-cert': login.client_cert, 'ssl-key': login.client_key }).filter((entry): entry is [string, string] => entry[1] !== undefined)
  const words = [
    ...given('user', login.login_user),
    ...(!login.login_unix_socket ? [...given('host', login.login_host), ...(login.login_host === 'localhost' ? [] : given('port', login.login_port))] : given('socket', login.login_unix_socket)),
    ...given('connect-timeout', login.connect_timeout),
    ...(login.check_hostname === true ? ['--ssl-verify-server-cert'] : []),
  ]
  // The shell expands ~ in assignments only.
  return [`set -- "$@" ${words.join(' ')}`, ...paths.map(([name, value]) => `f=${hostWord(value)}; set -- "$@" --${name}="$f"`)].join('\n')
}
