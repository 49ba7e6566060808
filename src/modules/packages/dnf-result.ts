/** Ansible's return values for dnf, out of what dnf prints. */
import type { Plain } from '../../values/value.ts'
import type { Known, Outcome, Reads } from '../contract/module.ts'
import { listResult } from './dnf-list.ts'
import type { DnfInput } from './dnf-options.ts'
import { isAbsent, isRemoval, isThere, namesOf } from './dnf-plan.ts'

export function dnfResult(input: DnfInput, known: Known, { replies, foreseen, changed }: Outcome<Reads>): Record<string, Plain> {
  if (input.list !== undefined) return listResult(input, input.list, known)
  const output = replies.map(({ stdout }) => stdout.toString()).join('')
  const failed = replies.find(({ code }) => code !== 0)
  const cacheOnly = namesOf(input).length === 0 && !input.autoremove
  if (failed !== undefined) return { rc: failed.code ?? 1, results: [], ...missing(output) }
  const done = transaction(output, input.download_only)
  const really = changed && !cacheOnly && (foreseen || done.length > 0)
  return {
    rc: 0,
    ...(!foreseen && { results: [...notes(input, known, output), ...done] }),
    changed: really,
    ...(!foreseen && { msg: cacheOnly && changed ? 'Cache updated' : really ? '' : 'Nothing to do' }),
  }
}

/** Why nothing was installed, if that is because there are no such packages. */
function missing(output: string): Record<string, Plain> {
  const failures = Array.from(output.matchAll(/^No match for argument: (.*)$/gm), ([, name]) => `No package ${name!.trim()} available.`)
  return failures.length === 0 ? {} : { failed: true, failures, msg: `Failed to install some of the specified packages: ${failures.join(' ')}` }
}

/** What was asked for in vain. */
function notes(input: DnfInput, known: Known, output: string): string[] {
  const names = namesOf(input)
  if (isRemoval(input)) return names.filter((name) => isAbsent(name, input, known)).map((name) => `No match for argument: ${name}`)
  if (input.update_only && input.state === 'latest') return names.filter((name) => name !== '*' && !isThere(name, input, known)).map((name) => `Packages providing ${name} not installed due to update_only specified`)
  return Array.from(output.matchAll(/^No match for argument: (.*)$/gm), ([, name]) => `No package ${name!.trim()} available.`)
}

/** What came and what went. Names at the end of the output are whole; of what another version replaces, only the lines of the transaction tell. */
function transaction(output: string, downloadOnly: boolean): string[] {
  if (downloadOnly) return inTable(output).map((name) => `Downloaded: ${name}`)
  const summary = inSummary(output)
  const replaced = Array.from(output.matchAll(/^ {2}(?:Cleanup|Obsoleting) +: (\S+)/gm), ([, name]) => name!)
  return [
    ...summary.filter(([verb]) => verb !== 'Removed').map(([, name]) => `Installed: ${name}`),
    ...[...new Set([...summary.filter(([verb]) => verb === 'Removed').map(([, name]) => name), ...replaced])].map((name) => `Removed: ${name}`),
  ]
}

function inSummary(output: string): [verb: string, name: string][] {
  const found: [string, string][] = []
  let verb: string | undefined
  for (const line of output.split('\n')) {
    const heading = /^(Installed|Upgraded|Removed|Downgraded|Reinstalled):$/.exec(line)?.[1]
    if (heading !== undefined) verb = heading
    else if (!line.startsWith('  ')) verb = undefined
    else if (verb !== undefined) for (const name of line.trim().split(/\s+/)) found.push([verb, name])
  }
  return found
}

/** Rows of the table before a transaction: name, architecture, version, repository, size. A long name has a line of its own. */
function inTable(output: string): string[] {
  const rows = output.replace(/^( \S+)\n {2,}/gm, '$1 ').matchAll(/^ (\S+) +(\S+) +(\S+) +(\S+) +[\d.]+ +[kMG]? *$/gm)
  return Array.from(rows, ([, name, arch, version]) => `${name!}-${version!}.${arch!}`)
}
