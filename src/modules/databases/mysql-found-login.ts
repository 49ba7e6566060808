/** Logins to MySQL and MariaDB that only the host can tell: whether root needs no password, and which server its configuration names. */
import { hostWord } from '../../probe/host-path.ts'
import { shellRead, type ShellResult } from '../../probe/shell.ts'
import type { Read } from '../../probe/read.ts'
import type { Known } from '../contract/module.ts'
import { defaulting, flag } from '../contract/option.ts'
import { mysqlRead } from './mysql-client.ts'
import type { Login } from './mysql-login.ts'

export const implicitOption = { check_implicit_admin: defaulting(flag('Tries to log in as root without a password first.'), false) } as const

export interface FoundLogin extends Login {
  readonly check_implicit_admin: boolean
  /** The configuration file's server is used rather than the one that is given. */
  readonly config_overrides_defaults?: boolean
}

/** What is to be asked, step by step; the login is found once nothing more comes. */
export function loginReads(input: FoundLogin, known: Known): Record<string, Read<ShellResult>> {
  const server = input.config_overrides_defaults === true ? { server: serverRead(input) } : {}
  if (!input.check_implicit_admin || ('server' in server && known.server === undefined)) return server
  return { ...server, implicit: mysqlRead(asRoot(atServer(input, known)), 'SELECT 1') }
}

/** The login, or undefined while the host is yet to be asked. */
export function foundLogin<L extends FoundLogin>(input: L, known: Known): L | undefined {
  if (Object.keys(loginReads(input, known)).some((key) => known[key] === undefined) || (input.check_implicit_admin && known.implicit === undefined)) return undefined
  return withRoot(atServer(input, known), known)
}

/** The same at the server that is given, for programs that have no use for the configuration's. */
export function withRoot<L extends FoundLogin>(input: L, { implicit }: Known): L {
  return isRoot(input, { implicit }) ? asRoot(input) : input
}

export function isRoot({ check_implicit_admin: tries }: FoundLogin, { implicit }: Known): boolean {
  return tries && (implicit as ShellResult | undefined)?.code === 0
}

function asRoot<L extends Login>(login: L): L {
  return { ...login, login_user: 'root', login_password: undefined }
}

function atServer<L extends Login>(login: L, { server }: Known): L {
  const [, host, port] = /^(.*)\t(\d*)$/m.exec((server as ShellResult | undefined)?.stdout ?? '') ?? []
  return { ...login, ...(host && { login_host: host }), ...(port && { login_port: Number(port) }) }
}

/** Host and port of the section [client], the last of each; a line with a tab between the two. */
function serverRead({ config_file: file }: Login): Read<ShellResult> {
  return shellRead(`f=${hostWord(file)}; [ ! -r "$f" ] || awk '
/^[ \\t]*\\[/ { client = /^[ \\t]*\\[client\\]/; next }
client && match($0, /[=:]/) {
  key = tolower(substr($0, 1, RSTART - 1)); value = substr($0, RSTART + 1)
  gsub(/[ \\t]/, "", key); gsub(/^[ \\t]+|[ \\t\\r]+$/, "", value)
  if (key == "host") host = value
  if (key == "port") port = value
}
END { printf "%s\\t%s\\n", host, port }' "$f"`, ['anything'])
}
