/** SHA-256 beside node's own, and the password hashes that are made of it beside openssl's. */
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { createSha256, paddedWords } from '../../../../src/template/hashing/sha256.ts'
import { shaCrypt } from '../../../../src/template/hashing/sha-crypt.ts'
import { describeWith } from '../../../support/programs.ts'

test('messages of each length around the ends of blocks', () => {
  const sha256 = createSha256()
  for (let length = 0; length < 200; length++) {
    const message = Buffer.from(Array.from({ length }, (_, index) => (index * 7 + length) % 256))
    const digest = new Int32Array(8)
    sha256(paddedWords(message), digest)
    const bytes = Buffer.alloc(32)
    digest.forEach((word, index) => bytes.writeInt32BE(word, index * 4))
    expect(bytes.toString('hex'), `${length} bytes`).toBe(createHash('sha256').update(message).digest('hex'))
  }
})

// Where the digest stands in a message depends on the lengths of both.
describeWith('openssl', () => {
  test.each(['s', 'salt', 'saltofsixteen...'])('hashes of passwords of many lengths, with the salt %s', (salt) => {
    for (const length of [1, 2, 3, 4, 5, 7, 8, 15, 16, 21, 31, 32, 33, 48, 63, 64, 65, 80]) {
      const password = 'pässword '.repeat(10).slice(0, length)
      const wanted = execFileSync('openssl', ['passwd', '-5', '-salt', salt, '-stdin'], { input: password, encoding: 'utf8' }).trim()
      expect(shaCrypt(password, { algorithm: 'sha256', salt, rounds: 5000 })).toBe(wanted)
    }
  })
})
