/** What a task wants of accounts of MySQL and MariaDB: its options, and what they mean. */
import { PlonerunError } from '../../errors/plonerun-error.ts'
import { isDict } from '../../values/dict.ts'
import { str } from '../../values/print.ts'
import type { Dict } from '../../values/value.ts'
import { defaulting, dict, flag, integer, oneOf, presence, raw, required, text, type Input } from '../contract/option.ts'
import { requirement, SALTED, wantedLimits, type Limits } from './mysql-account.ts'
import { wantedAttributes, type Attributes } from './mysql-attributes.ts'
import { sqlName, sqlValue, type Session } from './mysql-client.ts'
import type { ExpiryWish } from './mysql-expiry.ts'
import { implicitOption } from './mysql-found-login.ts'
import { loginOptions } from './mysql-login.ts'
import { parsePrivileges, type Privileges } from './mysql-privileges.ts'

export const options = {
  ...loginOptions,
  ...implicitOption,
  name: required(text('The user.', { aliases: ['user'] })),
  host: defaulting(text('Where the user comes from.'), 'localhost'),
  host_all: defaulting(flag('Means the user wherever it comes from; for changing and removing.'), false),
  state: presence('Whether it exists.'),
  password: text('The password.', { secret: true }),
  encrypted: defaulting(flag('The password is given as the hash of mysql_native_password.'), false),
  update_password: defaulting(oneOf(['always', 'on_create', 'on_new_username'], 'Whether the password of a user that is there is changed; on_new_username: a new one gets that of the same name elsewhere.'), 'always'),
  password_expire: oneOf(['now', 'never', 'default', 'interval'], 'When the password expires; default: as the server has it for all.'),
  password_expire_interval: integer('The days of password_expire interval.'),
  plugin: text('The authentication plugin.'),
  plugin_hash_string: text("What the plugin gets after AS.", { secret: true }),
  plugin_auth_string: text('What the plugin gets after BY.', { secret: true }),
  salt: text('20 characters for the hash of plugin_auth_string, with caching_sha2_password and sha256_password: without them it is set each time.', { secret: true }),
  priv: raw('DATABASE.TABLE:PRIVILEGE,..., several with a slash between them, or a mapping.'),
  append_privs: defaulting(flag('Leaves the other privileges that the user has.'), false),
  subtract_privs: defaulting(flag('Takes these privileges away instead.'), false),
  column_case_sensitive: defaulting(flag('Names of columns are taken as they are, not in upper case.'), false),
  tls_requires: raw('What the connection must have: SSL, X509, or CIPHER, ISSUER and SUBJECT; nothing unless given.'),
  resource_limits: dict('Limits such as MAX_QUERIES_PER_HOUR.'),
  locked: flag('Whether the account is locked.'),
  attributes: dict('MySQL: what is noted of the user, name by name; null takes one away.'),
  session_vars: dict('Variables of the session, set before anything else.'),
  force_context: defaulting(flag('The database mysql is in use meanwhile, for replication that goes by databases.'), false),
  sql_log_bin: defaulting(flag('Whether it goes to the binary log.'), true),
} as const

export type UserInput = Input<typeof options>

export interface Wanted {
  readonly privileges: Privileges | undefined
  readonly tls: string
  readonly limits: Limits
  readonly expiry: ExpiryWish | undefined
  readonly attributes: Attributes
  readonly session: Session
}

/** @throws PlonerunError for what makes no sense */
export function wantedOf(input: UserInput): Wanted {
  const { password_expire: when, password_expire_interval: days } = input
  const fail = (message: string): never => {
    throw new PlonerunError(message, { kind: 'task' })
  }
  if (days !== undefined && days < 1) fail('password_expire_interval value should be positive number')
  if (input.salt) {
    if (!input.plugin_auth_string) fail('salt requires plugin_auth_string')
    if (input.salt.length !== 20) fail('salt must be 20 characters long')
    if (!SALTED.includes(input.plugin ?? '')) fail('salt requires caching_sha2_password or sha256_password plugin')
  }
  return {
    privileges: wantedPrivileges(input),
    tls: requirement(input.tls_requires),
    limits: wantedLimits(input.resource_limits),
    expiry: when === undefined ? undefined : { when, days },
    attributes: wantedAttributes(input.attributes),
    session: { database: input.force_context ? 'mysql' : undefined, statements: settings(input.session_vars).map(({ statement }) => statement) },
  }
}

/** Statements for variables, and how Ansible tells them. */
export function settings(variables: Dict | undefined): readonly { readonly statement: string; readonly shown: string }[] {
  return [...(variables ?? [])].map(([name, value]) => {
    const start = `SET SESSION ${sqlName(str(name))} = `
    return { statement: `${start}${sqlValue(value)}`, shown: `${start}${str(value)}` }
  })
}

function wantedPrivileges({ priv, column_case_sensitive: cased, subtract_privs: subtract }: UserInput): Privileges | undefined {
  if (priv === undefined) return undefined
  if (typeof priv !== 'string' && !isDict(priv)) throw new PlonerunError('priv parameter must be str or dict', { kind: 'task' })
  const wanted = parsePrivileges(typeof priv === 'string' ? priv : [...priv].map(([target, privileges]) => `${str(target)}:${str(privileges)}`).join('/'), cased)
  return subtract || wanted.has('*.*') ? wanted : new Map([...wanted, ['*.*', new Set(['USAGE'])]])
}
