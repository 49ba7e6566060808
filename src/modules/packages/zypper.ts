/** community.general.zypper: SUSE's packages, patches and patterns. */
import { PlonerunError } from '../../errors/plonerun-error.ts'
import type { Read } from '../../probe/read.ts'
import { shellRead, type ShellResult } from '../../probe/shell.ts'
import { quote } from '../../shell/quote.ts'
import { sh, type Change, type Plan } from '../contract/change.ts'
import { state, type Known } from '../contract/module.ts'
import { defaulting, flag, list, oneOf, required, text, type Input } from '../contract/option.ts'

const options = {
  name: required(list(text('A name, also with a comparison (`apache2>=2.4`), with + or - in front, a url or a file; * for everything.'), 'Packages.', { aliases: ['pkg'] })),
  state: defaulting(oneOf(['absent', 'installed', 'latest', 'present', 'removed', 'dist-upgrade'], 'present installs, latest also upgrades, absent removes.'), 'present'),
  type: defaulting(oneOf(['package', 'patch', 'pattern', 'product', 'srcpackage', 'application'], 'What the names are of.'), 'package'),
  extra_args_precommand: text('More arguments for zypper.'),
  extra_args: text('More arguments for what zypper does.'),
  disable_gpg_check: defaulting(flag('Installs packages without a valid signature.'), false),
  auto_import_keys: defaulting(flag('Trusts keys of repositories.'), false),
  disable_recommends: defaulting(flag('Installs nothing that is only recommended.'), true),
  force: defaulting(flag('Installs over what is there.'), false),
  force_resolution: defaulting(flag('May remove packages to resolve dependencies.'), false),
  update_cache: defaulting(flag('Fetches the metadata first.', { aliases: ['refresh'] }), false),
  oldpackage: defaulting(flag('Installs an older version over a newer one.'), false),
  allow_vendor_change: defaulting(flag('With dist-upgrade: packages may come from another vendor.'), false),
  replacefiles: defaulting(flag("Installs over other packages' files."), false),
  clean_deps: defaulting(flag('Removes what nothing needs any more.'), false),
  simple_errors: defaulting(flag('Has no effect: errors are what zypper said.'), false),
  quiet: defaulting(flag('zypper says less.'), true),
  skip_post_errors: defaulting(flag('Tries again when a script of a package failed after its installation.'), false),
} as const

type ZypperInput = Input<typeof options>

interface Wanted {
  readonly name: string
  readonly comparison: string
  readonly install: boolean
}

interface Request {
  readonly packages: readonly Wanted[]
  /** Urls and files. */
  readonly sources: readonly string[]
  readonly everything: boolean
  readonly removal: boolean
}

export const zypper = state({
  name: 'community.general.zypper',
  summary: 'Installs, upgrades and removes packages on SUSE.',
  untried: 'zypper',
  options,
  prepare: requestOf,
  reads: (input, request, known: Known) => reads(input, request, known),
  plan: (input, known: Known, request) => plan(input, known, request),
  result(input, known: Known, { replies, changed, foreseen }, request) {
    const argv = action(input, known, request)?.argv
    const told = known.rehearsal as ShellResult | undefined
    const output = foreseen ? (told?.stdout ?? '') : (replies.at(-1)?.stdout.toString() ?? '')
    return {
      name: input.name,
      state: input.state,
      update_cache: input.update_cache,
      rc: replies.at(-1)?.code ?? 0,
      changed: changed && argv !== undefined && (solvables(output).length > 0 || (foreseen && told?.code !== 0)),
      ...(argv !== undefined && { cmd: argv }),
      ...(replies.length > 0 && { stdout: replies.at(-1)!.stdout.toString(), stderr: replies.at(-1)!.stderr.toString() }),
    }
  },
})

/** @throws PlonerunError for what cannot be asked together */
function requestOf({ name, state: wanted, type }: ZypperInput): Request {
  const fail = (message: string): never => {
    throw new PlonerunError(message, { kind: 'task' })
  }
  const names = name.filter((each) => each !== '')
  const removal = wanted === 'absent' || wanted === 'removed'
  const everything = names.join() === '*' && (wanted === 'latest' || wanted === 'dist-upgrade')
  if (wanted === 'dist-upgrade' && !everything) fail('Can not dist-upgrade specific packages.')
  const isSource = (each: string): boolean => each.includes('://') || each.endsWith('.rpm')
  const sources = names.filter(isSource)
  if (removal && names.some((each) => each.startsWith('+'))) fail("Can not combine '+' prefix with state=remove/absent.")
  if (removal && sources.length > 0) fail('Can not remove via URL.')
  if (removal && type === 'patch') fail('Can not remove patches.')
  const packages = everything ? [] : names.filter((each) => !isSource(each)).map((each): Wanted => {
    const [, sign = '', bare = '', comparison = ''] = /^([-~+]?)(.*?)((?:<=|>=|<|>|=)[0-9.-]*)?$/.exec(each)!
    return { name: bare, comparison, install: sign === '' ? !removal : sign === '+' }
  })
  return { packages, sources, everything, removal }
}

