/** community.crypto.openssl_privatekey: private keys of TLS, made by openssl on the host. */
import type { KeyObject } from 'node:crypto'
import { PlonerunError } from '../../errors/plonerun-error.ts'
import { contentRead, type FileContent } from '../../probe/content.ts'
import { hostWord } from '../../probe/host-path.ts'
import { pathRead } from '../../probe/path.ts'
import type { PathState } from '../../probe/path-state.ts'
import type { Read } from '../../probe/read.ts'
import type { ShellResult } from '../../probe/shell.ts'
import { quote } from '../../shell/quote.ts'
import { bytesToText } from '../../values/bytes.ts'
import type { Plan } from '../contract/change.ts'
import { state, type Known } from '../contract/module.ts'
import { defaulting, integer, oneOf, text, type Input } from '../contract/option.ts'
import { backupResult, fileOptions, fingerprint, folderOf, generated, kept, NO_OPENSSL, opensslRead, passIn, placeFailure, plannedRead, plannedSo, printed, publicKeyOf, removed, secretsOf, touching, type Source } from './openssl.ts'

const CURVES = ['secp224r1', 'secp256k1', 'secp256r1', 'secp384r1', 'secp521r1', 'secp192r1', 'brainpoolP256r1', 'brainpoolP384r1', 'brainpoolP512r1', 'sect163k1', 'sect163r2', 'sect233k1', 'sect233r1', 'sect283k1', 'sect283r1', 'sect409k1', 'sect409r1', 'sect571k1', 'sect571r1'] as const

const options = {
  ...fileOptions,
  type: defaulting(oneOf(['DSA', 'ECC', 'Ed25519', 'Ed448', 'RSA', 'X25519', 'X448'], 'The algorithm.'), 'RSA'),
  size: defaulting(integer('Bits of RSA and DSA.'), 4096),
  curve: oneOf(CURVES, 'The curve of ECC.'),
  passphrase: text('The key is encrypted with it.', { secret: true }),
  cipher: defaulting(text('Only auto (AES-256).'), 'auto'),
  format: defaulting(oneOf(['pkcs1', 'pkcs8', 'raw', 'auto', 'auto_ignore'], 'How it is written; auto: pkcs1 for RSA, DSA and ECC, pkcs8 for others; auto_ignore: the same for a new key, and one that is there may have any. raw is not supported.'), 'auto_ignore'),
  format_mismatch: defaulting(oneOf(['regenerate', 'convert'], 'What is done with a key in another format.'), 'regenerate'),
  regenerate: defaulting(oneOf(['never', 'fail', 'partial_idempotence', 'full_idempotence', 'always'], 'When a key that is there may be replaced: partial_idempotence when it is another one than wanted, full_idempotence also when it cannot be read.'), 'full_idempotence'),
} as const

type KeyInput = Input<typeof options>

export const opensslPrivatekey = state({
  name: 'community.crypto.openssl_privatekey',
  summary: 'Makes private keys of TLS.',
  options,
  rules: { requiredIf: [['type', 'ECC', ['curve']]] },
  readsAgain: true,
  prepare({ format, type, cipher }) {
    const fail = (message: string): never => {
      throw new PlonerunError(message, { kind: 'task' })
    }
    if (format === 'raw') fail(`the format 'raw' is not supported: use pkcs8`)
    if (format === 'pkcs1' && !hasTraditional(type)) fail(`keys of type ${type} cannot have the format pkcs1: use pkcs8 or auto`)
    if (cipher !== 'auto') fail(`the cipher '${cipher}' is not supported: it is always auto`)
  },
  reads: (input): Record<string, Read<unknown>> => ({
    entry: pathRead(input.path, { follow: true }),
    parent: pathRead(folderOf(input.path), { follow: true }),
    heading: opensslRead(`command -v openssl >/dev/null || exit 127; grep -E '^(-----BEGIN|Proc-Type:)' ${hostWord(input.path)}`, [], touching(input.path)),
    key: opensslRead(`${printed(sourceOf(input))} | openssl pkey ${passIn(sourceOf(input))} -pubout`, [sourceOf(input)], touching(input.path)),
    planned: plannedRead(input.path),
    ...(input.return_content && { content: contentRead(input.path) }),
  }),
  plan: (input, known: Known) => plan(input, known),
  result(input, known: Known, { replies, after = known }) {
    const key = publicKeyOf(after.key as ShellResult)
    const content = (after.content as FileContent | undefined)?.bytes
    return {
      filename: input.path,
      type: input.type,
      size: input.size,
      ...(input.type === 'ECC' && { curve: input.curve }),
      fingerprint: fingerprint(key),
      ...backupResult(input, known.entry as PathState, replies),
      ...(input.return_content && { privatekey: content ? bytesToText(content) : null }),
    }
  },
})

function sourceOf({ path, passphrase }: KeyInput): Source {
  return { path, passphrase, as: 'KEY' }
}

function hasTraditional(type: string): boolean {
  return ['RSA', 'DSA', 'ECC'].includes(type)
}

