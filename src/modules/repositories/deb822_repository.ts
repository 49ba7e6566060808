/** ansible.builtin.deb822_repository: a .sources file of apt, and the key that signs it. */
import { pathRead } from '../../probe/path.ts'
import type { PathState } from '../../probe/path-state.ts'
import type { Read } from '../../probe/read.ts'
import type { ShellResult } from '../../probe/shell.ts'
import type { Change, Plan } from '../contract/change.ts'
import { state, type Known } from '../contract/module.ts'
import { defaulting, flag, integer, list, mode, oneOf, presence, required, text, type Input } from '../contract/option.ts'
import { pathResult } from '../files/path-result.ts'
import { attributesOnly } from '../files/write-file.ts'
import { fetchedRead, parseFetched } from '../../probe/fetched.ts'
import { isArmored } from './openpgp.ts'
import { planWholeFile, wholeFileReads } from './whole-file.ts'

/** What becomes a field. */
const fields = {
  allow_downgrade_to_insecure: flag('Goes on when a repository that was signed no longer is.'),
  allow_insecure: flag('Uses it although nothing can be verified.'),
  allow_weak: flag('Accepts weak signatures.'),
  architectures: list(text('An architecture.'), 'The only ones that are fetched.'),
  by_hash: flag('Fetches indexes by their digest.'),
  check_date: flag("Whether the host's clock is trusted."),
  check_valid_until: flag('Whether its date of expiry counts.'),
  components: list(text('A component.'), 'Parts of the suites, such as main.'),
  date_max_future: integer('Seconds that it may be ahead of the clock.'),
  enabled: flag('Whether it is used.'),
  inrelease_path: text('Where InRelease is, relative to the suite.'),
  languages: list(text('A language.'), 'Translations that are fetched.'),
  name: required(text('Names the file, and the repository.')),
  pdiffs: flag('Fetches differences of indexes.'),
  signed_by: text("The key: its url, a file on the host, fingerprints, or the key itself."),
  suites: list(text('A suite.'), 'Suites, such as trixie, or a path that ends in /.'),
  targets: list(text('A target.'), 'What is fetched.'),
  trusted: flag('Counts as signed, or never does.'),
  types: defaulting(list(oneOf(['deb', 'deb-src'], 'A type.'), 'Packages (deb) or their sources (deb-src).'), ['deb']),
  uris: list(text('A url.'), 'Where it is.'),
} as const

const options = {
  ...fields,
  mode: defaulting(mode('Permissions of the file.'), 0o644),
  state: presence('Whether it is there.'),
} as const

type SourcesInput = Input<typeof options>

const KEYRINGS = '/etc/apt/keyrings'

export const deb822Repository = state({
  name: 'ansible.builtin.deb822_repository',
  summary: 'Adds repositories to apt in the deb822 format, or takes them away.',
  options,
  readsAgain: true,
  reads: (input, _prepared, known: Known) => reads(input, known),
  plan: (input, known: Known) => plan(input, known),
  result(input, known: Known, { after = known }) {
    const { text: repo, keyFile } = input.state === 'present' ? sources(input, known) : { text: null, keyFile: keyFileOf(input, 'gpg') }
    const file = after['sources entry'] as PathState
    return { repo, dest: sourcesFile(input), key_filename: keyFile ?? null, ...(file.exists && pathResult(file)) }
  },
})

function slug({ name }: SourcesInput): string {
  return name.toLowerCase().replace(/[_\s]+/g, '-').replace(/[^a-z0-9-]+/g, '')
}

function sourcesFile(input: SourcesInput): string {
  return `/etc/apt/sources.list.d/${slug(input)}.sources`
}

function keyFileOf(input: SourcesInput, extension: 'asc' | 'gpg'): string {
  return `${KEYRINGS}/${slug(input)}.${extension}`
}

function isUrl(key: string | undefined): key is string {
  return key !== undefined && /^[a-z][a-z0-9+.-]*:/i.test(key) && !key.includes('\n')
}

