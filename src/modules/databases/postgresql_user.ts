/** community.postgresql.postgresql_user: roles of PostgreSQL that log in, with their passwords and attributes. */
import { createHash, createHmac, pbkdf2Sync } from 'node:crypto'
import { PlonerunError } from '../../errors/plonerun-error.ts'
import type { Read } from '../../probe/read.ts'
import { answered, type ShellResult } from '../../probe/shell.ts'
import type { Plain } from '../../values/value.ts'
import type { Plan } from '../contract/change.ts'
import { state, type Known } from '../contract/module.ts'
import { defaulting, dict, flag, integer, presence, required, text, type Input } from '../contract/option.ts'
import { configurationAfter, configurationChanges, configurationStatements, configurationText, parseConfiguration, refusesSetting, wantedConfiguration, type Configuration, type ConfigurationChanges } from './postgresql-configuration.ts'
import { loginFailure, loginOptions, postgresRead, postgresStep, serverError, sqlName, sqlText } from './postgresql-client.ts'

const options = {
  ...loginOptions,
  name: required(text('The role.', { aliases: ['user'] })),
  state: presence('Whether it exists.'),
  login_db: defaulting(text('The database to log in to; empty for that with the name of who logs in.', { aliases: ['db'] }), ''),
  password: text('The password, or its hash as PostgreSQL keeps it; empty for none.', { secret: true }),
  encrypted: defaulting(flag('Accepted; passwords are always kept as hashes.'), true),
  no_password_changes: defaulting(flag('Leaves the password of a role that is there.'), false),
  role_attr_flags: defaulting(text('Attributes, such as CREATEDB,NOSUPERUSER.'), ''),
  expires: text('When the password is no longer good.'),
  conn_limit: integer('How many connections it takes; -1 for any number.'),
  comment: text('What is said about it.'),
  fail_on_user: defaulting(flag('Fails when it cannot be removed.', { aliases: ['fail_on_role'] }), true),
  configuration: defaulting(dict('Settings that its sessions begin with, such as work_mem.'), new Map()),
  reset_unspecified_configuration: defaulting(flag('Takes away the settings that are not named.'), false),
  quote_configuration_values: defaulting(flag('Values are quoted; without it they are SQL, as a list for search_path needs it.'), true),
  trust_input: defaulting(flag('Without it, values that are SQL must not look dangerous; everything else is quoted.'), true),
} as const

type UserInput = Input<typeof options>

const ATTRIBUTES = ['SUPERUSER', 'CREATEROLE', 'CREATEDB', 'INHERIT', 'LOGIN', 'REPLICATION', 'BYPASSRLS'] as const
const COLUMNS = ['rolsuper', 'rolcreaterole', 'rolcreatedb', 'rolinherit', 'rolcanlogin', 'rolreplication', 'rolbypassrls']

export const postgresqlUser = state({
  name: 'community.postgresql.postgresql_user',
  summary: 'Makes roles of PostgreSQL that log in, and removes them.',
  options,
  beyond: true,
  prepare: (input): Wanted => ({ flags: attributes(input.role_attr_flags), configuration: wantedConfiguration(input) }),
  reads: (input, _wanted, known: Known): Record<string, Read<unknown>> => ({
    role: roleRead(input),
    // Whether something depends on it only the server can tell.
    ...(input.state === 'absent' && known.role !== undefined && parseRole(known.role as ShellResult) !== undefined && { rehearsal: postgresRead(input, input.login_db, 'BEGIN', dropped(input), 'ROLLBACK') }),
  }),
  plan: (input, known: Known, wanted) => plan(input, known, wanted),
  result: (input, known: Known, { changed }, wanted) => result(input, known, wanted, changed),
  failure: (input, _known, { stderr }) => ({ msg: `${refused(input, stderr.toString())}: ${serverError(stderr.toString())}` }),
})

interface Wanted {
  readonly flags: readonly string[]
  readonly configuration: Configuration
}

function refused({ state, name }: UserInput, said: string): string {
  if (state === 'absent') return 'Unable to remove user'
  return refusesSetting(said) ? `Unable to update configuration for '${name}' due to` : 'Database query failed'
}

function roleRead(input: UserInput): Read<ShellResult> {
  return postgresRead(input, input.login_db, query(input.name))
}

function dropped({ name }: UserInput): string {
  return `DROP USER ${sqlName(name)}`
}

