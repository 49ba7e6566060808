/** ansible_local in check mode. */
import { expect, test } from 'vitest'
import { factRead } from '../../../src/facts/families.ts'
import type { Imagined, ImaginedPath } from '../../../src/probe/read.ts'
import { dictOf } from '../../../src/values/convert.ts'
import { Unknown } from '../../../src/values/unknown.ts'
import type { Dict, Value } from '../../../src/values/value.ts'

const written = (name: string, state: ImaginedPath): Imagined => ({ kind: 'path', path: `/etc/ansible/facts.d/${name}.fact`, state })
const text = (content: string): Uint8Array => Buffer.from(content)

test.each<[string, readonly Imagined[], Value]>([
  ['a script', [written('sshd', { type: 'file', mode: 0o755, content: text('#!/bin/sh') })], new Unknown('ansible_local.sshd')],
  ['a file', [written('sshd', { type: 'file', mode: 0o644, content: text('{"port": 22}') })], new Map([['port', 22]])],
  ['another file', [written('cron', { type: 'file', mode: 0o755, content: text('#!/bin/sh') })], new Map([['port', 1]])],
  ['the owner of its file', [written('sshd', { type: 'file', owner: 'root' })], new Map([['port', 1]])],
  ['nothing where its file is', [written('sshd', null)], undefined as unknown as Value],
])('%s is to be written', (_, imagined, wanted) => {
  const read = factRead('local')
  const found = read.kind.imagine!(read.request, dictOf({ local: { sshd: { port: 1 } } }), imagined).get('local') as Dict
  expect(found.get('sshd')).toEqual(wanted)
})
