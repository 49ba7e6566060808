/** Dumps of MySQL and MariaDB: the steps that write and read them, and the command lines that Ansible tells of them. */
import { hostWord } from '../../probe/host-path.ts'
import { quote } from '../../shell/quote.ts'
import { MASK } from '../../values/secret.ts'
import { repr } from '../../values/print.ts'
import type { Step } from '../contract/change.ts'
import { mysqlPipe } from './mysql-client.ts'
import type { Login } from './mysql-login.ts'

export interface DumpInput extends Login {
  readonly name: readonly string[]
  readonly target: string | undefined
  readonly chdir: string | undefined
  readonly restrict_config_file: boolean
  readonly encoding: string
  readonly single_transaction: boolean
  readonly quick: boolean
  readonly force: boolean
  readonly ignore_tables: readonly string[]
  readonly hex_blob: boolean
  readonly master_data: '0' | '1' | '2'
  readonly skip_lock_tables: boolean
  readonly dump_extra_args: string | undefined
  readonly pipefail: boolean
}

const PACKERS: Readonly<Record<string, string>> = { gz: 'gzip', bz2: 'bzip2', xz: 'xz', zst: 'zstd' }

/** What packs a file by its suffix. */
function packer(target: string): string | undefined {
  return PACKERS[/\.([a-z0-9]+)$/.exec(target)?.[1] ?? '']
}

/** Steps print where the programs are that they use, on lines of their own. */
const PLACES = `command -v "$program"; [ -z "$pack" ] || command -v "$pack"`

/** What a step of these has printed besides: the paths of its programs, and the rest. */
function placesOf(stdout: string, target: string): { readonly program: string; readonly pack: string; readonly rest: string } {
  const [program = '', ...lines] = stdout.split('\n')
  return packer(target) === undefined ? { program, pack: '', rest: lines.join('\n') } : { program, pack: lines[0] ?? '', rest: lines.slice(1).join('\n') }
}

/** What it printed itself. */
export function printedBy({ target = '' }: DumpInput, stdout: string): string {
  return placesOf(stdout, target).rest
}

/** The dump's own exit code decides, not that of what packs it; a dump that failed leaves no file. */
export function dumpStep(input: DumpInput): Step {
  const { encoding, single_transaction: transaction, quick, force, ignore_tables: ignored, hex_blob: hex, dump_extra_args: extra } = input
  const words = [
    ...(quick ? ['--quick'] : ['--skip-quick']),
    ...(input.skip_lock_tables ? ['--skip-lock-tables'] : []),
    ...(encoding === '' ? [] : [`--default-character-set=${encoding}`]),
    ...(transaction ? ['--single-transaction'] : []),
    ...(force ? ['--force'] : []),
    ...(hex ? ['--hex-blob'] : []),
    ...(input.master_data === '0' ? [] : [`--master-data=${input.master_data}`]),
    ...ignored.map((table) => `--ignore-table=${table}`),
    ...named(input.name),
  ]
  const pack = packer(input.target!)
  return piped(
    input,
    `for program in mariadb-dump mysqldump; do command -v "$program" >/dev/null && break; done
pack=${pack ?? ''}; ${PLACES}
for word do shift; case $word in --connect-timeout=*) ;; *) set -- "$@" "$word" ;; esac; done
umask 077
if "$program" "$@" ${extra ?? ''} ${words.map(quote).join(' ')} >"$t.plonerun"; then ${pack === undefined ? 'mv -f' : `${pack} -c`} "$t.plonerun" ${pack === undefined ? '"$t"' : '>"$t"'}; code=$?; else code=$?; fi
rm -f "$t.plonerun"
exit $code`,
  )
}

/** In its folder, with the file in $t. */
function piped(input: DumpInput, script: string): Step {
  return mysqlPipe(input, input.restrict_config_file ? 'alone' : 'all', `${input.chdir === undefined ? '' : `cd -- ${hostWord(input.chdir)} || exit\n`}t=${hostWord(input.target!)}\n${script}`)
}