/** The statements as Ansible tells them: with its placeholders for values, and all that is wanted in each. */
function result(input: UserInput, known: Known, wanted: Wanted, changed: boolean): Readonly<Record<string, Plain>> {
  const { name, password, expires, conn_limit: limit } = input
  const role = parseRole(known.role as ShellResult)
  if (input.state === 'absent') return { user: name, ...(role !== undefined && { user_removed: changed }), queries: role === undefined ? [] : [dropped(input)] }
  const { newPassword, altered, said, set } = differences(input, role, wanted)
  const flags = wanted.flags.join(' ')
  const proof = password === '' ? (role === undefined ? [] : ['WITH PASSWORD NULL']) : [`WITH ${input.encrypted ? 'ENCRYPTED' : 'UNENCRYPTED'}`, 'PASSWORD %(password)s']
  const rest = [...(expires === undefined ? [] : ['VALID UNTIL %(expires)s']), ...(limit === undefined ? [] : [`CONNECTION LIMIT ${limit}`])]
  const query =
    role === undefined
      ? ['CREATE USER', sqlName(name), ...(password === undefined ? [] : proof), ...rest, flags]
      : ['ALTER USER', sqlName(name), ...(newPassword ? [...proof, flags] : flags === '' ? [] : [`WITH ${flags}`]), ...(input.no_password_changes ? [] : rest)]
  return { user: name, queries: [...(role === undefined || altered ? [query.join(' ')] : []), ...said, ...set.map((each) => `${each};`)] }
}

/** @throws PlonerunError for one that PostgreSQL does not have */
function attributes(given: string): readonly string[] {
  const words = given.split(',').map((word) => word.trim().toUpperCase()).filter((word) => word !== '')
  const strange = words.find((word) => !ATTRIBUTES.some((each) => word === each || word === `NO${each}`))
  if (strange !== undefined) throw new PlonerunError(`Invalid role_attr_flags specified: ${strange}`, { kind: 'task', hint: `There are ${ATTRIBUTES.join(', ')}, each also with NO in front.` })
  return words
}

/** The hash of a password is told to superusers only. */
function query(name: string): string {
  const columns = (password: string): string => `concat_ws(E'\\t', ${COLUMNS.join(', ')}, rolconnlimit, coalesce(rolvaliduntil::text, '-'), coalesce(${password}, '-'), coalesce(shobj_description(oid, 'pg_authid'), '-'), coalesce((SELECT array_to_json(setconfig)::text FROM pg_db_role_setting WHERE setrole = role.oid AND setdatabase = 0), '[]'))`
  const from = (table: string, password: string): string => `SELECT ${columns(password)} FROM ${table} AS role WHERE rolname = ${sqlText(name)}`
  return `SELECT has_table_privilege('pg_authid', 'SELECT') AS super \\gset\n\\if :super\n${from('pg_authid', 'rolpassword')};\n\\else\n${from('pg_roles', "'-'::text")};\n\\endif\nSELECT ''`
}

interface Role {
  readonly attributes: ReadonlyMap<string, boolean>
  readonly limit: number
  readonly expires: string
  readonly hash: string
  readonly comment: string
  readonly configuration: Configuration
}

function parseRole({ stdout }: ShellResult): Role | undefined {
  const line = stdout.split('\n').find((each) => each.includes('\t'))
  if (line === undefined) return undefined
  const fields = line.split('\t')
  const [limit = '', expires = '', hash = '', comment = '', configuration = ''] = fields.slice(ATTRIBUTES.length)
  const optional = (field: string): string => (field === '-' ? '' : field)
  return { attributes: new Map(ATTRIBUTES.map((each, index) => [each, fields[index] === 't'])), limit: Number(limit), expires: optional(expires), hash: optional(hash), comment: optional(comment), configuration: parseConfiguration(configuration) }
}

function plan(input: UserInput, known: Known, wanted: Wanted): Plan {
  const { name, password, expires, conn_limit: limit, comment } = input
  const answer = known.role as ShellResult
  if (answer.code !== 0) return { fail: loginFailure(answer) }
  const role = parseRole(answer)
  const change = (summary: string, leaves: string, ...statements: readonly string[]): Plan => ({ changes: [{ summary: `role ${name}: ${summary}`, writes: ['anything'], steps: [postgresStep(input, input.login_db, together(statements))], leaves: [answered(roleRead(input), leaves)] }] })
  if (input.state === 'absent') {
    if (role === undefined) return {}
    const { code, stdout } = known.rehearsal as ShellResult
    // A role that check mode only imagines cannot be dropped yet.
    if (code === 0 || stdout.includes('does not exist')) return change('removed', '', dropped(input))
    return input.fail_on_user ? { fail: `Unable to remove user: ${serverError(stdout)}` } : { note: serverError(stdout).trim() }
  }
  const { newPassword, flags, newLimit, newExpiry, said, configuration, set } = differences(input, role, wanted)
  const after = roleLine(role, { password: newPassword ? password : undefined, wanted: wanted.flags, expires, limit, comment, configuration })
  if (role === undefined) return change('new', after, `CREATE USER ${sqlName(name)}${clauses({ password, wanted: wanted.flags, expires, limit })}`, ...said, ...set)
  const what = [...(newPassword ? ['password'] : []), ...flags, ...(newLimit ? [`${limit} connections`] : []), ...(newExpiry ? [`expires ${expires}`] : [])]
  const altered = what.length === 0 ? [] : [`ALTER USER ${sqlName(name)}${clauses({ password: newPassword ? password : undefined, wanted: flags, expires: newExpiry ? expires : undefined, limit: newLimit ? limit : undefined })}`]
  const settings = [...configuration.set.keys(), ...configuration.reset.map((each) => `${each} as others`)]
  return altered.length + said.length + set.length === 0 ? {} : change([...what, ...(said.length > 0 ? ['comment'] : []), ...settings].join(', '), after, ...altered, ...said, ...set)
}

