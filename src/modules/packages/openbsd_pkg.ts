/** community.general.openbsd_pkg: OpenBSD's packages. */
import { PlonerunError } from '../../errors/plonerun-error.ts'
import type { Read } from '../../probe/read.ts'
import { shellRead, type ShellResult } from '../../probe/shell.ts'
import { quote } from '../../shell/quote.ts'
import type { Change, Plan } from '../contract/change.ts'
import { state } from '../contract/module.ts'
import { defaulting, flag, list, oneOf, path, required, text, type Input } from '../contract/option.ts'

const options = {
  name: required(list(text('A name as in packages-specs(7), also with %branch; * for everything.'), 'Packages.')),
  state: defaulting(oneOf(['absent', 'latest', 'present', 'installed', 'removed'], 'present installs, latest also upgrades, absent removes.'), 'present'),
  snapshot: defaulting(flag('Takes packages of a snapshot.'), false),
  clean: defaulting(flag('Deletes extra configuration files too.'), false),
  quick: defaulting(flag('Does not compare checksums before it deletes files.'), false),
  autoremove: defaulting(flag('Removes what nothing needs any more.'), false),
  build: defaulting(flag('Not supported: packages are not built from ports.'), false),
  ports_dir: path('Where the ports are.'),
} as const

type PackageInput = Input<typeof options>
type Known = Readonly<Record<string, ShellResult>>

export const openbsdPkg = state({
  name: 'community.general.openbsd_pkg',
  summary: 'Installs, upgrades and removes packages on OpenBSD.',
  untried: 'OpenBSD',
  options,
  prepare(input) {
    const fail = (message: string, hint?: string): never => {
      throw new PlonerunError(message, { kind: 'task', ...(hint !== undefined && { hint }) })
    }
    if (input.build) fail('openbsd_pkg: packages cannot be built from ports', 'Install the binary package, or call make in the port by the make module.')
    if (input.name.includes('*') && input.name.length > 1) fail("the package name '*' can not be mixed with other names")
    if (isAll(input) && input.state !== 'latest' && !input.autoremove) fail("the package name '*' is only valid when using state=latest or autoremove=true")
    for (const name of input.name) if (/-[0-9]/.test(name) && name.includes('--')) fail(`package name both has a version and is version-less: ${name}`)
  },
  reads: (input, _prepared, known: Partial<Known>) => reads(input, known),
  plan: (input, known: Known) => plan(input, known),
  result: ({ name, state: wanted, build }) => ({ name, state: wanted, build }),
})

function isAll({ name }: PackageInput): boolean {
  return name[0] === '*'
}

function isRemoval({ state: wanted }: PackageInput): boolean {
  return wanted === 'absent' || wanted === 'removed'
}

/** What is installed, and rehearsals (-n) of what only pkg_add and pkg_delete can tell. */
function reads(input: PackageInput, known: Partial<Known>): Record<string, Read<ShellResult>> {
  const ask = (argv: readonly string[]): Read<ShellResult> => shellRead(`TERM=dumb ${argv.map(quote).join(' ')} 2>&1`, ['package:*', 'beyond:'])
  const names = isAll(input) ? [] : input.name
  return {
    ...Object.fromEntries(names.map((name) => [`there ${name}`, ask(['pkg_info', '-Iq', `inst:${name}`])])),
    ...(input.state === 'latest' && isAll(input) && { upgrades: ask(upgrade(input, ['-n'])) }),
    ...(input.state === 'latest' && Object.fromEntries(names.filter((name) => isThere(name, known)).map((name) => [`newer ${name}`, ask(upgrade(input, ['-n', name]))]))),
    ...(input.autoremove && { leftovers: ask(autoremove(input, ['-n'])) }),
  }
}

function isThere(name: string, known: Partial<Known>): boolean {
  const answer = known[`there ${name}`]
  return answer !== undefined && answer.code === 0 && answer.stdout.trim() !== '' && !answer.stdout.startsWith("Can't find")
}

function letters({ clean, quick }: PackageInput): readonly string[] {
  return [...(clean ? ['-c'] : []), ...(quick ? ['-q'] : [])]
}

function snapshot({ snapshot: wanted }: PackageInput): readonly string[] {
  return wanted ? ['-Dsnap'] : []
}

/** Without names it upgrades everything. */
function upgrade(input: PackageInput, words: readonly string[]): readonly string[] {
  return ['pkg_add', '-I', '-u', '-m', ...letters(input), ...snapshot(input), ...words]
}

function autoremove(input: PackageInput, words: readonly string[]): readonly string[] {
  return ['pkg_delete', '-I', '-a', ...letters(input), ...words]
}

/** `bzip2-1.0.6->1.0.6p0: ok`. */
function upgraded({ stdout }: ShellResult): boolean {
  return /(^|\W)\w\S*->\S+: ok(\W|$)/m.test(stdout)
}

function plan(input: PackageInput, known: Known): Plan {
  if (Object.values(known).some(({ code }) => code === 127)) return { fail: 'pkg_add was not found on the host' }
  const change = (summary: string, argv: readonly string[]): Change => ({ summary, writes: ['package:*', 'anything'], steps: [{ argv, environment: { TERM: 'dumb' } }], leaves: [{ kind: 'anything' }] })
  const leftovers = known.leftovers !== undefined && /: ok(\W|$)/m.test(known.leftovers.stdout) ? [change('remove what nothing needs any more', autoremove(input, []))] : []
  if (isAll(input)) return { changes: [...(known.upgrades !== undefined && upgraded(known.upgrades) ? [change('upgrade everything', upgrade(input, []))] : []), ...leftovers] }
  const there = input.name.filter((name) => isThere(name, known))
  const missing = input.name.filter((name) => !there.includes(name))
  if (isRemoval(input)) return { changes: [...(there.length === 0 ? [] : [change(`remove ${there.join(', ')}`, ['pkg_delete', '-I', ...letters(input), ...there])]), ...leftovers] }
  const old = input.state === 'latest' ? there.filter((name) => upgraded(known[`newer ${name}`]!)) : []
  return {
    changes: [
      ...(missing.length === 0 ? [] : [install(input, missing, change)]),
      ...(old.length === 0 ? [] : [change(`upgrade ${old.join(', ')}`, upgrade(input, old))]),
      ...leftovers,
    ],
  }
}

/** pkg_add ends well also where it found nothing to install for a name without a version, so what it installed is looked up. */
function install(input: PackageInput, names: readonly string[], change: (summary: string, argv: readonly string[]) => Change): Change {
  const check = 'pkg_add "$@" || exit; for name do case $name in -*) ;; *) [ -n "$(pkg_info -Iq "inst:$name" 2>/dev/null)" ] || { echo "there is no package $name" >&2; exit 1; } ;; esac; done'
  return change(`install ${names.join(', ')}`, ['/bin/sh', '-c', check, 'sh', '-I', '-m', ...snapshot(input), ...names])
}
