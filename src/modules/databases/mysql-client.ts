/** MySQL and MariaDB through the client that is on the host: questions and statements as text that no process list shows. */
import { pathRead } from '../../probe/path.ts'
import type { PathState } from '../../probe/path-state.ts'
import { answered, shellRead, type ShellResult } from '../../probe/shell.ts'
import type { Imagined, Read } from '../../probe/read.ts'
import { quote } from '../../shell/quote.ts'
import { repr } from '../../values/print.ts'
import type { Value } from '../../values/value.ts'
import { sh, type Step } from '../contract/change.ts'
import { parseText } from '../contract/option.ts'
import { loggedIn, loginEnvironment, type Files, type Login } from './mysql-login.ts'

const CLIENT = `for client in mariadb mysql; do command -v "$client" >/dev/null && break; done`

/** What a session begins with. */
export interface Session {
  /** The database that is in use; none unless given. */
  readonly database?: string | undefined
  readonly statements?: readonly string[]
}

function batch(login: Login, database: string | undefined, ...words: readonly string[]): string {
  return `${CLIENT}\n${loggedIn(login, 'named', ['"$client" "$@" --batch', ...words, ...(database === undefined ? [] : [quote(database)])].join(' '))}`
}

function text(statements: readonly string[]): string {
  return statements.map((each) => `${each};\n`).join('')
}

/**
 * Asks queries, one row a line and fields separated by tabs; what goes wrong is the answer of a code that is not 0.
 * @param names the first row holds the names of the columns
 */
export function mysqlRead(login: Login, sql: string, { names = false, database, statements = [] }: Session & { readonly names?: boolean } = {}): Read<ShellResult> {
  const settings = Object.entries(loginEnvironment(login)).map(([name, value]) => `export ${name}=${quote(value)}\n`).join('')
  return shellRead(`${settings}printf %s ${quote(text([...statements, sql]))} | {\n${batch(login, database, ...(names ? [] : ['--skip-column-names']))}\n} 2>&1\n${asked(login, sql)}`, ['beyond:', 'anything'])
}

/** Who asks what of which server, as a comment. */
function asked({ login_user: user = '', login_unix_socket: socket, login_host: host, login_port: port }: Login, sql: string): string {
  return `# ${JSON.stringify([user, socket || `${host}:${port}`, sql])}`
}

/** check mode: what a question would be answered once a change is made, however the session begins that asks it. */
export function mysqlAnswered(question: Read<ShellResult>, stdout: string): Imagined {
  const whole = answered(question, stdout)
  return whole.kind === 'answer' ? { ...whole, script: whole.script.slice(whole.script.lastIndexOf('\n') + 1) } : whole
}

/** Runs statements, which end with the first that fails. */
export function mysqlStep(login: Login, statements: readonly string[], { database, statements: before = [] }: Session = {}): Step {
  return { ...sh(batch(login, database)), stdin: text([...before, ...statements]), environment: loginEnvironment(login) }
}

/** Runs a shell text with the client's name in $client and the login in $@; one program in it logs in. */
export function mysqlPipe(login: Login, files: Files, script: string): Step {
  return { ...sh(`${CLIENT}\n${loggedIn(login, files, script)}`), environment: loginEnvironment(login) }
}

/** What a field of an answer says; a name of a character stands behind each backslash. */
export function fieldOf(text: string): string {
  return text.replace(/\\([^])/g, (_, name: string) => ESCAPED[name] ?? name)
}

/** A text as a field of an answer has it. */
export function fieldText(text: string): string {
  return text.replace(/[\\\n\t\0]/g, (each) => `\\${Object.keys(ESCAPED).find((name) => ESCAPED[name] === each) ?? each}`)
}

const ESCAPED: Readonly<Record<string, string>> = { n: '\n', t: '\t', 0: '\0' }

/** A text as SQL has it. */
export function sqlText(value: string): string {
  return `'${value.replace(/[\\']/g, (each) => (each === '\\' ? '\\\\' : "''"))}'`
}

/** A value as Python's drivers write it in SQL. */
export function sqlValue(value: Value): string {
  if (value === null) return 'NULL'
  if (typeof value === 'boolean') return String(Number(value))
  return typeof value === 'number' || typeof value === 'bigint' ? String(value) : sqlText(parseText(value))
}

/** A name as SQL has it. */
export function sqlName(name: string): string {
  return `\`${name.replaceAll('`', '``')}\``
}

export function configRead({ config_file: file }: Login): Read<PathState> {
  return pathRead(file)
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
