import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { documentation } from '../../../src/cli/docs.ts'

test.each([...documentation()])('docs/%s is what the source says (npm run docs)', (name, text) => {
  expect(readFileSync(join(import.meta.dirname, '../../../docs', name), 'utf8')).toBe(text)
})
