/** What include_vars gives: variables, a result that holds them, and secrets where a vault was. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createLoader } from '../../../src/load/loader.ts'
import { createVault } from '../../../src/load/vault.ts'
import { setStage, type Stage } from '../../support/play.ts'

let stage: Stage
beforeEach(async () => {
  stage = await setStage()
})
afterEach(() => stage.end())

const play = (tasks: string): string => `- hosts: h1\n  gather_facts: false\n  tasks:\n${tasks}`

test('its result holds the variables, templates as they are written, and they are no facts', async () => {
  stage.write({ 'more.yml': 'word: one\nboth: "{{ word }} two"\n' })
  const played = await stage.play(play(`
    - {name: reads, include_vars: {file: more.yml, name: inside}, register: read}
    - {name: shows, debug: {msg: "{{ read.ansible_facts.inside.word }} {{ inside.word }} {{ ansible_facts.inside is defined }}"}}
`))
  expect(played.result('reads')['ansible_facts']).toEqual({ inside: { word: 'one', both: '{{ word }} two' } })
  expect(played.result('shows')['msg']).toBe('one one False')
})

test('a file that the run writes is read as it is then', async () => {
  stage.write({ 'more.yml': 'word: before\n' })
  const played = await stage.play(play(`
    - include_vars: more.yml
    - {delegate_to: localhost, copy: {dest: "{{ playbook_dir }}/more.yml", content: "word: after"}}
    - include_vars: more.yml
    - {name: shows, debug: {msg: "{{ word }}"}}
`))
  expect(played.result('shows')['msg']).toBe('after')
})

test('what a vault holds is secret, whether the file is encrypted or one value in it', async () => {
  const vault = createVault([{ id: 'default', password: 'pw' }])
  writeFileSync(join(stage.folder, 'all.yml'), vault.encrypt('password: hidden in a file\n'))
  writeFileSync(join(stage.folder, 'one.yml'), `open: plain\nkey: !vault |\n${vault.encrypt('hidden in a value').replaceAll(/^/gm, '  ')}`)
  const played = await stage.play(play(`
    - {name: reads, include_vars: all.yml}
    - {include_vars: one.yml}
    - {name: shows, debug: {msg: "{{ password }} {{ open }} {{ key }}"}}
    - {name: writes, copy: {dest: "{{ out }}/f", content: "{{ key }}"}}
`), { loader: createLoader({ vault }) })
  expect(played.result('reads')['ansible_facts']).toEqual({ password: '********' })
  expect(played.result('shows')['msg']).toBe('********')
  expect(played.status('writes')).toBe('changed')
  expect(JSON.stringify(played.events)).not.toContain('hidden in')
})
