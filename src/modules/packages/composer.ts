/** community.general.composer: what a PHP project depends on. */
import { PlonerunError } from '../../errors/plonerun-error.ts'
import { pathResource, type Resource } from '../../probe/resource.ts'
import type { Read } from '../../probe/read.ts'
import { shellRead, type ShellResult } from '../../probe/shell.ts'
import { splitWords } from '../../shell/words.ts'
import { hostWords, runInFolder } from '../commands/in-folder.ts'
import type { Plan } from '../contract/change.ts'
import { state, type Known } from '../contract/module.ts'
import { defaulting, flag, path, text, type Input } from '../contract/option.ts'

const options = {
  command: defaulting(text('What composer is to do.'), 'install'),
  arguments: defaulting(text('Its arguments.'), ''),
  working_dir: path('The folder of composer.json.'),
  global_command: defaulting(flag("In the person's own folder, for all projects."), false),
  executable: path('The php.', { aliases: ['php_path'] }),
  composer_executable: path('The composer.'),
  prefer_source: defaulting(flag('Fetches sources.'), false),
  prefer_dist: defaulting(flag('Fetches archives.'), false),
  no_dev: defaulting(flag('Leaves out what is only for development.'), true),
  no_scripts: defaulting(flag('Runs no scripts of composer.json.'), false),
  no_plugins: defaulting(flag('Uses no plugins.'), false),
  apcu_autoloader: defaulting(flag('The autoloader caches in APCu.'), false),
  optimize_autoloader: defaulting(flag('The autoloader knows the file of each class.'), true),
  classmap_authoritative: defaulting(flag('The autoloader knows no other files.'), false),
  ignore_platform_reqs: defaulting(flag("Ignores what packages ask of PHP's version and extensions."), false),
} as const

type ComposerInput = Input<typeof options>

/** Options of the module that are flags of composer's, where the command has them. */
const FLAGS = ['prefer_source', 'prefer_dist', 'no_dev', 'no_scripts', 'no_plugins', 'apcu_autoloader', 'optimize_autoloader', 'classmap_authoritative', 'ignore_platform_reqs'] as const

export const composer = state({
  name: 'community.general.composer',
  summary: 'Installs what a PHP project depends on, and runs other commands of composer.',
  options,
  rules: { requiredIf: [['global_command', false, ['working_dir']]] },
  prepare({ command, arguments: given }) {
    if (/\s/.test(command)) throw new PlonerunError("Use the 'arguments' param for passing arguments with the 'command'", { kind: 'task' })
    return splitWords(given)
  },
  reads: (input, words, known: Known) => reads(input, words, known),
  plan: (input, known: Known, words) => plan(input, known, words),
  result(_input, known: Known, { replies, foreseen, changed }) {
    const output = foreseen ? (known.rehearsal as ShellResult | undefined)?.stdout ?? '' : replies.map(({ stdout, stderr }) => `${stdout.toString()}${stderr.toString()}`).join('')
    return { changed: changed && !isIdle(output), msg: inOneLine(output), stdout: output }
  },
  failure: (_input, _known, { stderr }) => ({ msg: inOneLine(stderr.toString()), stdout: stderr.toString() }),
})

function inOneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim()
}

/** Composer's word for having had nothing to do; it may still write its autoloader anew. */
function isIdle(output: string): boolean {
  return /Nothing to install(?: or update|, update or remove)/.test(output)
}

function resources({ working_dir: folder, global_command: global }: ComposerInput): readonly Resource[] {
  return ['package:*', global || folder?.startsWith('/') !== true ? 'anything' : pathResource(folder)]
}

function reads(input: ComposerInput, words: readonly string[], known: Known): Record<string, Read<unknown>> {
  const where = (name: string, given: string | undefined): string => (given === undefined ? `command -v ${name} || echo /usr/local/bin/${name}` : `printf '%s\\n' ${hostWords([given])}`)
  const programs = shellRead(`${where('php', input.executable)}\n${where('composer', input.composer_executable)}`, ['package:*', 'path:/usr/local/bin'])
  if (known.programs === undefined) return { programs }
  const help = shellRead(`${hostWords([...programOf(known), ...place(input), 'help', input.command, '--no-interaction', '--format=json'])} 2>&1`, ['package:*', 'anything'])
  if (known.help === undefined || !flagsOf(known.help as ShellResult).includes('dry-run')) return { programs, help }
  return { programs, help, rehearsal: shellRead(`${hostWords(call(input, known, [...words, '--dry-run']))} 2>&1`, [...resources(input), 'beyond:']) }
}

function programOf(known: Known): readonly string[] {
  return (known.programs as ShellResult).stdout.trim().split('\n')
}

function place({ global_command: global, working_dir: folder }: ComposerInput): readonly string[] {
  return global ? ['global'] : ['--working-dir', folder!]
}

/** The flags that a command has, as `help --format=json` tells them, maybe behind remarks. */
function flagsOf({ stdout }: ShellResult): readonly string[] {
  try {
    const { definition } = JSON.parse(stdout.slice(stdout.indexOf('{'))) as { readonly definition?: { readonly options?: Readonly<Record<string, unknown>> } }
    return Object.keys(definition?.options ?? {})
  } catch {
    return []
  }
}

function call(input: ComposerInput, known: Known, words: readonly string[]): readonly string[] {
  const wanted = ['no-ansi', 'no-interaction', 'no-progress', ...FLAGS.filter((name) => input[name]).map((name) => name.replaceAll('_', '-'))]
  const there = flagsOf(known.help as ShellResult)
  const [first = '', ...rest] = place(input)
  const flags = wanted.filter((name) => there.includes(name)).map((name) => `--${name}`)
  return input.global_command ? [...programOf(known), first, input.command, ...flags, ...words] : [...programOf(known), input.command, ...flags, first, ...rest, ...words]
}

function plan(input: ComposerInput, known: Known, words: readonly string[]): Plan {
  const help = known.help as ShellResult
  const folder = input.global_command ? 'for all projects' : `in ${input.working_dir!}`
  if (help.code !== 0) return { fail: inOneLine(help.stdout) || `composer could not be asked what '${input.command}' takes` }
  if (flagsOf(help).length === 0) return { fail: `composer did not tell what '${input.command}' takes: ${help.stdout.trim()}` }
  const rehearsal = known.rehearsal as ShellResult | undefined
  if (rehearsal !== undefined && rehearsal.code !== 0) return { fail: inOneLine(rehearsal.stdout), result: { stdout: rehearsal.stdout } }
  return { changes: [{ summary: `composer ${[input.command, ...words].join(' ')} ${folder}`, writes: ['anything'], steps: [runInFolder(undefined, call(input, known, words))], leaves: [{ kind: 'anything' }] }] }
}
