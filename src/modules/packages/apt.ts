/** ansible.builtin.apt: Debian's packages. */
import { packageRead } from '../../probe/package.ts'
import type { PackageState } from '../../probe/package-state.ts'
import type { Read } from '../../probe/read.ts'
import type { ShellResult } from '../../probe/shell.ts'
import type { Change, Plan } from '../contract/change.ts'
import { state, type Known, type Outcome, type Reads } from '../contract/module.ts'
import type { Plain } from '../../values/value.ts'
import { cachedFiles, planClean, planSimulated, simulation } from './apt-chores.ts'
import { debRead, parseDeb, planDeb } from './apt-deb.ts'
import { didSomething } from './apt-get.ts'
import { listsChanged, listsRead, parseLists, updateLists } from './apt-lists.ts'
import { aptOptions, type AptInput } from './apt-options.ts'
import { expanded, patternReads, unmatched } from './apt-patterns.ts'
import { planInstall, planMarks, planRemove, type Named } from './apt-plan.ts'
import { parseAptSpec, type AptSpec } from './apt-spec.ts'

export const apt = state({
  name: 'ansible.builtin.apt',
  summary: 'Installs, upgrades and removes packages on Debian and its kin.',
  options: aptOptions,
  rules: { mutuallyExclusive: [['deb', 'name', 'upgrade']] },
  prepare: aptWork,
  reads: (input, work, known: Known) => aptReads(input, work, known),
  plan: (input, known: Known, work) => aptPlan(input, known, work),
  result: (input, known: Known, outcome, work) => aptResult(input, known, outcome, work),
})

/** What a task wants beyond fetched lists. */
export interface AptWork {
  readonly specs: readonly AptSpec[]
  /** The verb and names of an apt-get call that only its simulation can tell the effect of. */
  readonly simulate: readonly [verb: string, ...names: readonly string[]] | undefined
}

/** What the arguments ask for. */
export function aptWork({ name = [], state, upgrade, autoremove, purge, default_release }: AptInput): AptWork {
  const names = name.filter((each) => each.trim() !== '')
  const none = { specs: [] }
  if (names.length === 1 && names[0] === '*' && state === 'latest') return { ...none, simulate: ['upgrade', '--with-new-pkgs'] }
  if (upgrade !== 'no') return { ...none, simulate: upgrade === 'dist' || upgrade === 'full' ? ['dist-upgrade'] : ['upgrade', '--with-new-pkgs'] }
  if (names.length > 0 && state === 'build-dep') return { ...none, simulate: ['build-dep', ...names] }
  if (state === 'fixed') return { ...none, simulate: ['install', '--fix-broken', ...names] }
  if (names.length > 0 && state === 'latest' && default_release !== undefined) return { ...none, simulate: ['install', ...names] }
  if (names.length === 0 && autoremove) return { ...none, simulate: purge ? ['autoremove', '--purge'] : ['autoremove'] }
  return { specs: names.map(parseAptSpec), simulate: undefined }
}

function wantsLists({ update_cache, cache_valid_time }: AptInput): boolean {
  return update_cache ?? cache_valid_time > 0
}

/** Whether the result says how old the lists are: where only they are fetched, and where packages are installed. */
function tellsOfLists(input: AptInput, { specs, simulate }: AptWork): boolean {
  if (simulate !== undefined) return simulate[0] === 'build-dep' || simulate[0] === 'install'
  if (specs.length === 0 && wantsLists(input)) return input.deb === undefined
  return input.deb === undefined && !input.clean && !input.autoclean && !isRemoval(input)
}

/**
 * The questions: states of packages, age of the lists, simulations.
 * @param family `any` where the host may turn out not to be Debian's
 */
export function aptReads(input: AptInput, work: AptWork, known: Known, family: 'deb' | 'any' = 'deb'): Record<string, Read<unknown>> {
  const { simulate } = work
  const specs = expanded(work.specs, known)
  const reads: Record<string, Read<unknown>> = patternReads(work.specs)
  for (const { text, name, version } of specs)
    reads[`package ${text}`] = packageRead(name, { ...(family === 'deb' && { family }), ...((input.state === 'latest' || version !== undefined) && { candidate: true }) })
  if (!isRemoval(input)) for (const { text, name } of specs) if (isOpen(known[`package ${text}`] as PackageState | undefined)) reads[`provided ${text}`] = simulation(input, 'install', name)
  if (wantsLists(input) || tellsOfLists(input, work)) reads.lists = listsRead()
  if (simulate !== undefined) reads.simulation = simulation(input, ...simulate)
  if (input.clean) reads.clean = cachedFiles(true)
  if (input.autoclean) reads.autoclean = cachedFiles(false)
  if (input.deb !== undefined) reads.deb = debRead(input.deb)
  const held = known.deb === undefined ? undefined : parseDeb(known.deb as ShellResult)
  if (held !== undefined) reads.held = packageRead(held.name, { family: 'deb' })
  return reads
}

/** A name that the lists only mention: whether some package on offer provides it, apt-get is asked. */
function isOpen(found: PackageState | undefined): boolean {
  return found?.virtual === true && found.installed.length === 0 && found.providers.length === 0
}

