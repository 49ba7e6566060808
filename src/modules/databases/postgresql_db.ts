/** community.postgresql.postgresql_db: databases of PostgreSQL, made, removed, renamed, dumped and restored. */
import { PlonerunError } from '../../errors/plonerun-error.ts'
import type { Imagined, Read } from '../../probe/read.ts'
import { answered, type ShellResult } from '../../probe/shell.ts'
import type { Plain } from '../../values/value.ts'
import type { Change, Plan, Step } from '../contract/change.ts'
import { state, type Known } from '../contract/module.ts'
import { defaulting, flag, oneOf, path, required, text, type Input } from '../contract/option.ts'
import { loginFailure, loginOptions, postgresRead, postgresStep, serverError, sqlName, sqlText } from './postgresql-client.ts'
import { dumpStep, restoreStep, toldOf } from './postgresql-dump.ts'

const options = {
  ...loginOptions,
  name: required(text('The database.', { aliases: ['db'] })),
  state: defaulting(oneOf(['absent', 'dump', 'present', 'rename', 'restore'], 'present makes it, dump writes it to a file, restore reads one.'), 'present'),
  owner: text('The role that owns it.'),
  template: text('The database that a new one is a copy of.'),
  encoding: text('The encoding of a new one.'),
  lc_collate: text('The order of texts in a new one.'),
  lc_ctype: text('The kinds of characters in a new one.'),
  icu_locale: text('The locale of ICU in a new one; where the server knows of it (15 and later), as the next.'),
  locale_provider: text('Who knows the order of texts in a new one: icu or libc.'),
  conn_limit: text('How many connections it takes; -1 for any number.'),
  tablespace: text('Where it is kept.'),
  target: path('The file of dump and restore, on the host (for rename the new name); .sql, .gz, .bz2, .xz, .tar, .pgc, .dir.'),
  target_opts: text('More arguments for dump and restore.'),
  dump_extra_args: text('More arguments for the dump.'),
  maintenance_db: defaulting(text('The database to log in to.'), 'postgres'),
  force: defaulting(flag('Ends connections to a database that is removed.'), false),
  trust_input: defaulting(flag('Accepted; everything is quoted.'), true),
  comment: text('What is said about it.'),
} as const

type DatabaseInput = Input<typeof options>

export const postgresqlDb = state({
  name: 'community.postgresql.postgresql_db',
  summary: 'Makes, removes, renames, dumps and restores databases of PostgreSQL.',
  options,
  rules: { requiredIf: [['state', 'dump', ['target']], ['state', 'restore', ['target']], ['state', 'rename', ['target']]] },
  beyond: true,
  prepare({ conn_limit: limit }) {
    if (limit && !/^-?\d+$/.test(limit)) throw new PlonerunError(`'conn_limit' takes a number, got '${limit}'`, { kind: 'task' })
  },
  reads: (input): Record<string, Read<unknown>> => ({ databases: databasesRead(input) }),
  plan: (input, known: Known) => plan(input, known),
  result(input, known: Known, { foreseen, replies }): Readonly<Record<string, Plain>> {
    if (input.state !== 'dump' && input.state !== 'restore') return { db: input.name, executed_commands: foreseen ? [] : statements(input, known) }
    const reply = replies.at(-1)
    if (reply === undefined) return { db: input.name, executed_commands: [] }
    const { stdout, cmd, executed } = toldOf(input, reply.stdout.toString())
    return { msg: stdout, stderr: reply.stderr.toString(), rc: reply.code, cmd, executed_commands: executed }
  },
  failure(input, _known, { stdout, stderr, code }): Readonly<Record<string, Plain>> {
    if (input.state !== 'dump' && input.state !== 'restore') return { msg: `Database query failed: ${serverError(stderr.toString())}` }
    const told = toldOf(input, stdout.toString())
    return { msg: stderr.toString(), stdout: told.stdout, rc: code, cmd: told.cmd }
  },
})

function databasesRead(input: DatabaseInput): Read<ShellResult> {
  return postgresRead(input, input.maintenance_db, QUERY)
}

