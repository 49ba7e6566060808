/** Which server answers: MySQL or MariaDB, and since when it has what it has. */
import type { ShellResult } from '../../probe/shell.ts'
import type { Read } from '../../probe/read.ts'
import { mysqlRead, type Session } from './mysql-client.ts'
import type { Login } from './mysql-login.ts'

export interface Server {
  readonly isMariadb: boolean
  /** Whether it is of this version or a later one. */
  readonly since: (...version: readonly number[]) => boolean
}

export function versionRead(login: Login, session?: Session): Read<ShellResult> {
  return mysqlRead(login, 'SELECT VERSION()', session)
}

export function serverOf({ stdout }: ShellResult): Server {
  const ordered = (parts: readonly (string | number)[]): number => parts.reduce<number>((sum, part) => sum * 1000 + Number(part), 0)
  const version = ordered((/(\d+)\.(\d+)\.(\d+)/.exec(stdout) ?? ['', 0, 0, 0]).slice(1))
  return { isMariadb: /mariadb/i.test(stdout), since: (...parts) => version >= ordered(parts) }
}
