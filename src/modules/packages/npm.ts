/** community.general.npm: packages of Node.js. */
import { PlonerunError } from '../../errors/plonerun-error.ts'
import { pathResource, type Resource } from '../../probe/resource.ts'
import type { Read } from '../../probe/read.ts'
import { answered, type ShellResult } from '../../probe/shell.ts'
import { askInFolder, runInFolder } from '../commands/in-folder.ts'
import type { Change, Plan } from '../contract/change.ts'
import { programFailure } from '../contract/failure.ts'
import { state, type Known } from '../contract/module.ts'
import { defaulting, flag, oneOf, path, text, type Input } from '../contract/option.ts'

const options = {
  name: text('A package; what package.json asks for unless given.'),
  path: path('The folder of node_modules, which is made when it is not there.'),
  version: text('The version.'),
  global: defaulting(flag('For everybody on the host.'), false),
  executable: path('The npm, with its arguments if need be.'),
  ignore_scripts: defaulting(flag('Runs no scripts of packages.'), false),
  unsafe_perm: defaulting(flag('Scripts of packages run as root.'), false),
  ci: defaulting(flag('Installs exactly what package-lock.json says, always.'), false),
  production: defaulting(flag('Leaves out what is only for development.'), false),
  registry: text('Another registry.'),
  state: defaulting(oneOf(['present', 'absent', 'latest'], 'latest also brings what is old up to what package.json allows.'), 'present'),
  no_optional: defaulting(flag('Leaves out optional packages.'), false),
  no_bin_links: defaulting(flag('Makes no links to programs.'), false),
  force: defaulting(flag('Goes on where npm would rather not.'), false),
} as const

type NpmInput = Input<typeof options>

export const npm = state({
  name: 'community.general.npm',
  summary: 'Installs and removes packages of Node.js.',
  options,
  rules: { requiredIf: [['state', 'absent', ['name']]] },
  prepare({ path: folder, global }) {
    if (folder === undefined && !global) throw new PlonerunError('path must be specified when not using global', { kind: 'task' })
  },
  reads: (input): Record<string, Read<unknown>> => ({
    ...(!input.ci && { list: listRead(input) }),
    ...(!input.ci && input.state === 'latest' && { outdated: outdatedRead(input) }),
  }),
  plan: (input, known: Known) => plan(input, known),
  failure: (_input, _known, failed) => programFailure(failed),
})

function listRead(input: NpmInput): Read<ShellResult> {
  return askInFolder(input.path, call(input, ['list', '--json', '--long'], undefined), resources(input))
}

function outdatedRead(input: NpmInput): Read<ShellResult> {
  return askInFolder(input.path, call(input, ['outdated', '--json'], input.name), [...resources(input), 'beyond:'])
}

function resources({ path: folder, global }: NpmInput): readonly Resource[] {
  return ['package:*', global || folder?.startsWith('/') !== true ? 'anything' : pathResource(folder)]
}

function call(input: NpmInput, words: readonly string[], name: string | undefined): readonly string[] {
  const when = (flag: string, condition: boolean): readonly string[] => (condition ? [flag] : [])
  return [
    ...(input.executable?.split(' ') ?? ['npm']),
    ...words,
    ...when('--global', input.global),
    ...when('--production', input.production && ['install', 'update', 'ci'].includes(words[0]!)),
    ...when('--ignore-scripts', input.ignore_scripts),
    ...when('--unsafe-perm', input.unsafe_perm),
    ...(name === undefined ? [] : [name]),
    ...(input.registry === undefined ? [] : ['--registry', input.registry]),
    ...when('--no-optional', input.no_optional),
    ...when('--no-bin-links', input.no_bin_links),
    ...when('--force', input.force),
  ]
}

interface Dependency {
  readonly version?: string
  readonly missing?: boolean
  readonly invalid?: boolean | string
}

interface Listing {
  /** Names, and names with versions: `left-pad`, `left-pad@1.3.0`. */
  readonly installed: ReadonlySet<string>
  /** Whether something of package.json is not there, or cannot be told. */
  readonly lacking: boolean
}

