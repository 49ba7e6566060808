/** Requests for certificates, made for real by this machine's openssl. */
import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, expect, it } from 'vitest'
import { opensslCsr } from '../../../../src/modules/crypto/openssl_csr.ts'
import type { Plain } from '../../../../src/values/value.ts'
import { temporaryFolder } from '../../../support/folder.ts'
import { prove, runLocally } from '../../../support/local-host.ts'
import { describeWith } from '../../../support/programs.ts'

let folder: string
let path: string
let key: string
beforeEach(() => {
  folder = temporaryFolder()
  path = join(folder, 'site.csr')
  key = join(folder, 'key.pem')
})

describeWith('openssl', () => {
  const makeKey = (): void => void execFileSync('openssl', ['genpkey', '-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-out', key], { stdio: 'ignore' })
  const printed = (): string => execFileSync('openssl', ['req', '-in', path, '-noout', '-text', '-nameopt', 'utf8,sep_comma_plus_space,sname'], { encoding: 'utf8' })
  beforeEach(makeKey)

  it('says what the options do, once', () => {
    const { result } = prove(opensslCsr, {
      path,
      privatekey_path: key,
      C: 'DE',
      organization_name: `A "b" 'c' $HOME # ü, \\`,
      common_name: 'www.example.org',
      subject: { OU: ['one', 'two'] },
      subject_alt_name: ['DNS:www.example.org', 'DNS:example.org', 'IP:10.0.0.1', 'email:me@example.org', 'URI:https://example.org/'],
      key_usage: ['Digital Signature', 'keyEncipherment'],
      key_usage_critical: true,
      extended_key_usage: ['serverAuth', '1.3.6.1.5.5.7.3.2'],
      basic_constraints: ['CA:TRUE', 'pathLenConstraint:1'],
      basic_constraints_critical: true,
      ocsp_must_staple: true,
      name_constraints_permitted: ['DNS:.example.org', 'IP:10.0.0.0/12'],
      create_subject_key_identifier: true,
      authority_key_identifier: '00:11:22:33',
      crl_distribution_points: [{ full_name: ['URI:https://example.org/a.crl'], reasons: ['key_compromise', 'ca_compromise'] }],
      mode: '0640',
    })
    const text = printed()
    for (const part of ['C=DE', `O=A "b" 'c' $HOME # ü`, 'OU=one', 'OU=two', 'CN=www.example.org', 'DNS:www.example.org, DNS:example.org, IP Address:10.0.0.1, email:me@example.org, URI:https://example.org/', 'X509v3 Key Usage: critical', 'Digital Signature, Key Encipherment', 'TLS Web Server Authentication, TLS Web Client Authentication', 'CA:TRUE, pathlen:1', 'status_request', 'DNS:.example.org', 'IP:10.0.0.0/255.240.0.0', '00:11:22:33', 'URI:https://example.org/a.crl', 'Key Compromise, CA Compromise'])
      expect(text).toContain(part)
    expect(result).toMatchObject({ filename: path, privatekey: key, keyUsage: ['Digital Signature', 'keyEncipherment'], ocspMustStaple: true })
    expect(runLocally(opensslCsr, { path: `${path}.plain`, privatekey_path: key, common_name: 'x' }, { check: true }).result).toMatchObject({ keyUsage: null, extendedKeyUsage: null, basicConstraints: null })
    expect(readdirSync(folder).sort()).toEqual(['key.pem', 'site.csr'])
  })

  it('takes the common name for a name, and is made anew for what differs', () => {
    const args: Record<string, Plain> = { path, privatekey_path: key, common_name: 'a.example.org', email_address: 'me@example.org' }
    prove(opensslCsr, args)
    expect(printed()).toContain('DNS:a.example.org')
    const changed = (more: Record<string, Plain>): number => runLocally(opensslCsr, { ...args, ...more }, { check: true }).changes.length
    expect(changed({ digest: 'sha512' })).toBe(0)
    expect(changed({ common_name: 'b.example.org' })).toBe(1)
    expect(changed({ subject_alt_name: 'DNS:a.example.org,DNS:c.example.org' })).toBe(1)
    expect(changed({ use_common_name_for_san: false })).toBe(1)
    expect(changed({ key_usage: 'digitalSignature' })).toBe(1)
    expect(changed({ subject_alt_name_critical: true })).toBe(1)
    expect(changed({ force: true })).toBe(1)
    const before = readFileSync(path, 'utf8')
    makeKey()
    const { result } = prove(opensslCsr, { ...args, backup: true, return_content: true })
    expect(readFileSync(result.backup_file as string, 'utf8')).toBe(before)
    expect(result.csr).toBe(readFileSync(path, 'utf8'))
    prove(opensslCsr, { path, state: 'absent' })
    expect(existsSync(path)).toBe(false)
  })

  it('the order of a subject counts only where it is said to', () => {
    prove(opensslCsr, { path, privatekey_path: key, subject_ordered: [{ CN: 'x' }, { O: 'y' }, { C: 'DE' }] })
    expect(printed()).toContain('CN=x, O=y, C=DE')
    expect(runLocally(opensslCsr, { path, privatekey_path: key, subject: { C: 'DE', O: 'y', CN: 'x' } }).changes).toEqual([])
    expect(runLocally(opensslCsr, { path, privatekey_path: key, subject_ordered: [{ C: 'DE' }, { O: 'y' }, { CN: 'x' }] }).changes).toHaveLength(1)
  })

  it('takes a key with a passphrase from the task, and no subject', () => {
    const pem = execFileSync('openssl', ['genpkey', '-algorithm', 'ED25519', '-aes256', '-pass', 'pass:x y'], { encoding: 'utf8' })
    prove(opensslCsr, { path, privatekey_content: pem, privatekey_passphrase: 'x y', subject_alt_name: ['DNS:a'] })
    expect(printed()).toContain('DNS:a')
  })

  it('check mode writes nothing, and takes a key that is only imagined', () => {
    rmSync(key)
    expect(() => runLocally(opensslCsr, { path, privatekey_path: key })).toThrow(`[Errno 2] No such file or directory: '${key}'`)
    expect(runLocally(opensslCsr, { path, privatekey_path: key }, { check: true, imagined: [{ kind: 'path', path: key, state: { type: 'file' } }] }).summaries[0]).toMatch(/request for a certificate/)
    expect(readdirSync(folder)).toEqual([])
  })

  it('replaces what is no request; says what openssl says', () => {
    writeFileSync(path, 'nothing')
    expect(() => runLocally(opensslCsr, { path, privatekey_path: key, country_name: 'Germany' })).toThrow('openssl cannot make this request')
    expect(() => runLocally(opensslCsr, { path, privatekey_path: key, key_usage: ['nosuch'] })).toThrow('nosuch')
    expect(readFileSync(path, 'utf8')).toBe('nothing')
    prove(opensslCsr, { path, privatekey_path: key, common_name: 'x' })
  })

  it.each<[Record<string, Plain>, string]>([
    [{ subject_alt_name: 'example.org' }, `the name 'example.org' is not supported`],
    [{ subject_alt_name: 'DNS:a\nb' }, 'must be one line'],
    [{ authority_cert_serial_number: 1 }, 'are not supported'],
    [{ digest: 'x y' }, `'x y' is no digest`],
    [{ subject: { 'a=b': 'x' } }, `'a=b' is no part of a subject`],
    [{ crl_distribution_points: [{ relative_name: ['x'] }] }, 'relative_name and crl_issuer'],
  ])('%j is refused', (args, message) => expect(() => runLocally(opensslCsr, { path, privatekey_path: key, ...args })).toThrow(message))
})
