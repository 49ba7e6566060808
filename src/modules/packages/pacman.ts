/** community.general.pacman: Arch Linux's packages. */
import type { Read } from '../../probe/read.ts'
import { shellRead, type ShellResult } from '../../probe/shell.ts'
import { quote } from '../../shell/quote.ts'
import { splitWords } from '../../shell/words.ts'
import type { Change, Plan } from '../contract/change.ts'
import { state, type Known } from '../contract/module.ts'
import { defaulting, flag, list, oneOf, text, type Input } from '../contract/option.ts'

const options = {
  name: list(text('A name, a group, a url or a file.'), 'Packages.', { aliases: ['pkg', 'package'] }),
  state: defaulting(oneOf(['present', 'installed', 'latest', 'absent', 'removed'], 'present installs, latest also upgrades, absent removes.'), 'present'),
  force: defaulting(flag('Removes what others need; fetches lists that have not changed.'), false),
  remove_nosave: defaulting(flag('Removes configuration files too.'), false),
  executable: defaulting(text('The program.'), 'pacman'),
  extra_args: defaulting(text('More arguments to install and remove with.'), ''),
  upgrade: flag('Upgrades everything.'),
  upgrade_extra_args: defaulting(text('More arguments to upgrade with.'), ''),
  update_cache: flag('Fetches the lists first.'),
  update_cache_extra_args: defaulting(text('More arguments to fetch the lists with.'), ''),
  reason: oneOf(['explicit', 'dependency'], 'As what it is noted to be installed.'),
  reason_for: defaulting(oneOf(['new', 'all'], 'Whether that holds for what was there before.'), 'new'),
} as const

type PacmanInput = Input<typeof options>

export const pacman = state({
  name: 'community.general.pacman',
  summary: 'Installs, upgrades and removes packages on Arch Linux.',
  untried: 'pacman',
  options,
  rules: { requiredOneOf: [['name', 'update_cache', 'upgrade']], mutuallyExclusive: [['name', 'upgrade']] },
  prepare: ({ extra_args: extra, upgrade_extra_args: upgrade, update_cache_extra_args: update }) => ({ extra: splitWords(extra), upgrade: splitWords(upgrade), update: splitWords(update) }),
  reads: (input, _extra, known: Known) => reads(input, known),
  plan: (input, known: Known, extra) => plan(input, known, extra),
  readsAgain: true,
  result(input, known: Known, { replies, changed, foreseen, after }, extra) {
    const updated = input.update_cache === true && (foreseen || input.force || (after as Known | undefined)?.lists === undefined || lines((after as Known).lists).join('\n') !== lines(known.lists).join('\n'))
    const others = plan({ ...input, update_cache: false }, known, extra).changes!.length > 0
    const names = changed ? [...toRemove(input, known), ...toInstall(input, known), ...(input.upgrade ? upgradable(known) : [])] : []
    return {
      packages: names.toSorted(),
      changed: changed && (updated || others),
      ...(input.update_cache && { cache_updated: updated }),
      ...(replies.length > 0 && { stdout: replies.map(({ stdout }) => stdout.toString()).join('\n'), stderr: replies.map(({ stderr }) => stderr.toString()).join('\n') }),
    }
  },
})

function isRemoval({ state: wanted }: PacmanInput): boolean {
  return wanted === 'absent' || wanted === 'removed'
}

function reads(input: PacmanInput, known: Known): Record<string, Read<unknown>> {
  const ask = (...words: readonly string[]): Read<ShellResult> => shellRead([input.executable, ...words].map(quote).join(' '), ['package:*', 'path:/var/lib/pacman', 'path:/etc/pacman.conf'])
  const first = { installed: ask('--query'), explicit: ask('--query', '--explicit'), groups: ask('--sync', '--groups', '--groups'), upgrades: ask('--query', '--upgrades'), ...(input.update_cache && { lists: ask('--sync', '--list') }) }
  if (known.groups === undefined) return first
  // What a url or a file holds, and a name with its repository, only pacman can tell.
  const strange = members(input, known).filter((name) => name.includes('/') || name.endsWith('.pkg.tar.zst'))
  return { ...first, ...Object.fromEntries(strange.map((name) => [`name ${name}`, ask(isSource(name) ? '--upgrade' : '--sync', '--print-format', '%n', name)])) }
}

