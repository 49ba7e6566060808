import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { hashPassword, type HashRequest } from '../../../../src/template/hashing/crypt.ts'
import { createHashes } from '../../../../src/template/hashing/memory.ts'
import { createHashThreads } from '../../../../src/template/hashing/threads.ts'
import { Computing } from '../../../../src/values/value.ts'
import { buildHashThread } from '../../../support/hash-thread.ts'

let folder: string
let file: string
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'plonerun-hashing-'))
  file = await buildHashThread(folder)
})
afterAll(() => rmSync(folder, { recursive: true }))

const slow: HashRequest = { password: 'secret', scheme: 'sha256_crypt', salt: 'salt', rounds: 40_000 }

test('threads give the hashes that are computed here, however many are asked for at once', async () => {
  const elsewhere = createHashThreads(file)
  const requests = [slow, { ...slow, scheme: 'sha512_crypt' as const }, ...Array.from({ length: 6 }, (_, index) => ({ ...slow, password: `secret${index}`, rounds: 1000 }))]
  expect(await Promise.all(requests.map((request) => elsewhere(request)))).toEqual(requests.map((request) => hashPassword(request)))
})

test('a program that is not there, or a request that cannot be met, gives none', async () => {
  expect(await createHashThreads(join(folder, 'missing.cjs'))(slow)).toBeUndefined()
  const elsewhere = createHashThreads(file)
  expect(await elsewhere({ password: 'x', scheme: 'bcrypt', salt: '!' })).toBeUndefined()
  expect(await elsewhere(slow)).toBe(hashPassword(slow))
})

test('who can wait is told of what is computed elsewhere, who cannot has it computed here, who guesses gets a stand-in', async () => {
  const asked: HashRequest[] = []
  const threads = createHashThreads(file)
  const hashes = createHashes((request) => {
    asked.push(request)
    return threads(request)
  })
  const waits = (): Computing | string => {
    try {
      return hashes(slow, 'wait')
    } catch (error) {
      return error as Computing
    }
  }
  const [first, second] = [waits() as Computing, waits() as Computing]
  expect([first.begun, second.begun]).toEqual([true, false])
  expect(hashes(slow, 'guess')).toBe('*')
  expect(hashes({ ...slow, salt: 'other' }, 'none')).toBe(hashPassword({ ...slow, salt: 'other' }))
  await second.ready
  expect([hashes(slow, 'guess'), waits()]).toEqual([hashPassword(slow), hashPassword(slow)])
  expect(hashes({ ...slow, rounds: 1000 }, 'wait')).toBe(hashPassword({ ...slow, rounds: 1000 }))
  expect(asked).toHaveLength(1)
})
