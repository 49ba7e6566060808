/** Hashes of passwords, which other threads compute while a run goes on. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { hashPassword, type HashRequest } from '../../../src/template/hashing/crypt.ts'
import { createHashThreads } from '../../../src/template/hashing/threads.ts'
import { createTemplating } from '../../../src/template/templating.ts'
import { buildHashThread } from '../../support/hash-thread.ts'
import { setStage, type Stage } from '../../support/play.ts'

let stage: Stage
let file: string
beforeAll(async () => {
  stage = await setStage(['h1', 'h2'])
  file = await buildHashThread(stage.folder)
})
afterAll(() => stage.end())

const PLAY = `
- hosts: all
  gather_facts: false
  vars:
    hash: "{{ 'secret' | password_hash('sha256', 'salt', rounds=40000) }}"
  tasks:
    - name: before
      copy: {dest: "{{ out }}/before-{{ inventory_hostname }}", content: before}
    - name: kept
      copy: {dest: "{{ out }}/{{ inventory_hostname }}", content: "{{ hash }}"}
      register: kept
    - name: own
      copy: {dest: "{{ out }}/own-{{ inventory_hostname }}", content: "{{ 'secret' | password_hash('sha256', rounds=40000) }}"}
    - name: shown
      debug: {msg: "{{ kept is changed }} {{ item | password_hash('sha512', 'salt', rounds=40000) }}"}
      loop: [one, two]
      changed_when: hash == ''
`

test('a run waits for them where they are needed, and asks no more often', async () => {
  const asked: HashRequest[] = []
  const threads = createHashThreads(file)
  const elsewhere = (request: HashRequest): Promise<string | undefined> => {
    asked.push(request)
    return threads(request)
  }
  const hash = hashPassword({ password: 'secret', scheme: 'sha256_crypt', salt: 'salt', rounds: 40_000 })
  const first = await stage.play(PLAY, { templating: createTemplating({ elsewhere }) })
  for (const host of ['h1', 'h2']) {
    expect(['before', 'kept', 'own', 'shown'].map((task) => first.status(task, host))).toEqual(['changed', 'changed', 'changed', 'ok'])
    expect(readFileSync(join(stage.out, host), 'utf8')).toBe(hash)
    expect(readFileSync(join(stage.out, `own-${host}`), 'utf8')).toMatch(/^\$5\$rounds=40000\$/)
  }
  // One with the salt for both hosts, one without for each, two of the loop.
  expect(asked).toHaveLength(5)
  const again = await stage.play(PLAY.replace(/ {4}- name: own\n.*\n/, ''), { templating: createTemplating({ elsewhere }) })
  expect([again.status('kept', 'h1'), again.status('kept', 'h2')]).toEqual(['ok', 'ok'])
  expect(again.roundTrips('h1')).toBe(1)
})
