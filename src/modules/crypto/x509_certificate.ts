/** community.crypto.x509_certificate: certificates that are signed by their own key or by an authority of one's own, made by openssl on the host. */
import { X509Certificate } from 'node:crypto'
import { PlonerunError } from '../../errors/plonerun-error.ts'
import { contentRead, type FileContent } from '../../probe/content.ts'
import { hostWord } from '../../probe/host-path.ts'
import { pathRead } from '../../probe/path.ts'
import type { PathState } from '../../probe/path-state.ts'
import type { Read } from '../../probe/read.ts'
import type { ShellResult } from '../../probe/shell.ts'
import { bytesToText } from '../../values/bytes.ts'
import type { Plain } from '../../values/value.ts'
import type { Plan } from '../contract/change.ts'
import { state, type Known } from '../contract/module.ts'
import { defaulting, flag, integer, oneOf, path, text, type Input } from '../contract/option.ts'
import { extensionsOf, momentOf, signing, type Moment } from './certificate-text.ts'
import { backupResult, fileOptions, folderOf, generated, kept, opensslRead, passIn, placeFailure, plannedOf, plannedRead, plannedSo, printed, publicKeyOf, removed, secretsOf, touching, type Source } from './openssl.ts'
import { keyFailure, keyRead } from './openssl_publickey.ts'

const identifier = (doc: string) => defaulting(oneOf(['create_if_not_provided', 'always_create', 'never_create'], doc), 'create_if_not_provided')

const options = {
  ...fileOptions,
  provider: oneOf(['acme', 'ownca', 'selfsigned'], 'Who signs; acme is not supported here (see the plonestack).'),
  csr_path: path('The request, on the host.'),
  csr_content: text('The request itself.'),
  privatekey_path: path('The private key of the certificate, on the host; selfsigned signs with it.'),
  privatekey_content: text('The private key itself.', { secret: true }),
  privatekey_passphrase: text('Its passphrase.', { secret: true }),
  ignore_timestamps: defaulting(flag('A certificate that is there may have other times.'), true),
  selfsigned_version: defaulting(integer('Only 3.'), 3),
  selfsigned_digest: defaulting(text('The digest that is signed.'), 'sha256'),
  selfsigned_not_before: defaulting(text('From when it is valid: +0s, -1d, or 20260101000000Z.', { aliases: ['selfsigned_notBefore'] }), '+0s'),
  selfsigned_not_after: defaulting(text('Until when it is valid.', { aliases: ['selfsigned_notAfter'] }), '+3650d'),
  selfsigned_create_subject_key_identifier: identifier('Whether it has a digest of its key.'),
  ownca_path: path("The authority's certificate, on the host."),
  ownca_content: text("The authority's certificate itself."),
  ownca_privatekey_path: path("The authority's private key, on the host."),
  ownca_privatekey_content: text("The authority's private key itself.", { secret: true }),
  ownca_privatekey_passphrase: text('Its passphrase.', { secret: true }),
  ownca_version: defaulting(integer('Only 3.'), 3),
  ownca_digest: defaulting(text('The digest that is signed.'), 'sha256'),
  ownca_not_before: defaulting(text('From when it is valid.'), '+0s'),
  ownca_not_after: defaulting(text('Until when it is valid.'), '+3650d'),
  ownca_create_subject_key_identifier: identifier('Whether it has a digest of its key.'),
  ownca_create_authority_key_identifier: defaulting(flag("Whether it has the identifier of the authority's key."), true),
  acme_accountkey_path: path('Not supported.'),
  acme_challenge_path: path('Not supported.'),
  acme_chain: defaulting(flag('Not supported.'), false),
  acme_directory: text('Not supported.'),
} as const

type CertificateInput = Input<typeof options>

/** The options of the provider under one name each. */
interface Signer {
  readonly own: boolean
  readonly digest: string
  readonly from: Moment
  readonly until: Moment
  readonly identifier: 'create_if_not_provided' | 'always_create' | 'never_create'
}

