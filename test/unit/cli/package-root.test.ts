/** Where plonerun is installed. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { packageRoot } from '../../../src/cli/package-root.ts'

const folder = mkdtempSync(join(tmpdir(), 'package-root-'))
afterEach(() => rmSync(folder, { recursive: true }))

test('the nearest folder with a package.json; without one it is an error', () => {
  const program = join(folder, 'package/dist')
  mkdirSync(program, { recursive: true })
  expect(() => packageRoot(program)).toThrow(`plonerun is not whole: no folder above ${program} holds its package.json`)
  writeFileSync(join(folder, 'package/package.json'), '{}')
  expect(packageRoot(program)).toBe(join(folder, 'package'))
})
