/** Password hashes as crypt(3), Apache and LDAP have them, by their names in passlib. */
import { createHash, randomBytes, randomInt, timingSafeEqual } from 'node:crypto'
import { bcrypt, encodeBase64 } from './bcrypt.ts'
import { md5Crypt } from './md5-crypt.ts'
import { shaCrypt } from './sha-crypt.ts'

export const SCHEMES = ['apr_md5_crypt', 'bcrypt', 'ldap_sha1', 'md5_crypt', 'plaintext', 'sha256_crypt', 'sha512_crypt'] as const
export type Scheme = (typeof SCHEMES)[number]

/** Rounds of hashes for which none are asked, as Ansible has them; bcrypt's are a power of two. */
const ROUNDS = { sha256_crypt: 535_000, sha512_crypt: 656_000, bcrypt: 12 }

export const SALT_CHARACTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789./'

/** A text of random characters. */
export function randomText(length: number, characters: string): string {
  return Array.from({ length }, () => characters[randomInt(characters.length)]!).join('')
}

/** A salt of the length that the scheme has. */
export function randomSalt(scheme: Scheme): string {
  if (scheme === 'bcrypt') return encodeBase64(randomBytes(16))
  return randomText(saltLength(scheme), SALT_CHARACTERS)
}

/** Characters at most. */
export function saltLength(scheme: Scheme): number {
  return scheme === 'bcrypt' ? 22 : scheme === 'md5_crypt' || scheme === 'apr_md5_crypt' ? 8 : 16
}

/** What a password's hash follows from. */
export interface HashRequest {
  readonly password: string
  readonly scheme: Scheme
  readonly salt: string
  readonly rounds?: number | undefined
  /** Of bcrypt only: `2b` unless given. */
  readonly ident?: string | undefined
}

/** Whether a hash takes longer than to hand it to another thread: more than some twenty milliseconds. */
export function takesLong({ scheme, rounds }: HashRequest): boolean {
  if (scheme === 'bcrypt') return (rounds ?? ROUNDS.bcrypt) > 8
  return (scheme === 'sha256_crypt' || scheme === 'sha512_crypt') && (rounds ?? ROUNDS[scheme]) > 30_000
}

export function hashPassword({ password, scheme, salt, rounds, ident = '2b' }: HashRequest): string {
  switch (scheme) {
    case 'apr_md5_crypt':
      return md5Crypt(password, salt, '$apr1$')
    case 'md5_crypt':
      return md5Crypt(password, salt, '$1$')
    case 'sha256_crypt':
    case 'sha512_crypt':
      return shaCrypt(password, { algorithm: scheme === 'sha256_crypt' ? 'sha256' : 'sha512', salt, rounds: rounds ?? ROUNDS[scheme] })
    case 'bcrypt':
      return bcrypt(password, `$${ident}$${String(rounds ?? ROUNDS.bcrypt).padStart(2, '0')}$${salt}`)
    case 'ldap_sha1':
      return `{SHA}${createHash('sha1').update(password, 'utf8').digest('base64')}`
    case 'plaintext':
      return password
  }
}

/** Whether a hash is this password's; a hash of no known kind is a plain text. */
export function isPassword(password: string, hash: string): boolean {
  if (/^\$2[abxy]\$/.test(hash)) return same(hash, bcrypt(password, hash))
  const [, magic, rounds, salt] = /^\$(1|apr1|5|6)\$(?:rounds=(\d+)\$)?([^$]*)\$/.exec(hash) ?? []
  if (magic === '1' || magic === 'apr1') return same(hash, md5Crypt(password, salt!, `$${magic}$`))
  if (magic !== undefined) return same(hash, shaCrypt(password, { algorithm: magic === '5' ? 'sha256' : 'sha512', salt: salt!, rounds: Number(rounds ?? 5000) }))
  return same(hash, hash.startsWith('{SHA}') ? hashPassword({ password, scheme: 'ldap_sha1', salt: '' }) : password)
}

function same(a: string, b: string): boolean {
  const [one, other] = [Buffer.from(a), Buffer.from(b)]
  return one.length === other.length && timingSafeEqual(one, other)
}
