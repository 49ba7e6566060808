/** community.mysql.mysql_db: databases of MySQL and MariaDB, made, removed, dumped and filled. */
import { PlonerunError } from '../../errors/plonerun-error.ts'
import { pathRead } from '../../probe/path.ts'
import type { PathState } from '../../probe/path-state.ts'
import type { Read } from '../../probe/read.ts'
import type { ShellResult } from '../../probe/shell.ts'
import { quote } from '../../shell/quote.ts'
import type { Change, Plan, Step } from '../contract/change.ts'
import { state, type Known } from '../contract/module.ts'
import { defaulting, flag, list, oneOf, path, required, text, type Input } from '../contract/option.ts'
import { loginFailure, loginOptions, mysqlPipe, mysqlRead, mysqlStep, sqlName, sqlText } from './mysql-client.ts'

const options = {
  ...loginOptions,
  name: required(list(text('A name; all for every one, with dump and import.'), 'Databases.', { aliases: ['db'] })),
  state: defaulting(oneOf(['absent', 'dump', 'import', 'present'], 'present makes them, dump writes them to a file, import reads one.'), 'present'),
  encoding: defaulting(text('The character set of a new one.'), ''),
  collation: defaulting(text('The collation of a new one.'), ''),
  target: path('The file of dump and import, on the host; .gz, .bz2 and .xz are compressed.'),
  single_transaction: defaulting(flag('Dumps in one transaction.'), false),
  quick: defaulting(flag('Dumps rows one by one.'), true),
  force: defaulting(flag('Goes on after errors while it dumps or imports.'), false),
  ignore_tables: defaulting(list(text('DATABASE.TABLE'), 'Tables that are not dumped.'), []),
  hex_blob: defaulting(flag('Dumps binary columns as hexadecimal digits.'), false),
  dump_extra_args: text('More arguments for the dump.'),
} as const

type DatabaseInput = Input<typeof options>

export const mysqlDb = state({
  name: 'community.mysql.mysql_db',
  aliases: ['ansible.mysql.mysql_db'],
  summary: 'Makes, removes, dumps and fills databases of MySQL and MariaDB.',
  options,
  beyond: true,
  prepare({ state, target, name }) {
    if ((state === 'dump' || state === 'import') && target === undefined) throw new PlonerunError(`with state=${state} target is required`, { kind: 'task' })
    if (name.includes('all') && name.length > 1) throw new PlonerunError("'all' stands for all databases: give no other name with it", { kind: 'task' })
    if (name[0] === 'all' && (state === 'present' || state === 'absent')) throw new PlonerunError(`name is not allowed to equal 'all' unless state equals import, or dump.`, { kind: 'task' })
  },
  reads: (input): Record<string, Read<unknown>> => ({
    databases: mysqlRead(input, 'SHOW DATABASES'),
    ...(input.target !== undefined && { target: pathRead(input.target, { follow: true }) }),
  }),
  plan: (input, known: Known) => plan(input, known),
  result(input, known: Known, { changed }) {
    const { name, state } = input
    const there = (known.databases as ShellResult).stdout.split('\n')
    const creates = state === 'present' ? name.filter((each) => !there.includes(each)).map((each) => created(input, each)) : []
    const drops = state === 'absent' ? name.filter((each) => there.includes(each)).map(dropped) : []
    return { db: name.join(' '), db_list: name, ...(state === 'present' || state === 'absent' ? { executed_commands: changed ? [...creates, ...drops] : [] } : {}) }
  },
})

function plan(input: DatabaseInput, known: Known): Plan {
  const answer = known.databases as ShellResult
  if (answer.code !== 0) return { fail: loginFailure(answer) }
  const there = answer.stdout.split('\n')
  const missing = input.name.filter((name) => name !== 'all' && !there.includes(name))
  switch (input.state) {
    case 'present':
      return { changes: missing.map((name) => change(`create database ${name}`, mysqlStep(input, [created(input, name)]))) }
    case 'absent':
      return { changes: input.name.filter((name) => there.includes(name)).map((name) => change(`drop database ${name}`, mysqlStep(input, [dropped(name)]))) }
    case 'dump':
      if (missing.length > 0) return { fail: `Cannot dump database(s) ${missing.join(', ')} - not found` }
      return { changes: [change(`dump ${input.name.join(', ')} to ${input.target!}`, dump(input))] }
    case 'import': {
      const target = known.target as PathState
      if (!target.exists && !target.uncertain) return { fail: `target ${input.target!} does not exist on the host` }
      return { changes: [...missing.map((name) => change(`create database ${name}`, mysqlStep(input, [created(input, name)]))), change(`import ${input.target!}`, fill(input))] }
    }
  }
}

function change(summary: string, step: Step): Change {
  return { summary, writes: ['anything'], steps: [step], leaves: [] }
}

function dropped(name: string): string {
  return `DROP DATABASE ${sqlName(name)}`
}

function created({ encoding, collation }: DatabaseInput, name: string): string {
  return [`CREATE DATABASE ${sqlName(name)}`, ...(encoding === '' ? [] : [`CHARACTER SET = ${sqlText(encoding)}`]), ...(collation === '' ? [] : [`COLLATE = ${sqlText(collation)}`])].join(' ')
}

/** What packs a file by its suffix. */
function packer(target: string): string | undefined {
  return [[/\.gz$/, 'gzip'], [/\.bz2$/, 'bzip2'], [/\.xz$/, 'xz']].flatMap(([suffix, program]) => ((suffix as RegExp).test(target) ? [program as string] : []))[0]
}

/** The dump's own exit code decides, not that of what packs it; a dump that failed leaves no file. */
function dump(input: DatabaseInput): Step {
  const { name, single_transaction: transaction, quick, force, ignore_tables: ignored, hex_blob: hex, dump_extra_args: extra } = input
  const words = [
    ...(quick ? ['--quick'] : ['--skip-quick']),
    ...(transaction ? ['--single-transaction'] : []),
    ...(force ? ['--force'] : []),
    ...(hex ? ['--hex-blob'] : []),
    ...ignored.map((table) => `--ignore-table=${table}`),
    ...(name[0] === 'all' ? ['--all-databases'] : name.length > 1 ? ['--databases', ...name] : name),
  ]
  const pack = packer(input.target!)
  return mysqlPipe(
    input,
    `for dump in mariadb-dump mysqldump; do command -v "$dump" >/dev/null && break; done
for word do shift; case $word in --connect-timeout=*) ;; *) set -- "$@" "$word" ;; esac; done
umask 077
if "$dump" "$@" ${extra ?? ''} ${words.map(quote).join(' ')} >"$p1.plonerun"; then ${pack === undefined ? 'mv -f' : `${pack} -c`} "$p1.plonerun" ${pack === undefined ? '"$p1"' : '>"$p1"'}; code=$?; else code=$?; fi
rm -f "$p1.plonerun"
exit $code`,
    input.target!,
  )
}

function fill(input: DatabaseInput): Step {
  const [name] = input.name
  const pack = packer(input.target!)
  return mysqlPipe(input, `${pack === undefined ? 'cat --' : `${pack} -dc --`} "$p1" | "$client" "$@" ${input.force ? '--force ' : ''}${name === 'all' || input.name.length > 1 ? '' : quote(name!)}`, input.target!)
}