function reads(input: ZypperInput, request: Request, known: Known): Record<string, Read<unknown>> {
  const names = request.packages.filter(({ comparison }) => request.removal || comparison === '').map(({ name }) => name)
  const asked: Record<string, Read<unknown>> = {}
  if (names.length > 0 && input.state !== 'latest')
    asked.installed = shellRead(base(input, 'search', ['--match-exact', '--details', '--installed-only', ...names]).map(quote).join(' '), ['package:*'])
  if (asked.installed !== undefined && known.installed === undefined) return asked
  const wanted = action(input, known, request)
  if (wanted !== undefined) asked.rehearsal = shellRead(rehearsal(wanted.argv).map(quote).join(' '), ['package:*', 'beyond:'])
  return asked
}

/** The same call, which only tells what it would do. */
function rehearsal(argv: readonly string[]): readonly string[] {
  const at = argv.findIndex((word) => ['install', 'remove', 'update', 'patch', 'dist-upgrade'].includes(word)) + 1
  return [...argv.slice(0, at), '--dry-run', ...argv.slice(at)]
}

/** Names of what zypper listed in XML. */
function solvables(xml: string): readonly string[] {
  return [...xml.matchAll(/<solvable\b[^>]*\sname="([^"]*)"/g)].map(([, name]) => name!)
}

interface Action {
  readonly summary: string
  readonly argv: readonly string[]
}

/** What is to be done; undefined when all is as it should be. */
function action(input: ZypperInput, known: Known, request: Request): Action | undefined {
  if (request.everything) return { summary: 'upgrade everything', argv: base(input, input.type === 'patch' ? 'patch' : input.state === 'dist-upgrade' ? 'dist-upgrade' : 'update', []) }
  const there = new Set(known.installed === undefined ? [] : solvables((known.installed as ShellResult).stdout))
  if (request.removal) {
    const present = request.packages.filter(({ name }) => there.has(name)).map(({ name, comparison }) => `${name}${comparison}`)
    return present.length === 0 ? undefined : { summary: `remove ${present.join(', ')}`, argv: base(input, 'remove', present) }
  }
  const open = request.packages.filter(({ name, comparison, install }) => input.state === 'latest' || comparison !== '' || install !== there.has(name))
  if (open.length === 0 && request.sources.length === 0) return undefined
  const versioned = request.packages.some(({ comparison }) => comparison !== '')
  const words = [...request.sources, ...open.map(({ name, comparison, install }) => `${install ? '+' : '-'}${name}${comparison}`)]
  return { summary: `install ${words.map((word) => word.replace(/^\+/, '')).join(', ')}`, argv: base({ ...input, oldpackage: input.oldpackage || versioned }, 'install', ['--', ...words]) }
}

function base(input: ZypperInput, verb: string, words: readonly string[]): readonly string[] {
  const when = (flag: string, condition: boolean): readonly string[] => (condition ? [flag] : [])
  const installs = ['install', 'update', 'patch', 'dist-upgrade'].includes(verb)
  return [
    'zypper', '--non-interactive', '--xmlout', ...when('--quiet', input.quiet), ...(input.extra_args_precommand?.split(/\s+/) ?? []),
    ...when('--no-gpg-checks', (installs || verb === 'refresh') && input.disable_gpg_check), ...when('--gpg-auto-import-keys', installs && input.auto_import_keys), ...when('--disable-repositories', verb === 'search'),
    verb,
    ...(['patch', 'dist-upgrade', 'refresh'].includes(verb) ? [] : ['--type', input.type]),
    ...(installs ? ['--auto-agree-with-licenses', ...when('--no-recommends', input.disable_recommends), ...when('--force', input.force), ...when('--force-resolution', input.force_resolution), ...when('--oldpackage', input.oldpackage), ...when('--replacefiles', input.replacefiles)] : []),
    ...when('--clean-deps', verb === 'remove' && input.clean_deps), ...when('--allow-vendor-change', verb === 'dist-upgrade' && input.allow_vendor_change),
    ...(verb === 'search' || input.extra_args === undefined ? [] : input.extra_args.split(/\s+/)),
    ...words,
  ]
}

function plan(input: ZypperInput, known: Known, request: Request): Plan {
  const change = (summary: string, argv: readonly string[]): Change => ({ summary, writes: ['package:*', 'anything'], steps: [run(argv, input.skip_post_errors)], leaves: [{ kind: 'anything' }] })
  const refresh = input.update_cache ? [change('fetch the metadata', base(input, 'refresh', []))] : []
  const wanted = action(input, known, request)
  const told = known.rehearsal as ShellResult | undefined
  // With fresh metadata there may be more than the rehearsal could know of.
  const idle = told?.code === 0 && solvables(told.stdout).length === 0 && !input.update_cache
  return { changes: [...refresh, ...(wanted === undefined || idle ? [] : [change(wanted.summary, wanted.argv)])] }
}

/** zypper exits 102 when the machine should start again, and 103 when it has renewed itself and wants to be called once more. */
function run(argv: readonly string[], again: boolean): Change['steps'][number] {
  return sh(`"$@"; code=$?\ncase $code in 103${again ? '|107' : ''}) "$@"; code=$? ;; esac\n[ $code = 102 ] || exit $code`, ...argv)
}
