/** community.general.zypper_repository: where zypper gets packages from. */
import { PlonerunError } from '../../errors/plonerun-error.ts'
import { readIniSections } from '../../load/ini-sections.ts'
import { contentRead, type FileContent } from '../../probe/content.ts'
import { fetchedRead, parseFetched } from '../../probe/fetched.ts'
import type { Read } from '../../probe/read.ts'
import { shellRead, type ShellResult } from '../../probe/shell.ts'
import { bytesToText } from '../../values/bytes.ts'
import type { Change, Plan } from '../contract/change.ts'
import { state, type Known } from '../contract/module.ts'
import { defaulting, flag, integer, presence, text, type Input } from '../contract/option.ts'

const options = {
  name: text('Its alias; a .repo file has one of its own.'),
  repo: text('Its url, or a .repo file on the host or the web; * with runrefresh for all.'),
  state: presence('Whether it is there.'),
  description: text('Its name.'),
  enabled: defaulting(flag('Packages are taken from it.'), true),
  disable_gpg_check: defaulting(flag('Signatures of its packages are not checked.'), false),
  autorefresh: defaulting(flag('Its metadata is fetched when it is old.', { aliases: ['refresh'] }), true),
  priority: integer('The lower the number, the sooner it is asked.'),
  overwrite_multiple: defaulting(flag('Replaces several that have its alias or its url.'), false),
  auto_import_keys: defaulting(flag('Trusts its key when it is new or has changed.'), false),
  runrefresh: defaulting(flag('Fetches its metadata.'), false),
} as const

type RepositoryInput = Input<typeof options>

/** As `zypper --xmlout repos` tells one; what is not asked for is undefined. */
interface Repository {
  readonly alias: string | undefined
  readonly url: string | undefined
  readonly name: string | undefined
  readonly priority: string | undefined
  readonly enabled: string
  readonly autorefresh: string
  readonly gpgcheck: string
}

export const zypperRepository = state({
  name: 'community.general.zypper_repository',
  summary: 'Adds repositories to zypper, and takes them away.',
  untried: 'zypper',
  options,
  prepare(input) {
    const fail = (message: string): never => {
      throw new PlonerunError(message, { kind: 'task' })
    }
    const { repo, name, state: wanted } = input
    if (isAll(input)) return input.runrefresh ? undefined : fail('repo=* can only be used with the runrefresh option.')
    if (wanted === 'present' && repo === undefined) fail('Module option state=present requires repo')
    if (wanted === 'absent' && repo === undefined && name === undefined) fail('Alias or repo parameter required when state=absent')
    if (isFile(input) && name !== undefined) fail("Incompatible option: 'name'. Do not use name when adding .repo files")
    if (!isFile(input) && name === undefined && wanted === 'present') fail('Name required when adding non-repo files.')
    return undefined
  },
  reads: (input): Record<string, Read<unknown>> => ({
    repositories: shellRead('zypper --quiet --non-interactive --xmlout repos', ['path:/etc/zypp', 'package:*']),
    // Addresses may hold $releasever and $basearch.
    system: shellRead("rpm -q --qf '%{version} %{arch}' -f /etc/os-release", ['package:*']),
    ...(isFile(input) && (/^https?:/.test(input.repo!) ? { fetched: fetchedRead(input.repo!) } : { file: contentRead(input.repo!) })),
  }),
  plan: (input, known: Known) => plan(input, known),
  result(input, known: Known, { changed }) {
    const found = isAll(input) ? undefined : wantedOf(input, known)
    return { repodata: found === undefined ? null : { ...found, alias: found.alias ?? null, url: found.url ?? null, name: found.name ?? null, priority: found.priority ?? null }, state: input.state, changed: changed && !isAll(input) && differs(input, known) }
  },
})

function isAll({ repo, name }: RepositoryInput): boolean {
  return repo === '*' || name === '*'
}

function isFile({ repo }: RepositoryInput): boolean {
  return repo?.endsWith('.repo') === true
}

/** The .repo file; empty where there is none. */
function fileText({ file, fetched }: Known): string {
  const content = fetched === undefined ? (file as FileContent).bytes : parseFetched(fetched as ShellResult)
  return Buffer.isBuffer(content) ? bytesToText(content) : ''
}

/** What is asked for, with what a .repo file says; undefined when that is none. */
function wantedOf(input: RepositoryInput, known: Known): Repository | undefined {
  const number = (on: boolean): string => (on ? '1' : '0')
  const asked: Repository = { alias: input.name, url: input.repo, name: input.description, priority: input.priority?.toString(), enabled: number(input.enabled), autorefresh: number(input.autorefresh), gpgcheck: number(!input.disable_gpg_check) }
  if (!isFile(input)) return asked
  const sections = [...readIniSections(fileText(known), input.repo!)]
  const [alias, entries] = sections[0] ?? []
  const url = entries?.get('baseurl')?.value
  if (sections.length !== 1 || alias === undefined || entries === undefined || url === undefined) return undefined
  const given = (key: string, fallback: string): string => entries.get(key)?.value ?? fallback
  return { ...asked, alias, url, name: entries.get('name')?.value ?? asked.name, enabled: given('enabled', asked.enabled), autorefresh: given('autorefresh', asked.autorefresh), gpgcheck: given('gpgcheck', asked.gpgcheck) }
}

