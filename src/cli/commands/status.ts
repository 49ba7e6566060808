/** `plonerun status`: how the sites of an inventory stand. */
import { PlonerunError } from '../../errors/plonerun-error.ts'
import { statusReport } from '../../report/status.ts'
import { createStyle } from '../../report/style.ts'
import { wantsColours } from '../colours.ts'
import type { RunCommand } from '../command-info.ts'
import { runSitePlaybook, type SiteOptions } from '../site-playbook.ts'

interface StatusOptions extends SiteOptions {
  readonly watch?: boolean
}

/** Seconds between two looks. */
const EVERY = 2

export const run: RunCommand = (_, given) => {
  const { watch = false, output = [], ...options }: StatusOptions = given
  const other = output.find((kind) => kind !== 'json' && kind !== 'lines')
  if (other !== undefined) throw new PlonerunError(`--output: status cannot be shown as '${other}'`, { hint: 'there are lines, which is the default, and json' })
  const { stdout, stderr } = process
  const report = statusReport({
    write: (text) => void stdout.write(text),
    writeError: (text) => void stderr.write(text),
    style: createStyle(wantsColours(stdout)),
    json: output.includes('json'),
    watch,
    ...(stdout.isTTY && { rows: () => stdout.rows || 24 }),
  })
  return runSitePlaybook('status', options, watch ? { status_every: EVERY } : {}, { reports: [report] })
}
