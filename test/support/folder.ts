/** Folders for one test. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

/** A new empty folder that is gone after the test. To be called in a test or in its beforeEach. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'plonerun-test-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}
