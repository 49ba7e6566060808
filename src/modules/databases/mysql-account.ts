/** Accounts of MySQL and MariaDB: what the server tells of them, what differs from what is wanted, and what it would tell afterwards. */
import { createHash } from 'node:crypto'
import { PlonerunError } from '../../errors/plonerun-error.ts'
import { shaCrypt } from '../../template/hashing/sha-crypt.ts'
import type { ShellResult } from '../../probe/shell.ts'
import { isDict } from '../../values/dict.ts'
import { str } from '../../values/print.ts'
import type { Value } from '../../values/value.ts'
import { fieldOf, fieldText, sqlText } from './mysql-client.ts'

export interface Row {
  readonly host: string
  readonly plugin: string
  readonly hash: string
}

/** What `SELECT host, plugin, authentication_string` gives. */
export function rowsOf({ stdout, code }: ShellResult): readonly Row[] {
  if (code !== 0) return []
  return stdout.split('\n').filter((line) => line.includes('\t')).map((line) => {
    const [host = '', plugin = '', hash = ''] = line.split('\t')
    return { host, plugin, hash: fieldOf(hash) }
  })
}

/** The rows as the server would give them. */
export function rowsText(rows: readonly Row[]): string {
  return rows.map(({ host, plugin, hash }) => `${host}\t${plugin}\t${fieldText(hash)}\n`).join('')
}

export function accountName(name: string, host: string): string {
  return `${sqlText(name)}@${sqlText(host)}`
}

export interface Proof {
  readonly password: string | undefined
  readonly encrypted: boolean
  readonly plugin: string | undefined
  readonly plugin_hash_string: string | undefined
  readonly plugin_auth_string: string | undefined
  /** For a hash of the text that can be told from another. */
  readonly salt: string | undefined
}

const NATIVE = 'mysql_native_password'

/** How an account is told from others: the hash of a password counts before a plugin. */
export function identified(wanted: Proof): string {
  const { password, plugin, plugin_hash_string: hash, plugin_auth_string: auth } = wanted
  if (password) return identifiedAs(NATIVE, keptBy(wanted).hash)
  if (plugin === undefined) return ''
  const proof = hash ? ` AS ${sqlText(hash)}` : !auth ? '' : wanted.salt ? ` AS 0x${Buffer.from(keptBy(wanted).hash).toString('hex').toUpperCase()}` : ` ${proves(plugin, auth)}`
  return ` IDENTIFIED WITH ${word(plugin)}${proof}`
}

/** MariaDB's own plugins want USING. */
function proves(plugin: string, auth: string): string {
  if (plugin === 'pam') return `USING ${sqlText(auth)}`
  return plugin === 'ed25519' ? `USING PASSWORD(${sqlText(auth)})` : `BY ${sqlText(auth)}`
}

export function identifiedAs(plugin: string, hash: string): string {
  return ` IDENTIFIED WITH ${word(plugin)} AS ${sqlText(hash)}`
}

function word(plugin: string): string {
  return plugin.replace(/\W/g, '')
}

/** What the server would keep. */
export function keptBy({ password, encrypted, plugin, plugin_hash_string: hash, plugin_auth_string: auth, salt }: Proof): Omit<Row, 'host'> {
  if (password) return { plugin: NATIVE, hash: encrypted ? password : nativeHash(password) }
  return { plugin: plugin ?? NATIVE, hash: hash || (!auth ? '' : salt ? saltedHash(auth, salt) : plugin === NATIVE ? nativeHash(auth) : auth) }
}

/** Whether what the server keeps is of another password, as far as that can be told. */
export function proofDiffers(proof: Proof, row: Row): boolean {
  const { password, plugin, plugin_hash_string: hash, plugin_auth_string: auth } = proof
  if (!password && plugin === undefined) return false
  const kept = keptBy(proof)
  if (kept.plugin !== row.plugin && !password) return true
  if (!password && !hash && !auth) return false
  return kept.plugin === NATIVE ? kept.hash.toUpperCase() !== row.hash.toUpperCase() : kept.hash !== row.hash
}

