/** community.general.gem: packages of Ruby. */
import { PlonerunError } from '../../errors/plonerun-error.ts'
import type { Read } from '../../probe/read.ts'
import { answered, shellRead, type ShellResult } from '../../probe/shell.ts'
import { splitWords } from '../../shell/words.ts'
import { hostWords, runInFolder } from '../commands/in-folder.ts'
import type { Plan } from '../contract/change.ts'
import { programFailure } from '../contract/failure.ts'
import { state, type Known } from '../contract/module.ts'
import { defaulting, flag, oneOf, path, required, text, type Input } from '../contract/option.ts'

const options = {
  name: required(text('The gem.')),
  state: defaulting(oneOf(['present', 'absent', 'latest'], 'Whether it is installed; latest in the newest version.'), 'present'),
  version: text('The version.'),
  gem_source: path('A file of a gem on the host.'),
  repository: text('Where it is fetched.', { aliases: ['source'] }),
  executable: path('The gem to call, with its arguments if need be.'),
  include_dependencies: defaulting(flag('Installs what it needs too.'), true),
  user_install: defaulting(flag("Installs into the person's own folder."), true),
  install_dir: path('The folder of gems; with user_install=false.'),
  bindir: path('The folder of programs.'),
  norc: defaulting(flag('Ignores .gemrc.'), true),
  pre_release: defaulting(flag('Takes versions before their release.'), false),
  include_doc: defaulting(flag('Installs its documentation.'), false),
  env_shebang: defaulting(flag('Programs start with /usr/bin/env.'), false),
  build_flags: text('Flags for the build.'),
  force: defaulting(flag('Installs or removes it in any case.'), false),
} as const

type GemInput = Input<typeof options>

export const gem = state({
  name: 'community.general.gem',
  summary: 'Installs and removes packages of Ruby.',
  options,
  rules: { mutuallyExclusive: [['gem_source', 'repository'], ['gem_source', 'version']] },
  readsAgain: true,
  prepare({ version, gem_source: source, state: wanted, user_install: own, install_dir: folder }) {
    if (version !== undefined && wanted === 'latest') throw new PlonerunError('Cannot specify version when state=latest', { kind: 'task' })
    if (source !== undefined && wanted === 'latest') throw new PlonerunError('Cannot maintain state=latest when installing from local source', { kind: 'task' })
    if (own && folder !== undefined) throw new PlonerunError('install_dir requires user_install=false', { kind: 'task' })
  },
  reads: (input, _prepared, known: Known) => reads(input, known),
  plan: (input, known: Known) => plan(input, known),
  failure: (input, known: Known, failed) => ({ cmd: callOf(input, known).join(' '), ...programFailure(failed) }),
  result(input, known: Known, { after, foreseen, replies }) {
    const version = wantedVersion(input, known)
    const stays = input.state === 'absent' && !foreseen && after !== undefined && isThere(input, after)
    return {
      name: input.name,
      state: input.state,
      ...(version !== undefined && { version }),
      ...(stays && {
        failed: true,
        msg: `gem uninstall left '${input.name}' where it is: gems that came with Ruby or with the system cannot be removed with gem`,
        rc: replies.at(-1)?.code ?? 0,
        stdout: replies.at(-1)?.stdout.toString() ?? '',
        stderr: replies.at(-1)?.stderr.toString() ?? '',
      }),
    }
  },
})

function program({ executable }: GemInput): readonly string[] {
  return executable?.split(' ') ?? ['gem']
}

function reads(input: GemInput, known: Known): Record<string, Read<unknown>> {
  const release = shellRead(hostWords([...program(input), '--version']), ['package:*', 'anything'])
  if (known.release === undefined) return { release }
  return {
    release,
    installed: installedRead(input, known),
    ...(input.state === 'latest' && { offered: shellRead(listCall(input, known, '--remote', ...(input.repository === undefined ? [] : ['--source', input.repository])), ['beyond:']) }),
  }
}

function installedRead(input: GemInput, known: Known): Read<ShellResult> {
  const home = input.install_dir === undefined ? '' : `GEM_HOME=${hostWords([input.install_dir])} `
  return shellRead(`${home}${listCall(input, known)}`, ['package:*', 'anything'])
}

function listCall(input: GemInput, known: Known, ...words: readonly string[]): string {
  return hostWords([...program(input), 'list', ...rc(input, known), ...words, `^${input.name}$`])
}

