/** The configuration that makes openssl req write a signing request as community.crypto's options describe it; pure. */
import { PlonerunError } from '../../errors/plonerun-error.ts'

/** A distribution point of revocation lists. */
export interface CrlPoint {
  readonly full_name?: readonly string[] | undefined
  readonly reasons?: readonly string[] | undefined
}

export interface RequestWish {
  /** Kinds and values, in order. */
  readonly subject: readonly (readonly [kind: string, value: string])[]
  readonly names: readonly string[]
  readonly namesCritical: boolean
  readonly keyUsage: readonly string[]
  readonly keyUsageCritical: boolean
  readonly extendedKeyUsage: readonly string[]
  readonly extendedKeyUsageCritical: boolean
  readonly basicConstraints: readonly string[]
  readonly basicConstraintsCritical: boolean
  readonly mustStaple: boolean
  readonly mustStapleCritical: boolean
  readonly permitted: readonly string[]
  readonly excluded: readonly string[]
  readonly constraintsCritical: boolean
  /** `hash`, or the bytes in hexadecimal digits. */
  readonly subjectKeyIdentifier?: string | undefined
  readonly authorityKeyIdentifier?: string | undefined
  readonly crlPoints: readonly CrlPoint[]
}

type Section = readonly (readonly [name: string, value: string])[]

/**
 * The text for `openssl req -config` (config(5) and x509v3_config(5) of OpenSSL).
 * @throws PlonerunError for a name of a kind that openssl cannot be told
 */
export function requestConfig(wish: RequestWish): string {
  const extensions: Section = [
    ...extension('subjectAltName', wish.names.length > 0 ? ['@names'] : [], wish.namesCritical),
    ...extension('keyUsage', wish.keyUsage, wish.keyUsageCritical),
    ...extension('extendedKeyUsage', wish.extendedKeyUsage, wish.extendedKeyUsageCritical),
    ...extension('basicConstraints', wish.basicConstraints.map((each) => each.replace(/^pathLenConstraint:/i, 'pathlen:')), wish.basicConstraintsCritical),
    ...extension('tlsfeature', wish.mustStaple ? ['status_request'] : [], wish.mustStapleCritical),
    ...extension('nameConstraints', wish.permitted.length + wish.excluded.length > 0 ? ['@constraints'] : [], wish.constraintsCritical),
    ...extension('subjectKeyIdentifier', wish.subjectKeyIdentifier === undefined ? [] : [wish.subjectKeyIdentifier], false),
    ...extension('authorityKeyIdentifier', wish.authorityKeyIdentifier === undefined ? [] : [authority(wish.authorityKeyIdentifier)], false),
    ...extension('crlDistributionPoints', wish.crlPoints.map((_, index) => `point${index}`), false),
  ]
  return [
    section('req', [['prompt', 'no'], ['distinguished_name', 'subject'], ['string_mask', 'utf8only'], ['utf8', 'yes'], ...(extensions.length > 0 ? [['req_extensions', 'extensions'] as const] : [])]),
    section('subject', wish.subject.map(([kind, value], index) => [`${index}.${word(kind)}`, escaped(value)])),
    section('extensions', extensions),
    section('names', wish.names.map((name, index) => entry(name, index))),
    section('constraints', [
      ...wish.permitted.map((name, index) => constraint('permitted', name, index)),
      ...wish.excluded.map((name, index) => constraint('excluded', name, index)),
    ]),
    ...wish.crlPoints.map(({ full_name: names = [], reasons = [] }, index) =>
      section(`point${index}`, [
        ...(names.length > 0 ? [['fullname', names.map(listed).join(',')] as const] : []),
        ...(reasons.length > 0 ? [['reasons', reasons.map(reason).join(',')] as const] : []),
      ]),
    ),
  ].join('')
}

function section(name: string, lines: Section): string {
  return `[${name}]\n${lines.map(([key, value]) => `${key} = ${value}\n`).join('')}`
}

function extension(name: string, values: readonly string[], critical: boolean): Section {
  return values.length === 0 ? [] : [[name, [...(critical ? ['critical'] : []), ...values.map(listed)].join(',')]]
}

/** `DNS:example.org` as `DNS.0 = example.org`. */
function entry(name: string, index: number): readonly [string, string] {
  const [, kind, value] = /^(DNS|IP|URI|email|RID|otherName):(.*)$/is.exec(name) ?? []
  if (kind === undefined) throw new PlonerunError(`the name '${name}' is not supported: it begins with DNS:, IP:, URI:, email:, RID: or otherName:`, { kind: 'task' })
  return [`${kind}.${index}`, escaped(value!)]
}

/** openssl wants the mask of a network, people write its length. */
function constraint(which: 'permitted' | 'excluded', name: string, index: number): readonly [string, string] {
  const [key, value] = entry(name, index)
  const length = /^IP/i.test(key) ? /^([\d.]+)\/(\d+)$/.exec(value) : null
  return [`${which};${key}`, length ? `${length[1]!}/${mask(Number(length[2]))}` : value]
}

function mask(length: number): string {
  return [0, 8, 16, 24].map((before) => 256 - 2 ** (8 - Math.min(8, Math.max(0, length - before)))).join('.')
}

/** The DER of an AuthorityKeyIdentifier with a key identifier alone, which openssl takes no other way. */
function authority(digits: string): string {
  const bytes = digits.split(':')
  const length = (more: number): string => (bytes.length + more).toString(16).padStart(2, '0')
  if (!bytes.every((byte) => /^[0-9a-f]{2}$/i.test(byte)) || bytes.length > 120) throw new PlonerunError(`'${digits}' are no bytes in hexadecimal digits with colons`, { kind: 'task' })
  return `DER:30:${length(2)}:80:${length(0)}:${bytes.join(':')}`
}

/** `key_compromise` is `keyCompromise`; CA and AA are written large. */
function reason(name: string): string {
  const camel = name.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase())
  return camel.replace(/^(ca|aa)(?=C)/, (short) => short.toUpperCase())
}

/** The name of a setting. */
function word(text: string): string {
  if (!/^[A-Za-z0-9.]+$/.test(text)) throw new PlonerunError(`'${text}' is no part of a subject`, { kind: 'task', hint: 'Such as CN, O, OU, C, ST, L, emailAddress.' })
  return text
}

/** A value, whatever characters it has. */
function escaped(text: string): string {
  if (/[\r\n\0]/.test(text)) throw new PlonerunError(`'${text}' must be one line`, { kind: 'task' })
  return text.trim().replace(/[\\$#"'`]/g, '\\$&')
}

/** A value within a list with commas. */
function listed(text: string): string {
  if (text.includes(',')) throw new PlonerunError(`'${text}' must not have a comma`, { kind: 'task' })
  return escaped(text)
}
