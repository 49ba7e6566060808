/** What dnf or yum has to do: pure, shared by dnf and package. */
import { hostWord } from '../../probe/host-path.ts'
import { packageRead } from '../../probe/package.ts'
import type { PackageState } from '../../probe/package-state.ts'
import type { Read } from '../../probe/read.ts'
import { pathResource } from '../../probe/resource.ts'
import { shellRead, type ShellResult } from '../../probe/shell.ts'
import { quote } from '../../shell/quote.ts'
import type { Plain } from '../../values/value.ts'
import { sh, type Change, type Plan, type Step } from '../contract/change.ts'
import type { Known, Outcome, Reads } from '../contract/module.ts'
import { dnfFlags, type DnfInput } from './dnf-options.ts'
import { compareRpmVersions } from './rpm-version.ts'

/** Groups, urls, files, patterns and comparisons: whether they are installed, only dnf can tell. */
function onlyDnfKnows(name: string): boolean {
  return /^@|:\/\/|\.rpm$|[*?<>=\s]/.test(name)
}

/** The parts of a name with a version: `httpd-2.4.6`, `httpd-2.4.6-1.el9`. */
function versioned(text: string): { readonly name: string; readonly version: string } | undefined {
  const [, name, version] = /^(.+?)-((?:\d+:)?\d[^-]*(?:-[^-]+)?)$/.exec(text) ?? []
  return name === undefined || version === undefined ? undefined : { name, version }
}

function namesOf({ name = [] }: DnfInput): readonly string[] {
  return name.map((each) => each.trim()).filter((each) => each !== '')
}

function isFile(name: string): boolean {
  return name.endsWith('.rpm') && !name.includes('://')
}

/** The version of the package in a file, and below it those of its name that are installed. */
function fileRead(file: string): Read<ShellResult> {
  const version = `'%{EPOCHNUM}:%{VERSION}-%{RELEASE}\\n'`
  const rpm = `rpm --nosignature --nodigest -qp --qf`
  return shellRead(`n=$(${rpm} '%{NAME}' -- ${hostWord(file)}) && ${rpm} ${version} -- ${hostWord(file)} && { rpm -q --qf ${version} -- "$n" || :; }`, ['package:*', file.startsWith('/') ? pathResource(file) : 'anything'])
}

/** States of the packages, and for `latest` what has a newer version. */
export function dnfReads(input: DnfInput, family?: 'rpm'): Record<string, Read<unknown>> {
  const names = namesOf(input)
  const reads: Record<string, Read<unknown>> = {}
  for (const name of names.filter((each) => !onlyDnfKnows(each)))
    for (const asked of [name, versioned(name)?.name ?? name]) reads[`package ${asked}`] = packageRead(asked, family === undefined ? {} : { family })
  for (const name of names.filter(isFile)) reads[`file ${name}`] = fileRead(name)
  if (input.state === 'latest') reads.updates = updatesRead(input, names)
  return reads
}

/** `check-update` prints a line for each, and exits 100 when there are some. */
export function updatesRead(input: DnfInput, names: readonly string[]): Read<ShellResult> {
  const words = ['-q', ...dnfFlags(input), 'check-update', ...names.filter((name) => name !== '*')].map(quote).join(' ')
  return shellRead(`for p in ${programs(input).join(' ')}; do command -v "$p" >/dev/null && break; done; "$p" ${words}`, ['package:*', 'beyond:'])
}

function programs({ use_backend: backend }: DnfInput): readonly string[] {
  if (backend === 'auto') return ['dnf', 'dnf5', 'yum']
  return [{ dnf: 'dnf', dnf4: 'dnf-3', dnf5: 'dnf5', yum: 'yum', yum4: 'yum' }[backend]]
}

function call(input: DnfInput, ...words: readonly string[]): Step {
  return sh(`for p in ${programs(input).join(' ')}; do command -v "$p" >/dev/null && exec "$p" "$@"; done; echo 'neither dnf nor yum is there' >&2; exit 127`, ...dnfFlags(input), ...words)
}