/** Whether RubyGems is older than a release; false when it did not say. */
function olderThan(known: Known, ...release: readonly [number, number, number]): boolean {
  const found = /^(\d+)\.(\d+)\.(\d+)/.exec((known.release as ShellResult).stdout)?.slice(1).map(Number)
  const differing = release.findIndex((part, index) => found?.[index] !== part)
  return found !== undefined && differing >= 0 && found[differing]! < release[differing]!
}

function rc({ norc }: GemInput, known: Known): readonly string[] {
  return norc && !olderThan(known, 2, 5, 2) ? ['--norc'] : []
}

/** Versions in `rake (13.2.1, default: 13.0.6 ruby)`, as they come. */
function versions({ stdout }: ShellResult): readonly string[] {
  return [...stdout.matchAll(/^\S+\s+\((.+)\)/gm)].flatMap(([, list]) => list!.split(', ').map((each) => each.replace(/^default: /, '').split(' ')[0]!))
}

function wantedVersion({ state: wanted, version }: GemInput, known: Known): string | undefined {
  return wanted === 'latest' ? versions(known.offered as ShellResult)[0] : version || undefined
}

function isThere(input: GemInput, known: Known): boolean {
  const found = versions(known.installed as ShellResult)
  const version = wantedVersion(input, known)
  return version === undefined ? found.length > 0 : found.includes(version)
}

function plan(input: GemInput, known: Known): Plan {
  const absent = input.state === 'absent'
  if (isThere(input, known) !== absent) return {}
  const version = wantedVersion(input, known)
  const environment = absent && input.install_dir !== undefined ? { GEM_HOME: input.install_dir } : {}
  return {
    changes: [{
      summary: `${verbOf(input)} the gem ${input.name}${version === undefined ? '' : ` ${version}`}`,
      writes: ['anything'],
      steps: [runInFolder(undefined, callOf(input, known), { environment })],
      leaves: [{ kind: 'anything' }, answered(installedRead(input, known), listingAfter(input, known))],
    }],
  }
}

function verbOf({ state: wanted }: GemInput): string {
  return wanted === 'absent' ? 'uninstall' : 'install'
}

function callOf(input: GemInput, known: Known): readonly string[] {
  const version = wantedVersion(input, known)
  return [...program(input), verbOf(input), ...rc(input, known), ...(input.state === 'absent' ? removal(input, version) : installation(input, version, known))]
}

/** check mode: what gem would list then. Which version one gets that asks for none is not known. */
function listingAfter(input: GemInput, known: Known): string {
  const found = versions(known.installed as ShellResult)
  const version = wantedVersion(input, known)
  const named = /-(\d[\w.]*)\.gem$/.exec(input.gem_source ?? '')?.[1]
  const after = input.state !== 'absent' ? [version ?? named ?? 'not known yet', ...found] : version === undefined ? [] : found.filter((each) => each !== version)
  return after.length === 0 ? '' : `${input.name} (${after.join(', ')})\n`
}

function given(flag: string, value: string | undefined): readonly string[] {
  return value === undefined ? [] : [flag, value]
}

function removal({ name, install_dir: folder, bindir, force }: GemInput, version: string | undefined): readonly string[] {
  return [...given('--install-dir', folder), ...given('--bindir', bindir), ...(version === undefined ? ['--all'] : ['--version', version]), '--executables', ...(force ? ['--force'] : []), name]
}

function installation(input: GemInput, version: string | undefined, known: Known): readonly string[] {
  const old = olderThan(known, 2, 0, 0)
  return [
    ...given('--version', version),
    ...given('--source', input.repository),
    ...(!input.include_dependencies ? ['--ignore-dependencies'] : old ? ['--include-dependencies'] : []),
    input.user_install ? '--user-install' : '--no-user-install',
    ...given('--install-dir', input.install_dir),
    ...given('--bindir', input.bindir),
    ...(input.pre_release ? ['--pre'] : []),
    ...(input.include_doc ? [] : old ? ['--no-rdoc', '--no-ri'] : ['--no-document']),
    ...(input.env_shebang ? ['--env-shebang'] : []),
    ...(input.force ? ['--force'] : []),
    input.gem_source ?? input.name,
    ...(input.build_flags === undefined ? [] : ['--', ...splitWords(input.build_flags)]),
  ]
}