type Listed = { readonly dependencies?: Readonly<Record<string, Dependency>> } | undefined

/** @returns undefined for what is no JSON */
function parseList({ stdout, code }: ShellResult): Listing | undefined {
  const listed = parseJson(stdout) as Listed
  if (listed === undefined) return undefined
  const dependencies = Object.entries(listed.dependencies ?? {})
  const present = dependencies.filter(isPresent)
  const installed = new Set(present.flatMap(([name, { version }]) => (version ? [name, `${name}@${version}`] : [name])))
  return { installed, lacking: present.length < dependencies.length || (dependencies.length === 0 && code !== 0) }
}

function isPresent([, { missing, invalid }]: readonly [string, Dependency]): boolean {
  return !missing && !invalid
}

/** check mode: what npm would list then. Which version a package gets that nobody asks one for is not known. */
function listingAfter({ name, version, state: wanted }: NpmInput, { stdout }: ShellResult): string {
  const { dependencies = {} } = (parseJson(stdout) as Listed) ?? {}
  const others = Object.entries(dependencies).filter(([other]) => other !== name)
  if (wanted === 'absent') return JSON.stringify({ dependencies: Object.fromEntries(others) })
  const anew: Dependency = { version: version || 'not known yet' }
  const kept = others.map((each): readonly [string, Dependency] => (isPresent(each) ? each : [each[0], anew]))
  return JSON.stringify({ dependencies: { ...Object.fromEntries(kept), ...(name !== undefined && { [name]: anew }) } })
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text.trim() || '{}')
  } catch {
    return undefined
  }
}

/** Names of what an update would bring further; what is old by package.json's own will is not among them. */
function parseOutdated({ stdout }: ShellResult): readonly string[] {
  const listed = parseJson(stdout)
  if (typeof listed !== 'object' || listed === null) return []
  type Entry = { readonly current?: string; readonly wanted?: string }
  return Object.entries(listed as Readonly<Record<string, Entry | readonly Entry[]>>)
    .filter(([, entry]) => [entry].flat().some(({ current, wanted }: Entry) => current !== undefined && wanted !== undefined && current !== wanted))
    .map(([name]) => name)
}

function plan(input: NpmInput, known: Known): Plan {
  const { name, version, path: folder, state: wanted } = input
  const exact = name !== undefined && version && wanted !== 'absent' ? `${name}@${version}` : name
  const change = (summary: string, verb: string, ...names: readonly string[]): Change => ({
    summary: `${summary}${folder === undefined ? '' : ` in ${folder}`}`,
    writes: ['anything'],
    steps: [runInFolder(folder, call(input, [verb], names[0]), { create: true })],
    leaves: [
      { kind: 'anything' },
      ...(input.ci ? [] : [answered(listRead(input), listingAfter(input, known.list as ShellResult))]),
      ...(wanted === 'latest' ? [answered(outdatedRead(input), '{}')] : []),
    ],
  })
  const names = exact === undefined ? [] : [exact]
  if (input.ci) return { changes: [change('install what package-lock.json says', 'ci', ...names)] }
  const listing = parseList(known.list as ShellResult)
  if (listing === undefined) return { fail: `npm did not list what is installed as JSON: ${(known.list as ShellResult).stdout.trim()}` }
  if (wanted === 'absent') return { changes: listing.installed.has(name!) ? [change(`uninstall ${name!}`, 'uninstall', name!)] : [] }
  const missing = listing.lacking || (exact !== undefined && !listing.installed.has(exact))
  const outdated = wanted === 'latest' ? parseOutdated(known.outdated as ShellResult) : []
  return {
    changes: [
      ...(missing ? [change(`install ${exact ?? 'what package.json asks for'}`, 'install', ...names)] : []),
      ...(outdated.length > 0 ? [change(`update ${outdated.join(', ')}`, 'update', ...names)] : []),
    ],
  }
}