/** The changes: removal, or what is missing, then what is old. */
export function dnfPlan(input: DnfInput, known: Known): Plan {
  const names = namesOf(input)
  if (input.state === 'absent' || input.state === 'removed') return { changes: removal(input, names, known) }
  if (names.length === 0) {
    if (input.autoremove) return { changes: [change('remove what nothing needs any more', call(input, 'autoremove'))] }
    return { changes: input.update_cache ? [{ summary: 'fetch the metadata', writes: ['package:*'], steps: [call(input, 'makecache')], leaves: [{ kind: 'package-lists' }] }] : [] }
  }
  const missing = names.filter((name) => name !== '*' && !isThere(name, input, known) && !(input.update_only && input.state === 'latest'))
  const updates = input.state === 'latest' ? listUpdates((known.updates as ShellResult).stdout) : []
  return {
    changes: [
      ...(missing.length > 0 ? [change(`install ${missing.join(', ')}`, call(input, 'install', ...missing), missing.map((name) => ({ kind: 'package' as const, name, version: '' })))] : []),
      ...(updates.length > 0 ? [change(`upgrade ${updates.join(', ')}`, call(input, 'upgrade', ...names.filter((name) => name !== '*' && !missing.includes(name))))] : []),
    ],
  }
}

function removal(input: DnfInput, names: readonly string[], known: Known): readonly Change[] {
  const present = names.filter((name) => onlyDnfKnows(name) || stateOf(name, known).installed.length > 0)
  if (present.length === 0) return []
  const gone = present.map((name) => ({ kind: 'package' as const, name, version: null }))
  return [change(`remove ${present.join(', ')}`, call(input, input.autoremove ? 'autoremove' : 'remove', ...present), gone)]
}

function change(summary: string, step: Step, leaves: NonNullable<Change['leaves']> = [{ kind: 'anything' }]): Change {
  return { summary, writes: ['package:*', 'anything'], steps: [step], leaves }
}

function stateOf(name: string, known: Known): PackageState {
  return known[`package ${name}`] as PackageState
}

/** Whether the name is installed or provided, or, with a version, a newer one is there that must not be replaced. */
function isThere(name: string, { allow_downgrade }: DnfInput, known: Known): boolean {
  if (isFile(name)) return isInstalledFrom(known[`file ${name}`] as ShellResult, allow_downgrade)
  if (onlyDnfKnows(name)) return false
  const { installed, providers } = stateOf(name, known)
  if (installed.length > 0 || providers.length > 0) return true
  const wanted = versioned(name)
  return wanted !== undefined && !allow_downgrade && stateOf(wanted.name, known).installed.some((found) => compareRpmVersions(found.version, wanted.version) > 0)
}

/** Whether the package of a file is installed, or a newer one that must not be replaced. */
function isInstalledFrom({ stdout, code }: ShellResult, allowDowngrade: boolean): boolean {
  const [wanted = '', ...installed] = stdout.trim().split('\n')
  // `package NAME is not installed` has no colon.
  const orders = code === 0 ? installed.filter((version) => version.includes(':')).map((version) => compareRpmVersions(version, wanted)) : []
  return orders.some((order) => order === 0 || (order > 0 && !allowDowngrade))
}

/** Names in what `check-update` printed, up to the part about obsoleted packages. */
export function listUpdates(output: string): string[] {
  const lines = output.split(/^Obsoleting Packages/m)[0]!.split('\n')
  return lines.flatMap((line) => /^(\S+)\.[\w]+\s+\S+\s+\S+\s*$/.exec(line)?.[1] ?? [])
}

/** Ansible's return values. */
export function dnfResult(input: DnfInput, { replies, foreseen, changed }: Outcome<Reads>): Record<string, Plain> {
  const output = replies.map(({ stdout }) => stdout.toString()).join('')
  const cacheOnly = namesOf(input).length === 0 && !input.autoremove
  return {
    rc: replies.at(-1)?.code ?? 0,
    ...(!foreseen && { results: resultLines(output) }),
    changed: changed && !cacheOnly && (foreseen || !/^(Nothing to do|No packages marked for removal|No match for argument.*)\.?$/m.test(output) || resultLines(output).length > 0),
    ...(!changed && { msg: 'Nothing to do' }),
    ...(cacheOnly && changed && { msg: 'Cache updated' }),
  }
}

/** `Installed: x` lines of the summary that dnf ends with. */
function resultLines(output: string): string[] {
  const lines: string[] = []
  let verb: string | undefined
  for (const line of output.split('\n')) {
    const heading = /^(Installed|Upgraded|Removed|Downgraded|Reinstalled|Installing|Upgrading|Removing):$/.exec(line)?.[1]
    if (heading !== undefined) verb = heading
    else if (!line.startsWith('  ')) verb = undefined
    else if (verb !== undefined && /ed$/.test(verb)) lines.push(...line.trim().split(/\s{2,}/).map((name) => `${verb!}: ${name}`))
  }
  return lines
}
