/** ansible.builtin.rpm_key: keys that rpm trusts. */
import { contentRead, type FileContent } from '../../probe/content.ts'
import type { Read } from '../../probe/read.ts'
import { shellRead, type ShellResult } from '../../probe/shell.ts'
import { sh, type Plan } from '../contract/change.ts'
import { state, type Known } from '../contract/module.ts'
import { defaulting, flag, list, presence, required, text, type Input } from '../contract/option.ts'
import { fetchedRead, parseFetched } from '../../probe/fetched.ts'
import { publicKeys, type PublicKey } from './openpgp.ts'

const options = {
  key: required(text('The url of the key, a file on the host, or (to remove it) its id.')),
  state: presence('Whether it is trusted.'),
  fingerprint: list(text('40 digits.'), 'Fingerprints that the key must have before it is trusted.'),
  validate_certs: defaulting(flag("Whether the url's certificate is checked."), true),
} as const

type KeyInput = Input<typeof options>

export const rpmKey = state({
  name: 'ansible.builtin.rpm_key',
  summary: 'Adds keys to those that rpm trusts, or takes them away.',
  options,
  reads: (input): Record<string, Read<unknown>> => ({ trusted: shellRead(LIST, ['path:/var/lib/rpm', 'path:/usr/lib/sysimage/rpm', 'package:*']), ...source(input) }),
  plan: (input, known: Known) => plan(input, known),
})

/** rpm keeps each key as a package, whose description is the key and whose version its id. */
const LIST = `if command -v rpm >/dev/null; then rpm -q gpg-pubkey --qf '%{VERSION}\\n%{DESCRIPTION}\\n' || :; else (exit 127); fi`

function isUrl(key: string): boolean {
  return key.includes('://')
}

/** As Ansible has it: anything that begins with eight such digits. */
function isId(key: string): boolean {
  return /^(0x)?[0-9a-f]{8}/i.test(key)
}

function source({ key, validate_certs: validate }: KeyInput): Record<string, Read<unknown>> {
  if (isUrl(key)) return { fetched: fetchedRead(key, validate) }
  return isId(key) ? {} : { file: contentRead(key) }
}

function plan({ key, state, fingerprint = [] }: KeyInput, known: Known): Plan {
  const trusted = known.trusted as ShellResult
  if (trusted.code === 127) return { fail: 'rpm was not found on the host' }
  const content = sourceContent(key, known)
  if (typeof content === 'string') return { fail: content }
  const keys = content === undefined ? [] : publicKeys(content)
  const id = content === undefined ? key.trim().toUpperCase().replace(/^0X/, '') : keys[0]?.ids[0]
  if (id === undefined) return { fail: `Not a public key: ${key}` }
  const there = isTrusted(id, trusted.stdout)
  if (state === 'absent') return { changes: there ? [change(`no longer trust key ${id}`, sh('exec rpm --erase --allmatches "$1"', `gpg-pubkey-${id.slice(-8).toLowerCase()}`))] : [] }
  if (there) return {}
  if (content === undefined) return { fail: 'When importing a key, a valid file must be given' }
  const strange = foreignFingerprints(fingerprint, keys)
  if (strange.length > 0) return { fail: `The specified fingerprint, '${strange.join("', '")}', does not match any key fingerprints in '${keys.flatMap(({ fingerprints }) => fingerprints).join(', ')}'` }
  return { changes: [change(`trust key ${id}`, { ...sh('f=$(mktemp) && cat >"$f" && rpm --import "$f"; code=$?; rm -f "$f"; exit $code'), stdin: content })] }
}

/** The key's bytes, undefined when only an id was given, or why there are none. */
function sourceContent(key: string, { fetched, file }: Known): Buffer | string | undefined {
  if (fetched !== undefined) {
    const got = parseFetched(fetched as ShellResult)
    return Buffer.isBuffer(got) ? got : `failed to fetch key at ${key} , error was: ${got}`
  }
  return file === undefined ? undefined : ((file as FileContent).bytes ?? `Not a valid key ${key}`)
}

function isTrusted(id: string, listing: string): boolean {
  const long = id.slice(-16)
  const trusted = publicKeys(Buffer.from(listing)).flatMap(({ ids }) => ids)
  // Where rpm does not keep the key itself, its version still is the short id.
  const versions = Array.from(listing.matchAll(/^[0-9a-f]{8,40}$/gm), ([version]) => version.toUpperCase())
  return [...trusted, ...versions].some((each) => each.endsWith(long) || (each.length === 8 && long.endsWith(each)))
}

function foreignFingerprints(wanted: readonly string[], keys: readonly PublicKey[]): readonly string[] {
  const found = keys.flatMap(({ fingerprints }) => fingerprints)
  return wanted.map((each) => each.replace(/ /g, '').toUpperCase()).filter((each) => !found.includes(each))
}

function change(summary: string, step: ReturnType<typeof sh>): NonNullable<Plan['changes']>[number] {
  return { summary, writes: ['path:/var/lib/rpm', 'package:*'], steps: [step], leaves: [{ kind: 'anything' }] }
}
