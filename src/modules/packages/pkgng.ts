/** community.general.pkgng: FreeBSD's packages. */
import { PlonerunError } from '../../errors/plonerun-error.ts'
import type { Read } from '../../probe/read.ts'
import { shellRead, type ShellResult } from '../../probe/shell.ts'
import { quote } from '../../shell/quote.ts'
import type { Change, Plan, Step } from '../contract/change.ts'
import { state, type Known } from '../contract/module.ts'
import { defaulting, flag, list, oneOf, path, required, text, type Input } from '../contract/option.ts'

const options = {
  name: required(list(text('A name; * for all that is installed.'), 'Packages.', { aliases: ['pkg'] })),
  state: defaulting(oneOf(['present', 'latest', 'absent'], 'present installs, latest also upgrades, absent removes.'), 'present'),
  cached: defaulting(flag('Uses the catalogue as it is, instead of fetching it first.'), false),
  annotation: list(text('+TAG=VALUE adds, :TAG=VALUE changes, -TAG removes.'), 'Annotations of the packages.'),
  pkgsite: text('The repository.'),
  rootdir: path('Another root.'),
  chroot: path('The folder of a chroot.'),
  jail: text('A jail.'),
  autoremove: defaulting(flag('Removes what nothing needs any more.'), false),
  ignore_osver: defaulting(flag('Takes packages for another release.'), false),
  use_globs: defaulting(flag('Names may be patterns.'), true),
} as const

type PkgInput = Input<typeof options>

interface Annotation {
  readonly sign: string
  readonly tag: string
  readonly value: string | undefined
}

interface Request {
  readonly names: readonly string[]
  readonly annotations: readonly Annotation[]
}

export const pkgng = state({
  name: 'community.general.pkgng',
  summary: 'Installs, upgrades and removes packages on FreeBSD.',
  untried: 'FreeBSD',
  options,
  rules: { mutuallyExclusive: [['rootdir', 'chroot', 'jail']] },
  prepare({ name, annotation = [] }): Request {
    const names = (name.length === 1 ? name[0]!.split(/[,\s]+/) : name).filter((each) => each !== '' && each !== '*')
    const annotations = (annotation.length === 1 ? annotation[0]!.split(/\s*,\s*/) : annotation).map((each) => {
      const [, sign, tag, value] = /^([-+:])([^=]+)(?:=(.+))?$/.exec(each) ?? []
      if (sign === undefined || tag === undefined) throw new PlonerunError(`invalid annotate string: ${each}`, { kind: 'task', hint: 'Write +TAG=VALUE, :TAG=VALUE or -TAG.' })
      return { sign, tag, value }
    })
    return { names, annotations }
  },
  reads: (input, request, known: Known) => reads(input, request, known),
  plan: (input, known: Known, request) => plan(input, known, request),
  result: (_input, _known, { replies, changed }) => ({
    msg: changed ? replies.map(({ stdout }) => stdout.toString().trim()).join('\n') : 'package(s) are as they should be',
    stdout: replies.map(({ stdout }) => stdout.toString()).join(''),
    stderr: replies.map(({ stderr }) => stderr.toString()).join(''),
  }),
})

function words(input: PkgInput, verb: string, ...rest: readonly string[]): readonly string[] {
  const given = (flag: string, value: string | undefined): readonly string[] => (value === undefined ? [] : [`${flag}=${value}`])
  return [
    'pkg', ...given('--rootdir', input.rootdir), ...given('--chroot', input.chroot), ...given('--jail', input.jail), verb,
    ...(['update', 'install', 'upgrade'].includes(verb) ? given('--repository', input.pkgsite) : []),
    ...(input.use_globs && ['info', 'install', 'upgrade'].includes(verb) ? ['-g'] : []),
    ...rest,
  ]
}

function environment({ ignore_osver: ignore }: PkgInput): Record<string, string> {
  return { BATCH: 'yes', ...(ignore && { IGNORE_OSVERSION: 'yes' }) }
}