/** What fails leaves nothing behind. */
function together(statements: readonly string[]): readonly string[] {
  return statements.length > 1 ? ['BEGIN', ...statements, 'COMMIT'] : statements
}

interface Differences {
  readonly newPassword: boolean
  readonly flags: readonly string[]
  readonly newLimit: boolean
  readonly newExpiry: boolean
  /** Whether any of these is there. */
  readonly altered: boolean
  /** The statement for the comment. */
  readonly said: readonly string[]
  readonly configuration: ConfigurationChanges
  /** The statements for it. */
  readonly set: readonly string[]
}

function differences(input: UserInput, role: Role | undefined, wanted: Wanted): Differences {
  const { name, password, expires, conn_limit: limit, comment, no_password_changes: keeps } = input
  const newPassword = password !== undefined && (role === undefined || (!keeps && !isPassword(password, role.hash, name)))
  const flags = wanted.flags.filter((word) => (word.startsWith('NO') ? role?.attributes.get(word.slice(2)) !== false : role?.attributes.get(word) !== true))
  const newLimit = limit !== undefined && limit !== role?.limit
  const newExpiry = expires !== undefined && !sameTime(expires, role?.expires ?? '')
  const said = comment === undefined || comment === (role?.comment ?? '') ? [] : [`COMMENT ON ROLE ${sqlName(name)} IS ${sqlText(comment)}`]
  const configuration = configurationChanges(role?.configuration ?? new Map(), wanted.configuration, input)
  const set = configurationStatements(name, configuration, input.quote_configuration_values)
  return { newPassword, flags, newLimit, newExpiry, altered: newPassword || flags.length > 0 || newLimit || newExpiry, said, configuration, set }
}

/** What a role that CREATE USER makes has. */
const NEW: Role = { attributes: new Map(ATTRIBUTES.map((each) => [each, each === 'INHERIT' || each === 'LOGIN'])), limit: -1, expires: '', hash: '', comment: '', configuration: new Map() }

/** check mode: the role as the query would give it; an imagined hash is the password itself. */
function roleLine(role: Role = NEW, { password, wanted, expires, limit, comment, configuration }: Clauses & { readonly comment: string | undefined; readonly configuration: ConfigurationChanges }): string {
  const set = new Map(wanted.map((word): [string, boolean] => (word.startsWith('NO') ? [word.slice(2), false] : [word, true])))
  const flags = ATTRIBUTES.map((each) => ((set.get(each) ?? role.attributes.get(each)) ? 't' : 'f'))
  return [...flags, limit ?? role.limit, (expires ?? role.expires) || '-', (password ?? role.hash) || '-', (comment ?? role.comment) || '-', configurationText(configurationAfter(role.configuration, configuration))].join('\t')
}

interface Clauses {
  readonly password: string | undefined
  readonly wanted: readonly string[]
  readonly expires: string | undefined
  readonly limit: number | undefined
}

function clauses({ password, wanted, expires, limit }: Clauses): string {
  const parts = [
    ...(password === undefined ? [] : [password === '' ? 'PASSWORD NULL' : `ENCRYPTED PASSWORD ${sqlText(password)}`]),
    ...wanted,
    ...(expires === undefined ? [] : [`VALID UNTIL ${sqlText(expires)}`]),
    ...(limit === undefined ? [] : [`CONNECTION LIMIT ${limit}`]),
  ]
  return parts.length === 0 ? '' : ` WITH ${parts.join(' ')}`
}

function sameTime(wanted: string, current: string): boolean {
  return wanted === current || (current !== '' && Date.parse(wanted) === Date.parse(current.replace(/([+-]\d\d)$/, '$1:00')))
}

/** Whether the server keeps this password: RFC 5803's SCRAM, or MD5 over password and name. */
function isPassword(password: string, hash: string, name: string): boolean {
  if (password === '' || password === hash) return password === hash
  const [, iterations, salt, stored] = /^SCRAM-SHA-256\$(\d+):([^$]+)\$([^:]+):/.exec(hash) ?? []
  if (stored === undefined) return hash === `md5${createHash('md5').update(password + name).digest('hex')}`
  const salted = pbkdf2Sync(password.normalize('NFKC'), Buffer.from(salt!, 'base64'), Number(iterations), 32, 'sha256')
  const client = createHmac('sha256', salted).update('Client Key').digest()
  return createHash('sha256').update(client).digest('base64') === stored
}
