/** community.mysql.mysql_db: databases of MySQL and MariaDB, made, removed, dumped and filled. */
import { dirname, isAbsolute, join } from 'node:path/posix'
import { PlonerunError } from '../../errors/plonerun-error.ts'
import { pathRead } from '../../probe/path.ts'
import type { PathState } from '../../probe/path-state.ts'
import type { Imagined, Read } from '../../probe/read.ts'
import type { ShellResult } from '../../probe/shell.ts'
import { repr } from '../../values/print.ts'
import type { Plain } from '../../values/value.ts'
import type { Change, Plan, Step } from '../contract/change.ts'
import { state, type Known } from '../contract/module.ts'
import { defaulting, flag, list, oneOf, path, required, text, type Input } from '../contract/option.ts'
import { configRead, loginFailure, mysqlAnswered, mysqlRead, mysqlStep, serverError, sqlName, sqlText } from './mysql-client.ts'
import { foundLogin, implicitOption, isRoot, loginReads, withRoot } from './mysql-found-login.ts'
import { loginOptions, type Login } from './mysql-login.ts'
import { dumpCommand, dumpStep, importCommand, importStep, printedBy } from './mysql-dump.ts'

const options = {
  ...loginOptions,
  ...implicitOption,
  config_overrides_defaults: defaulting(flag("Takes host and port from the configuration file, where it has them, to make and remove databases."), false),
  restrict_config_file: defaulting(flag('Dumps and imports read no other file of options than the configuration file.'), false),
  name: required(list(text('A name; all for every one, with dump and import.'), 'Databases.', { aliases: ['db'] })),
  state: defaulting(oneOf(['absent', 'dump', 'import', 'present'], 'present makes them, dump writes them to a file, import reads one.'), 'present'),
  encoding: defaulting(text('The character set of a new one, and of a dump.'), ''),
  collation: defaulting(text('The collation of a new one.'), ''),
  target: path('The file of dump and import, on the host; .gz, .bz2, .xz and .zst are compressed.'),
  chdir: path('The folder to do it in, which relative paths begin in, also those in a file that is imported.'),
  single_transaction: defaulting(flag('Dumps in one transaction.'), false),
  quick: defaulting(flag('Dumps rows one by one.'), true),
  force: defaulting(flag('Goes on after errors while it dumps or imports.'), false),
  ignore_tables: defaulting(list(text('DATABASE.TABLE'), 'Tables that are not dumped.'), []),
  hex_blob: defaulting(flag('Dumps binary columns as hexadecimal digits.'), false),
  master_data: defaulting(oneOf(['0', '1', '2'], 'Dumps where the binary log stands: 1 as a statement, 2 as a comment.'), '0'),
  skip_lock_tables: defaulting(flag('Dumps without a lock.'), false),
  dump_extra_args: text('More arguments for the dump.'),
  sql_log_bin: defaulting(flag('Whether what is made and removed goes to the binary log.'), true),
  pipefail: defaulting(flag('Accepted; a dump that fails is always a failure.'), false),
  use_shell: defaulting(flag('Accepted; imports always go through a shell.'), false),
  unsafe_login_password: defaulting(flag('Accepted; the password is in no command line.'), false),
} as const

type DatabaseInput = Input<typeof options>

export const mysqlDb = state({
  name: 'community.mysql.mysql_db',
  aliases: ['ansible.mysql.mysql_db'],
  summary: 'Makes, removes, dumps and fills databases of MySQL and MariaDB.',
  options,
  beyond: true,
  prepare({ state, target, name, ignore_tables: ignored }) {
    const fail = (message: string): never => {
      throw new PlonerunError(message, { kind: 'task' })
    }
    if (ignored.includes('')) fail('Name of ignored table cannot be empty')
    if (state === 'import' && name.length > 1) fail('Multiple databases are not supported with state=import')
    if ((state === 'dump' || state === 'import') && target === undefined) fail(`with state=${state} target is required`)
    if (name.includes('all') && name.length > 1) fail("'all' stands for all databases: give no other name with it")
    if (name[0] === 'all' && (state === 'present' || state === 'absent')) fail(`name is not allowed to equal 'all' unless state equals import, or dump.`)
  },
  reads: (input, _prepared, known: Known) => reads(input, known),
  plan: (input, known: Known) => plan(input, known),
  result: (input, known: Known, { foreseen, replies }) => ({
    db: input.name.join(' '),
    db_list: input.name,
    ...(!foreseen && { ...executed(input, known, replies.at(-1)?.stdout.toString() ?? '') }),
  }),
  failure({ state }, _known, { stderr }) {
    if (state === 'dump' || state === 'import') return { msg: stderr.toString() }
    return { msg: `error ${state === 'absent' ? 'deleting' : 'creating'} database: ${serverError(stderr.toString())}` }
  },
})

