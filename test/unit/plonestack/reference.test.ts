import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { definitionTable } from '../../../src/plonestack/reference.ts'

test('docs/plonestack.md has the keys of a site definition as they are', () => {
  expect(readFileSync('docs/plonestack.md', 'utf8')).toContain(definitionTable())
})
