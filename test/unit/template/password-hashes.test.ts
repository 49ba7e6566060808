import { execFileSync } from 'node:child_process'
import { expect, it } from 'vitest'
import { hashPassword, isPassword, randomSalt, SCHEMES } from '../../../src/template/hashing/crypt.ts'

it.each(['', 'secret', 'a much longer password than sixteen bytes, with ümläuts'])('MD5 hashes are those of openssl: %j', (password) => {
  for (const [scheme, flag] of [['md5_crypt', '-1'], ['apr_md5_crypt', '-apr1']] as const)
    expect(hashPassword({ password, scheme, salt: 'abcdefgh' })).toBe(execFileSync('openssl', ['passwd', flag, '-salt', 'abcdefgh', '-stdin'], { input: `${password}\n`, encoding: 'utf8' }).trim())
})

it('bcrypt is that of its authors', () => expect(hashPassword({ password: 'U*U', scheme: 'bcrypt', salt: 'CCCCCCCCCCCCCCCCCCCCC.', rounds: 5, ident: '2a' })).toBe('$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW'))

it.each(SCHEMES)('%s is recognised, and another password is not', (scheme) => {
  const hash = hashPassword({ password: 'secret', scheme, salt: randomSalt(scheme), rounds: scheme === 'bcrypt' ? 4 : 1000 })
  expect(isPassword('secret', hash)).toBe(true)
  expect(isPassword('other', hash)).toBe(false)
})
