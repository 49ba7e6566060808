/** Public keys of private ones, made for real by this machine's openssl. */
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, expect, it } from 'vitest'
import { opensslPublickey } from '../../../../src/modules/crypto/openssl_publickey.ts'
import { temporaryFolder } from '../../../support/folder.ts'
import { resultWith } from '../../../support/drive.ts'
import { prove, runLocally } from '../../../support/local-host.ts'
import { describeWith } from '../../../support/programs.ts'

let folder: string
let path: string
let key: string
beforeEach(() => {
  folder = temporaryFolder()
  path = join(folder, 'public.pem')
  key = join(folder, 'key.pem')
})

describeWith('openssl', () => {
  const make = (...words: readonly string[]): void => void execFileSync('openssl', ['genpkey', ...words, '-out', key], { stdio: 'ignore' })

  it('writes it once, and anew for another key', () => {
    make('-algorithm', 'ED25519')
    const { result } = prove(opensslPublickey, { path, privatekey_path: key, mode: '0644', return_content: true })
    expect(readFileSync(path, 'utf8')).toBe(execFileSync('openssl', ['pkey', '-in', key, '-pubout'], { encoding: 'utf8' }))
    expect(result).toMatchObject({ filename: path, format: 'PEM', privatekey: key, publickey: readFileSync(path, 'utf8') })
    const before = readFileSync(path, 'utf8')
    make('-algorithm', 'ED25519')
    const again = prove(opensslPublickey, { path, privatekey_path: key, backup: true })
    expect(readFileSync(again.result.backup_file as string, 'utf8')).toBe(before)
    expect(runLocally(opensslPublickey, { path, privatekey_path: key, force: true }).changes).toHaveLength(1)
    prove(opensslPublickey, { path, state: 'absent' })
    expect(existsSync(path)).toBe(false)
  })

  describeWith('ssh-keygen', () => {
    it('writes what ssh-keygen does', () => {
      for (const words of [['-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:1024'], ['-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:prime256v1'], ['-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:secp521r1']]) {
        make(...words)
        prove(opensslPublickey, { path, privatekey_path: key, format: 'OpenSSH' })
        execFileSync('openssl', ['pkey', '-in', key, '-pubout', '-out', `${key}.pub`])
        expect(readFileSync(path, 'utf8')).toBe(execFileSync('ssh-keygen', ['-i', '-m', 'PKCS8', '-f', `${key}.pub`], { encoding: 'utf8' }).trim())
      }
    })
  })

  it.each([[['-algorithm', 'X25519']], [['-algorithm', 'ED448']], [['-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:secp256k1']]])('refuses a key that OpenSSH cannot have: %j', (words) => {
    make(...words)
    expect(() => runLocally(opensslPublickey, { path, privatekey_path: key, format: 'OpenSSH' })).toThrow('OpenSSH has no format for')
    prove(opensslPublickey, { path, privatekey_path: key })
  })

  it('takes the key itself, and its passphrase', () => {
    const pem = execFileSync('openssl', ['genpkey', '-algorithm', 'ED25519', '-aes256', '-pass', 'pass:x y'], { encoding: 'utf8' })
    prove(opensslPublickey, { path, privatekey_content: pem, privatekey_passphrase: 'x y' })
    expect(() => runLocally(opensslPublickey, { path, privatekey_content: pem, privatekey_passphrase: 'z' })).toThrow('protected with another passphrase')
    expect(() => runLocally(opensslPublickey, { path, privatekey_content: pem })).toThrow('protected with another passphrase')
  })

  it('check mode takes a private key that is only imagined', () => {
    const { summaries } = runLocally(opensslPublickey, { path, privatekey_path: key }, { check: true, imagined: [{ kind: 'path', path: key, state: { type: 'file' } }] })
    expect(summaries).toEqual([`${path}: public key`])
  })

  it('says what is missing', () => {
    expect(() => runLocally(opensslPublickey, { path, privatekey_path: key })).toThrow(`The private key ${key} does not exist`)
    writeFileSync(key, 'no key')
    expect(() => runLocally(opensslPublickey, { path, privatekey_path: key })).toThrow('The private key cannot be read')
    expect(() => runLocally(opensslPublickey, { path })).toThrow('privatekey_path, privatekey_content')
  })
})

it('has no fingerprint without a key', () => expect(resultWith(opensslPublickey, { path: '/x', state: 'absent' }, { entry: { exists: false }, key: { stdout: '', code: 66 } })).toMatchObject({ fingerprint: {} }))
