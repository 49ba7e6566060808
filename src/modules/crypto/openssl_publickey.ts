/** community.crypto.openssl_publickey: the public key of a private one. */
import { createPublicKey, type KeyObject } from 'node:crypto'
import { contentRead, type FileContent } from '../../probe/content.ts'
import { hostWord } from '../../probe/host-path.ts'
import { pathRead } from '../../probe/path.ts'
import type { PathState } from '../../probe/path-state.ts'
import type { Read } from '../../probe/read.ts'
import type { ShellResult } from '../../probe/shell.ts'
import { bytesToText, textToBytes } from '../../values/bytes.ts'
import type { Plan } from '../contract/change.ts'
import { state, type Known } from '../contract/module.ts'
import { defaulting, oneOf, path, text, type Input } from '../contract/option.ts'
import { imaginedPath, resourcesOf, sha1, writeFile } from '../files/write-file.ts'
import { backupResult, fileOptions, fingerprint, folderOf, kept, NO_OPENSSL, opensslRead, passIn, leftBy, placeFailure, plannedOf, plannedRead, plannedSo, printed, publicKeyOf, removed, touching, type Source } from './openssl.ts'

const options = {
  ...fileOptions,
  format: defaulting(oneOf(['OpenSSH', 'PEM'], 'How it is written.'), 'PEM'),
  privatekey_path: path('The private key, on the host.'),
  privatekey_content: text('The private key itself.', { secret: true }),
  privatekey_passphrase: text('Its passphrase.', { secret: true }),
} as const

type KeyInput = Input<typeof options>

export const opensslPublickey = state({
  name: 'community.crypto.openssl_publickey',
  summary: 'Writes the public key of a private one.',
  options,
  rules: { mutuallyExclusive: [['privatekey_path', 'privatekey_content']] },
  reads: (input): Record<string, Read<unknown>> => ({
    entry: pathRead(input.path, { follow: true, checksum: 'sha1' }),
    parent: pathRead(folderOf(input.path), { follow: true }),
    content: contentRead(input.path),
    key: keyRead(sourceOf(input)),
    planned: plannedRead(input.path),
    ...(input.privatekey_path !== undefined && { plannedKey: plannedRead(input.privatekey_path) }),
    ...(input.privatekey_path !== undefined && { source: pathRead(input.privatekey_path, { follow: true }) }),
  }),
  plan: (input, known: Known) => plan(input, known),
  result(input, known: Known, { replies }) {
    const key = publicKeyOf(known.key as ShellResult)
    return {
      filename: input.path,
      format: input.format,
      privatekey: input.privatekey_path ?? null,
      fingerprint: fingerprint(key) ?? {},
      ...backupResult(input, known.entry as PathState, replies),
      ...(input.return_content && { publickey: input.state === 'present' && key !== undefined ? written(key, input) : null }),
    }
  },
})

/** Asks for the public key; 66 when the file of the private key is really not there (check mode may imagine one). */
export function keyRead(source: Source): Read<ShellResult> {
  const there = source.content === undefined ? `[ -e ${hostWord(source.path ?? '')} ] || exit 66; ` : ''
  return opensslRead(`${there}command -v openssl >/dev/null || exit 127; ${printed(source)} | openssl pkey ${passIn(source)} -pubout`, [source], touching(source.path))
}

function sourceOf({ privatekey_path: file, privatekey_content: content, privatekey_passphrase: passphrase }: KeyInput): Source {
  return { path: file, content, passphrase, as: 'KEY' }
}

/** Why there is no public key; undefined when there is one, or when one is only imagined. */
export function keyFailure(answer: ShellResult, source: PathState | undefined, missing = (file: string): string => `The private key ${file} does not exist`): string | undefined {
  if (answer.code === 127) return NO_OPENSSL
  if (answer.code === 66) return source?.exists === false && source.uncertain !== true ? missing(source.path) : undefined
  return publicKeyOf(answer) === undefined ? 'The private key cannot be read: it is broken, or protected with another passphrase' : undefined
}