/** Servers before 15 know of no locale of ICU, and name no provider. */
const QUERY = `SELECT d.datname, pg_get_userbyid(d.datdba), pg_encoding_to_char(d.encoding), d.datcollate, d.datctype, d.datconnlimit, t.spcname, coalesce(to_jsonb(d)->>'datlocale', to_jsonb(d)->>'daticulocale', ''), CASE to_jsonb(d)->>'datlocprovider' WHEN 'c' THEN 'libc' WHEN 'i' THEN 'icu' WHEN 'b' THEN 'builtin' ELSE '' END, coalesce(shobj_description(d.oid, 'pg_database'), '') FROM pg_database d JOIN pg_tablespace t ON t.oid = d.dattablespace`

const COLUMNS = ['name', 'owner', 'encoding', 'collate', 'ctype', 'limit', 'tablespace', 'locale', 'provider', 'comment'] as const

type Database = Readonly<Record<(typeof COLUMNS)[number], string>>

function databasesOf({ stdout }: ShellResult): readonly Database[] {
  return stdout.split('\n').filter((line) => line.includes('\t')).map((line) => {
    const fields = line.split('\t')
    return Object.fromEntries(COLUMNS.map((name, index) => [name, fields[index] ?? ''])) as Database
  })
}

/** check mode: what the query would give. */
function leaving(input: DatabaseInput, databases: readonly Database[]): readonly Imagined[] {
  return [answered(databasesRead(input), databases.map((each) => COLUMNS.map((name) => each[name]).join('\t')).join('\n'))]
}

function plan(input: DatabaseInput, known: Known): Plan {
  const answer = known.databases as ShellResult
  if (answer.code !== 0) return { fail: loginFailure(answer) }
  const { name, target } = input
  const databases = databasesOf(answer)
  const others = databases.filter((each) => each.name !== name)
  const found = databases.find((each) => each.name === name)
  switch (input.state) {
    case 'dump':
      if (found === undefined) return { fail: `source database "${name}" does not exist` }
      return { changes: [change(`dump ${name} to ${target!}`, dumpStep(input), [{ kind: 'path', path: target!, state: { type: 'file' } }])] }
    case 'restore':
      if (found === undefined) return { fail: `database "${name}" does not exist` }
      return { changes: [change(`restore ${target!} to ${name}`, restoreStep(input), [])] }
    case 'rename': {
      const other = databases.some((each) => each.name === target)
      if (found !== undefined && other) return { fail: 'Both the source and the target databases exist.' }
      if (found === undefined && !other) return { fail: 'The source and the target databases do not exist.' }
      break
    }
    case 'present': {
      const failure = found === undefined ? undefined : unchangeable(input, found)
      if (failure !== undefined) return { fail: failure }
      break
    }
    case 'absent':
      break
  }
  const wanted = statements(input, known)
  if (wanted.length === 0) return {}
  const after = input.state === 'absent' ? others : [...others, altered(input, found, databases)]
  const what = input.state === 'absent' ? `drop database ${name}` : input.state === 'rename' ? `rename database ${name} to ${target!}` : found === undefined ? `create database ${name}` : `database ${name}: ${wanted.length} settings`
  return { changes: [change(what, postgresStep(input, input.maintenance_db, wanted), leaving(input, after))] }
}

function change(summary: string, step: Step, leaves: readonly Imagined[]): Change {
  return { summary, writes: ['anything'], steps: [step], leaves }
}

