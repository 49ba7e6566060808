/** check mode: what tasks would make of keys and certificates is known to those behind them. */
import { join } from 'node:path'
import { beforeEach, expect, it } from 'vitest'
import { opensslCsr } from '../../../../src/modules/crypto/openssl_csr.ts'
import { opensslPrivatekey } from '../../../../src/modules/crypto/openssl_privatekey.ts'
import { opensslPublickey } from '../../../../src/modules/crypto/openssl_publickey.ts'
import { x509Certificate } from '../../../../src/modules/crypto/x509_certificate.ts'
import type { Module } from '../../../../src/modules/contract/module.ts'
import type { Imagined } from '../../../../src/probe/read.ts'
import type { Plain } from '../../../../src/values/value.ts'
import { temporaryFolder } from '../../../support/folder.ts'
import { runLocally } from '../../../support/local-host.ts'
import { describeWith } from '../../../support/programs.ts'

type Task = readonly [Module, Readonly<Record<string, Plain>>]

describeWith('openssl', () => {
  let folder: string
  beforeEach(() => {
    folder = temporaryFolder()
  })
  const key = (more: Record<string, Plain> = {}): Task => [opensslPrivatekey, { path: join(folder, 'key'), size: 1024, ...more }]
  const publicKey = (): Task => [opensslPublickey, { path: join(folder, 'pub'), privatekey_path: join(folder, 'key') }]
  const request = (name: string): Task => [opensslCsr, { path: join(folder, 'csr'), privatekey_path: join(folder, 'key'), common_name: name }]
  const certificate = (): Task => [x509Certificate, { path: join(folder, 'crt'), csr_path: join(folder, 'csr'), privatekey_path: join(folder, 'key'), provider: 'selfsigned' }]

  /** How many changes each task foresees behind those before it. */
  const foreseen = (tasks: readonly Task[]): readonly number[] => {
    const imagined: Imagined[] = []
    return tasks.map(([module, args]) => {
      const { leaves, changes } = runLocally(module, args, { check: true, imagined })
      imagined.push(...leaves)
      return changes.length
    })
  }
  const all = (): readonly Task[] => [key(), publicKey(), request('a'), certificate()]

  it.each<[string, () => readonly Task[], readonly number[]]>([
    ['each twice', () => [key(), key(), publicKey(), publicKey(), request('a'), request('a'), certificate(), certificate()], [1, 0, 1, 0, 1, 0, 1, 0]],
    ['another size', () => [key(), key({ size: 2048 }), key({ size: 2048 }), key()], [1, 1, 0, 1]],
    ['a key that is gone', () => [key(), key({ state: 'absent' }), key({ state: 'absent' }), key()], [1, 1, 0, 1]],
    ['what is made from a key that is made anew', () => [...all(), key({ force: true }), ...all()], [1, 1, 1, 1, 1, 0, 1, 1, 1]],
    ['another name', () => [...all(), request('b'), certificate()], [1, 1, 1, 1, 1, 1]],
  ])('%s', (_, tasks, expected) => expect(foreseen(tasks())).toEqual(expected))

  it('a key that is there is made anew, and all that is made from it', () => {
    for (const [module, args] of all()) runLocally(module, args)
    expect(foreseen(all())).toEqual([0, 0, 0, 0])
    expect(foreseen([key({ force: true }), ...all()])).toEqual([1, 0, 1, 1, 1])
  })
})
