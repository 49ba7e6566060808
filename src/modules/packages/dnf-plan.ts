/** What dnf or yum has to do: pure, shared by dnf and package. */
import { hostWord } from '../../probe/host-path.ts'
import { packageRead } from '../../probe/package.ts'
import type { PackageState } from '../../probe/package-state.ts'
import type { Read } from '../../probe/read.ts'
import { pathResource } from '../../probe/resource.ts'
import { shellRead, type ShellResult } from '../../probe/shell.ts'
import type { Change, Plan, Step } from '../contract/change.ts'
import type { Known } from '../contract/module.ts'
import { dnfRead, dnfStep, isIdle, rehearsal } from './dnf-call.ts'
import { listPlan, listReads } from './dnf-list.ts'
import type { DnfInput } from './dnf-options.ts'
import { compareRpmVersions } from './rpm-version.ts'

/** Groups, urls, files, patterns and comparisons, and all names below another root: whether they are installed, only dnf can tell. */
function onlyDnfKnows(name: string, { installroot = '/' }: DnfInput): boolean {
  return installroot !== '/' || /^@|:\/\/|\.rpm$|[*?<>=\s]/.test(name)
}

/** The parts of a name with a version: `httpd-2.4.6`, `httpd-2.4.6-1.el9`. */
function versioned(text: string): { readonly name: string; readonly version: string } | undefined {
  const [, name, version] = /^(.+?)-((?:\d+:)?\d[^-]*(?:-[^-]+)?)$/.exec(text) ?? []
  return name === undefined || version === undefined ? undefined : { name, version }
}

export function namesOf({ name = [] }: DnfInput): readonly string[] {
  return name.map((each) => each.trim()).filter((each) => each !== '')
}

export function isRemoval({ state, autoremove }: DnfInput): boolean {
  return state === undefined ? autoremove : state === 'absent' || state === 'removed'
}

/** A mistake in the arguments, in Ansible's words. */
function mistake(input: DnfInput): string | undefined {
  const names = namesOf(input)
  if (input.list !== undefined && names.length > 0) return 'parameters are mutually exclusive: name|list'
  if (names.some((each) => / /.test(each) && !/[@<>=]/.test(each))) return 'It appears that a space separated string of packages was passed in as an argument. To operate on several packages, pass a comma separated string of packages or a list of packages.'
  if (input.autoremove && !isRemoval(input)) return 'Autoremove should be used alone or with state=absent'
  return isRemoval(input) && names.some((each) => each.includes('://') || each.endsWith('.rpm')) ? 'Cannot remove paths -- please specify package name.' : undefined
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

/** States of the packages, what would be done to those that only dnf knows, what has a newer version and what nothing needs. */
export function dnfReads(input: DnfInput, family?: 'rpm'): Record<string, Read<unknown>> {
  if (input.list !== undefined) return listReads(input, input.list)
  const names = namesOf(input)
  const reads: Record<string, Read<unknown>> = {}
  for (const name of names.filter((each) => !onlyDnfKnows(each, input)))
    for (const asked of [name, versioned(name)?.name ?? name]) reads[`package ${asked}`] = packageRead(asked, family === undefined ? {} : { family })
  for (const name of names) {
    if (isFile(name)) reads[`file ${name}`] = fileRead(name)
    else if (name !== '*' && onlyDnfKnows(name, input)) reads[`rehearsal ${name}`] = rehearsal(input, isRemoval(input) ? 'remove' : 'install', [name])
  }
  if (input.state === 'latest') reads.updates = dnfRead(input, '-q', '-y', 'check-update', ...names.filter((name) => name !== '*'))
  if (input.autoremove) reads.unneeded = dnfRead(input, '-q', '-y', 'repoquery', '--unneeded', '--qf', '%{name}\\n')
  return reads
}

/** The changes: removal, or what is missing, then what is old. */
export function dnfPlan(input: DnfInput, known: Known): Plan {
  const wrong = mistake(input)
  if (wrong !== undefined) return { fail: wrong }
  if (input.list !== undefined) return listPlan(input, input.list, known)
  const names = namesOf(input)
  if (isRemoval(input)) return { changes: removal(input, names, known) }
  if (names.length === 0) return { changes: input.update_cache ? [{ summary: 'fetch the metadata', writes: ['package:*'], steps: [dnfStep(input, 'makecache')], leaves: [{ kind: 'package-lists' }] }] : [] }
  const missing = names.filter((name) => name !== '*' && !isThere(name, input, known) && !(input.update_only && input.state === 'latest'))
  const asked = known.updates as ShellResult | undefined
  // 100: there are some.
  if (asked !== undefined && asked.code !== 0 && asked.code !== 100) return { fail: asked.stdout.trim() }
  const updates = listUpdates(asked?.stdout ?? '')
  return {
    changes: [
      ...(missing.length > 0 ? [change(`install ${missing.join(', ')}`, dnfStep(input, 'install', ...missing), missing.map((name) => ({ kind: 'package' as const, name, version: '' })))] : []),
      ...(updates.length > 0 ? [change(`upgrade ${updates.join(', ')}`, dnfStep(input, 'upgrade', ...names.filter((name) => name !== '*' && !missing.includes(name))))] : []),
    ],
  }
}

function removal(input: DnfInput, names: readonly string[], known: Known): readonly Change[] {
  const present = names.filter((name) => !isAbsent(name, input, known))
  const unneeded = ((known.unneeded as ShellResult | undefined)?.stdout ?? '').split('\n').filter((line) => line !== '')
  const gone = present.map((name) => ({ kind: 'package' as const, name, version: null }))
  return [
    ...(present.length > 0 ? [change(`remove ${present.join(', ')}`, dnfStep(input, 'remove', ...present), gone)] : []),
    ...(unneeded.length > 0 ? [change(`remove what nothing needs any more: ${unneeded.join(', ')}`, dnfStep(input, 'autoremove'))] : []),
  ]
}

function change(summary: string, step: Step, leaves: NonNullable<Change['leaves']> = [{ kind: 'anything' }]): Change {
  return { summary, writes: ['package:*', 'anything'], steps: [step], leaves }
}

function stateOf(name: string, known: Known): PackageState {
  return known[`package ${name}`] as PackageState
}

export function isAbsent(name: string, input: DnfInput, known: Known): boolean {
  return onlyDnfKnows(name, input) ? isIdle(known[`rehearsal ${name}`] as ShellResult) : stateOf(name, known).installed.length === 0
}

/** Whether the name is installed or provided, or, with a version, a newer one is there that must not be replaced. */
export function isThere(name: string, input: DnfInput, known: Known): boolean {
  const { allow_downgrade } = input
  if (isFile(name)) return isInstalledFrom(known[`file ${name}`] as ShellResult, allow_downgrade)
  if (onlyDnfKnows(name, input)) return isIdle(known[`rehearsal ${name}`] as ShellResult)
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