/** What is to be executed; nothing when all is as wanted. */
function statements(input: DatabaseInput, known: Known): readonly string[] {
  const { name, owner, tablespace, conn_limit: limit, state, target } = input
  const databases = databasesOf(known.databases as ShellResult)
  const found = databases.find((each) => each.name === name)
  const alter = `ALTER DATABASE ${sqlName(name)}`
  if (state === 'absent') return found === undefined ? [] : [`DROP DATABASE ${sqlName(name)}${input.force ? ' WITH (FORCE)' : ''}`]
  if (state === 'rename') return found === undefined ? [] : [`${alter} RENAME TO ${sqlName(target!)}`]
  const commented = input.comment === undefined || input.comment === (found?.comment ?? '') ? [] : [`COMMENT ON DATABASE ${sqlName(name)} IS ${sqlText(input.comment)}`]
  if (found === undefined) return [created(input, databases.some(({ provider }) => provider !== '')), ...commented]
  return [
    ...(owner && owner !== found.owner ? [`${alter} OWNER TO ${sqlName(owner)}`] : []),
    ...(limit && limit !== found.limit ? [`${alter} CONNECTION LIMIT ${limit}`] : []),
    ...(tablespace && tablespace !== found.tablespace ? [`${alter} SET TABLESPACE ${sqlName(tablespace)}`] : []),
    ...commented,
  ]
}

function created({ name, owner, template, encoding, lc_collate: collate, lc_ctype: ctype, icu_locale: locale, locale_provider: provider, tablespace, conn_limit: limit }: DatabaseInput, knowsProviders: boolean): string {
  return [
    `CREATE DATABASE ${sqlName(name)}`,
    ...(owner ? [`OWNER ${sqlName(owner)}`] : []),
    ...(template ? [`TEMPLATE ${sqlName(template)}`] : []),
    ...(encoding ? [`ENCODING ${sqlText(encoding)}`] : []),
    ...(collate ? [`LC_COLLATE ${sqlText(collate)}`] : []),
    ...(ctype ? [`LC_CTYPE ${sqlText(ctype)}`] : []),
    ...(locale && knowsProviders ? [`ICU_LOCALE ${sqlText(locale)}`] : []),
    ...(provider && knowsProviders ? [`LOCALE_PROVIDER ${sqlText(provider)}`] : []),
    ...(tablespace ? [`TABLESPACE ${sqlName(tablespace)}`] : []),
    ...(limit ? [`CONNECTION LIMIT ${limit}`] : []),
  ].join(' ')
}

/** What PostgreSQL cannot change. */
function unchangeable(input: DatabaseInput, found: Database): string | undefined {
  const plain = (encoding: string): string => encoding.toLowerCase().replace(/[^a-z0-9]/g, '')
  if (input.encoding && plain(input.encoding) !== plain(found.encoding) && plain(input.encoding) !== `${plain(found.encoding)}8`) return `Changing database encoding is not supported. Current encoding: ${found.encoding}`
  if (input.lc_collate && input.lc_collate !== found.collate) return `Changing LC_COLLATE is not supported. Current LC_COLLATE: ${found.collate}`
  if (input.lc_ctype && input.lc_ctype !== found.ctype) return `Changing LC_CTYPE is not supported.Current LC_CTYPE: ${found.ctype}`
  if (input.icu_locale && standard(input.icu_locale) !== standard(found.locale)) return `Changing ICU_LOCALE is not supported.Current ICU_LOCALE: ${found.locale || 'None'}`
  if (input.locale_provider && input.locale_provider !== found.provider) return `Changing LOCALE_PROVIDER is not supported.Current LOCALE_PROVIDER: ${found.provider || 'None'}`
  return undefined
}

/** de_DE is kept as de-DE. */
function standard(locale: string): string {
  return locale.replaceAll('_', '-').toLowerCase()
}

/** The database once it is as wanted; what is not said of a new one it has from its template. */
function altered(input: DatabaseInput, found: Database | undefined, databases: readonly Database[]): Database {
  const template = databases.find(({ name }) => name === (input.template || 'template1'))
  const from = found ?? { ...template, owner: input.login_user, limit: '-1', comment: '' }
  return {
    name: input.state === 'rename' ? input.target! : input.name,
    owner: input.owner || from.owner,
    encoding: input.encoding || from.encoding || '',
    collate: input.lc_collate || from.collate || '',
    ctype: input.lc_ctype || from.ctype || '',
    limit: input.conn_limit || from.limit,
    tablespace: input.tablespace || from.tablespace || 'pg_default',
    comment: input.comment ?? from.comment,
    locale: input.icu_locale || from.locale || '',
    provider: input.locale_provider || from.provider || '',
  }
}