function reads(input: SourcesInput, known: Known): Record<string, Read<unknown>> {
  const files = wholeFileReads('sources', sourcesFile(input), { mode: input.mode })
  if (input.state === 'absent') return { ...files, ...wholeFileReads('asc', keyFileOf(input, 'asc')), ...wholeFileReads('gpg', keyFileOf(input, 'gpg')) }
  const { signed_by: key } = input
  if (key === undefined || key.includes('\n')) return files
  if (!isUrl(key)) return { ...files, key: pathRead(key, { follow: true }) }
  const fetched = fetchedKey(known)
  const file = Buffer.isBuffer(fetched) ? keyFileOf(input, isArmored(fetched) ? 'asc' : 'gpg') : undefined
  return { ...files, fetched: fetchedRead(key), keyrings: pathRead(KEYRINGS, { follow: true }), ...(file !== undefined && wholeFileReads('keyfile', file, KEY)) }
}

const KEY = { mode: 0o644 }

function fetchedKey(known: Known): Buffer | string | undefined {
  return known.fetched === undefined ? undefined : parseFetched(known.fetched as ShellResult)
}

function plan(input: SourcesInput, known: Known): Plan {
  const changes = (...planned: readonly (Change | undefined)[]): Plan => ({ changes: planned.filter((change) => change !== undefined) })
  if (input.state === 'absent') return changes(planWholeFile('sources', known, null), planWholeFile('asc', known, null), planWholeFile('gpg', known, null))
  const key = fetchedKey(known)
  if (typeof key === 'string') return { fail: `Could not fetch signed_by key: ${key}` }
  const keyring = key === undefined ? undefined : planWholeFile('keyfile', known, key, KEY)
  return changes(keyring && keyringsFolder(known.keyrings as PathState), keyring, planWholeFile('sources', known, sources(input, known).text, { mode: input.mode }))
}

function keyringsFolder(folder: PathState): Change | undefined {
  if (folder.exists) return attributesOnly(folder, { mode: 0o755, owner: 'root', group: 'root' })
  return { summary: `${KEYRINGS}: new folder`, writes: [`entry:${KEYRINGS}`], steps: [{ argv: ['mkdir', '-m', '755', KEYRINGS] }], leaves: [{ kind: 'path', path: KEYRINGS, state: { type: 'directory', mode: 0o755 } }] }
}

/** The text of the file; fields come in the order of the options' names. */
function sources(input: SourcesInput, known: Known): { readonly text: string; readonly keyFile: string | undefined } {
  const key = signedBy(input, known)
  const lines = (Object.keys(fields) as (keyof typeof fields)[]).sort().map((option) => {
    const value = option === 'signed_by' ? key.value : printed(input[option])
    return value === undefined ? '' : field(FIELD_NAMES[option] ?? titled(option), value)
  })
  return { text: lines.join(''), keyFile: key.file }
}

/** A key that was fetched is named by its file, anything else by itself. */
function signedBy(input: SourcesInput, known: Known): { readonly value: string | undefined; readonly file: string | undefined } {
  const fetched = fetchedKey(known)
  const { signed_by: key } = input
  if (Buffer.isBuffer(fetched)) {
    const file = keyFileOf(input, isArmored(fetched) ? 'asc' : 'gpg')
    return { value: file, file }
  }
  const found = known.key as PathState | undefined
  return { value: key, file: found?.exists && found.type === 'file' ? key : undefined }
}

const FIELD_NAMES: Readonly<Record<string, string>> = { name: 'X-Repolib-Name', uris: 'URIs' }

function titled(option: string): string {
  return option.split('_').map((word) => word[0]!.toUpperCase() + word.slice(1)).join('-')
}

function printed(value: string | number | boolean | readonly string[] | undefined): string | undefined {
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  return Array.isArray(value) ? value.join(' ') : value === undefined ? undefined : String(value)
}

/** Lines after the first are indented, and an empty one is a dot. */
function field(name: string, value: string): string {
  if (!value.includes('\n')) return `${name}: ${value}\n`
  const lines = value.trim().split(/\r?\n/).map((line) => `    ${line.trim() || '.'}`)
  return `${name}:\n${lines.join('\n')}\n`
}
