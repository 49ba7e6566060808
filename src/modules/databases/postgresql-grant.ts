/** GRANT, REVOKE and ALTER DEFAULT PRIVILEGES as statements, and the queries that show what they change. */
import { PlonerunError } from '../../errors/plonerun-error.ts'
import { sqlName, sqlText } from './postgresql-client.ts'

const PRIVILEGES = ['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER', 'CREATE', 'CONNECT', 'TEMPORARY', 'TEMP', 'EXECUTE', 'USAGE', 'ALL', 'SET', 'ALTER_SYSTEM', 'MAINTAIN']
const DEFAULTS: Readonly<Record<string, readonly string[]>> = {
  TABLES: ['ALL', 'SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER', 'MAINTAIN'],
  SEQUENCES: ['ALL', 'SELECT', 'UPDATE', 'USAGE'],
  FUNCTIONS: ['ALL', 'EXECUTE'],
  TYPES: ['ALL', 'USAGE'],
  SCHEMAS: ['CREATE', 'USAGE'],
}
const IMPLICIT = ['PUBLIC', 'CURRENT_USER', 'SESSION_USER', 'CURRENT_ROLE']
const IN_SCHEMA = ['table', 'sequence', 'function', 'procedure', 'type']

/** Where the privileges of each type are kept: what is shown, and from where. */
const KEPT: Readonly<Record<string, string>> = {
  table: "relname, relacl FROM pg_class WHERE relkind IN ('r', 'v', 'm', 'p', 'f')",
  sequence: "relname, relacl FROM pg_class WHERE relkind = 'S'",
  function: 'oid, proacl FROM pg_proc WHERE true',
  procedure: 'oid, proacl FROM pg_proc WHERE true',
  type: 'typname, typacl FROM pg_type WHERE true',
  schema: 'nspname, nspacl FROM pg_namespace WHERE true',
  language: 'lanname, lanacl FROM pg_language WHERE true',
  tablespace: 'spcname, spcacl FROM pg_tablespace WHERE true',
  database: 'datname, datacl FROM pg_database WHERE true',
  foreign_data_wrapper: 'fdwname, fdwacl FROM pg_foreign_data_wrapper WHERE true',
  foreign_server: 'srvname, srvacl FROM pg_foreign_server WHERE true',
  parameter: 'parname, paracl FROM pg_parameter_acl WHERE true',
  group: 'roleid, member, admin_option FROM pg_auth_members WHERE true',
  default_privs: 'defaclrole, defaclnamespace, defaclobjtype, defaclacl FROM pg_default_acl WHERE true',
}

export interface Grant {
  readonly type: string
  readonly privileges: readonly string[]
  /** As given: `ALL_IN_SCHEMA`, or names. */
  readonly objects: readonly string[]
  readonly schema: string | undefined
  readonly targetRoles: readonly string[]
  readonly present: boolean
  /** undefined: as it is. */
  readonly grantOption: boolean | undefined
}

/** @throws PlonerunError for a privilege that there is not */
export function parsePrivileges(given: string | undefined): readonly string[] {
  const words = (given ?? '').split(',').map((word) => word.trim().toUpperCase()).filter((word) => word !== '')
  const strange = words.filter((word) => !PRIVILEGES.includes(word))
  if (strange.length > 0) throw new PlonerunError(`Invalid privileges specified: frozenset({${strange.map((each) => `'${each}'`).join(', ')}})`, { kind: 'task', hint: `There are ${PRIVILEGES.join(', ')}.` })
  return words
}

/** @throws PlonerunError for a kind of objects that has no default privileges, or not these */
export function parseDefaultObjects(given: string, privileges: readonly string[]): readonly string[] {
  const kinds = given === 'ALL_DEFAULT' ? Object.keys(DEFAULTS).filter((kind) => kind !== 'SCHEMAS') : given.toUpperCase().split(',').map((kind) => kind.trim())
  for (const kind of kinds) {
    const valid = DEFAULTS[kind]
    if (valid === undefined) throw new PlonerunError(`Invalid Object set specified: ${kind}`, { kind: 'task', hint: `There are ${Object.keys(DEFAULTS).join(', ')} and ALL_DEFAULT.` })
    const strange = privileges.find((each) => !valid.includes(each))
    if (strange !== undefined) throw new PlonerunError(`Invalid priv specified: ${kind} have no default privilege ${strange}`, { kind: 'task', hint: `They have ${valid.join(', ')}.` })
  }
  return kinds
}