export const x509Certificate = state({
  name: 'community.crypto.x509_certificate',
  aliases: ['community.crypto.openssl_certificate'],
  summary: 'Makes certificates, signed by their own key or by an authority of your own.',
  options,
  rules: { mutuallyExclusive: [['csr_path', 'csr_content'], ['privatekey_path', 'privatekey_content'], ['ownca_path', 'ownca_content'], ['ownca_privatekey_path', 'ownca_privatekey_content']], requiredIf: [['state', 'present', ['provider']]] },
  readsAgain: true,
  prepare(input): Signer {
    const fail = (message: string): never => {
      throw new PlonerunError(message, { kind: 'task' })
    }
    if (input.state === 'present' && input.provider === 'acme') fail('the provider acme is not supported: certificates of an authority on the net are made by the plonestack (docs/plonestack.md)')
    const own = input.provider === 'selfsigned'
    if ((own ? input.selfsigned_version : input.ownca_version) !== 3) fail('the version of a certificate is always 3')
    const digest = own ? input.selfsigned_digest : input.ownca_digest
    if (!/^[A-Za-z0-9-]+$/.test(digest)) fail(`'${digest}' is no digest`)
    return {
      own,
      digest,
      from: momentOf(own ? input.selfsigned_not_before : input.ownca_not_before),
      until: momentOf(own ? input.selfsigned_not_after : input.ownca_not_after),
      identifier: own ? input.selfsigned_create_subject_key_identifier : input.ownca_create_subject_key_identifier,
    }
  },
  reads(input, { own }): Record<string, Read<unknown>> {
    const [key, request, ca, caKey] = [keyOf(input), requestOf(input), caOf(input), caKeyOf(input)]
    return {
      entry: pathRead(input.path, { follow: true }),
      parent: pathRead(folderOf(input.path), { follow: true }),
      content: contentRead(input.path),
      text: opensslRead(`openssl x509 -in ${hostWord(input.path)} -noout -text`, [], touching(input.path)),
      subject: opensslRead(`openssl x509 -in ${hostWord(input.path)} -noout -subject -nameopt RFC2253`, [], touching(input.path)),
      ...(given(request) && { request: opensslRead(`${printed(request)} | openssl req -noout -text`, [request], touching(request.path)), requestKey: opensslRead(`${printed(request)} | openssl req -noout -pubkey`, [request], touching(request.path)), requestSubject: opensslRead(`${printed(request)} | openssl req -noout -subject -nameopt RFC2253`, [request], touching(request.path)) }),
      ...(request.path !== undefined && { requestFile: pathRead(request.path, { follow: true }) }),
      planned: plannedRead(input.path),
      ...Object.fromEntries([request, key, ca, caKey].flatMap((source) => (source.path === undefined ? [] : [[`planned ${source.as}`, plannedRead(source.path)]]))),
      ...(given(key) && { key: keyRead(key) }),
      ...(key.path !== undefined && { keyFile: pathRead(key.path, { follow: true }) }),
      ...(!own && given(ca) && { ca: opensslRead(printed(ca), [ca], touching(ca.path)) }),
      ...(!own && ca.path !== undefined && { caFile: pathRead(ca.path, { follow: true }) }),
      ...(!own && given(caKey) && { caKey: keyRead(caKey) }),
      ...(!own && caKey.path !== undefined && { caKeyFile: pathRead(caKey.path, { follow: true }) }),
    }
  },
  plan: (input, known: Known, signer) => plan(input, known, signer),
  result(input, known: Known, { replies, after = known }) {
    const content = (after.content as FileContent | undefined)?.bytes
    return {
      filename: input.path,
      privatekey: input.privatekey_path ?? null,
      csr: input.csr_path ?? null,
      ...(input.provider === 'ownca' && { ca_cert: input.ownca_path ?? null, ca_privatekey: input.ownca_privatekey_path ?? null }),
      ...(content && datesOf(bytesToText(content))),
      ...backupResult(input, known.entry as PathState, replies),
      ...(input.return_content && { certificate: content ? bytesToText(content) : null }),
    }
  },
})

/** Its number, and from when to when it holds, as certificates write times: `20360101000000Z`. */
function datesOf(certificate: string): Readonly<Record<string, Plain>> {
  const found = certificateOf(certificate)
  const written = (time: string): string => new Date(time).toISOString().replaceAll(/[-:T]|\.\d+/g, '')
  if (found === undefined) return {}
  const serial = BigInt(`0x${found.serialNumber}`)
  return { notBefore: written(found.validFrom), notAfter: written(found.validTo), serial_number: serial > Number.MAX_SAFE_INTEGER ? serial : Number(serial) }
}

const keyOf = (input: CertificateInput): Source => ({ path: input.privatekey_path, content: input.privatekey_content, passphrase: input.privatekey_passphrase, as: 'KEY' })
const requestOf = (input: CertificateInput): Source => ({ path: input.csr_path, content: input.csr_content, as: 'REQUEST' })
const caOf = (input: CertificateInput): Source => ({ path: input.ownca_path, content: input.ownca_content, as: 'CA' })
const caKeyOf = (input: CertificateInput): Source => ({ path: input.ownca_privatekey_path, content: input.ownca_privatekey_content, passphrase: input.ownca_privatekey_passphrase, as: 'CAKEY' })

function given({ path: file, content }: Source): boolean {
  return file !== undefined || content !== undefined
}

