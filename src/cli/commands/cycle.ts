/** `plonerun cycle`: restarts the Zopes of sites without a request lost. */
import type { RunCommand } from '../commands.ts'
import { runSitePlaybook, type SiteOptions } from '../site-playbook.ts'

interface CycleOptions extends SiteOptions {
  readonly only?: string
  readonly canary?: number
  readonly serial?: string
  readonly minimum?: number
  readonly dryRun?: boolean
  readonly force?: boolean
  readonly resume?: boolean
}

export const run: RunCommand = (_, given) => {
  const { only, canary, serial, minimum, dryRun = false, force = false, resume = false, ...options }: CycleOptions = given
  return runSitePlaybook('cycle', { ...options, check: dryRun }, { cycle_only: only?.split(','), cycle_canary: canary, cycle_serial: serial, cycle_minimum: minimum, cycle_force: force, cycle_resume: resume })
}