function plan(input: KeyInput, known: Known): Plan {
  const [current, answer] = [known.entry as PathState, known.key as ShellResult]
  if (input.state === 'absent') return removed(current, input)
  if (input.privatekey_path === undefined && input.privatekey_content === undefined) return { fail: 'state is present but any of the following are missing: privatekey_path, privatekey_content' }
  const misplaced = placeFailure(current, known.parent as PathState)
  if (misplaced !== undefined) return misplaced
  const failure = keyFailure(answer, known.source as PathState | undefined)
  if (failure !== undefined) return { fail: failure }
  const key = publicKeyOf(answer)
  const summary = `${current.path}: public key`
  if (key !== undefined && input.format === 'OpenSSH' && !hasOpenssh(key)) return { fail: `OpenSSH has no format for ${key.asymmetricKeyType ?? 'such'} keys: RSA, Ed25519 and the NIST curves have one` }
  // Of a private key that check mode only imagines nobody knows the public one.
  const plannedKey = plannedOf(known.plannedKey)
  if (key === undefined || plannedKey !== '') {
    const recipe = [input.privatekey_path, input.format]
    if (current.exists && !input.force && plannedSo(known.planned, recipe, plannedKey) === true) return kept(current, input)
    return { changes: [{ summary, writes: resourcesOf(current), steps: [], leaves: [{ kind: 'path', path: imaginedPath(current), state: { type: 'file' } }, leftBy(input.path, [...recipe, plannedKey], known.planned)] }] }
  }
  if (current.exists && !input.force && sameKey(bytesToText((known.content as FileContent).bytes ?? Buffer.alloc(0)), key, input)) return kept(current, input)
  const content = textToBytes(written(key, input))
  // With force the same bytes are written again.
  const before = current.exists ? { ...current, path: current.realPath, checksum: '' } : { ...current, path: current.realPath }
  const change = writeFile(before, { content, checksum: sha1(content), wanted: input, backup: input.backup, unsafeWrites: input.unsafe_writes }, known.content as FileContent)
  return { changes: change ? [change] : [] }
}

function sameKey(content: string, key: KeyObject, { format }: KeyInput): boolean {
  if (format === 'OpenSSH') return content.split(/\s+/).slice(0, 2).join(' ') === openssh(key)
  try {
    return createPublicKey(content).equals(key)
  } catch {
    return false
  }
}

function written(key: KeyObject, { format }: KeyInput): string {
  return format === 'OpenSSH' ? openssh(key) : (key.export({ type: 'spki', format: 'pem' }) as string)
}

/** DSA keys have one too, which ssh no longer takes. */
function hasOpenssh({ asymmetricKeyType: type, asymmetricKeyDetails: details }: KeyObject): boolean {
  return type === 'rsa' || type === 'ed25519' || (type === 'ec' && ['prime256v1', 'secp384r1', 'secp521r1'].includes(details?.namedCurve ?? ''))
}

/** The line of RFC 4253 and RFC 5656, without a comment. */
function openssh(key: KeyObject): string {
  const { kty, n = '', e = '', x = '', y = '', crv = '' } = key.export({ format: 'jwk' })
  const bytes = (part: string): Buffer => Buffer.from(part, 'base64url')
  // A number with its highest bit set would be negative.
  const number = (part: string): Buffer => (bytes(part)[0]! >= 0x80 ? Buffer.concat([Buffer.alloc(1), bytes(part)]) : bytes(part))
  const curve = `nistp${crv.slice(2)}`
  const [type, ...fields] = kty === 'RSA' ? ['ssh-rsa', number(e), number(n)] : kty === 'OKP' ? ['ssh-ed25519', bytes(x)] : [`ecdsa-sha2-${curve}`, Buffer.from(curve), Buffer.concat([Buffer.of(4), bytes(x), bytes(y)])]
  const blob = [Buffer.from(type), ...(fields as Buffer[])].map((field) => Buffer.concat([Buffer.of(field.length >>> 24, (field.length >>> 16) & 255, (field.length >>> 8) & 255, field.length & 255), field]))
  return `${type} ${Buffer.concat(blob).toString('base64')}`
}
