/** What is noted of an account of MySQL, name by name. MariaDB has nothing of the kind. */
import { isDeepStrictEqual } from 'node:util'
import type { ShellResult } from '../../probe/shell.ts'
import { fromPlain } from '../../values/convert.ts'
import { str } from '../../values/print.ts'
import type { Dict, Plain } from '../../values/value.ts'
import { contentOf } from '../files/content-value.ts'
import { fieldOf, fieldText, sqlText } from './mysql-client.ts'
import type { Server } from './mysql-version.ts'

export type Attributes = Readonly<Record<string, Plain>>

export const UNSUPPORTED = 'user attributes were specified but the server does not support user attributes'

export function knowsAttributes({ isMariadb, since }: Server): boolean {
  return !isMariadb && since(8, 0, 21)
}

export function attributesQuery(user: string, host: string): string {
  return `SELECT ATTRIBUTE FROM INFORMATION_SCHEMA.USER_ATTRIBUTES WHERE USER = ${sqlText(user)} AND HOST = ${sqlText(host)}`
}

export function attributesOf({ stdout }: ShellResult): Attributes {
  const json = fieldOf(stdout.trim())
  return json === '' || json === 'NULL' ? {} : (JSON.parse(json) as Attributes)
}

/** The same as the query tells it. */
export function attributesText(attributes: Attributes): string {
  return `${fieldText(JSON.stringify(attributes))}\n`
}

/** Nothing given, or nothing in it, is nothing wanted. */
export function wantedAttributes(given: Dict | undefined): Attributes {
  return given === undefined ? {} : (JSON.parse(contentOf(given).toString()) as Attributes)
}

/** Those to be set, null for one that goes. */
export function attributesToChange(wanted: Attributes, current: Attributes): Attributes {
  return Object.fromEntries(Object.entries(wanted).filter(([name, value]) => !isDeepStrictEqual(value, current[name] ?? null)))
}

export function attributesAfter(changes: Attributes, current: Attributes): Attributes {
  return Object.fromEntries(Object.entries({ ...current, ...changes }).filter(([, value]) => value !== null))
}

export function attributesStatement(changes: Attributes, account: string): string {
  return `ALTER USER ${account} ATTRIBUTE ${sqlText(JSON.stringify(changes))}`
}

export function attributesMessage(changes: Attributes): string {
  return `Attributes updated: ${Object.entries(changes).map(([name, value]) => `${name}: ${str(fromPlain(value))}`).join(', ')}`
}

/** As a result has them: none is null. */
export function attributesShown(attributes: Attributes): Plain {
  return Object.keys(attributes).length === 0 ? null : attributes
}
