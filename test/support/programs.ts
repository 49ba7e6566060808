/** Tests that run a program of this machine. */
import { spawnSync } from 'node:child_process'
import { describe } from 'vitest'

/** A suite; where the program is not installed its tests are reported as skipped. Each of them may take a minute. */
export function describeWith(program: string, tests: () => void): void {
  describe.skipIf(spawnSync(program, ['--help']).error !== undefined)(`with ${program}`, { timeout: 60_000 }, tests)
}