function plan(input: CertificateInput, known: Known, signer: Signer): Plan {
  const current = known.entry as PathState
  if (input.state === 'absent') return removed(current, input)
  const misplaced = placeFailure(current, known.parent as PathState)
  if (misplaced !== undefined) return misplaced
  const failure = sourceFailure(input, known, signer)
  if (failure !== undefined) return { fail: failure }
  const recipe = [signer.own, signer.digest, signer.identifier, input.csr_path, input.csr_content, input.privatekey_path, input.ownca_path]
  const origins = ['REQUEST', 'KEY', 'CA', 'CAKEY'].map((as) => plannedOf(known[`planned ${as}`]))
  const planned = plannedSo(known.planned, recipe, ...origins)
  const differs = (): string | undefined => (planned === undefined ? difference(input, known, signer) : planned ? undefined : 'new certificate')
  const why = current.exists && !input.force ? differs() : 'new certificate'
  if (why === undefined) return kept(current, input)
  const sources = signer.own ? { request: requestOf(input), key: keyOf(input) } : { request: requestOf(input), key: caKeyOf(input), ca: caOf(input) }
  const script = signing({
    ...signer,
    request: given(sources.request) ? printed(sources.request) : undefined,
    key: printed(sources.key),
    passIn: passIn(sources.key),
    ca: sources.ca && printed(sources.ca),
    identifier: wantsIdentifier(known, signer),
    authorityIdentifier: !signer.own && input.ownca_create_authority_key_identifier,
  })
  return { changes: [generated(current, script, secretsOf(...Object.values(sources)), why, input, { recipe: [...recipe, ...origins], planned: known.planned })] }
}

/** What is missing or cannot be read of what it is made from. */
function sourceFailure(input: CertificateInput, known: Known, { own }: Signer): string | undefined {
  if (own && !given(keyOf(input))) return 'The provider selfsigned needs privatekey_path or privatekey_content'
  if (!own && !given(requestOf(input))) return 'The provider ownca needs csr_path or csr_content'
  if (!own && !(given(caOf(input)) && given(caKeyOf(input)))) return 'The provider ownca needs ownca_path or ownca_content, and ownca_privatekey_path or ownca_privatekey_content'
  for (const [name, what] of [['requestFile', 'certificate signing request'], ['caFile', 'CA certificate']] as const) {
    const file = known[name] as PathState | undefined
    if (file?.exists === false && file.uncertain !== true) return `The ${what} file ${file.path} does not exist`
  }
  const ofKey = (name: string): string | undefined => (known[name] === undefined ? undefined : keyFailure(known[name] as ShellResult, known[`${name}File`] as PathState | undefined))
  return ofKey('key') ?? ofKey('caKey')
}

/** Why the certificate that is there is not the wanted one. */
function difference(input: CertificateInput, known: Known, signer: Signer): string | undefined {
  const there = certificateOf(bytesToText((known.content as FileContent).bytes ?? Buffer.alloc(0)))
  if (there === undefined) return 'new certificate instead of what is none'
  const key = known.key === undefined ? undefined : publicKeyOf(known.key as ShellResult)
  if (known.key !== undefined && (key === undefined || !there.publicKey.equals(key))) return 'new certificate, of another key'
  if (known.request !== undefined) {
    const requestKey = publicKeyOf(known.requestKey as ShellResult)
    if (requestKey === undefined || !there.publicKey.equals(requestKey)) return 'new certificate, of another key'
    if ((known.subject as ShellResult).stdout !== (known.requestSubject as ShellResult).stdout) return 'new certificate, of another subject'
    if (comparable(known.text as ShellResult, known, signer) !== comparable(known.request as ShellResult, known, signer)) return 'new certificate, with other extensions'
  }
  if (signer.own && !there.verify(there.publicKey)) return 'new certificate, not signed by its own key'
  const ca = known.ca === undefined ? undefined : certificateOf((known.ca as ShellResult).stdout)
  if (!signer.own && (ca === undefined || there.issuer !== ca.subject || !there.verify(ca.publicKey))) return 'new certificate, of another authority'
  if (input.ignore_timestamps) return undefined
  const same = (moment: Moment, has: string): boolean => moment.relative || Date.parse(has) === moment.time
  return same(signer.from, there.validFrom) && same(signer.until, there.validTo) ? undefined : 'new certificate, with other times'
}

function certificateOf(pem: string): X509Certificate | undefined {
  try {
    return new X509Certificate(pem)
  } catch {
    return undefined
  }
}

const SUBJECT_KEY = 'X509v3 Subject Key Identifier'
const AUTHORITY_KEY = 'X509v3 Authority Key Identifier'

/** Extensions without those that signing adds. */
function comparable({ stdout }: ShellResult, known: Known, signer: Signer): string {
  const made = wantsIdentifier(known, signer)
  return [...extensionsOf(stdout)]
    .filter(([name]) => !(name === AUTHORITY_KEY) && !(made && name === SUBJECT_KEY))
    .map(([name, value]) => `${name} ${value}`)
    .sort()
    .join('\n')
}

/** Whether signing adds a digest of the key. */
function wantsIdentifier(known: Known, { identifier }: Signer): boolean {
  if (identifier !== 'create_if_not_provided') return identifier === 'always_create'
  return known.request === undefined || !extensionsOf((known.request as ShellResult).stdout).has(SUBJECT_KEY)
}