function reads(input: DatabaseInput, known: Known): Record<string, Read<unknown>> {
  const login = foundLogin(input, known)
  const target = targetOf(input)
  return {
    config: configRead(input),
    ...loginReads(input, known),
    ...(login !== undefined && { databases: databasesRead(login) }),
    ...(input.chdir !== undefined && { workplace: pathRead(input.chdir, { follow: true }) }),
    ...(target !== undefined && { target: pathRead(target, { follow: true }), folder: pathRead(dirname(target), { follow: true }) }),
  }
}

function targetOf({ target, chdir }: DatabaseInput): string | undefined {
  return target === undefined || chdir === undefined || isAbsolute(target) || /^[~$]/.test(target) ? target : join(chdir, target)
}

function databasesRead(login: Login): Read<ShellResult> {
  return mysqlRead(login, 'SHOW DATABASES')
}

/** A dump goes to the server that is given, whatever the configuration says. */
function dumping(input: DatabaseInput, known: Known): DatabaseInput {
  return { ...withRoot(input, known), restrict_config_file: input.restrict_config_file && (known.config as PathState).exists }
}

/** @param stdout of the last step */
function executed(given: DatabaseInput, known: Known, stdout: string): Readonly<Record<string, Plain>> {
  const { name, state } = given
  const input = { ...given, ...(/^[~$]/.test(given.target ?? '') && { target: (known.target as PathState).path }) }
  const there = (known.databases as ShellResult).stdout.split('\n')
  const creates = name.filter((each) => each !== 'all' && !there.includes(each)).map((each) => created(input, each))
  const config = known.config as PathState
  const login = { config: config.exists ? config.path : undefined, root: isRoot(input, known) }
  switch (state) {
    case 'present':
      return { executed_commands: creates }
    case 'absent':
      return { executed_commands: name.filter((each) => there.includes(each)).map(dropped) }
    case 'dump':
      return { msg: printedBy(input, stdout), executed_commands: [dumpCommand(input, stdout, login)] }
    case 'import':
      return { msg: printedBy(input, stdout), executed_commands: [...creates, importCommand(input, stdout, login)] }
  }
}

function plan(input: DatabaseInput, known: Known): Plan {
  const workplace = known.workplace as PathState | undefined
  if (workplace !== undefined && !(workplace.exists && workplace.type === 'directory')) return { fail: `Cannot change the current directory to ${workplace.path}: ${workplace.exists ? '[Errno 20] Not a directory' : '[Errno 2] No such file or directory'}: ${repr(workplace.path)}` }
  const answer = known.databases as ShellResult
  const config = known.config as PathState
  if (answer.code !== 0) return { fail: config.exists ? loginFailure(answer, config) : `unable to find ${config.path}. Exception message: ${serverError(answer.stdout) || 'there is neither mariadb nor mysql on the host'}` }
  const login = foundLogin(input, known)!
  const there = answer.stdout.split('\n').filter((name) => name !== '')
  const missing = input.name.filter((name) => name !== 'all' && !there.includes(name))
  const leaves = (names: readonly string[]): readonly Imagined[] => [mysqlAnswered(databasesRead(login), names.join('\n'))]
  const making = missing.map((name, index) => change(`create database ${name}`, statement(input, login, created(input, name)), leaves([...there, ...missing.slice(0, index + 1)])))
  switch (input.state) {
    case 'present':
      return { changes: making }
    case 'absent': {
      const gone = input.name.filter((name) => there.includes(name))
      return { changes: gone.map((name, index) => change(`drop database ${name}`, statement(input, login, dropped(name)), leaves(there.filter((each) => !gone.slice(0, index + 1).includes(each))))) }
    }
    case 'dump':
      if (missing.length > 0) return { fail: `Cannot dump database(s) ${repr(missing.join(', '))} - not found` }
      if (!(known.folder as PathState).exists) return { fail: `/bin/sh: 1: cannot create ${input.target!}: Directory nonexistent\n` }
      return { changes: [change(`dump ${input.name.join(', ')} to ${input.target!}`, dumpStep(dumping(input, known)), [{ kind: 'path', path: targetOf(input)!, state: { type: 'file' } }])] }
    case 'import':
      if (!(known.target as PathState).exists) return { fail: `target ${input.target!} does not exist on the host` }
      return { changes: [...making, change(`import ${input.target!}`, importStep(dumping(input, known)), [])] }
  }
}

function change(summary: string, step: Step, leaves: readonly Imagined[]): Change {
  return { summary, writes: ['anything'], steps: [step], leaves }
}

function statement({ sql_log_bin: logged }: DatabaseInput, login: Login, sql: string): Step {
  return mysqlStep(login, [sql], { statements: logged ? [] : ['SET SQL_LOG_BIN=0'] })
}

function dropped(name: string): string {
  return `DROP DATABASE ${sqlName(name)}`
}

function created({ encoding, collation }: DatabaseInput, name: string): string {
  return [`CREATE DATABASE ${sqlName(name)}`, ...(encoding === '' ? [] : [`CHARACTER SET ${sqlText(encoding)}`]), ...(collation === '' ? [] : [`COLLATE ${sqlText(collation)}`])].join(' ')
}
