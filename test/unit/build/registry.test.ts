import { expect, test } from 'vitest'
import { registryText } from '../../../build/registry.mjs'

const copy = { file: 'files/copy.ts', text: "/** Copies. */\nexport const copy = state({\n  name: 'ansible.builtin.copy',\n})\n" }
const setFact = { file: 'vars/set-fact.ts', text: "export const setFact = action({ name: 'ansible.builtin.set_fact' })\n" }
const helper = { file: 'files/backup.ts', text: "import { state } from '../contract/module.ts'\nexport const backup = 1\n" }

test('a file that declares a module is listed, a helper is not', () => {
  expect(registryText([helper, copy, setFact])).toMatchInlineSnapshot(`
    "/** All modules. Written by build/registry.mjs. */
    import type { Module } from './contract/module.ts'
    import { copy as files_copy } from './files/copy.ts'
    import { setFact as vars_set_fact } from './vars/set-fact.ts'

    export const modules: readonly Module[] = [
      files_copy,
      vars_set_fact,
    ]
    "
  `)
})

test('two modules in one file are an error', () => {
  expect(() => registryText([{ file: copy.file, text: copy.text + setFact.text }])).toThrowErrorMatchingInlineSnapshot(`[Error: src/modules/files/copy.ts declares 2 modules (copy, setFact): give each a file of its own]`)
})
