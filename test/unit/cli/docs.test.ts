/** The pages of docs/ that the source writes. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { documentation } from '../../../src/cli/docs.ts'

const root = join(import.meta.dirname, '../../..')
const textOf = (name: string): string => readFileSync(join(root, 'docs', name), 'utf8')

test.each([...documentation()])('docs/%s is what the source says (npm run docs)', (name, text) => {
  expect(textOf(name)).toBe(text)
})

test('npm run docs writes them', () => {
  const folder = mkdtempSync(join(tmpdir(), 'plonerun-docs-'))
  try {
    execFileSync(process.execPath, ['build/run.mjs', 'build/docs.ts', folder], { cwd: root })
    for (const [name, text] of documentation()) expect(readFileSync(join(folder, name), 'utf8'), name).toBe(text)
  } finally {
    rmSync(folder, { recursive: true })
  }
})
