/** Personal package archives of Launchpad: their source, and the key that signs them. */
import { contentRead, type FileContent } from '../../probe/content.ts'
import type { Read } from '../../probe/read.ts'
import type { ShellResult } from '../../probe/shell.ts'
import { PlonerunError } from '../../errors/plonerun-error.ts'
import { fetchedRead, parseFetched } from '../../probe/fetched.ts'
import { publicKeys } from './openpgp.ts'
import { planWholeFile, wholeFileReads } from './whole-file.ts'
import type { Change, Plan } from '../contract/change.ts'
import type { Known } from '../contract/module.ts'

export interface Ppa {
  readonly owner: string
  readonly name: string
}

/** The archive of `ppa:OWNER/NAME`; undefined for any other source. */
export function parsePpa(repo: string): Ppa | undefined {
  if (!repo.startsWith('ppa:')) return undefined
  const [owner = '', name = 'ppa'] = repo.slice('ppa:'.length).split('/')
  if (!/^[\w.+-]+$/.test(owner) || !/^[\w.+-]+$/.test(name)) throw new PlonerunError(`Invalid repository string: ${repo}`, { kind: 'task', hint: 'Write it as ppa:OWNER/NAME.' })
  return { owner, name }
}

/** Its source in the one-line format. */
export function ppaSource({ owner, name }: Ppa, codename: string): string {
  return `deb https://ppa.launchpadcontent.net/${owner}/${name}/ubuntu ${codename} main`
}

function keyFile({ owner, name }: Ppa): string {
  return `/etc/apt/trusted.gpg.d/${owner}-${name}.gpg`
}

/** Launchpad is asked for the key's fingerprint, then Ubuntu's key server for the key, unless the archive's keyring is there. */
export function ppaKeyReads(ppa: Ppa, validateCerts: boolean, known: Known): Record<string, Read<unknown>> {
  const file = keyFile(ppa)
  const fingerprint = fingerprintOf(known)
  const missing = (known['key content'] as FileContent | undefined)?.why === 'missing'
  return {
    ...wholeFileReads('key', file),
    'key content': contentRead(file),
    ...(missing && { archive: fetchedRead(`https://api.launchpad.net/1.0/~${ppa.owner}/+archive/${ppa.name}`, validateCerts) }),
    ...(fingerprint !== undefined && { signer: fetchedRead(`https://keyserver.ubuntu.com/pks/lookup?op=get&options=mr&search=0x${fingerprint}`, validateCerts) }),
  }
}

function fingerprintOf({ archive }: Known): string | undefined {
  const answer = archive === undefined ? '' : parseFetched(archive as ShellResult)
  return Buffer.isBuffer(answer) ? /"signing_key_fingerprint": *"([0-9A-F]{40})"/i.exec(answer.toString())?.[1] : undefined
}

/** Puts the key into a keyring of the archive's own. */
export function planPpaKey(ppa: Ppa, known: Known): Plan {
  if (known.archive === undefined) return {}
  const fingerprint = fingerprintOf(known)
  if (fingerprint === undefined) return { fail: `failed to fetch PPA information, error was: ${said(known.archive)}` }
  const answer = parseFetched(known.signer as ShellResult)
  const key = Buffer.isBuffer(answer) ? publicKeys(answer).find(({ fingerprints }) => fingerprints.includes(fingerprint.toUpperCase())) : undefined
  if (key === undefined) return { fail: `Unable to get required signing key ${fingerprint}: ${said(known.signer)}` }
  const change: Change | undefined = planWholeFile('key', known, key.packets, { mode: 0o644 })
  return { changes: change === undefined ? [] : [{ ...change, summary: `trust key ${fingerprint} in ${keyFile(ppa)}` }] }
}

function said(read: unknown): string {
  const answer = parseFetched(read as ShellResult)
  return Buffer.isBuffer(answer) ? 'the answer does not name it' : answer
}
