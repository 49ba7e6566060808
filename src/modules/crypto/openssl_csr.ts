/** community.crypto.openssl_csr: requests for certificates, made by openssl on the host. */
import { PlonerunError } from '../../errors/plonerun-error.ts'
import { contentRead, type FileContent } from '../../probe/content.ts'
import { hostWord } from '../../probe/host-path.ts'
import { pathRead } from '../../probe/path.ts'
import type { PathState } from '../../probe/path-state.ts'
import type { Read } from '../../probe/read.ts'
import type { ShellResult } from '../../probe/shell.ts'
import { quote } from '../../shell/quote.ts'
import { bytesToText } from '../../values/bytes.ts'
import { str } from '../../values/print.ts'
import { isList } from '../../values/tuple.ts'
import type { Dict } from '../../values/value.ts'
import type { Plan } from '../contract/change.ts'
import { state, type Known } from '../contract/module.ts'
import { defaulting, dict, flag, integer, list, oneOf, path, record, text, type Input } from '../contract/option.ts'
import { requestConfig, type RequestWish } from './csr-config.ts'
import { backupResult, fileOptions, folderOf, generated, kept, opensslRead, passIn, placeFailure, plannedOf, plannedRead, plannedSo, printed, removed, secretsOf, touching, type Source } from './openssl.ts'
import { keyFailure, keyRead } from './openssl_publickey.ts'

const name = text('A name with its kind: DNS:, IP:, URI:, email:, RID:, otherName:.')

const options = {
  ...fileOptions,
  privatekey_path: path('The private key that signs it, on the host.'),
  privatekey_content: text('The private key itself.', { secret: true }),
  privatekey_passphrase: text('Its passphrase.', { secret: true }),
  digest: defaulting(text('The digest that is signed.'), 'sha256'),
  version: defaulting(integer('Only 1.'), 1),
  subject: dict('Kinds and values of the subject; a list for several values.'),
  subject_ordered: list(dict('One kind and its value.'), 'The subject in an order that matters.'),
  country_name: text('C of the subject.', { aliases: ['C', 'countryName'] }),
  state_or_province_name: text('ST of the subject.', { aliases: ['ST', 'stateOrProvinceName'] }),
  locality_name: text('L of the subject.', { aliases: ['L', 'localityName'] }),
  organization_name: text('O of the subject.', { aliases: ['O', 'organizationName'] }),
  organizational_unit_name: text('OU of the subject.', { aliases: ['OU', 'organizationalUnitName'] }),
  common_name: text('CN of the subject.', { aliases: ['CN', 'commonName'] }),
  email_address: text('emailAddress of the subject.', { aliases: ['E', 'emailAddress'] }),
  subject_alt_name: list(name, 'Further names.', { aliases: ['subjectAltName'] }),
  subject_alt_name_critical: defaulting(flag('They are critical.', { aliases: ['subjectAltName_critical'] }), false),
  use_common_name_for_san: defaulting(flag('Without further names the common name is one.', { aliases: ['useCommonNameForSAN'] }), true),
  key_usage: list(text('A usage, such as digitalSignature.'), 'What the key is for.', { aliases: ['keyUsage'] }),
  key_usage_critical: defaulting(flag('It is critical.', { aliases: ['keyUsage_critical'] }), false),
  extended_key_usage: list(text('A usage, such as serverAuth.'), 'What more the key is for.', { aliases: ['extKeyUsage', 'extendedKeyUsage'] }),
  extended_key_usage_critical: defaulting(flag('It is critical.', { aliases: ['extKeyUsage_critical', 'extendedKeyUsage_critical'] }), false),
  basic_constraints: list(text('Such as CA:TRUE or pathlen:0.'), 'Whether it is an authority.', { aliases: ['basicConstraints'] }),
  basic_constraints_critical: defaulting(flag('It is critical.', { aliases: ['basicConstraints_critical'] }), false),
  ocsp_must_staple: defaulting(flag('The server must staple.', { aliases: ['ocspMustStaple'] }), false),
  ocsp_must_staple_critical: defaulting(flag('It is critical.', { aliases: ['ocspMustStaple_critical'] }), false),
  name_constraints_permitted: list(name, 'An authority: names that it may sign.'),
  name_constraints_excluded: list(name, 'An authority: names that it may not sign.'),
  name_constraints_critical: defaulting(flag('They are critical.'), false),
  create_subject_key_identifier: defaulting(flag('Has a digest of the key as its identifier.'), false),
  subject_key_identifier: text('The identifier of the key, in hexadecimal digits with colons.'),
  authority_key_identifier: text("The identifier of the authority's key, in hexadecimal digits with colons."),
  authority_cert_issuer: list(text('A name.'), 'Not supported.'),
  authority_cert_serial_number: integer('Not supported.'),
  crl_distribution_points: list(
    record(
      {
        full_name: list(text('A name, such as URI:https://example.org/list.crl.'), 'Where it is.'),
        reasons: list(oneOf(['key_compromise', 'ca_compromise', 'affiliation_changed', 'superseded', 'cessation_of_operation', 'certificate_hold', 'privilege_withdrawn', 'aa_compromise'], 'A reason.'), 'For what reasons.'),
        relative_name: list(text('A name.'), 'Not supported.'),
        crl_issuer: list(text('A name.'), 'Not supported.'),
      },
      'full_name and reasons.',
    ),
    'Where lists of revoked certificates are.',
  ),
} as const

