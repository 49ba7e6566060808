import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createLoader } from '../../../src/load/loader.ts'
import { createVault, readVaultPassword } from '../../../src/load/vault.ts'
import { isVault } from '../../../src/values/vault-text.ts'
import { Secret } from '../../../src/values/secret.ts'
import { Template } from '../../../src/values/template.ts'
import { errorText, tree } from './tree.ts'

/** Encrypted by ansible-vault 2.19 with the password `geheim`. */
const INLINE = `$ANSIBLE_VAULT;1.1;AES256
34383966346430663739643634376330333738376531343135643730633134353233363131363863
6434346435333536336236666535353635663938636534380a323932643063343631316335363031
65313830616532336133366634343165633962323033633561636363313430323333353661393634
3835613932306139630a316430376138343461376534333434623537346230353062616131666565
3737
`

const passwords = [{ id: 'default', password: 'geheim' }, { id: 'prod', password: 'andere' }]

test('what ansible-vault encrypted', () => {
  expect(createVault(passwords).decrypt(INLINE).toString()).toBe('inline')
})

test('indented, as it stands in YAML', () => {
  expect(createVault(passwords).decrypt(INLINE.replaceAll('\n', '\r\n   ')).toString()).toBe('inline')
})

test.each(['', 'x', 'exactly 16 bytes', 'äöü '.repeat(100)])('%j comes back', (content) => {
  const vault = createVault(passwords)
  expect(vault.decrypt(vault.encrypt(content)).toString()).toBe(content)
  const named = vault.encrypt(content, 'prod')
  expect(named.split('\n')[0]).toBe('$ANSIBLE_VAULT;1.2;AES256;prod')
  expect(Math.max(...named.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80)
  expect(vault.decrypt(named).toString()).toBe(content)
})

test('two encryptions of one text differ', () => {
  const vault = createVault(passwords)
  expect(vault.encrypt('x')).not.toBe(vault.encrypt('x'))
})

test.each([
  ['a wrong password', () => createVault([{ id: 'default', password: 'no' }]).decrypt(INLINE), 'the vault password is wrong\nwhy: tried one password (vault id default)'],
  ['no password', () => createVault([]).decrypt(INLINE), 'A vault password or secret must be specified to decrypt this\nhint: give one with --vault-password-file or --ask-vault-pass'],
  ['no password of that id', () => createVault([{ id: 'dev', password: 'no' }]).decrypt(createVault(passwords).encrypt('x', 'prod')), "no vault password opens what was encrypted with the vault id 'prod'\nwhy: tried one password (vault id dev)"],
  ['an old format', () => createVault(passwords).decrypt('$ANSIBLE_VAULT;1.0;AES\n31'), "this is not a vault that can be read\nwhy: its first line is '$ANSIBLE_VAULT;1.0;AES', wanted is $ANSIBLE_VAULT;1.1;AES256"],
  ['a damaged vault', () => createVault(passwords).decrypt('$ANSIBLE_VAULT;1.1;AES256\n3132\n'), 'this vault is damaged\nwhy: its three parts cannot be told apart'],
  ['a changed vault', () => createVault(passwords).decrypt(INLINE.replace('3737\n', '3738\n')), 'the vault password is wrong\nwhy: tried 2 passwords (vault id default, prod)'],
  ['no password to encrypt with', () => createVault([]).encrypt('x'), 'no vault password was given to encrypt with'],
])('%s', (_, run, text) => {
  expect(errorText('', run)).toBe(text)
})

test('password files, and programs that print the password', () => {
  const root = tree({ plain: 'geheim \n', script: '#!/bin/sh\necho geheim\n', 'my-client.sh': '#!/bin/sh\necho "$1 $2"\n', bad: '#!/bin/sh\nexit 3\n', empty: '\n' })
  expect(readVaultPassword(join(root, 'plain'))).toBe('geheim')
  expect(readVaultPassword(join(root, 'script'))).toBe('geheim')
  expect(readVaultPassword(join(root, 'my-client.sh'), 'prod')).toBe('--vault-id prod')
  expect(() => readVaultPassword(join(root, 'bad'))).toThrow('bad failed')
  expect(() => readVaultPassword(join(root, 'empty'))).toThrow('gives no password')
  expect(() => readVaultPassword(join(root, 'gone'))).toThrow('cannot be read')
})

test('isVault', () => {
  expect(isVault(Buffer.from(INLINE))).toBe(true)
  expect(isVault(INLINE)).toBe(true)
  expect(isVault('a: $ANSIBLE_VAULT;')).toBe(false)
})

test('an encrypted file of variables, and one encrypted value', () => {
  const vault = createVault(passwords)
  const root = tree({
    'all.yml': vault.encrypt('password: hidden\nnumber: 1\nurl: "{{ password }}@x"\n'),
    'one.yml': `k: !vault |\n${INLINE.replaceAll(/^/gm, '  ')}`,
  })
  const loader = createLoader({ vault })
  const all = loader.loadVarsFile(join(root, 'all.yml'))
  expect((all.get('password') as Secret).reveal()).toBe('hidden')
  expect(all.get('number')).toBe(1)
  expect((all.get('url') as Template).source).toBe('{{ password }}@x')
  expect((loader.loadVarsFile(join(root, 'one.yml')).get('k') as Secret).reveal()).toBe('inline')

  const locked = createLoader()
  expect(errorText(root, () => locked.loadVarsFile(join(root, 'all.yml')))).toBe('A vault password or secret must be specified to decrypt all.yml\nall.yml:1:1\nhint: give one with --vault-password-file or --ask-vault-pass')
  const secret = locked.loadVarsFile(join(root, 'one.yml')).get('k') as Secret
  expect(errorText(root, () => secret.reveal())).toContain('must be specified to decrypt one.yml\none.yml:1:11\n')
})
