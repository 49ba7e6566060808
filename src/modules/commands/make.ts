/** community.general.make: targets of a makefile. */
import type { Read } from '../../probe/read.ts'
import { shellRead, type ShellResult } from '../../probe/shell.ts'
import { quote } from '../../shell/quote.ts'
import { quoteForShell } from '../../template/filters/strings.ts'
import { str } from '../../values/print.ts'
import { programFailure } from '../contract/failure.ts'
import { state, type Known } from '../contract/module.ts'
import { dict, integer, list, path, required, text, type Input } from '../contract/option.ts'
import { askInFolder, runInFolder } from './in-folder.ts'

const options = {
  chdir: required(path('The folder to run it in.')),
  target: text('The target; the first of the makefile unless given.'),
  targets: list(text('A target.'), 'Several targets.'),
  params: dict('Variables and flags: NAME=value, or only the name where it has no value.'),
  file: path('Another makefile.'),
  make: path('The program; gmake where it is there, else make.'),
  jobs: integer('How many commands run at a time.'),
} as const

type MakeInput = Input<typeof options>

/** What follows the program. */
function words({ target, targets, params, file, jobs }: MakeInput): readonly string[] {
  return [
    ...(jobs === undefined ? [] : ['-j', String(jobs)]),
    ...(file === undefined ? [] : ['-f', file]),
    ...(target ? [target] : (targets ?? [])),
    ...[...(params ?? [])].map(([name, value]) => (value === null ? str(name) : `${str(name)}=${str(value)}`)),
  ]
}

export const make = state({
  name: 'community.general.make',
  summary: 'Runs targets of a makefile that are not up to date.',
  options,
  rules: { mutuallyExclusive: [['target', 'targets']] },
  reads(input, _prepared, known: Known): Record<string, Read<unknown>> {
    const names = input.make === undefined ? ['gmake', 'make'] : [input.make]
    const program = shellRead(names.map((name) => `command -v ${quote(name)}`).join(' || '), ['package:*', 'path:/usr/local/bin'])
    return { program, ...(known.program !== undefined && { upToDate: askInFolder(input.chdir, [programOf(input, known), ...words(input), '-q'], ['anything']) }) }
  },
  plan(input, known: Known) {
    if ((known.upToDate as ShellResult).code === 0) return []
    const what = input.target || input.targets?.join(' ') || 'the first target'
    return [{ summary: `make ${what} in ${input.chdir}`, writes: ['anything'], steps: [runInFolder(input.chdir, [programOf(input, known), ...words(input)])], leaves: [{ kind: 'anything' }] }]
  },
  failure: (input, known: Known, failed) => ({ ...programFailure(failed), cmd: commandOf(input, known) }),
  result(input, known: Known, { replies }) {
    const { target, targets, params, chdir, file, jobs } = input
    return {
      stdout: (replies[0]?.stdout.toString() ?? (known.upToDate as ShellResult).stdout).trimEnd(),
      stderr: (replies[0]?.stderr.toString() ?? '').trimEnd(),
      target: target ?? null,
      targets: targets ?? null,
      params: params ?? null,
      chdir,
      file: file ?? null,
      jobs: jobs ?? null,
      command: commandOf(input, known),
    }
  },
})

function commandOf(input: MakeInput, known: Known): string {
  return [programOf(input, known), ...words(input)].map(quoteForShell).join(' ')
}

function programOf({ make: given }: MakeInput, { program }: Known): string {
  return (program as ShellResult).stdout.trim() || (given ?? 'make')
}
