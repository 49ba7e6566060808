/** ansible.builtin.apt_key: keys that apt trusts, written into its keyrings without apt-key, which Debian has dropped. */
import { PlonerunError } from '../../errors/plonerun-error.ts'
import { contentRead, type FileContent } from '../../probe/content.ts'
import type { Read } from '../../probe/read.ts'
import { shellRead, type ShellResult } from '../../probe/shell.ts'
import { treeRead, type Tree } from '../../probe/tree.ts'
import type { Change, Plan } from '../contract/change.ts'
import { state, type Known } from '../contract/module.ts'
import { defaulting, flag, path, presence, text, type Input } from '../contract/option.ts'
import { fetchedRead, parseFetched } from '../../probe/fetched.ts'
import { isKey, parseKeyId, type KeyId } from './key-id.ts'
import { publicKeys, type PublicKey } from './openpgp.ts'
import { planWholeFile, wholeFileContent, wholeFileReads } from './whole-file.ts'

const options = {
  id: text('Its id or fingerprint; with it nothing is fetched when the key is there.'),
  url: text('Where the host fetches it.'),
  data: text('The key itself.'),
  file: path('A file on the host that holds it.'),
  keyserver: text('The server that has it.'),
  keyring: path('The keyring it goes to; /etc/apt/trusted.gpg unless given, or a file in trusted.gpg.d where apt no longer reads that one.'),
  state: presence('Whether it is trusted.'),
  validate_certs: defaulting(flag("Whether the url's certificate is checked."), true),
} as const

type KeyInput = Input<typeof options>

/** Read by an apt that still has apt-key. */
const TRUSTED = '/etc/apt/trusted.gpg'
const FRAGMENTS = '/etc/apt/trusted.gpg.d'

export const aptKey = state({
  name: 'ansible.builtin.apt_key',
  summary: "Adds keys to those that apt trusts, or takes them away.",
  options,
  rules: { mutuallyExclusive: [['data', 'file', 'keyserver', 'url']] },
  prepare({ id, keyserver }) {
    if (id !== undefined) parseKeyId(id)
    else if (keyserver !== undefined) throw new PlonerunError('Missing key_id, required with keyserver.', { kind: 'task' })
  },
  reads: (input, _prepared, known: Known) => reads(input, known),
  plan: (input, known: Known) => plan(input, known),
  result(input, known: Known, { changed }) {
    const id = wantedId(input, known)
    if (id === undefined) return {}
    const before = idsIn(keyrings(input, known).flatMap(keysIn), id)
    const after = input.state === 'absent' ? before.filter((each) => !isKey(each, id)) : [...before, ...idsIn(missingKeys(input, known), id)]
    return { id: input.id ?? id.full, short_id: id.short, fp: id.long, key_id: id.full, before, ...(changed && { after }) }
  },
})

/** All keyrings first; the key's source only when it is needed to know the id, or to add the key. */
function reads(input: KeyInput, known: Known): Record<string, Read<unknown>> {
  const asked: Record<string, Read<unknown>> = input.keyring === undefined ? { fragments: treeRead(FRAGMENTS, { depth: 1 }), legacy: shellRead('command -v apt-key', ['package:apt']) } : {}
  for (const file of keyringFiles(input, known)) Object.assign(asked, wholeFileReads(file, file))
  const id = input.id === undefined ? undefined : parseKeyId(input.id)
  const listed = Object.keys(asked).every((key) => key in known)
  const needed = id === undefined || (input.state === 'present' && listed && !isThere(id, input, known))
  return { ...asked, ...(needed && source(input)) }
}

function source({ url, file, keyserver, id, validate_certs: validate }: KeyInput): Record<string, Read<unknown>> {
  if (file !== undefined) return { file: contentRead(file) }
  const from = url ?? (keyserver === undefined ? undefined : lookup(keyserver, id!))
  return from === undefined ? {} : { fetched: fetchedRead(from, validate) }
}

/** A key server answers over HTTP, on a port of its own unless another is named. */
function lookup(server: string, id: string): string {
  const [, scheme = 'hkp', host, port] = /^(?:(hkps?|https?):\/\/)?([^/:]+)(?::(\d+))?\/?$/.exec(server) ?? []
  if (host === undefined) throw new PlonerunError(`'${server}' is no key server`, { kind: 'task', hint: 'Write it as keyserver.ubuntu.com or hkp://HOST:PORT.' })
  const secure = scheme === 'hkps' || scheme === 'https'
  return `${secure ? 'https' : 'http'}://${host}:${port ?? (secure ? '443' : scheme === 'http' ? '80' : '11371')}/pks/lookup?op=get&options=mr&search=0x${parseKeyId(id).full}`
}