function plan(input: KeyInput, known: Known): Plan {
  const [current, parent, heading] = [known.entry as PathState, known.parent as PathState, known.heading as ShellResult]
  // A private key is for its owner, unless the task says otherwise.
  const file = { ...input, mode: input.mode ?? 0o600 }
  if (input.state === 'absent') return removed(current, file)
  const misplaced = placeFailure(current, parent)
  if (misplaced !== undefined) return misplaced
  if (current.exists && heading.code === 127) return { fail: NO_OPENSSL }
  const recipe = [input.type, ...(input.type === 'ECC' ? [input.curve] : hasTraditional(input.type) ? [input.size] : []), input.passphrase, formatOf(input)]
  const make = (why: string): Plan => ({ changes: [generated(current, `${generation(input)} | ${writing(input)}`, secretsOf(sourceOf(input)), why, file, { recipe, planned: known.planned })] })
  if (!current.exists) return make(`new key, ${described(input)}`)
  if (input.force || input.regenerate === 'always') return make(`new key, ${described(input)}`)
  const planned = plannedSo(known.planned, recipe)
  if (planned === true || (planned === false && input.regenerate === 'never')) return kept(current, file)
  if (planned === false) return input.regenerate === 'fail' ? { fail: WRONG } : make(`new key, ${described(input)}`)
  const key = publicKeyOf(known.key as ShellResult)
  const encrypted = heading.stdout.includes('ENCRYPTED')
  if (key === undefined || encrypted !== (input.passphrase !== undefined)) {
    if (input.regenerate === 'full_idempotence') return make(`new key instead of one that cannot be read, ${described(input)}`)
    return { fail: 'Unable to read the key. The key is protected with another passphrase or none, or it is broken. Will not proceed. To have it made anew, use regenerate: full_idempotence or always, or force.' }
  }
  const same = matches(input, key)
  if (input.regenerate === 'never') return kept(current, file)
  if (same && hasFormat(input, heading.stdout)) return kept(current, file)
  if (same && input.format_mismatch === 'convert') return { changes: [generated(current, `${printed(sourceOf(input))} | openssl pkey ${passIn(sourceOf(input))} | ${writing(input)}`, secretsOf(sourceOf(input)), `format ${formatOf(input)}`, file, { recipe, planned: known.planned })] }
  if (input.regenerate === 'fail') return { fail: same ? WRONG.replace('type and/or size', 'format') : WRONG }
  return make(same ? `new key, format ${formatOf(input)}` : `new key, ${described(input)}`)
}

const WRONG = 'Key has wrong type and/or size. Will not proceed. To have it made anew, use regenerate: partial_idempotence, full_idempotence or always, or force.'

function described({ type, size, curve }: KeyInput): string {
  if (type === 'ECC') return `ECC ${curve!}`
  return type === 'RSA' || type === 'DSA' ? `${type} of ${size} bits` : type
}

function opensslCurve(curve: string): string {
  return ({ secp256r1: 'prime256v1', secp192r1: 'prime192v1' } as Readonly<Record<string, string>>)[curve] ?? curve
}

function matches({ type, size, curve }: KeyInput, { asymmetricKeyType, asymmetricKeyDetails }: KeyObject): boolean {
  if (asymmetricKeyType !== (type === 'ECC' ? 'ec' : type.toLowerCase())) return false
  if (type === 'ECC') return asymmetricKeyDetails?.namedCurve === opensslCurve(curve!)
  return !['RSA', 'DSA'].includes(type) || asymmetricKeyDetails?.modulusLength === size
}

function formatOf({ format, type }: KeyInput): 'pkcs1' | 'pkcs8' {
  return format === 'pkcs1' || (format !== 'pkcs8' && hasTraditional(type)) ? 'pkcs1' : 'pkcs8'
}

/** `BEGIN PRIVATE KEY` and `BEGIN ENCRYPTED PRIVATE KEY` are PKCS #8; with an algorithm's name it is the traditional one. */
function hasFormat(input: KeyInput, heading: string): boolean {
  return input.format === 'auto_ignore' || (/BEGIN (ENCRYPTED )?PRIVATE KEY/.test(heading) ? 'pkcs8' : 'pkcs1') === formatOf(input)
}

/** Prints a new key. */
function generation({ type, size, curve }: KeyInput): string {
  switch (type) {
    case 'RSA':
      return `openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:${size} 2>/dev/null`
    case 'DSA':
      return `openssl dsaparam -genkey ${size} 2>/dev/null`
    case 'ECC':
      return `openssl genpkey -algorithm EC -pkeyopt ${quote(`ec_paramgen_curve:${opensslCurve(curve!)}`)} -pkeyopt ec_param_enc:named_curve`
    default:
      return `openssl genpkey -algorithm ${type}`
  }
}

/** Writes a plain key from stdin in its format, encrypted when there is a passphrase. */
function writing(input: KeyInput): string {
  const encrypting = input.passphrase === undefined ? '' : ' -aes256 -passout env:PLONERUN_KEY_PASSPHRASE'
  return `openssl pkey${formatOf(input) === 'pkcs1' ? ' -traditional' : ''}${encrypting}`
}