/** A query whose rows differ before and after a statement that changes something. */
export function privilegeQuery(type: string): string {
  const [columns = '', rest = ''] = KEPT[type]!.split(' FROM ')
  // What is revoked and granted again comes last in its list, which says nothing.
  const sorted = columns.replace(/\w+acl$/, '(SELECT string_agg(item::text, \',\' ORDER BY item::text) FROM unnest($&) AS item)')
  return `SELECT md5(coalesce(string_agg(each, ',' ORDER BY each), '')) FROM (SELECT concat_ws('|', ${sorted}) AS each FROM ${rest}) AS kept`
}

export function isImplicit(role: string): boolean {
  return IMPLICIT.includes(role.toUpperCase())
}

/** Asks for the roles that are there. */
export function rolesQuery(roles: readonly string[]): string {
  return `SELECT rolname FROM pg_roles WHERE rolname IN (${roles.map(sqlText).join(', ')})`
}

/** The statements for roles that are there. */
export function grantStatements(grant: Grant, roles: readonly string[]): readonly string[] {
  const who = roles.map((role) => (isImplicit(role) ? role.toUpperCase() : sqlName(role))).join(',')
  if (grant.type === 'default_privs') return defaultStatements(grant, who)
  const what = grant.type === 'group' ? grant.objects.map(sqlName).join(',') : `${grant.privileges.join(',').replaceAll('_', ' ')} ON ${objectsOf(grant)}`
  if (!grant.present) return [`REVOKE ${what} FROM ${who}`]
  const option = grant.type === 'group' ? 'ADMIN OPTION' : 'GRANT OPTION'
  return [`GRANT ${what} TO ${who}${grant.grantOption ? ` WITH ${option}` : ''}`, ...(grant.grantOption === false ? [`REVOKE ${option} FOR ${what} FROM ${who}`] : [])]
}

function objectsOf({ type, objects, schema }: Grant): string {
  if (objects[0] === 'ALL_IN_SCHEMA') return `ALL ${type.toUpperCase()}S IN SCHEMA ${sqlName(schema ?? 'public')}`
  const kind = type.replaceAll('_', ' ')
  const within = schema !== undefined && IN_SCHEMA.includes(type) ? `${sqlName(schema)}.` : ''
  if (type !== 'function' && type !== 'procedure') return `${kind} ${objects.map((name) => `${within}${sqlName(name)}`).join(',')}`
  // The arguments of a signature are separated by colons, since commas separate the objects.
  return `${kind} ${objects.map((signature) => { const [, name = '', args = ''] = /^([^(]+)(\(.*)$/.exec(signature)!; return `${within}${sqlName(name)}${args.replaceAll(':', ', ')}` }).join(',')}`
}

function defaultStatements({ privileges, objects, schema, targetRoles, present, grantOption }: Grant, who: string): readonly string[] {
  const prefix = `ALTER DEFAULT PRIVILEGES${targetRoles.length > 0 ? ` FOR ROLE ${targetRoles.map(sqlName).join(',')}` : ''}${schema === undefined ? '' : ` IN SCHEMA ${sqlName(schema)}`}`
  const revoked = (kinds: readonly string[]): readonly string[] => kinds.map((kind) => `${prefix} REVOKE ALL ON ${kind} FROM ${who}`)
  if (!present) return revoked(['TABLES', 'FUNCTIONS', 'SEQUENCES', 'TYPES'])
  return [...revoked(objects), ...objects.map((kind) => `${prefix} GRANT ${privileges.join(',')} ON ${kind} TO ${who}${grantOption ? ' WITH GRANT OPTION' : ''}`)]
}
