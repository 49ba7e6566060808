/** community.postgresql.postgresql_privs: what roles of PostgreSQL may do. */
import { PlonerunError } from '../../errors/plonerun-error.ts'
import type { Read } from '../../probe/read.ts'
import { answered, shellRead, type ShellResult } from '../../probe/shell.ts'
import { NotKnown, Unknown } from '../../values/unknown.ts'
import type { Plan } from '../contract/change.ts'
import { state, type Known } from '../contract/module.ts'
import { defaulting, flag, oneOf, presence, required, text, type Input } from '../contract/option.ts'
import { loginFailure, loginOptions, postgresRead, postgresStep, serverError } from './postgresql-client.ts'
import { grantStatements, isImplicit, parseDefaultObjects, parsePrivileges, privilegeQuery, rolesQuery, type Grant } from './postgresql-grant.ts'

const TYPES = ['table', 'sequence', 'function', 'procedure', 'database', 'schema', 'language', 'tablespace', 'group', 'default_privs', 'foreign_data_wrapper', 'foreign_server', 'type', 'parameter'] as const
const OF_SCHEMA: readonly string[] = ['table', 'sequence', 'function', 'procedure', 'type', 'default_privs']

const options = {
  ...loginOptions,
  login_db: required(text('The database.', { aliases: ['db', 'database'] })),
  roles: required(text('The roles, with commas between them; PUBLIC for all.', { aliases: ['role'] })),
  state: presence('Whether they have the privileges.'),
  privs: text('The privileges, with commas between them.', { aliases: ['priv'] }),
  type: defaulting(oneOf(TYPES, 'What the privileges are for; group: membership of roles.'), 'table'),
  objs: text('The objects, with commas between them; ALL_IN_SCHEMA for all of a schema, and ALL_DEFAULT for all default privileges.', { aliases: ['obj'] }),
  schema: text('Their schema, public unless given; not-specified for default privileges of all schemas.'),
  target_roles: text('Default privileges for what these roles make.'),
  grant_option: flag('Whether they may pass it on; as it is unless given.', { aliases: ['admin_option'] }),
  fail_on_role: defaulting(flag('Fails when a role is not there.'), true),
  trust_input: defaulting(flag('Accepted; everything is quoted.'), true),
} as const

type PrivsInput = Input<typeof options>

export const postgresqlPrivs = state({
  name: 'community.postgresql.postgresql_privs',
  summary: 'Grants and revokes privileges of PostgreSQL.',
  options,
  beyond: true,
  prepare: grantOf,
  reads: (input, grant, known: Known) => reads(input, grant, known),
  plan: (input, known: Known, grant) => plan(input, known, grant),
  result: (input, known: Known, _outcome, grant) => ({ queries: rolesOf(input, known).length === 0 ? [] : [shown(grant, rolesOf(input, known))] }),
  failure: (input, known: Known, { stderr }, grant) => ({ msg: refused(grant, rolesOf(input, known), stderr.toString()) }),
})

