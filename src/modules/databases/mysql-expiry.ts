/** When the password of an account of MySQL or MariaDB expires: what the server tells of it, and what is said to it. */
import type { ShellResult } from '../../probe/shell.ts'
import { sqlText } from './mysql-client.ts'
import type { Server } from './mysql-version.ts'

export interface Expiry {
  /** Days; 0: never, -1: as the server's default has it. */
  readonly lifetime: number
  readonly expired: boolean
}

export interface ExpiryWish {
  readonly when: 'never' | 'default' | 'interval' | 'now'
  readonly days: number | undefined
}

/** What an account has that nothing is said of. */
export const NEW_EXPIRY: Expiry = { lifetime: -1, expired: false }

export function knowsExpiry({ isMariadb, since }: Server): boolean {
  return isMariadb ? since(10, 4, 3) : since(5, 7, 0)
}

export function expiryQuery({ isMariadb }: Server, user: string, host: string): string {
  const columns = isMariadb ? `IFNULL(JSON_VALUE(Priv, '$.password_lifetime'), -1), IF(JSON_VALUE(Priv, '$.password_last_changed') = 0, 'Y', 'N') FROM mysql.global_priv` : 'IFNULL(password_lifetime, -1), password_expired FROM mysql.user'
  return `SELECT ${columns} WHERE User = ${sqlText(user)} AND Host = ${sqlText(host)}`
}

export function expiryOf({ stdout }: ShellResult): Expiry {
  const [lifetime = '', expired] = stdout.trim().split('\t')
  return { lifetime: Number(lifetime || -1), expired: expired === 'Y' }
}

/** The same as the query tells it. */
export function expiryText({ lifetime, expired }: Expiry): string {
  return `${lifetime}\t${expired ? 'Y' : 'N'}\n`
}

/** Who is to expire now stays so until the password changes; what the lifetime is makes no difference then. */
export function expiryDiffers({ when, days }: ExpiryWish, current: Expiry): boolean {
  return when === 'now' ? !current.expired : current.lifetime !== lifetimeOf(when, days)
}

export function expiryAfter({ when, days }: ExpiryWish, current: Expiry): Expiry {
  return when === 'now' ? { ...current, expired: true } : { ...current, lifetime: lifetimeOf(when, days) }
}

export function expiryStatement({ when, days }: ExpiryWish, account: string): string {
  return `ALTER USER ${account} PASSWORD EXPIRE${{ now: '', never: ' NEVER', default: ' DEFAULT', interval: ` INTERVAL ${days} DAY` }[when]}`
}

function lifetimeOf(when: 'never' | 'default' | 'interval', days = -1): number {
  return { never: 0, default: -1, interval: days }[when]
}