type RequestInput = Input<typeof options>

export const opensslCsr = state({
  name: 'community.crypto.openssl_csr',
  summary: 'Makes requests for certificates.',
  options,
  rules: { mutuallyExclusive: [['privatekey_path', 'privatekey_content'], ['subject', 'subject_ordered'], ['create_subject_key_identifier', 'subject_key_identifier']] },
  readsAgain: true,
  prepare(input) {
    const fail = (message: string): never => {
      throw new PlonerunError(message, { kind: 'task' })
    }
    if (input.state === 'absent') return ''
    if (input.version !== 1) fail('version is always 1')
    if (input.authority_cert_issuer !== undefined || input.authority_cert_serial_number !== undefined) fail('authority_cert_issuer and authority_cert_serial_number are not supported')
    if (input.crl_distribution_points?.some((point) => (point.relative_name ?? point.crl_issuer) !== undefined)) fail('relative_name and crl_issuer of crl_distribution_points are not supported')
    if (!/^[A-Za-z0-9-]+$/.test(input.digest)) fail(`'${input.digest}' is no digest`)
    return requestConfig(wish(input))
  },
  reads: (input, config): Record<string, Read<unknown>> => ({
    entry: pathRead(input.path, { follow: true }),
    parent: pathRead(folderOf(input.path), { follow: true }),
    key: keyRead(sourceOf(input)),
    ...(input.privatekey_path !== undefined && { source: pathRead(input.privatekey_path, { follow: true }) }),
    there: opensslRead(`cat -- ${hostWord(input.path)} | ${PRINTING}`, [], touching(input.path)),
    wanted: opensslRead(`made=$(${making(input, config)} 2>&1) || { printf %s "$made"; exit 1; }; printf '%s\\n' "$made" | ${PRINTING}`, [sourceOf(input)], touching(input.privatekey_path)),
    planned: plannedRead(input.path),
    ...(input.privatekey_path !== undefined && { plannedKey: plannedRead(input.privatekey_path) }),
    ...(input.return_content && { content: contentRead(input.path) }),
  }),
  plan: (input, known: Known, config) => plan(input, known, config),
  result(input, known: Known, { replies, after = known }) {
    const { names, subject, keyUsage, extendedKeyUsage, basicConstraints, mustStaple, permitted, excluded } = wish(input)
    const content = (after.content as FileContent | undefined)?.bytes
    return {
      privatekey: input.privatekey_path ?? null,
      filename: input.path,
      subject: subject.map((pair) => [...pair]),
      subjectAltName: orNull(names),
      keyUsage: orNull(keyUsage),
      extendedKeyUsage: orNull(extendedKeyUsage),
      basicConstraints: orNull(basicConstraints),
      ocspMustStaple: mustStaple,
      name_constraints_permitted: [...permitted],
      name_constraints_excluded: [...excluded],
      ...backupResult(input, known.entry as PathState, replies),
      ...(input.return_content && { csr: content ? bytesToText(content) : null }),
    }
  },
})

/** Prints what a request says, and whether its signature is its own key's. */
const PRINTING = 'openssl req -verify -noout -text -nameopt utf8,sep_multiline,sname -reqopt no_sigdump 2>&1'

function sourceOf({ privatekey_path: file, privatekey_content: content, privatekey_passphrase: passphrase }: RequestInput): Source {
  return { path: file, content, passphrase, as: 'KEY' }
}