/** @throws PlonerunError for what makes no sense with the type */
function grantOf(input: PrivsInput): Grant {
  const { type, objs, schema, privs } = input
  const fail = (message: string): never => {
    throw new PlonerunError(message, { kind: 'task' })
  }
  if (schema !== undefined && !OF_SCHEMA.includes(type)) fail(`Argument "schema" is not allowed for type "${type}".`)
  if (objs === 'ALL_IN_SCHEMA' && !['table', 'sequence', 'function', 'procedure'].includes(type)) fail(`Argument "objs": ALL_IN_SCHEMA can be used only for type: table, sequence, function or procedure, ${type} was passed.`)
  if (!objs && type !== 'database') fail(`Argument "objs" is required for type "${type}".`)
  if (type === 'group' ? privs : !privs) fail(`Argument "privs" is ${type === 'group' ? 'not allowed' : 'required'} for type "${type}".`)
  const privileges = parsePrivileges(privs)
  const objects = type === 'default_privs' ? parseDefaultObjects(objs!, privileges) : split(objs || input.login_db)
  const unsigned = type === 'function' || type === 'procedure' ? objects.find((each) => each !== 'ALL_IN_SCHEMA' && !/^[^(]+\(.*\)$/.test(each)) : undefined
  if (unsigned !== undefined) fail(`Illegal function / procedure signature: "${unsigned}".`)
  return {
    type,
    privileges,
    objects,
    schema: !OF_SCHEMA.includes(type) || schema === 'not-specified' || objs === 'schemas' ? undefined : schema || 'public',
    targetRoles: type === 'default_privs' ? split(input.target_roles ?? '') : [],
    present: input.state === 'present',
    grantOption: input.grant_option,
  }
}

function split(names: string): readonly string[] {
  return names.split(',').map((name) => name.trim()).filter((name) => name !== '')
}

function shown(grant: Grant, roles: readonly string[]): string {
  return grantStatements(grant, roles).map((each) => `${each};`).join('\n')
}

function refused(grant: Grant, roles: readonly string[], said: string): string {
  return `Cannot execute SQL '${shown(grant, roles)}': ${serverError(said)}`
}

/** Whether something changes only the server can tell: the statements are run in a transaction that is rolled back. */
function reads(input: PrivsInput, grant: Grant, known: Known): Record<string, Read<unknown>> {
  const roles = postgresRead(input, input.login_db, rolesQuery(split(input.roles)))
  if (known.roles === undefined || (known.roles as ShellResult).code !== 0) return { roles }
  const present = rolesOf(input, known)
  if (present.length === 0) return { roles }
  return { roles, rehearsal: rehearsalRead(input, grant, present), planned: plannedRead() }
}

/** check mode: whether earlier tasks would change privileges, which no rehearsal knows of. The server itself is not asked. */
function plannedRead(): Read<ShellResult> {
  return shellRead(': privileges of PostgreSQL', ['beyond:'])
}

/** What the server says in a rehearsal of what is planned already. */
const PLANNED = 'planned\n'

function rehearsalRead(input: PrivsInput, grant: Grant, roles: readonly string[]): Read<ShellResult> {
  const kept = privilegeQuery(grant.type)
  return postgresRead(input, input.login_db, 'BEGIN', kept, ...grantStatements(grant, roles), kept, 'ROLLBACK')
}

/** Those that are there. */
function rolesOf(input: PrivsInput, known: Known): readonly string[] {
  const found = (known.roles as ShellResult).stdout.split('\n')
  return split(input.roles).filter((role) => isImplicit(role) || found.includes(role))
}

function plan(input: PrivsInput, known: Known, grant: Grant): Plan {
  const answer = known.roles as ShellResult
  if (answer.code !== 0) return { fail: loginFailure(answer) }
  const roles = rolesOf(input, known)
  const strangers = split(input.roles).filter((role) => !roles.includes(role))
  if (strangers.length > 0 && input.fail_on_role) return { fail: `Role '${strangers[0]!}' does not exist` }
  const warnings = [
    ...strangers.map((role) => `Role '${role}' does not exist, pass it`),
    ...(roles.length === 0 ? ['No valid roles provided, nothing to do'] : []),
    ...(input.target_roles !== undefined && grant.type !== 'default_privs' ? ['"target_roles" will be ignored. Argument "type: default_privs" is required for usage of "target_roles".'] : []),
  ]
  if (roles.length === 0) return { warnings }
  const rehearsal = known.rehearsal as ShellResult
  if (rehearsal.code !== 0) return { fail: refused(grant, roles, rehearsal.stdout.replace(/^[0-9a-f]{32}\n/, '')), warnings }
  const [before, after] = rehearsal.stdout.match(/^[0-9a-f]{32}$/gm) ?? []
  if (before === after) {
    if (rehearsal.stdout !== PLANNED && (known.planned as ShellResult | undefined)?.stdout === PLANNED) throw new NotKnown(new Unknown('privileges that earlier tasks would change'))
    return { warnings }
  }
  const statements = grantStatements(grant, roles)
  return { warnings, changes: [{ summary: statements.join('; '), writes: ['anything'], steps: [postgresStep(input, input.login_db, ['BEGIN', ...statements, 'COMMIT'])], leaves: [answered(rehearsalRead(input, grant, roles), PLANNED), answered(plannedRead(), PLANNED)] }] }
}