/** Those that have the alias or the url. */
function matching(wanted: Repository, known: Known): readonly Repository[] {
  return parseRepositories((known.repositories as ShellResult).stdout).filter(({ alias, url }) => (wanted.alias !== undefined && alias === wanted.alias) || (wanted.url !== undefined && url === wanted.url))
}

/** Attributes of `<repo>`, and the url within. */
function parseRepositories(xml: string): readonly Repository[] {
  const plain = (value: string): string => value.replace(/&(amp|lt|gt|quot|apos);/g, (_, name: string) => ({ amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" })[name]!)
  return [...xml.matchAll(/<repo(\s[^>]*)>(.*?)<\/repo>/gs)].map(([, head = '', body = '']) => {
    const attribute = (name: string): string => plain(new RegExp(`\\s${name}="([^"]*)"`).exec(head)?.[1] ?? '')
    const url = /<url>(.*?)<\/url>/s.exec(body)?.[1]
    return { alias: attribute('alias'), url: url === undefined ? attribute('metalink') : plain(url.trim()), name: attribute('name'), priority: attribute('priority'), enabled: attribute('enabled'), autorefresh: attribute('autorefresh'), gpgcheck: attribute('gpgcheck') }
  })
}

/** Whether there is something to do, refreshing aside. */
function differs(input: RepositoryInput, known: Known): boolean {
  const wanted = wantedOf(input, known)
  if (wanted === undefined) return false
  const found = matching(wanted, known)
  if (input.state === 'absent') return found.length > 0
  return found.length !== 1 || isOther(found[0]!, wanted, known)
}

function isOther(found: Repository, wanted: Repository, known: Known): boolean {
  const [release = '', architecture = ''] = (known.system as ShellResult).stdout.trim().split(' ')
  const address = (url: string | undefined): string => (url ?? '').replaceAll('$releasever', release).replaceAll('$basearch', architecture).replace(/\/+$/, '')
  return (Object.keys(wanted) as (keyof Repository)[]).some((key) => wanted[key] !== undefined && (key === 'url' ? address(found.url) !== address(wanted.url) : found[key] !== wanted[key]))
}

function zypper(...words: readonly string[]): readonly string[] {
  return ['zypper', '--quiet', '--non-interactive', ...words]
}

function plan(input: RepositoryInput, known: Known): Plan {
  const answer = known.repositories as ShellResult
  if (answer.code === 127) return { fail: 'zypper was not found on the host' }
  // 6: there are none.
  if (answer.code !== 0 && answer.code !== 6) return { fail: `zypper cannot list its repositories: ${answer.stdout.trim()}` }
  const refresh = (trusting: boolean, alias?: string): Change => ({ summary: `refresh ${alias ?? 'all repositories'}`, writes: ['package:*', 'path:/var/cache/zypp'], steps: [{ argv: zypper(...(trusting ? ['--gpg-auto-import-keys'] : []), 'refresh', '--force', ...(alias === undefined ? [] : ['-r', alias])) }], leaves: [{ kind: 'package-lists' }] })
  if (isAll(input)) return { changes: [refresh(input.auto_import_keys)] }
  const wanted = wantedOf(input, known)
  if (wanted === undefined) return { fail: `${input.repo!} is no .repo file of one repository with a baseurl` }
  const found = matching(wanted, known)
  if (found.length > 1 && !input.overwrite_multiple) return { fail: `More than one repo matched "${wanted.alias ?? wanted.url ?? ''}": ${found.map(({ alias }) => alias).join(', ')}. Use overwrite_multiple to allow more than one repo to be overwritten` }
  const alias = wanted.alias ?? wanted.url ?? ''
  const change = (summary: string, ...calls: readonly (readonly string[])[]): Change => ({ summary, writes: ['path:/etc/zypp', 'package:*'], steps: calls.map((argv) => ({ argv })), leaves: [{ kind: 'package-lists' }] })
  if (!differs(input, known)) return { changes: input.runrefresh && input.state === 'present' ? [refresh(input.auto_import_keys, alias)] : [] }
  if (input.state === 'absent') return { changes: [change(`remove the repository ${alias}`, zypper('removerepo', alias))] }
  const words = [
    ...(wanted.name ? ['--name', wanted.name] : []), ...(wanted.priority === undefined ? [] : ['--priority', wanted.priority]), ...(wanted.enabled === '0' ? ['--disable'] : []),
    wanted.gpgcheck === '1' ? '--gpgcheck' : '--no-gpgcheck', ...(wanted.autorefresh === '1' ? ['--refresh'] : []), wanted.url!, wanted.alias!,
  ]
  const trusting = input.auto_import_keys || (isFile(input) && /^gpgkey/m.test(fileText(known)))
  return {
    changes: [
      change(`${found.length === 0 ? 'add' : 'change'} the repository ${alias}`, ...found.map(({ url }) => zypper('removerepo', url!)), zypper('addrepo', '--check', ...words)),
      ...(input.runrefresh || trusting ? [refresh(trusting, alias)] : []),
    ],
  }
}
