import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, expect, it } from 'vitest'
import { aptKey } from '../../../../src/modules/repositories/apt_key.ts'
import { publicKeys } from '../../../../src/modules/repositories/openpgp.ts'
import type { Reads } from '../../../../src/modules/contract/module.ts'
import type { Plain } from '../../../../src/values/value.ts'
import { inputOf, planWith } from '../../../support/drive.ts'
import { temporaryFolder } from '../../../support/folder.ts'
import { prove, runLocally } from '../../../support/local-host.ts'
import { ARMORED_KEY, KEY_FINGERPRINT, KEY_ID, SUBKEY_ID } from '../../../support/pgp-key.ts'

let folder: string
let keyring: string
beforeEach(() => {
  folder = temporaryFolder()
  keyring = join(folder, 'lab.gpg')
})
const { packets } = publicKeys(Buffer.from(ARMORED_KEY))[0]!

it('adds a key by its text, its file, and removes it by any id', () => {
  const { result, summaries } = prove(aptKey, { data: ARMORED_KEY, keyring })
  expect(readFileSync(keyring)).toEqual(packets)
  expect(summaries).toEqual([`trust key ${KEY_ID} in ${keyring}`])
  expect(result).toEqual({ id: KEY_ID, short_id: KEY_ID.slice(-8), fp: KEY_ID, key_id: KEY_ID, before: [], after: [KEY_ID, SUBKEY_ID] })
  for (const id of [KEY_ID, KEY_ID.slice(-8), `0x${KEY_FINGERPRINT.toLowerCase()}`, SUBKEY_ID]) expect(runLocally(aptKey, { id, keyring, data: ARMORED_KEY }).changes).toEqual([])
  prove(aptKey, { id: KEY_FINGERPRINT, keyring, state: 'absent' })
  expect(() => readFileSync(keyring)).toThrow('ENOENT')
  writeFileSync(join(folder, 'key.asc'), ARMORED_KEY)
  prove(aptKey, { file: join(folder, 'key.asc'), keyring, id: KEY_ID })
  expect(readFileSync(keyring)).toEqual(packets)
})

it('fails when the source is not what was asked for', () => {
  writeFileSync(join(folder, 'text'), 'hello')
  const fails = (args: Record<string, Plain>, message: string): void => expect(() => runLocally(aptKey, { keyring, ...args })).toThrow(message)
  fails({ data: ARMORED_KEY, id: 'AAAAAAAA' }, 'the source does not hold the key AAAAAAAA')
  fails({ file: join(folder, 'text') }, 'the source holds no OpenPGP key')
  fails({ file: join(folder, 'none') }, 'the key cannot be read')
  fails({ id: KEY_ID }, 'No key to add')
  fails({ id: '123' }, 'Invalid key_id: 123')
  fails({ keyserver: 'keyserver.ubuntu.com' }, 'Missing key_id, required with keyserver.')
  fails({ data: 'x', url: 'http://x' }, 'parameters are mutually exclusive: data|url')
})

const MISSING = { exists: false, path: '/k', realPath: '/k', umask: 0o22 }
const fetched = { stdout: Buffer.from(ARMORED_KEY).toString('base64'), code: 0 }
const empty = { fragments: { entries: [] }, fetched }

it.each([
  ['where apt still has apt-key', 0, '/etc/apt/trusted.gpg'],
  ['where it has not', 1, `/etc/apt/trusted.gpg.d/${KEY_ID}.gpg`],
])('%s a key goes to a keyring that apt reads', (_, code, file) => {
  const { changes } = planWith(aptKey, { url: 'https://x/k' }, { ...empty, legacy: { code, stdout: '' }, [`${file} entry`]: { ...MISSING, path: file, realPath: file }, [`${file} content`]: { bytes: null, why: 'missing' } })
  expect(changes.map(({ summary }) => summary)).toEqual([`trust key ${KEY_ID} in ${file}`])
})

it.each([
  [{ url: 'https://x/k', id: KEY_ID, validate_certs: false }, 'Acquire::https::Verify-Peer=false'],
  [{ keyserver: 'keyserver.ubuntu.com', id: '0xabcdef01' }, 'http://keyserver.ubuntu.com:11371/pks/lookup?op=get&options=mr&search=0xABCDEF01'],
  [{ keyserver: 'hkp://keyserver.ubuntu.com:80', id: 'abcdef01' }, 'http://keyserver.ubuntu.com:80/pks'],
  [{ keyserver: 'hkps://keys.openpgp.org', id: 'abcdef01' }, 'https://keys.openpgp.org:443/pks'],
])('%j is fetched only when it is missing', (args, url) => {
  const reads = (known: Readonly<Record<string, unknown>>): Reads => aptKey.reads(input, undefined, known)
  const input = inputOf(aptKey, { ...args, keyring: '/k' })
  const content = (bytes: Buffer | null): Record<string, unknown> => ({ '/k entry': MISSING, '/k content': { bytes } })
  expect(Object.keys(reads({}))).not.toContain('fetched')
  expect(JSON.stringify(reads(content(null))['fetched'])).toContain(url)
  if (args.id === KEY_ID) expect(Object.keys(reads(content(packets)))).not.toContain('fetched')
})
