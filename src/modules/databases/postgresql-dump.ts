/** Dumps of PostgreSQL: the steps that write and read them, and the command lines that Ansible tells of them. */
import { quote } from '../../shell/quote.ts'
import { splitWords } from '../../shell/words.ts'
import type { Plain } from '../../values/value.ts'
import { sh, type Step } from '../contract/change.ts'
import { loginShown, postgresTool, type Login } from './postgresql-client.ts'

export interface DumpInput extends Login {
  readonly name: string
  readonly state: string
  readonly target: string | undefined
  readonly target_opts: string | undefined
  readonly dump_extra_args: string | undefined
}

const FORMATS: Readonly<Record<string, { readonly dump: string; readonly restore: string }>> = { tar: { dump: 't', restore: 'Tar' }, pgc: { dump: 'c', restore: 'Custom' }, dir: { dump: 'd', restore: 'Directory' } }
const PACKERS: Readonly<Record<string, string>> = { gz: 'gzip', bz2: 'bzip2', xz: 'xz' }

function suffix(target: string): string {
  return /\.([a-z0-9]+)$/.exec(target)?.[1] ?? ''
}

/** Steps print where the programs are that they use, on lines of their own. */
const PLACES = 'command -v "$1"; [ -z "$pack" ] || command -v "$pack"'

/** A dump that failed leaves no file. */
export function dumpStep(input: DumpInput): Step {
  const target = input.target!
  const format = FORMATS[suffix(target)]?.dump
  const more = splitWords(`${input.target_opts ?? ''} ${input.dump_extra_args ?? ''}`)
  const { argv, environment, exports } = postgresTool(input, 'pg_dump', input.name, (database) => [...more, ...(format === undefined ? [] : ['-F', format]), '-f', format === 'd' ? target : `${target}.plonerun`, ...role(input), database])
  const packer = PACKERS[suffix(target)] ?? ''
  if (format === 'd') return { ...sh(`${exports}pack=; ${PLACES}; exec "$@"`, ...argv), environment }
  const place = packer === '' ? 'mv -f -- "$f" "$t"' : `${packer} -c <"$f" >"$t"`
  return { ...sh(`${exports}t=$1 f=$1.plonerun pack=${packer}; shift; ${PLACES}\nif "$@"; then ${place}; code=$?; else code=$?; fi\nrm -f -- "$f"; exit $code`, target, ...argv), environment }
}

/** psql goes on after errors, as it does for Ansible. */
export function restoreStep(input: DumpInput): Step {
  const target = input.target!
  const more = splitWords(input.target_opts ?? '')
  const packer = PACKERS[suffix(target)] ?? ''
  if (FORMATS[suffix(target)] !== undefined) {
    const { argv, environment, exports } = postgresTool(input, 'pg_restore', input.name, (database) => [...more, ...role(input), '-d', database, target])
    return { ...sh(`${exports}pack=; ${PLACES}; exec "$@"`, ...argv), environment }
  }
  const { argv, environment, exports } = postgresTool(input, 'psql', input.name, (database) => ['-X', ...more, '-d', database, ...(suffix(target) === 'sql' ? [`--file=${target}`] : [])])
  const feed = suffix(target) === 'sql' ? 'exec "$@"' : `${packer === '' ? 'cat' : `${packer} -dc`} -- "$t" | "$@"`
  return { ...sh(`${exports}t=$1 pack=${packer}; shift; ${PLACES}\n${feed}`, target, ...argv), environment }
}

function role({ session_role: name }: Login): readonly string[] {
  return name === undefined ? [] : [`--role=${name}`]
}

/** What a step has printed: the paths of its programs, and the rest. */
function printed({ target = '' }: DumpInput, stdout: string): { readonly program: string; readonly pack: string; readonly rest: string } {
  const [program = '', ...lines] = stdout.split('\n')
  return PACKERS[suffix(target)] === undefined ? { program, pack: '', rest: lines.join('\n') } : { program, pack: lines[0] ?? '', rest: lines.slice(1).join('\n') }
}

/** The output and the command line as Ansible tells them; of what is unpacked on the way it tells neither. */
export function toldOf(input: DumpInput, stdout: string): { readonly stdout: string; readonly cmd: string; readonly executed: readonly Plain[] } {
  const { target = '' } = input
  const { program, pack, rest } = printed(input, stdout)
  const options = input.target_opts ? ` ${input.target_opts} ` : ''
  const asRole = input.session_role === undefined ? '' : ` --role=${quote(input.session_role)}`
  const format = FORMATS[suffix(target)]
  if (input.state === 'dump') {
    const extra = input.dump_extra_args ? ` ${input.dump_extra_args} ` : ''
    const call = `${[program, quote(input.name), ...loginShown(input)].join(' ')}${format === undefined ? '' : ` --format=${format.dump}`}${asRole}${extra}${options}`
    const cmd = pack === '' ? `${call} ${format?.dump === 'd' ? '-f' : '>'} ${quote(target)}` : `${call} | ${pack} > ${quote(target)}`
    return { stdout: rest, cmd, executed: [cmd] }
  }
  if (pack !== '') return { stdout: '', cmd: 'cmd: ****', executed: [] }
  const how = format !== undefined ? ` --format=${format.restore}${asRole}` : suffix(target) === 'sql' ? ` --file=${target}` : ''
  const call = `${[program, `--dbname=${quote(input.name)}`, ...loginShown(input)].join(' ')}${how}${options}`
  const cmd = suffix(target) === 'sql' ? call : `${call} ${format === undefined || format.dump === 't' ? '< ' : ''}${quote(target)}`
  return { stdout: rest, cmd, executed: [cmd] }
}
