/** Private keys, made for real by this machine's openssl. */
import { createPrivateKey } from 'node:crypto'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, expect, it } from 'vitest'
import { opensslPrivatekey } from '../../../../src/modules/crypto/openssl_privatekey.ts'
import type { Plain } from '../../../../src/values/value.ts'
import { temporaryFolder } from '../../../support/folder.ts'
import { resultWith } from '../../../support/drive.ts'
import { prove, runLocally } from '../../../support/local-host.ts'
import { describeWith } from '../../../support/programs.ts'

let folder: string
let path: string
beforeEach(() => {
  folder = temporaryFolder()
  path = join(folder, 'key.pem')
})

describeWith('openssl', () => {
  it.each<[string, Record<string, Plain>, string, RegExp]>([
    ['RSA', { size: 1024 }, 'rsa', /BEGIN RSA PRIVATE KEY/],
    ['RSA in PKCS #8', { size: 1024, format: 'pkcs8' }, 'rsa', /BEGIN PRIVATE KEY/],
    ['ECC', { type: 'ECC', curve: 'secp256r1' }, 'ec', /BEGIN EC PRIVATE KEY/],
    ['Ed25519', { type: 'Ed25519' }, 'ed25519', /BEGIN PRIVATE KEY/],
    ['X448', { type: 'X448' }, 'x448', /BEGIN PRIVATE KEY/],
    ['DSA', { type: 'DSA', size: 1024 }, 'dsa', /BEGIN DSA PRIVATE KEY/],
  ])('makes %s once', (_, args, type, heading) => {
    const { result } = prove(opensslPrivatekey, { path, ...args })
    const pem = readFileSync(path, 'utf8')
    expect(pem).toMatch(heading)
    expect(createPrivateKey(pem).asymmetricKeyType).toBe(type)
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect(result).toMatchObject({ filename: path, fingerprint: { sha256: expect.stringMatching(/^([0-9a-f]{2}:){31}[0-9a-f]{2}$/) as string } })
    expect(readdirSync(folder)).toEqual(['key.pem'])
  })

  it('check mode writes nothing', () => {
    expect(runLocally(opensslPrivatekey, { path, size: 1024 }, { check: true }).summaries).toEqual([`${path}: new key, RSA of 1024 bits, mode 0600`])
    expect(readdirSync(folder)).toEqual([])
  })

  it('encrypts with a passphrase, which it needs from then on', () => {
    const args = { path, type: 'ECC', curve: 'secp384r1', passphrase: `it's "one"` }
    const { result } = prove(opensslPrivatekey, args)
    expect(createPrivateKey({ key: readFileSync(path, 'utf8'), passphrase: args.passphrase }).asymmetricKeyDetails?.namedCurve).toBe('secp384r1')
    expect(result).toMatchObject({ type: 'ECC', curve: 'secp384r1' })
    expect(() => runLocally(opensslPrivatekey, { ...args, passphrase: 'other', regenerate: 'partial_idempotence' })).toThrow('Unable to read the key')
    expect(runLocally(opensslPrivatekey, { ...args, passphrase: 'other' }).summaries[0]).toContain('instead of one that cannot be read')
    expect(runLocally(opensslPrivatekey, { path, type: 'ECC', curve: 'secp384r1' }, { check: true }).summaries).toHaveLength(1)
  })

  it('replaces a key of another kind, keeps it or fails, as it is told', () => {
    runLocally(opensslPrivatekey, { path, type: 'Ed25519' })
    const before = readFileSync(path, 'utf8')
    const wanted = { path, type: 'ECC', curve: 'secp256r1' }
    expect(runLocally(opensslPrivatekey, { ...wanted, regenerate: 'never' }).changes).toEqual([])
    expect(() => runLocally(opensslPrivatekey, { ...wanted, regenerate: 'fail' })).toThrow('Key has wrong type and/or size')
    expect(readFileSync(path, 'utf8')).toBe(before)
    const { result } = prove(opensslPrivatekey, { ...wanted, backup: true, return_content: true })
    expect(result.privatekey).toBe(readFileSync(path, 'utf8'))
    expect(readFileSync(result.backup_file as string, 'utf8')).toBe(before)
  })

  it('converts to another format, and the key stays', () => {
    const first = runLocally(opensslPrivatekey, { path, size: 1024 })
    const { result, summaries } = prove(opensslPrivatekey, { path, size: 1024, format: 'pkcs8', format_mismatch: 'convert' })
    expect(summaries).toEqual([`${path}: format pkcs8`])
    expect(result.fingerprint).toEqual(first.result.fingerprint)
    expect(readFileSync(path, 'utf8')).toMatch('BEGIN PRIVATE KEY')
  })

  it('makes it anew each time with force, sets only a mode, and removes it', () => {
    const args = { path, type: 'Ed25519' }
    const first = runLocally(opensslPrivatekey, args)
    expect(runLocally(opensslPrivatekey, { ...args, force: true }).result.fingerprint).not.toEqual(first.result.fingerprint)
    expect(prove(opensslPrivatekey, { ...args, mode: '0640' }).summaries).toEqual([`${path}: mode 0600 -> 0640`])
    prove(opensslPrivatekey, { path, state: 'absent' })
    expect(readdirSync(folder)).toEqual([])
  })

  it('leaves no file when openssl fails', () => {
    expect(() => runLocally(opensslPrivatekey, { path, size: 8 })).toThrow('failed')
    expect(readdirSync(folder)).toEqual([])
  })
})

it.each<[Record<string, Plain>, string]>([
  [{ type: 'ECC' }, 'curve'],
  [{ format: 'raw' }, `the format 'raw' is not supported: use pkcs8`],
  [{ type: 'Ed25519', format: 'pkcs1' }, 'keys of type Ed25519 cannot have the format pkcs1'],
  [{ cipher: 'aes128' }, `the cipher 'aes128' is not supported`],
])('%j is refused', (args, message) => expect(() => runLocally(opensslPrivatekey, { path: '/nosuch/key', ...args })).toThrow(message))

it('says that the folder is missing', () => expect(() => runLocally(opensslPrivatekey, { path: '/nosuch/key' })).toThrow(`The directory /nosuch does not exist`))

it('tells the size that is asked for, and no fingerprint without a key', () => {
  expect(resultWith(opensslPrivatekey, { path: '/x', size: 3072, regenerate: 'never' }, { entry: { exists: false }, key: { stdout: '', code: 1 } })).toMatchObject({ size: 3072, fingerprint: null })
})
