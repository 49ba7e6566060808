import { existsSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createFactCache, type FactCache } from '../../../src/engine/fact-cache.ts'
import { setStage, type Stage } from '../../support/play.ts'

let stage: Stage
let warnings: string[]
beforeEach(async () => {
  stage = await setStage(['h1', 'h2'])
  warnings = []
})
afterEach(() => stage.end())

const cache = (timeout = 0): FactCache => createFactCache({ folder: join(stage.folder, 'facts'), prefix: 'p_', timeout, warn: (message) => warnings.push(message) })
const file = (): string => join(stage.folder, 'facts/p_h1')
const kept = (): Record<string, unknown> => JSON.parse(readFileSync(file(), 'utf8')) as Record<string, unknown>

const SET = `
- hosts: h1
  gather_facts: false
  tasks:
    - set_fact: {colour: red, ansible_size: 2.0, cacheable: true}
    - set_fact: {passing: here}
`
const SEE = `
- hosts: h1
  gather_facts: false
  tasks:
    - name: sees
      debug: {msg: "{{ colour | default('none') }} {{ ansible_size | default('none') }} {{ ansible_facts.size | default('none') }} {{ passing | default('none') }}"}
`

test('a cacheable fact is seen by the next run, as a fact; others are not', async () => {
  await stage.play(SET, { factCache: cache() })
  expect(kept()).toEqual({ colour: 'red', ansible_size: 2 })
  expect((await stage.play(SEE, { factCache: cache() })).result('sees')['msg']).toBe('red 2.0 2.0 none')
  expect((await stage.play(SEE)).result('sees')['msg']).toBe('none none none none')
})

test('and by the tasks behind it, among the facts', async () => {
  const see = '    - debug: {msg: "{{ ansible_facts.colour }} {{ ansible_facts.size }} {{ ansible_facts.passing | default(\'none\') }}"}\n      name: sees\n'
  expect((await stage.play(SET + see)).result('sees')['msg']).toBe('red 2.0 none')
})

test('what is kept is data, whatever braces it holds', async () => {
  await stage.play(SET, { factCache: cache() })
  writeFileSync(file(), JSON.stringify({ colour: '{{ 1 + 1 }}' }))
  expect((await stage.play(SEE, { factCache: cache() })).result('sees')['msg']).toBe('{{ 1 + 1 }} none none none')
})

test('facts that are too old, or cannot be read, count as none', async () => {
  await stage.play(SET, { factCache: cache() })
  const hourAgo = Date.now() / 1000 - 3600
  utimesSync(file(), hourAgo, hourAgo)
  expect((await stage.play(SEE, { factCache: cache(1800) })).result('sees')['msg']).toMatch(/^none/)
  expect((await stage.play(SEE, { factCache: cache(7200) })).result('sees')['msg']).toMatch(/^red/)
  writeFileSync(file(), '{"colour": ')
  expect((await stage.play(SEE, { factCache: cache() })).result('sees')['msg']).toMatch(/^none/)
  expect(warnings).toEqual([`${file()} holds no facts, and is not read`])
})

test('a play that gathers leaves all facts to later runs, which need not ask', async () => {
  await stage.play('- hosts: h1\n', { factCache: cache() })
  expect(kept()).toMatchObject({ module_setup: true, ansible_system: 'Linux' })
  const without = await stage.play('- hosts: h1\n  gather_facts: false\n  tasks:\n    - name: sees\n      debug: {var: ansible_system}\n', { factCache: cache() })
  expect([without.result('sees')['ansible_system'], without.roundTrips()]).toEqual(['Linux', 0])
  const smart = await stage.play('- hosts: h1\n  tasks:\n    - name: sees\n      debug: {var: ansible_system}\n', { factCache: cache(), defaults: { gathering: 'smart' } })
  expect([smart.result('sees')['ansible_system'], smart.roundTrips()]).toEqual(['Linux', 0])
  const other = await stage.play("- hosts: h2\n  gather_facts: false\n  tasks:\n    - name: sees\n      debug: {msg: \"{{ hostvars['h1'].ansible_facts.system }}\"}\n", { factCache: cache() })
  expect(other.result('sees', 'h2')['msg']).toBe('Linux')
})

test('gathering anew wins over what was kept', async () => {
  await stage.play('- hosts: h1\n', { factCache: cache() })
  writeFileSync(file(), JSON.stringify({ ...kept(), ansible_system: 'Hurd', ansible_own: 'stays' }))
  const played = await stage.play('- hosts: h1\n  tasks:\n    - name: sees\n      debug: {msg: "{{ ansible_system }} {{ ansible_own }}"}\n', { factCache: cache() })
  expect(played.result('sees')['msg']).toBe('Linux stays')
})

test('a run that finds out nothing new leaves the file and its age alone, whoever wrote it', async () => {
  await stage.play(SET, { factCache: cache() })
  const text = JSON.stringify(kept(), null, 4)
  writeFileSync(file(), text)
  utimesSync(file(), 1000, 1000)
  await stage.play(SEE, { factCache: cache() })
  expect([readFileSync(file(), 'utf8'), statSync(file()).mtimeMs]).toEqual([text, 1_000_000])
})

test('clear_facts and flush forget; check mode keeps nothing', async () => {
  await stage.play(SET, { factCache: cache() })
  await stage.play('- hosts: h1\n  gather_facts: false\n  tasks:\n    - meta: clear_facts\n', { factCache: cache(), check: true })
  expect(existsSync(file())).toBe(true)
  await stage.play('- hosts: h1\n  gather_facts: false\n  tasks:\n    - meta: clear_facts\n', { factCache: cache() })
  expect(existsSync(file())).toBe(false)
  await stage.play(SET, { factCache: cache(), check: true })
  expect(existsSync(file())).toBe(false)
  await stage.play(SET, { factCache: cache() })
  writeFileSync(join(stage.folder, 'facts/other'), '{}')
  cache().flush()
  expect(readdirSync(join(stage.folder, 'facts'))).toEqual(['other'])
})

test('a fact that holds a secret is not kept', async () => {
  await stage.play('- hosts: h1\n  gather_facts: false\n  tasks:\n    - set_fact: {open: 1, hidden: {key: "{{ \'x\' | unvault(\'\') }}"}, cacheable: true}\n', { factCache: cache() })
  expect(kept()).toEqual({ open: 1 })
})
