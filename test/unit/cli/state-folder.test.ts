import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { newPage } from '../../../src/cli/state-folder.ts'

test('the oldest pages of cycles go, nothing else', async () => {
  const state = mkdtempSync(join(tmpdir(), 'state-'))
  vi.stubEnv('XDG_STATE_HOME', state)
  onTestFinished(() => {
    vi.unstubAllEnvs()
    rmSync(state, { recursive: true })
  })
  const folder = join(state, 'plonerun/cycles')
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'notes.txt'), '')
  for (let day = 1; day <= 102; day++) {
    writeFileSync(join(folder, `demo-${day}.html`), '')
    utimesSync(join(folder, `demo-${day}.html`), day * 86_400, day * 86_400)
  }
  const page = await newPage('demo,in/tranet', new Date('2026-01-02T03:04:05Z'))
  expect(basename(page)).toBe('demo,in_tranet-2026-01-02T03.04.05.html')
  expect(readdirSync(folder)).toHaveLength(100)
  expect(readdirSync(folder)).toEqual(expect.arrayContaining(['notes.txt', 'demo-102.html', 'demo-4.html']))
})
