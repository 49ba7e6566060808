/** `list` of dnf: what is installed, available or to be upgraded, and which repositories are used. */
import type { Read } from '../../probe/read.ts'
import type { ShellResult } from '../../probe/shell.ts'
import type { Plan } from '../contract/change.ts'
import type { Known } from '../contract/module.ts'
import { dnfRead } from './dnf-call.ts'
import type { DnfInput } from './dnf-options.ts'

const QUERIES: Readonly<Record<string, readonly string[]>> = { installed: ['--installed'], available: ['--available'], updates: ['--upgrades'], upgrades: ['--upgrades'] }

const FORMAT = '%{name}|%{arch}|%{epoch}|%{release}|%{version}|%{reponame}\\n'

function areRepositories(what: string): boolean {
  return what === 'repos' || what === 'repositories'
}

/** A pattern is looked for among both what is installed and what is available. */
export function listReads(input: DnfInput, what: string): Record<string, Read<ShellResult>> {
  if (areRepositories(what)) return { repositories: dnfRead(input, '-q', '-y', 'repolist', '--enabled') }
  const query = (...words: readonly string[]): Read<ShellResult> => dnfRead(input, '-q', '-y', 'repoquery', ...words, '--qf', FORMAT)
  const words = QUERIES[what]
  return words === undefined ? { installed: query('--installed', what), available: query('--available', what) } : { [what]: query(...words) }
}

export function listPlan(input: DnfInput, what: string, known: Known): Plan {
  const answers = Object.keys(listReads(input, what)).map((name) => known[name] as ShellResult)
  const failed = answers.find(({ code }) => code !== 0)
  return failed === undefined ? {} : { fail: failed.stdout.trim() }
}

export function listResult(input: DnfInput, what: string, known: Known): { readonly msg: ''; readonly results: Record<string, string>[] } {
  const lines = Object.keys(listReads(input, what)).flatMap((name) => (known[name] as ShellResult).stdout.split('\n'))
  return { msg: '', results: areRepositories(what) ? repositoriesIn(lines) : lines.filter((line) => line.split('|').length === 6).map(packageOf) }
}

/** Those below the line with `repo id`. */
function repositoriesIn(lines: readonly string[]): Record<string, string>[] {
  const head = lines.findIndex((line) => line.startsWith('repo id'))
  return lines.slice(head + 1).filter((line) => head >= 0 && line.trim() !== '').map((line) => ({ repoid: line.split(/\s+/)[0]!, state: 'enabled' }))
}

function packageOf(line: string): Record<string, string> {
  const [name = '', arch = '', epoch = '', release = '', version = '', repo = ''] = line.split('|')
  const nevra = `${epoch}:${name}-${version}-${release}.${arch}`
  return { name, arch, epoch, release, version, repo, envra: nevra, nevra, yumstate: repo === '@System' ? 'installed' : 'available' }
}
