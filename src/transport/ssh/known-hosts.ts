/** Checks host keys against known_hosts files (format: sshd(8), "SSH_KNOWN_HOSTS FILE FORMAT"). */
import { createHash, createHmac, randomBytes } from 'node:crypto'
import { appendFile, mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import { readIfThere } from './read-file.ts'

export interface KnownKey {
  readonly file: string
  /** Counts from 1. */
  readonly line: number
  /** `ssh-ed25519` and so on. */
  readonly type: string
  readonly key: Buffer
  readonly marker?: 'cert-authority' | 'revoked'
}

/** What known_hosts says about a key that a host shows. */
export type Verdict =
  | { readonly is: 'known' }
  | { readonly is: 'revoked' | 'changed'; readonly by: KnownKey }
  /** `others`: lines about the host that do not settle it (keys of another type, certificate authorities). */
  | { readonly is: 'unknown'; readonly others: readonly KnownKey[] }

/** The name that known_hosts has a host under. */
export function knownName(host: string, port: number): string {
  return port === 22 ? host.toLowerCase() : `[${host.toLowerCase()}]:${port}`
}

/** All lines of the files that are about the host. Files that do not exist are empty. */
export function readKnownKeys(files: readonly string[], name: string): KnownKey[] {
  return files.flatMap((file) => parseKnownHosts(readIfThere(file)?.toString('utf8') ?? '', file, name))
}

export function parseKnownHosts(text: string, file: string, name: string): KnownKey[] {
  return text.split('\n').flatMap((content, index) => {
    const fields = content.trim().split(/\s+/)
    const marker = fields[0]?.startsWith('@') ? fields.shift() : undefined
    const [hosts, type, key] = fields
    if (hosts === undefined || type === undefined || key === undefined || hosts.startsWith('#') || !matches(hosts, name)) return []
    const kind = marker === '@revoked' ? 'revoked' : marker === '@cert-authority' ? 'cert-authority' : undefined
    return [{ file, line: index + 1, type, key: Buffer.from(key, 'base64'), ...(kind && { marker: kind }) }]
  })
}

/** @param known the lines about the host, of all files */
export function judge(known: readonly KnownKey[], shown: Buffer): Verdict {
  const revoked = known.find(({ marker, key }) => marker === 'revoked' && key.equals(shown))
  if (revoked) return { is: 'revoked', by: revoked }
  const plain = known.filter(({ marker }) => marker === undefined)
  if (plain.some(({ key }) => key.equals(shown))) return { is: 'known' }
  const changed = plain.find(({ type }) => type === keyType(shown))
  return changed ? { is: 'changed', by: changed } : { is: 'unknown', others: known.filter(({ marker }) => marker !== 'revoked') }
}

/** Adds a key to the file, which is made if need be. */
export async function addKnownKey(file: string, name: string, key: Buffer, hashed: boolean): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 })
  await appendFile(file, `${hashed ? hashName(name, randomBytes(20)) : name} ${keyType(key)} ${key.toString('base64')}\n`, { mode: 0o600 })
}

/** `ssh-ed25519`, from the key's own bytes. */
export function keyType(key: Buffer): string {
  return key.length < 4 ? '' : key.toString('latin1', 4, 4 + key.readUInt32BE(0))
}

/** `SHA256:...`, as ssh shows it. */
export function fingerprint(key: Buffer): string {
  return `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`
}

/** Whether a line's hosts field means the host: a hashed name, or patterns with `*`, `?` and `!`. */
function matches(hosts: string, name: string): boolean {
  if (hosts.startsWith('|1|')) {
    const salt = hosts.split('|')[2] ?? ''
    return hosts === hashName(name, Buffer.from(salt, 'base64'))
  }
  const patterns = hosts.toLowerCase().split(',')
  const fits = (pattern: string): boolean => toRegExp(pattern).test(name)
  return !patterns.some((pattern) => pattern.startsWith('!') && fits(pattern.slice(1))) && patterns.some(fits)
}

/** The hashed form of a name. */
export function hashName(name: string, salt: Buffer): string {
  return `|1|${salt.toString('base64')}|${createHmac('sha1', salt).update(name).digest('base64')}`
}

function toRegExp(pattern: string): RegExp {
  const source = pattern.replace(/[\\^$.|+()[\]{}]/g, '\\$&').replaceAll('*', '.*').replaceAll('?', '.')
  return new RegExp(`^${source}$`)
}