/** The changes: fetched lists first, then packages, then the cache, then what is said of packages. */
export function aptPlan(input: AptInput, known: Known, work: AptWork): Plan {
  const fetching = wantsLists(input) && parseLists(known.lists as ShellResult).age > input.cache_valid_time
  const main = planMain(input, known, work, fetching)
  if (main.fail !== undefined) return main.result !== undefined && tellsOfLists(input, work) ? { ...main, result: { ...main.result, cache_updated: false, cache_update_time: cacheTime(known, [], false) } } : main
  return {
    changes: [
      ...(fetching ? [updateLists(input)] : []),
      ...(main.changes ?? []),
      ...planChores(input, known),
      ...(isRemoval(input) ? [] : planMarks(packagesOf(known, work))),
    ],
  }
}

/** What goes of apt's cache. */
function planChores({ clean, autoclean }: AptInput, known: Known): readonly Change[] {
  return [...(clean ? planClean(known.clean as ShellResult, 'clean') : []), ...(autoclean ? planClean(known.autoclean as ShellResult, 'autoclean') : [])]
}

function planMain(input: AptInput, known: Known, work: AptWork, fetching: boolean): Plan {
  const { simulate } = work
  if (input.deb !== undefined && input.state !== 'present') return { fail: 'deb only supports state=present' }
  if (input.deb !== undefined) return planDeb(input.deb, known.deb as ShellResult, known.held as PackageState | undefined, input)
  if (simulate !== undefined) return planSimulated(known.simulation as ShellResult, fetching, input, ...simulate)
  const [nothing] = unmatched(work.specs, known)
  if (nothing !== undefined) return { fail: `No package(s) matching '${nothing}' available` }
  const packages = packagesOf(known, work)
  if (isRemoval(input)) return { changes: planRemove(packages, input) }
  return planInstall(packages, input.state === 'latest', input, fetching)
}

function isRemoval({ state }: AptInput): boolean {
  return state === 'absent' || state === 'removed'
}

function packagesOf(known: Known, { specs }: AptWork): readonly Named[] {
  return expanded(specs, known).map((spec) => {
    const state = known[`package ${spec.text}`] as PackageState
    const provided = known[`provided ${spec.text}`] as ShellResult | undefined
    return { spec, state: provided === undefined || provided.code === 0 ? state : { ...state, versions: [] } }
  })
}

/** Ansible's return values. Fetched lists count as a change only when nothing else was asked for. */
export function aptResult(input: AptInput, known: Known, { replies, foreseen }: Outcome<Reads>, work: AptWork): Record<string, Plain> {
  const changes: readonly Change[] = aptPlan(input, known, work).changes ?? []
  const fetching = wantsLists(input) && changes[0]?.summary === updateLists(input).summary
  const fetched = fetching && (foreseen || listsChanged(replies[0]))
  const marks = isRemoval(input) ? [] : planMarks(packagesOf(known, work))
  const mainChanges = changes.length - (fetching ? 1 : 0) - marks.length
  const main = replies.slice(fetching ? 1 : 0).slice(0, mainChanges)
  const told = main.length === 0 ? toldAnyway(input, known, work) : main.map(({ stdout }) => stdout.toString()).join('')
  const only = work.specs.length === 0 && work.simulate === undefined && input.deb === undefined && !input.clean && !input.autoclean
  return {
    ...(told !== undefined && { stdout: told, stderr: main.map(({ stderr }) => stderr.toString()).join('') }),
    ...(told !== undefined && (input.clean || work.simulate?.[0]?.includes('upgrade') === true) && { msg: told }),
    // Where nothing was fetched before, the plan knew that there was something to do. Check mode goes by the lists that are there.
    changed: only ? fetched : mainChanges > 0 && (!fetching || (foreseen ? isDueAlready(input, known, work) : didSomething(told ?? ''))),
    ...(tellsOfLists(input, work) && { cache_updated: fetched, cache_update_time: cacheTime(known, replies, fetching) }),
  }
}

/** What apt-get would print where it has nothing to do, of the calls that Ansible makes all the same. */
function toldAnyway(input: AptInput, known: Known, { simulate }: AptWork): string | undefined {
  if (simulate !== undefined) return simulate[0] === 'install' ? undefined : (known.simulation as ShellResult).stdout
  if (input.deb !== undefined) return ''
  if (input.autoclean) return (known.autoclean as ShellResult).stdout
  return input.clean ? '' : undefined
}

/** Whether there is something to do by the lists that are there. What they do not know may be in those that are to be fetched. */
function isDueAlready(input: AptInput, known: Known, work: AptWork): boolean {
  const { changes, fail } = planMain(input, known, work, false)
  return fail !== undefined || (changes ?? []).length > 0 || planChores(input, known).length > 0
}

function cacheTime(known: Known, replies: Outcome<Reads>['replies'], fetching: boolean): number {
  const lists = parseLists(known.lists as ShellResult)
  return fetching && replies[0]?.code === 0 ? lists.fetched + lists.age : lists.fetched
}
