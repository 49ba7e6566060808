/** Filters that hash, encode and identify. */
import { createHash, getHashes } from 'node:crypto'
import { PlonerunError } from '../../errors/plonerun-error.ts'
import { didYouMean } from '../../errors/suggest.ts'
import { bytesToText, textToBytes } from '../../values/bytes.ts'
import type { Value } from '../../values/value.ts'
import { randomSalt, randomText, saltLength, SALT_CHARACTERS, type HashRequest, type Scheme } from '../hashing/crypt.ts'
import { flag, int, optional, or, string, text } from '../plugins/parameter.ts'
import { plugin, type Plugins } from '../plugins/plugin.ts'

function digest(value: string, algorithm: string): string {
  if (!getHashes().includes(algorithm)) {
    const hint = didYouMean(algorithm, getHashes())
    throw new PlonerunError(`unsupported hash type ${algorithm}`, hint ? { hint } : {})
  }
  return createHash(algorithm).update(textToBytes(value)).digest('hex')
}

const hashed = (algorithm: string) => plugin({ value: text }, ({ value }) => digest(value, algorithm))

function bufferEncoding(name: string): BufferEncoding {
  const known: Readonly<Record<string, BufferEncoding>> = { utf8: 'utf8', ascii: 'ascii', latin1: 'latin1', iso88591: 'latin1', utf16le: 'utf16le' }
  const encoding = known[name.toLowerCase().replace(/[-_]/g, '')]
  if (!encoding) throw new PlonerunError(`unknown encoding: ${name}`)
  return encoding
}

function decodeBase64(value: string, urlsafe: boolean): Buffer {
  const digits = (urlsafe ? value.replaceAll('-', '+').replaceAll('_', '/') : value).replace(/[^A-Za-z\d+/=]/g, '')
  const body = digits.replace(/=+$/, '')
  if (body.length % 4 === 1) throw new PlonerunError(`Invalid base64-encoded string: number of data characters (${body.length}) cannot be 1 more than a multiple of 4`)
  if (digits.length % 4 !== 0 && body.length % 4 !== 0 && digits.length < body.length + (4 - (body.length % 4))) throw new PlonerunError('Incorrect padding')
  return Buffer.from(body, 'base64')
}

/** The namespace of Ansible's to_uuid. */
const NAMESPACE = '361e6d51-faec-444a-9079-341386da8e2e'

function uuid5(name: string, namespace: string): string {
  const hex = namespace.replace(/^urn:uuid:|[{}-]/g, '')
  if (!/^[\da-fA-F]{32}$/.test(hex)) throw new PlonerunError(`Invalid value '${namespace}' for 'namespace': badly formed hexadecimal UUID string`)
  const bytes = createHash('sha1').update(Buffer.from(hex, 'hex')).update(name, 'utf8').digest().subarray(0, 16)
  bytes[6] = (bytes[6]! & 0x0f) | 0x50
  bytes[8] = (bytes[8]! & 0x3f) | 0x80
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}

/** What Ansible calls the hashes of crypt(3), besides their own names. */
const SHADOW: Readonly<Record<string, Scheme>> = { sha512: 'sha512_crypt', sha256: 'sha256_crypt', md5: 'md5_crypt', blowfish: 'bcrypt' }

function schemeOf(type: string): Scheme {
  const scheme = SHADOW[type] ?? Object.values(SHADOW).find((each) => each === type)
  if (scheme === undefined) throw new PlonerunError(`password_hash: '${type}' is not supported`, { hint: `known are ${Object.keys(SHADOW).join(', ')}` })
  return scheme
}

/** What is asked for a hash of a password for /etc/shadow. Throws a PlonerunError for a salt or scheme that there is not. */
export function hashRequest(password: string, type: string, salt: string, rounds?: number, ident?: string): HashRequest {
  const scheme = schemeOf(type)
  const length = saltLength(scheme)
  if (salt.length > length) throw new PlonerunError(`password_hash: the salt may have at most ${length} characters`)
  if (scheme === 'bcrypt' && salt.length < length) throw new PlonerunError(`password_hash: a salt for bcrypt has ${length} characters`)
  if (/[^./\dA-Za-z]/.test(salt)) throw new PlonerunError('password_hash: the salt may consist of letters, digits, . and / only')
  return { password, scheme, salt, rounds, ident }
}

export const hashes: Plugins = {
  md5: hashed('md5'),
  sha1: hashed('sha1'),
  checksum: hashed('sha1'),
  hash: plugin({ value: text, hashtype: or(string, 'sha1') }, ({ value, hashtype }) => digest(value, hashtype)),
  crc32: plugin({ value: text }, ({ value }) => crc32(value)),
  b64encode: plugin({ value: text, encoding: or(string, 'utf-8'), urlsafe: or(flag, false) }, ({ value, encoding, urlsafe }) => {
    const chosen = bufferEncoding(encoding)
    const encoded = (chosen === 'utf8' ? textToBytes(value) : Buffer.from(value, chosen)).toString('base64')
    return urlsafe ? encoded.replaceAll('+', '-').replaceAll('/', '_') : encoded
  }),
  b64decode: plugin({ value: text, encoding: or(string, 'utf-8'), urlsafe: or(flag, false) }, ({ value, encoding, urlsafe }) => {
    const [bytes, chosen] = [decodeBase64(value, urlsafe), bufferEncoding(encoding)]
    return chosen === 'utf8' ? bytesToText(bytes) : bytes.toString(chosen)
  }),
  to_uuid: plugin({ value: text, namespace: or(string, NAMESPACE) }, ({ value, namespace }) => uuid5(value, namespace)),
  password_hash: plugin(
    { password: text, hashtype: or(string, 'sha512'), salt: optional(text), salt_size: optional(int), rounds: optional(int), ident: optional(string) },
    ({ password, hashtype, salt, salt_size, rounds, ident }, environment): Value => {
      const make = (chosen: string): Value => environment.hash(hashRequest(password, hashtype, chosen, rounds, ident))
      if (salt) return make(salt)
      const chosen = environment.chance('password_hash', () => (salt_size === undefined ? randomSalt(schemeOf(hashtype)) : randomText(salt_size, SALT_CHARACTERS)))
      environment.warn('password_hash without a salt gives another hash in every run: the task will always be changed')
      return make(chosen as string)
    },
  ),
}

function crc32(value: string): string {
  let crc = 0xffffffff
  for (const byte of Buffer.from(value, 'utf8')) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0)
  }
  return ((crc ^ 0xffffffff) >>> 0).toString(16)
}