export const SALTED = ['caching_sha2_password', 'sha256_password']

/** What these plugins keep: the 5000 rounds of SHA-crypt, with a salt of 20 characters. */
function saltedHash(password: string, salt: string): string {
  return `$A$005$${salt}${shaCrypt(password, { algorithm: 'sha256', salt, rounds: 5000 }).slice(-43)}`
}

/** What mysql_native_password keeps: SHA-1 of the SHA-1. */
function nativeHash(password: string): string {
  if (password === '') return ''
  const once = createHash('sha1').update(password).digest()
  return `*${createHash('sha1').update(once).digest('hex').toUpperCase()}`
}

export function isHash(text: string): boolean {
  return /^\*[\da-f]{40}$/i.test(text)
}

/** What the connection must have, as REQUIRE takes it; nothing given is nothing required. */
export function requirement(given: Value | undefined): string {
  if (given === undefined || given === null) return 'NONE'
  if (!isDict(given)) throw new PlonerunError('tls_requires must be a mapping', { kind: 'task' })
  const wanted = [...given].map(([name, value]): [string, Value] => [str(name).toUpperCase(), value])
  const named = wanted.filter(([name]) => ['CIPHER', 'ISSUER', 'SUBJECT'].includes(name))
  if (named.length > 0) return named.map(([name, value]) => `${name} ${sqlText(str(value))}`).join(' AND ')
  if (wanted.length === 0) return 'NONE'
  return wanted.some(([name]) => name === 'X509') ? 'X509' : 'SSL'
}

/** Whether `SHOW CREATE USER` tells another requirement. */
export function requiresOther(shown: string, wanted: string): boolean {
  const found = /REQUIRE (.*?)(?= WITH | ACCOUNT | PASSWORD |$)/.exec(shown.trim())?.[1] ?? 'NONE'
  const parts = (text: string): string => (text.match(/(?:ISSUER|SUBJECT|CIPHER) '(?:[^'\\]|''|\\.)*'/g) ?? [text]).sort().join(' ')
  return parts(found) !== parts(wanted)
}

export function isLocked(shown: string): boolean {
  return shown.includes('ACCOUNT LOCK')
}

const LIMITS = ['MAX_QUERIES_PER_HOUR', 'MAX_UPDATES_PER_HOUR', 'MAX_CONNECTIONS_PER_HOUR', 'MAX_USER_CONNECTIONS', 'MAX_STATEMENT_TIME']

export type Limits = ReadonlyMap<string, number>

/** @throws PlonerunError for one that there is not, or that is no number */
export function wantedLimits(given: Value | undefined): Limits {
  if (!isDict(given)) return new Map()
  return new Map([...given].map(([key, value]) => {
    const name = str(key)
    if (!LIMITS.includes(name)) throw new PlonerunError(`resource_limits: key '${name}' is unsupported.`, { kind: 'task' })
    const number = Number(str(value))
    if (!Number.isInteger(number)) throw new PlonerunError(`Can't convert value '${str(value)}' to integer.`, { kind: 'task' })
    return [name, number]
  }))
}

/** The limits that `SHOW CREATE USER` tells; it tells none that are 0. */
export function limitsOf(shown: string): Limits {
  return new Map(LIMITS.map((name) => [name, Number(new RegExp(`\\b${name} (\\d+)`).exec(shown)?.[1] ?? 0)]))
}

export interface Clauses {
  readonly tls?: string | undefined
  readonly limits: Limits
  readonly locked?: boolean | undefined
}

/** What follows the name and its proof in CREATE USER and ALTER USER. */
export function clauses({ tls, limits, locked }: Clauses): string {
  return [
    ...(tls === undefined ? [] : [` REQUIRE ${tls}`]),
    ...(limits.size === 0 ? [] : [` WITH ${[...limits].map(([name, value]) => `${name} ${value}`).join(' ')}`]),
    ...(locked === undefined ? [] : [` ACCOUNT ${locked ? 'LOCK' : 'UNLOCK'}`]),
  ].join('')
}
