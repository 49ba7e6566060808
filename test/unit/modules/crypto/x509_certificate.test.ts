/** Certificates, made for real by this machine's openssl. */
import { execFileSync } from 'node:child_process'
import { X509Certificate } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, expect, it } from 'vitest'
import { momentOf } from '../../../../src/modules/crypto/certificate-text.ts'
import { opensslCsr } from '../../../../src/modules/crypto/openssl_csr.ts'
import { x509Certificate } from '../../../../src/modules/crypto/x509_certificate.ts'
import type { Plain } from '../../../../src/values/value.ts'
import { temporaryFolder } from '../../../support/folder.ts'
import { prove, runLocally } from '../../../support/local-host.ts'
import { describeWith } from '../../../support/programs.ts'

let folder: string
let path: string
let csr: string
let key: string
beforeEach(() => {
  folder = temporaryFolder()
  path = join(folder, 'site.crt')
  csr = join(folder, 'site.csr')
  key = join(folder, 'key.pem')
})

describeWith('openssl', () => {
  const makeKey = (file = key): void => void execFileSync('openssl', ['genpkey', '-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-out', file], { stdio: 'ignore' })
  const makeRequest = (args: Record<string, Plain> = {}, file = csr, by = key): void => void runLocally(opensslCsr, { path: file, privatekey_path: by, common_name: 'www.example.org', organization_name: 'Example', key_usage: ['digitalSignature'], key_usage_critical: true, ...args })
  const certificate = (file = path): X509Certificate => new X509Certificate(readFileSync(file))
  beforeEach(() => makeKey())

  it('is signed by its own key, once', () => {
    makeRequest()
    const args: Record<string, Plain> = { path, provider: 'selfsigned', privatekey_path: key, csr_path: csr }
    const { result } = prove(x509Certificate, { ...args, selfsigned_not_after: '20380101000000Z', ignore_timestamps: false, mode: '0644' })
    const made = certificate()
    expect(result).toMatchObject({ filename: path, csr, privatekey: key, notAfter: '20380101000000Z', serial_number: BigInt(`0x${made.serialNumber}`) })
    expect(made.subject).toBe('O=Example\nCN=www.example.org')
    expect(made.issuer).toBe(made.subject)
    expect(made.verify(made.publicKey)).toBe(true)
    expect(made.subjectAltName).toBe('DNS:www.example.org')
    expect(Date.parse(made.validTo)).toBe(Date.UTC(2038, 0, 1))
    expect(Math.abs(Date.parse(made.validFrom) - Date.now())).toBeLessThan(120_000)
    expect(made.toLegacyObject().ext_key_usage).toBeUndefined()
    expect(readdirSync(folder).sort()).toEqual(['key.pem', 'site.crt', 'site.csr'])
    expect(runLocally(x509Certificate, { ...args, selfsigned_not_after: '20390101000000Z', ignore_timestamps: false }, { check: true }).summaries).toEqual([`${path}: new certificate, with other times`])
    expect(runLocally(x509Certificate, { ...args, selfsigned_not_after: '20390101000000Z' }, { check: true }).changes).toEqual([])
    expect(runLocally(x509Certificate, { ...args, selfsigned_create_subject_key_identifier: 'never_create' }, { check: true }).changes).toHaveLength(1)
  })

  it('is made anew for another subject, other extensions and another key', () => {
    makeRequest()
    const args = { path, provider: 'selfsigned', privatekey_path: key, csr_path: csr }
    runLocally(x509Certificate, args)
    makeRequest({ organization_name: 'Other' })
    expect(runLocally(x509Certificate, args, { check: true }).summaries).toEqual([`${path}: new certificate, of another subject`])
    makeRequest({ key_usage: ['keyAgreement'] })
    expect(prove(x509Certificate, args).summaries[0]).toContain('with other extensions')
    const before = readFileSync(path, 'utf8')
    makeKey()
    makeRequest()
    const { result, summaries } = prove(x509Certificate, { ...args, backup: true, return_content: true })
    expect(summaries[0]).toContain('of another key')
    expect(readFileSync(result.backup_file as string, 'utf8')).toBe(before)
    expect(result.certificate).toBe(readFileSync(path, 'utf8'))
    expect(runLocally(x509Certificate, { ...args, force: true }, { check: true }).changes).toHaveLength(1)
    prove(x509Certificate, { path, state: 'absent' })
    expect(existsSync(path)).toBe(false)
  })

  it('needs no request', () => {
    prove(x509Certificate, { path, provider: 'selfsigned', privatekey_content: readFileSync(key, 'utf8') })
    expect(certificate().verify(certificate().publicKey)).toBe(true)
  })

  it('is signed by an authority, and by another one', () => {
    const authority = (name: string): Record<string, Plain> => {
      const [caKey, caCsr, ca] = ['key', 'csr', 'crt'].map((suffix) => join(folder, `${name}.${suffix}`)) as [string, string, string]
      makeKey(caKey)
      makeRequest({ common_name: name, basic_constraints: ['CA:TRUE'], basic_constraints_critical: true, key_usage: ['keyCertSign'] }, caCsr, caKey)
      runLocally(x509Certificate, { path: ca, provider: 'selfsigned', privatekey_path: caKey, csr_path: caCsr })
      return { ownca_path: ca, ownca_privatekey_path: caKey }
    }
    makeRequest()
    const first = authority('first')
    const args = { path, provider: 'ownca', csr_path: csr }
    prove(x509Certificate, { ...args, ...first })
    const ca = certificate(first.ownca_path as string)
    expect(certificate().checkIssued(ca)).toBe(true)
    expect(certificate().verify(ca.publicKey)).toBe(true)
    expect(execFileSync('openssl', ['verify', '-CAfile', first.ownca_path as string, path], { encoding: 'utf8' })).toContain('OK')
    expect(execFileSync('openssl', ['x509', '-in', path, '-noout', '-text'], { encoding: 'utf8' })).toContain('X509v3 Authority Key Identifier')
    expect(prove(x509Certificate, { ...args, ...authority('second') }).summaries[0]).toContain('of another authority')
  })

  it('says what is missing, and what it is not', () => {
    expect(() => runLocally(x509Certificate, { path, provider: 'selfsigned', privatekey_path: key, csr_path: csr })).toThrow(`${csr} does not exist`)
    expect(() => runLocally(x509Certificate, { path, provider: 'ownca', csr_content: 'x' })).toThrow('The provider ownca needs ownca_path')
    writeFileSync(csr, 'nothing')
    expect(() => runLocally(x509Certificate, { path, provider: 'selfsigned', privatekey_path: key, csr_path: csr })).toThrow('failed')
    expect(readdirSync(folder).sort()).toEqual(['key.pem', 'site.csr'])
  })
})

it.each<[Record<string, Plain>, string]>([
  [{}, 'provider'],
  [{ provider: 'acme' }, 'the provider acme is not supported'],
  [{ provider: 'selfsigned', selfsigned_not_after: 'tomorrow' }, `'tomorrow' is no time of a certificate`],
  [{ provider: 'ownca', ownca_digest: 'a b' }, `'a b' is no digest`],
  [{ provider: 'selfsigned' }, 'The provider selfsigned needs privatekey_path'],
])('%j is refused', (args, message) => expect(() => runLocally(x509Certificate, { path: join(tmpdir(), 'nosuch.crt'), ...args })).toThrow(message))

it.each([
  ['+3650d', { relative: true, time: 3650 * 86_400_000 }],
  ['-1h30m', { relative: true, time: -5_400_000 }],
  ['20260102030405Z', { relative: false, time: Date.UTC(2026, 0, 2, 3, 4, 5) }],
])('%s', (text, moment) => expect(momentOf(text)).toEqual(moment))
