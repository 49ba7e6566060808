/** `plonerun cycle`: restarts the Zopes of sites without a request lost. */
import { askFront } from '../../cycle/front.ts'
import { PlonerunError } from '../../errors/plonerun-error.ts'
import type { RunCommand } from '../command-info.ts'
import type { Own } from '../session.ts'
import { runSitePlaybook, type SiteOptions } from '../site-playbook.ts'
import { newPage } from '../state-folder.ts'

interface CycleOptions extends SiteOptions {
  readonly only?: string
  readonly canary?: number
  readonly serial?: string
  readonly minimum?: number
  readonly drainTimeout?: number
  readonly dryRun?: boolean
  readonly force?: boolean
  readonly resume?: boolean
  readonly probe?: string
}

export const run: RunCommand = async (_, given) => {
  const { only, canary, serial, minimum, drainTimeout, dryRun = false, force = false, resume = false, probe, output = [], ...options }: CycleOptions = given
  const withPage = output.some((kind) => kind.startsWith('page=')) ? output : [...output, `page=${await newPage(options.site?.join(',') ?? 'all', new Date())}`]
  const vars = { cycle_only: only?.split(','), cycle_canary: canary, cycle_serial: serial, cycle_minimum: minimum, cycle_drain_timeout: drainTimeout, cycle_force: force, cycle_resume: resume }
  return runSitePlaybook('cycle', { ...options, output: withPage, check: dryRun }, vars, probe === undefined ? {} : { beside: probing(probe) })
}

function probing(text: string): NonNullable<Own['beside']> {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || !/^https?:$/.test(url.protocol)) throw new PlonerunError(`--probe: '${text}' is no http or https url`)
  return (emit) => askFront(url, (answer) => emit({ type: 'probed', url: url.href, ...answer }))
}