function reads(input: PkgInput, { names, annotations }: Request, known: Known): Record<string, Read<unknown>> {
  const settings = Object.entries(environment(input)).map(([name, value]) => `${name}=${value}`).join(' ')
  const ask = (verb: string, ...rest: readonly string[]): Read<ShellResult> => shellRead(`${settings} ${words(input, verb, ...rest).map(quote).join(' ')}`, ['package:*', 'beyond:'])
  const asked: Record<string, Read<unknown>> = {
    ...(isUpgrade(input) && { upgrades: ask('upgrade', '-n') }),
    ...(input.autoremove && { leftovers: ask('autoremove', '-n') }),
    ...Object.fromEntries(names.map((name) => [`there ${name}`, ask('info', '-e', name)])),
    ...(annotations.length > 0 && Object.fromEntries(names.map((name) => [`tags ${name}`, ask('info', '-A', name)]))),
  }
  const there = names.filter((name) => (known[`there ${name}`] as ShellResult | undefined)?.code === 0)
  return { ...asked, ...(input.state === 'latest' && Object.fromEntries(there.map((name) => [`newer ${name}`, ask('upgrade', '-n', name)]))) }
}

function isUpgrade({ name, state: wanted }: PkgInput): boolean {
  return name.join() === '*' && wanted === 'latest'
}

function plan(input: PkgInput, known: Known, { names, annotations }: Request): Plan {
  const step = (verb: string, ...rest: readonly string[]): Step => ({ argv: words(input, verb, ...rest), environment: environment(input) })
  const change = (summary: string, ...steps: readonly Step[]): Change => ({ summary, writes: ['package:*', 'anything'], steps, leaves: [{ kind: 'anything' }] })
  const isThere = (name: string): boolean => (known[`there ${name}`] as ShellResult).code === 0
  const changes: Change[] = []
  if (isUpgrade(input) && /^Number of packages to be (?:upgraded|reinstalled): [1-9]/m.test((known.upgrades as ShellResult).stdout)) changes.push(change('upgrade everything', step('upgrade', '-y')))
  if (input.state === 'absent') {
    const gone = names.filter(isThere)
    if (gone.length > 0) changes.push(change(`remove ${gone.join(', ')}`, ...gone.map((name) => step('delete', '-y', name))))
  } else {
    const missing = names.filter((name) => !isThere(name))
    // `upgrade -n` exits 1 when there is something newer.
    const old = input.state === 'latest' ? names.filter((name) => isThere(name) && (known[`newer ${name}`] as ShellResult).code === 1) : []
    const fetch = input.cached ? [] : [step('update')]
    if (missing.length > 0) changes.push(change(`install ${missing.join(', ')}`, ...fetch, step('install', '-U', '-y', ...missing)))
    if (old.length > 0) changes.push(change(`upgrade ${old.join(', ')}`, ...(missing.length > 0 ? [] : fetch), step('upgrade', '-U', '-y', ...old)))
  }
  if (input.autoremove && /^Deinstallation has been requested for the following [1-9]/m.test((known.leftovers as ShellResult).stdout)) changes.push(change('remove what nothing needs any more', step('autoremove', '-y')))
  for (const name of names) {
    for (const { sign, tag, value } of annotations) {
      const lines = (known[`tags ${name}`] as ShellResult).stdout.split('\n').map((line) => /^\s*(.+?)\s*:\s*(.*?)\s*$/.exec(line))
      const current = lines.find((line) => line?.[1] === tag)?.[2]
      if (sign === '+' && current !== undefined && current !== value) return { fail: `failed to annotate ${name}, because ${tag} is already set to ${current}, but should be set to ${value ?? ''}` }
      if (sign === ':' && current === undefined) return { fail: `could not change annotation to ${name}: tag ${tag} does not exist` }
      if (sign === '-' ? current === undefined : current === value) continue
      const verb = { '+': '-A', ':': '-M', '-': '-D' }[sign]!
      changes.push(change(`annotate ${name}: ${sign}${tag}${value === undefined ? '' : `=${value}`}`, { ...step('annotate', '-y', verb, name, tag), ...(sign !== '-' && { stdin: value ?? '' }) }))
    }
  }
  return { changes }
}