function named(names: readonly string[]): readonly string[] {
  if (names[0] === 'all') return ['--all-databases']
  return names.length > 1 ? ['--databases', ...names] : names
}

export function importStep(input: DumpInput): Step {
  const [name = ''] = input.name
  const pack = packer(input.target!)
  const words = [...(input.force ? ['--force'] : []), ...(input.encoding === '' ? [] : [`--default-character-set=${input.encoding}`]), ...(name === 'all' ? [] : ['--one-database', name])]
  return piped(
    input,
    `program=$client; pack=${pack ?? ''}; ${PLACES}
${pack === undefined ? 'cat --' : `${pack} -dc --`} "$t" | "$client" "$@" ${words.map(quote).join(' ')}`,
  )
}

/** What a command line tells of the login besides the options. */
export interface Shown {
  /** The file with logins, when it is there. */
  readonly config: string | undefined
  /** Root logs in, without a password. */
  readonly root: boolean
}

/** The command line as Ansible tells it. */
export function dumpCommand(input: DumpInput, stdout: string, shown: Shown): string {
  const { target = '', encoding, dump_extra_args: extra } = input
  const { program, pack } = placesOf(stdout, target)
  const words = [
    program,
    ...loginShown(input, shown),
    ...(input.force ? ['--force'] : []),
    ...server(input, ' '),
    ...named(input.name.map(quote)),
    ...(input.skip_lock_tables ? ['--skip-lock-tables'] : []),
    ...(encoding === '' ? [] : [`--default-character-set=${quote(encoding)}`]),
    ...(input.single_transaction ? ['--single-transaction=true'] : []),
    ...(input.quick ? ['--quick'] : []),
    ...input.ignore_tables.map((table) => `--ignore-table=${table}`),
    ...(input.hex_blob ? ['--hex-blob'] : []),
    ...(input.master_data === '0' ? [] : [`--master-data=${input.master_data}`]),
    ...(extra === undefined ? [] : [extra]),
  ]
  return pack === '' ? `${words.join(' ')} > ${quote(target)}` : `${input.pipefail ? 'set -o pipefail && ' : ''}${words.join(' ')} | ${pack} > ${quote(target)}`
}

/** The same of an import; with what unpacks it, the words are told as a list. */
export function importCommand(input: DumpInput, stdout: string, shown: Shown): string {
  const { target = '', encoding, name } = input
  const { program, pack } = placesOf(stdout, target)
  const words = [
    program,
    ...loginShown(input, shown),
    ...(input.force ? ['-f'] : []),
    ...server(input, undefined),
    ...(encoding === '' ? [] : [`--default-character-set=${quote(encoding)}`]),
    ...(name[0] === 'all' ? [] : ['--one-database', quote(name.join(''))]),
  ]
  return pack === '' ? `${words.join(' ')} < ${quote(target)}` : `${pack} -dc ${target} | ${repr(words)}`
}

function loginShown(login: DumpInput, { config, root }: Shown): readonly string[] {
  const given = (flag: string, value: string | undefined): readonly string[] => (value === undefined ? [] : [`--${flag}=${quote(value)}`])
  return [
    ...given(login.restrict_config_file ? 'defaults-file' : 'defaults-extra-file', config),
    ...(root ? ["--user=root --password=''"] : [...given('user', login.login_user), ...(login.login_password === undefined ? [] : [`--password=${masked(login.login_password)}`])]),
    ...given('ssl-cert', login.client_cert),
    ...given('ssl-key', login.client_key),
    ...given('ssl-ca', login.ca_cert),
  ]
}

/** The word with a mask for the password in it. */
function masked(password: string): string {
  const word = quote(password)
  return password !== '' && word.includes(password) ? word.replace(password, MASK) : MASK
}

/** @param together what stands between host and port where they are one word */
function server({ login_unix_socket: socket, login_host: host, login_port: port }: Login, together: string | undefined): readonly string[] {
  if (socket !== undefined) return [`--socket=${quote(socket)}`]
  const words = [`--host=${quote(host)}`, `--port=${port}`]
  return together === undefined ? words : [words.join(together)]
}
