/** community.postgresql.postgresql_db: databases of PostgreSQL, made, removed, renamed, dumped and restored. */
import { PlonerunError } from '../../errors/plonerun-error.ts'
import type { Read } from '../../probe/read.ts'
import type { ShellResult } from '../../probe/shell.ts'
import { splitWords } from '../../shell/words.ts'
import { sh, type Change, type Plan, type Step } from '../contract/change.ts'
import { state, type Known } from '../contract/module.ts'
import { defaulting, flag, oneOf, path, required, text, type Input } from '../contract/option.ts'
import { loginFailure, loginOptions, postgresRead, postgresStep, postgresTool, sqlName, sqlText } from './postgresql-client.ts'

const options = {
  ...loginOptions,
  name: required(text('The database.', { aliases: ['db'] })),
  state: defaulting(oneOf(['absent', 'dump', 'present', 'rename', 'restore'], 'present makes it, dump writes it to a file, restore reads one.'), 'present'),
  owner: text('The role that owns it.'),
  template: text('The database that a new one is a copy of.'),
  encoding: text('The encoding of a new one.'),
  lc_collate: text('The order of texts in a new one.'),
  lc_ctype: text('The kinds of characters in a new one.'),
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
    if (limit !== undefined && !/^-?\d+$/.test(limit)) throw new PlonerunError(`'conn_limit' takes a number, got '${limit}'`, { kind: 'task' })
  },
  reads: (input): Record<string, Read<unknown>> => ({ databases: postgresRead(input, input.maintenance_db, QUERY) }),
  plan: (input, known: Known) => plan(input, known),
  result: ({ name }) => ({ db: name }),
})

const QUERY = `SELECT d.datname, pg_get_userbyid(d.datdba), pg_encoding_to_char(d.encoding), d.datcollate, d.datctype, d.datconnlimit, t.spcname, coalesce(shobj_description(d.oid, 'pg_database'), '') FROM pg_database d JOIN pg_tablespace t ON t.oid = d.dattablespace`

interface Database {
  readonly name: string
  readonly owner: string
  readonly encoding: string
  readonly collate: string
  readonly ctype: string
  readonly limit: string
  readonly tablespace: string
  readonly comment: string
}

function databasesOf({ stdout }: ShellResult): readonly Database[] {
  return stdout.split('\n').filter((line) => line.includes('\t')).map((line) => {
    const [name = '', owner = '', encoding = '', collate = '', ctype = '', limit = '', tablespace = '', comment = ''] = line.split('\t')
    return { name, owner, encoding, collate, ctype, limit, tablespace, comment }
  })
}

function plan(input: DatabaseInput, known: Known): Plan {
  const answer = known.databases as ShellResult
  if (answer.code !== 0) return { fail: loginFailure(answer) }
  const { name } = input
  const databases = databasesOf(answer)
  const found = databases.find((each) => each.name === name)
  const sql = (summary: string, ...statements: readonly string[]): Plan => ({ changes: [change(summary, postgresStep(input, input.maintenance_db, statements))] })
  switch (input.state) {
    case 'absent':
      if (found === undefined) return {}
      return sql(`drop database ${name}`, ...(input.force ? [`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = ${sqlText(name)} AND pid <> pg_backend_pid()`] : []), `DROP DATABASE ${sqlName(name)}`)
    case 'rename': {
      const target = input.target!
      if (found === undefined) return databases.some((each) => each.name === target) ? {} : { fail: `The source database '${name}' and the target database '${target}' do not exist.` }
      if (databases.some((each) => each.name === target)) return { fail: `Both the source database '${name}' and the target database '${target}' exist.` }
      return sql(`rename database ${name} to ${target}`, `ALTER DATABASE ${sqlName(name)} RENAME TO ${sqlName(target)}`)
    }
    case 'dump':
      if (found === undefined) return { fail: `source database "${name}" does not exist` }
      return { changes: [change(`dump ${name} to ${input.target!}`, dump(input))] }
    case 'restore':
      return { changes: [...(found === undefined ? [change(`create database ${name}`, postgresStep(input, input.maintenance_db, [created(input)]))] : []), change(`restore ${input.target!} to ${name}`, restore(input))] }
    case 'present':
      if (found === undefined) return sql(`create database ${name}`, created(input), ...commented(input, ''))
      return altered(input, found)
  }
}

function change(summary: string, step: Step): Change {
  return { summary, writes: ['anything'], steps: [step], leaves: [] }
}