/** Where keys are looked for. */
function keyringFiles(input: KeyInput, known: Known): readonly string[] {
  if (input.keyring !== undefined) return [input.keyring]
  const found = (known.fragments as Tree | undefined)?.entries.filter(({ path, type }) => type !== 'directory' && /\.(gpg|asc)$/.test(path)) ?? []
  const own = newKeyring(input, known)
  return [...new Set([...found.map((entry) => entry.path).sort(), ...(own === undefined ? [] : [own])])]
}

/** Where a new key goes, as far as that is known yet. */
function newKeyring(input: KeyInput, known: Known): string | undefined {
  const legacy = known.legacy as ShellResult | undefined
  if (input.keyring !== undefined || legacy === undefined) return input.keyring
  if (legacy.code === 0) return TRUSTED
  const id = wantedId(input, known)
  return id === undefined ? undefined : `${FRAGMENTS}/${id.long}.gpg`
}

interface Keyring {
  readonly file: string
  readonly content: Buffer
}

function keyrings(input: KeyInput, known: Known): readonly Keyring[] {
  return keyringFiles(input, known).map((file) => ({ file, content: wholeFileContent(file, known) ?? Buffer.alloc(0) }))
}

function keysIn({ content }: Keyring): readonly PublicKey[] {
  return publicKeys(content)
}

function idsIn(keys: readonly PublicKey[], { full }: KeyId): readonly string[] {
  return keys.flatMap(({ ids }) => ids).map((id) => (full.length === 8 ? id.slice(-8) : id))
}

function isThere(id: KeyId, input: KeyInput, known: Known): boolean {
  return keyrings(input, known).flatMap(keysIn).some(({ ids }) => ids.some((each) => isKey(each, id)))
}

/** What the source holds, or why nothing. */
function sourceContent({ data }: KeyInput, known: Known): Buffer | string | undefined {
  if (data !== undefined) return Buffer.from(data)
  if (known.fetched !== undefined) return parseFetched(known.fetched as ShellResult)
  const file = known.file as FileContent | undefined
  return file === undefined ? undefined : (file.bytes ?? `${file.realPath}: ${file.why!}`)
}

function sourceKeys(input: KeyInput, known: Known): readonly PublicKey[] {
  const content = sourceContent(input, known)
  return Buffer.isBuffer(content) ? publicKeys(content) : []
}

/** The id that was given, or that of the source's first key. */
function wantedId(input: KeyInput, known: Known): KeyId | undefined {
  const found = input.id ?? sourceKeys(input, known)[0]?.ids[0]
  return found === undefined ? undefined : parseKeyId(found)
}

/** Keys of the source that the keyring for new ones does not have. */
function missingKeys(input: KeyInput, known: Known): readonly PublicKey[] {
  const there = ownKeys(input, known).map(({ fingerprints }) => fingerprints[0])
  return sourceKeys(input, known).filter(({ fingerprints }) => !there.includes(fingerprints[0]))
}

function ownKeys(input: KeyInput, known: Known): readonly PublicKey[] {
  const own = newKeyring(input, known)
  return keyrings(input, known).filter(({ file }) => file === own).flatMap(keysIn)
}

function plan(input: KeyInput, known: Known): Plan {
  const content = sourceContent(input, known)
  if (typeof content === 'string') return { fail: `the key cannot be read: ${content}` }
  const id = wantedId(input, known)
  if (id === undefined) return { fail: content === undefined ? 'No key to add: give url, data, file or keyserver' : 'the source holds no OpenPGP key' }
  if (input.state === 'absent') return { changes: removals(id, input, known) }
  if (isThere(id, input, known)) return {}
  if (content === undefined) return { fail: 'No key to add: give url, data, file or keyserver' }
  const keys = missingKeys(input, known)
  if (!keys.some(({ ids }) => ids.some((each) => isKey(each, id)))) return { fail: `the source does not hold the key ${id.full}` }
  const file = newKeyring(input, known)!
  const change = planWholeFile(file, known, Buffer.concat([...ownKeys(input, known), ...keys].map(({ packets }) => packets)))
  return { changes: change === undefined ? [] : [{ ...change, summary: `trust key ${id.full} in ${file}` }] }
}

/** A keyring that has no other key goes away. */
function removals(id: KeyId, input: KeyInput, known: Known): readonly Change[] {
  return keyrings(input, known).flatMap((keyring) => {
    const keys = keysIn(keyring)
    const kept = keys.filter(({ ids }) => !ids.some((each) => isKey(each, id)))
    if (kept.length === keys.length) return []
    const change = planWholeFile(keyring.file, known, kept.length === 0 ? null : Buffer.concat(kept.map(({ packets }) => packets)))
    return change === undefined ? [] : [{ ...change, summary: `remove key ${id.full} from ${keyring.file}` }]
  })
}