function wish(input: RequestInput): RequestWish {
  const single: readonly (readonly [string, string | undefined])[] = [
    ['C', input.country_name],
    ['ST', input.state_or_province_name],
    ['L', input.locality_name],
    ['O', input.organization_name],
    ['OU', input.organizational_unit_name],
    ['CN', input.common_name],
    ['emailAddress', input.email_address],
  ]
  const given = single.flatMap(([kind, value]) => (value ? [[kind, value] as const] : []))
  const subject = [...given, ...(input.subject_ordered ?? (input.subject ? [input.subject] : [])).flatMap(pairsOf)]
  const common = subject.findLast(([kind]) => kind === 'CN' || kind === 'commonName')?.[1]
  return {
    subject,
    names: input.subject_alt_name ?? (input.use_common_name_for_san && common !== undefined ? [`DNS:${common}`] : []),
    namesCritical: input.subject_alt_name_critical,
    keyUsage: input.key_usage ?? [],
    keyUsageCritical: input.key_usage_critical,
    extendedKeyUsage: input.extended_key_usage ?? [],
    extendedKeyUsageCritical: input.extended_key_usage_critical,
    basicConstraints: input.basic_constraints ?? [],
    basicConstraintsCritical: input.basic_constraints_critical,
    mustStaple: input.ocsp_must_staple,
    mustStapleCritical: input.ocsp_must_staple_critical,
    permitted: input.name_constraints_permitted ?? [],
    excluded: input.name_constraints_excluded ?? [],
    constraintsCritical: input.name_constraints_critical,
    subjectKeyIdentifier: input.create_subject_key_identifier ? 'hash' : input.subject_key_identifier,
    authorityKeyIdentifier: input.authority_key_identifier,
    crlPoints: input.crl_distribution_points ?? [],
  }
}

function pairsOf(subject: Dict): readonly (readonly [string, string])[] {
  return [...subject].flatMap(([kind, value]) => (isList(value) ? [...value] : [value]).map((each): readonly [string, string] => [str(kind), str(each)]))
}

/** Prints the request; key and configuration come through pipes. */
function making(input: RequestInput, config: string): string {
  const source = sourceOf(input)
  const subject = wish(input).subject.length === 0 ? ' -subj /' : ''
  return `${printed(source)} | { printf %s ${quote(config)} | openssl req -new -config /dev/stdin -key /dev/fd/4 ${passIn(source)} -${input.digest}${subject} 4<&3; } 3<&0`
}

function plan(input: RequestInput, known: Known, config: string): Plan {
  const current = known.entry as PathState
  if (input.state === 'absent') return removed(current, input)
  if (input.privatekey_path === undefined && input.privatekey_content === undefined) return { fail: 'state is present but any of the following are missing: privatekey_path, privatekey_content' }
  const [key, wanted, there] = [known.key as ShellResult, known.wanted as ShellResult, known.there as ShellResult]
  const misplaced = placeFailure(current, known.parent as PathState)
  if (misplaced !== undefined) return misplaced
  const failure = keyFailure(key, known.source as PathState | undefined, (file) => `[Errno 2] No such file or directory: '${file}'`)
  if (failure !== undefined) return { fail: failure }
  if (key.code === 0 && wanted.code !== 0) return { fail: `openssl cannot make this request: ${wanted.stdout.trim()}` }
  const recipe = [config, input.digest, input.privatekey_path, input.privatekey_content]
  const plannedKey = plannedOf(known.plannedKey)
  const planned = plannedSo(known.planned, recipe, plannedKey)
  if (current.exists && !input.force && planned === true) return kept(current, input)
  if (current.exists && !input.force && planned === undefined && key.code === 0 && there.code === 0 && saying(there, input) === saying(wanted, input)) return kept(current, input)
  return { changes: [generated(current, making(input, config), secretsOf(sourceOf(input)), 'request for a certificate', input, { recipe: [...recipe, plannedKey], planned: known.planned })] }
}

/** What a request says, in an order that does not depend on who wrote it. */
function saying({ stdout }: ShellResult, { subject_ordered: ordered }: RequestInput): string {
  const subject = ordered === undefined ? '' : /Subject:\s*([^]*?)\n\s*Subject Public Key Info/.exec(stdout)?.[1] ?? ''
  const parts = stdout.split(/\n|, /).map((part) => part.trim()).filter((part) => part !== '' && !part.startsWith('Signature Algorithm:'))
  return [subject, ...parts.sort()].join('\n')
}

/** Ansible has null for what the request does not say. */
function orNull(said: Iterable<string>): readonly string[] | null {
  const all = [...said]
  return all.length > 0 ? all : null
}