function created({ name, owner, template, encoding, lc_collate: collate, lc_ctype: ctype, tablespace, conn_limit: limit }: DatabaseInput): string {
  return [
    `CREATE DATABASE ${sqlName(name)}`,
    ...(owner ? [`OWNER ${sqlName(owner)}`] : []),
    ...(template ? [`TEMPLATE ${sqlName(template)}`] : []),
    ...(encoding ? [`ENCODING ${sqlText(encoding)}`] : []),
    ...(collate ? [`LC_COLLATE ${sqlText(collate)}`] : []),
    ...(ctype ? [`LC_CTYPE ${sqlText(ctype)}`] : []),
    ...(tablespace ? [`TABLESPACE ${sqlName(tablespace)}`] : []),
    ...(limit ? [`CONNECTION LIMIT ${limit}`] : []),
  ].join(' ')
}

function commented({ name, comment }: DatabaseInput, before: string): readonly string[] {
  return comment === undefined || comment === before ? [] : [`COMMENT ON DATABASE ${sqlName(name)} IS ${sqlText(comment)}`]
}

function altered(input: DatabaseInput, found: Database): Plan {
  const { name, owner, tablespace, conn_limit: limit } = input
  const plain = (encoding: string): string => encoding.toLowerCase().replace(/[^a-z0-9]/g, '')
  if (input.encoding && plain(input.encoding) !== plain(found.encoding) && plain(input.encoding) !== `${plain(found.encoding)}8`) return { fail: `Changing database encoding is not supported. Current encoding: ${found.encoding}` }
  if (input.lc_collate && input.lc_collate !== found.collate) return { fail: `Changing LC_COLLATE is not supported. Current LC_COLLATE: ${found.collate}` }
  if (input.lc_ctype && input.lc_ctype !== found.ctype) return { fail: `Changing LC_CTYPE is not supported. Current LC_CTYPE: ${found.ctype}` }
  const statements = [
    ...(owner && owner !== found.owner ? [`ALTER DATABASE ${sqlName(name)} OWNER TO ${sqlName(owner)}`] : []),
    ...(limit && limit !== found.limit ? [`ALTER DATABASE ${sqlName(name)} CONNECTION LIMIT ${limit}`] : []),
    ...(tablespace && tablespace !== found.tablespace ? [`ALTER DATABASE ${sqlName(name)} SET TABLESPACE ${sqlName(tablespace)}`] : []),
    ...commented(input, found.comment),
  ]
  return { changes: statements.length === 0 ? [] : [change(`database ${name}: ${statements.length} settings`, postgresStep(input, input.maintenance_db, statements))] }
}

const FORMATS: Readonly<Record<string, string>> = { tar: 't', pgc: 'c', dir: 'd' }
const PACKERS: Readonly<Record<string, string>> = { gz: 'gzip', bz2: 'bzip2', xz: 'xz' }

function suffix(target: string): string {
  return /\.([a-z0-9]+)$/.exec(target)?.[1] ?? ''
}

/** A dump that failed leaves no file. */
function dump(input: DatabaseInput): Step {
  const target = input.target!
  const format = FORMATS[suffix(target)]
  const { argv, environment } = postgresTool(input, 'pg_dump', ...splitWords(`${input.target_opts ?? ''} ${input.dump_extra_args ?? ''}`), ...(format === undefined ? [] : ['-F', format]), '-f', format === 'd' ? target : `${target}.plonerun`, input.name)
  if (format === 'd') return { argv, environment }
  const packer = PACKERS[suffix(target)]
  const place = packer === undefined ? 'mv -f -- "$f" "$t"' : `${packer} -c <"$f" >"$t"`
  return { ...sh(`t=$1 f=$1.plonerun; shift\nif "$@"; then ${place}; code=$?; else code=$?; fi\nrm -f -- "$f"; exit $code`, target, ...argv), environment }
}

function restore(input: DatabaseInput): Step {
  const target = input.target!
  const more = splitWords(input.target_opts ?? '')
  if (FORMATS[suffix(target)] !== undefined) return postgresTool(input, 'pg_restore', ...more, '-d', input.name, target)
  const packer = PACKERS[suffix(target)]
  const { argv, environment } = postgresTool(input, 'psql', '-X', '-q', '-v', 'ON_ERROR_STOP=1', ...more, '-d', input.name)
  return { ...sh(`t=$1; shift\n${packer === undefined ? 'cat -- "$t"' : `${packer} -dc -- "$t"`} | "$@"`, target, ...argv), environment }
}