/** A url or a file, as against `repository/name`. */
function isSource(name: string): boolean {
  return /:\/\/|^\/|\.pkg\.tar/.test(name)
}

function lines(result: unknown): readonly string[] {
  return (result as ShellResult).stdout.split('\n').map((line) => line.trim()).filter((line) => line !== '')
}

/** The names that are given, groups as their members. */
function members({ name = [] }: PacmanInput, known: Known): readonly string[] {
  const groups = lines(known.groups).map((line) => line.split(/\s+/))
  return name.filter((each) => each !== '').flatMap((each) => {
    const found = groups.filter(([group]) => group === each).map(([, member]) => member!)
    return found.length > 0 ? found : [each]
  })
}

/** The package's own name. */
function nameOf(given: string, known: Known): string {
  const answer = known[`name ${given}`]
  return answer === undefined ? given : (lines(answer).at(-1) ?? given)
}

function installed(known: Known): ReadonlySet<string> {
  return new Set(lines(known.installed).map((line) => line.split(' ')[0]!))
}

/** `strace 5.14-1 -> 5.15-1`, unless it is to be ignored. */
function upgradable(known: Known): readonly string[] {
  return lines(known.upgrades).flatMap((line) => /^(\S+) \S+ -> \S+$/.exec(line)?.[1] ?? [])
}

function toRemove(input: PacmanInput, known: Known): readonly string[] {
  const there = installed(known)
  return isRemoval(input) ? members(input, known).map((each) => nameOf(each, known)).filter((each) => there.has(each)) : []
}

function toInstall(input: PacmanInput, known: Known): readonly string[] {
  if (isRemoval(input)) return []
  const there = installed(known)
  const old = input.state === 'latest' ? upgradable(known) : []
  return members(input, known).filter((each) => !there.has(nameOf(each, known)) || old.includes(nameOf(each, known)))
}

/** Packages whose reason is to be noted. */
function toMark(input: PacmanInput, known: Known): readonly string[] {
  if (input.reason === undefined || isRemoval(input)) return []
  const there = installed(known)
  const explicit = new Set(lines(known.explicit).map((line) => line.split(' ')[0]!))
  const names = members(input, known).map((each) => nameOf(each, known))
  return names.filter((each) => !there.has(each) || (input.reason_for === 'all' && explicit.has(each) !== (input.reason === 'explicit')))
}

interface Extra {
  readonly extra: readonly string[]
  readonly upgrade: readonly string[]
  readonly update: readonly string[]
}

function plan(input: PacmanInput, known: Known, extra: Extra): Plan {
  const change = (summary: string, ...words: readonly string[]): Change => ({ summary, writes: ['package:*', 'anything'], steps: [{ argv: [input.executable, ...words] }], leaves: [{ kind: 'anything' }] })
  const names = toInstall(input, known)
  const [sources, named] = [names.filter(isSource), names.filter((each) => !isSource(each))]
  const base = ['--noconfirm', '--noprogressbar', '--needed', ...extra.extra]
  const [gone, marked] = [toRemove(input, known), toMark(input, known)]
  const newer = input.upgrade ? upgradable(known) : []
  return {
    changes: [
      ...(input.update_cache ? [change('fetch the lists', '--sync', '--refresh', ...extra.update, ...(input.force ? ['--refresh'] : []))] : []),
      ...(newer.length > 0 ? [change(`upgrade ${newer.join(', ')}`, '--sync', '--sysupgrade', '--quiet', '--noconfirm', ...extra.upgrade)] : []),
      ...(gone.length > 0 ? [change(`remove ${gone.join(', ')}`, '--remove', '--noconfirm', '--noprogressbar', ...extra.extra, ...(input.force ? ['--nodeps', '--nodeps'] : []), ...(input.remove_nosave ? ['--nosave'] : []), ...gone)] : []),
      ...(named.length > 0 ? [change(`install ${named.join(', ')}`, ...base, '--sync', ...named)] : []),
      ...(sources.length > 0 ? [change(`install ${sources.join(', ')}`, ...base, '--upgrade', ...sources)] : []),
      ...(marked.length > 0 ? [change(`note ${marked.join(', ')} as ${input.reason!}`, '--noconfirm', '--database', input.reason === 'dependency' ? '--asdeps' : '--asexplicit', ...marked)] : []),
    ],
  }
}
