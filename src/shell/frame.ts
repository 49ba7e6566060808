/** Builds the shell text of a frame: many fragments, each answered between markers. */
import type { CommandFragment, Fragment } from './fragment.ts'
import { changeFolder } from './change-folder.ts'
import { quote } from './quote.ts'
import { feed } from './stdin.ts'

export interface FrameOptions {
  /** Unguessable and never used before: what a fragment prints cannot pass for a marker. */
  readonly token: string
  /** Number of the first fragment within the session; names the files of its output, which no other fragment may share. */
  readonly first: number
}

/**
 * The text that a session's shell runs for a frame. It needs what `prelude` defined.
 *
 * The answer is a begin marker, then for each fragment its stdout, an error marker and its stderr if there is any, and an
 * end marker with the exit code (see `parseFrame`). Only fixed text and quoted words are parsed by the session's shell, so no
 * fragment can break it by its syntax.
 */
export function frameText(fragments: readonly Fragment[], { token, first }: FrameOptions): string {
  const parts = fragments.map((fragment, index) => (fragment.kind === 'probe' ? probeText(fragment.script) : commandText(fragment, first + index)))
  return `plonerun_t=${token} plonerun_c=0\nprintf '\\036%sb\\n' "$plonerun_t" || exit\n${parts.join('')}`
}

/** Files of a command's output within the session's private folder. */
export function outputFiles(number: number): { readonly stdout: string; readonly stderr: string } {
  return { stdout: `o${number}`, stderr: `e${number}` }
}

function probeText(script: string): string {
  return `plonerun_probe ${quote(script)}\n`
}

function commandText(command: CommandFragment, number: number): string {
  const text = runText(command, number)
  if (command.onlyIf === undefined) return text
  return `if [ "$plonerun_c" = 0 ]; then\n${text}else printf '\\036%ss\\n' "$plonerun_t" || exit\nfi\n`
}

function holdsNul({ argv, cwd = '', umask = '', environment = {} }: CommandFragment): boolean {
  return [...argv, cwd, umask, ...Object.entries(environment).flat()].some((word) => word.includes('\0'))
}

function runText(command: CommandFragment, number: number): string {
  const { stdout, stderr } = outputFiles(number)
  const input = `"$plonerun_d/i${number}"`
  const out = `"$plonerun_d/${stdout}"`
  const err = `"$plonerun_d/${stderr}"`
  const fed = command.stdin !== undefined && command.stdin.length > 0
  return [
    'plonerun_dir',
    ...(fed ? [feed(command.stdin, input)] : []),
    `( ${execution(command)} ) <${fed ? input : '/dev/null'} >${out} 2>${err}`,
    `plonerun_end $? ${out} ${err}`,
    `true >${out} 2>${err}${fed ? ` 3>${input}` : ''}`,
    '',
  ].join('\n')
}

/** The text that sets up a subshell for a command and becomes it. It needs `plonerun_clean` and `plonerun_exec`. */
export function execution(command: CommandFragment): string {
  if (holdsNul(command)) return `echo 'a NUL byte cannot be part of a command' >&2; exit 126`
  return `${setting(command)}plonerun_exec ${words(command).join(' ')}`
}

/** What is set up in the command's own subshell before it runs. */
function setting({ clean, cwd, umask, environment = {} }: CommandFragment): string {
  const exports = Object.entries(environment)
    .filter(([name]) => isExportable(name))
    .map(([name, value]) => ` ${name}=${quote(value)}`)
  return [
    ...(clean === true ? ['plonerun_clean; '] : []),
    ...(cwd !== undefined ? [`${changeFolder(quote(cwd))}; `] : []),
    ...(umask !== undefined ? [`umask ${quote(umask)} || exit 126; `] : []),
    ...(exports.length > 0 ? [`export${exports.join('')}; `] : []),
  ].join('')
}

/** The program and its arguments; env(1) in front when a variable's name is none that a shell can export. */
function words({ argv, environment = {} }: CommandFragment): string[] {
  const others = Object.entries(environment).filter(([name]) => !isExportable(name))
  return [...(others.length > 0 ? ['env', ...others.map(([name, value]) => quote(`${name}=${value}`))] : []), ...argv.map(quote)]
}

/** Everything that can be is exported, because no process list shows that; shells keep some names to themselves. */
function isExportable(name: string): boolean {
  return /^[A-Za-z_]\w*$/.test(name) && !/^(UID|EUID|PPID|GROUPS|SHELLOPTS|BASHOPTS|BASH_VERSINFO|LINENO|OPTIND|IFS)$/.test(name)
}
