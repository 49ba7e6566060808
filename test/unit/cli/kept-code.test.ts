/** The program keeps what V8 has compiled of it, and does without where that is of no use. */
import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { plonerun } from '../../support/plonerun.ts'

const root = join(import.meta.dirname, '../../..')
let folder: string
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'plonerun-kept-'))
  // The launcher builds plonerun when its sources have changed.
  await plonerun('--version')
  for (const name of ['dist/plonerun.cjs', 'dist/program.cjs', 'package.json']) cpSync(join(root, name), join(folder, name))
})
afterEach(() => rmSync(folder, { recursive: true }))

const run = (...args: readonly string[]): string => execFileSync(process.execPath, [join(folder, 'dist/plonerun.cjs'), ...args], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
const kept = (): readonly string[] => readdirSync(join(folder, 'dist')).filter((name) => name.endsWith('.cache'))

it('for each command', () => {
  const said = run('doc', 'copy')
  expect(kept()).toEqual([expect.stringMatching(/^program-[0-9a-f]{16}-doc[.]cache$/)])
  expect(run('doc', 'copy')).toBe(said)
  run('--version')
  expect(kept()).toHaveLength(1)
})

it('not of a call that failed', () => {
  expect(() => run('doc', 'no_such_module')).toThrow('Command failed')
  expect(kept()).toEqual([])
})

it('what another V8 has left is replaced', () => {
  const said = run('doc', 'copy')
  const file = join(folder, 'dist', kept()[0]!)
  const good = readFileSync(file)
  writeFileSync(file, Buffer.from('of another V8'))
  expect(run('doc', 'copy')).toBe(said)
  expect(Math.abs(readFileSync(file).length - good.length)).toBeLessThan(good.length / 10)
})
