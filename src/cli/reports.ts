/** --output: which renderers a run has. */
import { PlonerunError } from '../errors/plonerun-error.ts'
import type { Report } from '../report/report.ts'
import { createStyle } from '../report/style.ts'
import { wantsColours } from './colours.ts'

export interface OutputOptions {
  readonly output?: readonly string[] | undefined
  readonly stats?: boolean | undefined
  readonly verbose?: number | undefined
  /** Shows what set_stats kept in the lines of --output ansible too. */
  readonly customStats?: boolean | undefined
}

const SCREENS = ['tty', 'lines', 'ansible', 'json'] as const
type Screen = (typeof SCREENS)[number]

/** One renderer for standard output, by default the one that suits it, and any number that write files. */
export async function openReports({ output = [], ...options }: OutputOptions): Promise<Report[]> {
  const files = output.filter((kind) => kind.includes('='))
  const screens = output.filter((kind) => !kind.includes('='))
  if (screens.length > 1) throw new PlonerunError(`--output: only one of ${screens.join(' and ')} can write to standard output`)
  const screen = screens[0] ?? (isLively(process.stdout) ? 'tty' : 'lines')
  if (!isScreen(screen)) throw new PlonerunError(`--output: there is no '${screen}'`, { hint: `there are ${SCREENS.join(', ')}, junit=FILE and page=FILE` })
  return Promise.all([openScreen(screen, options), ...files.map(openFile)])
}

async function openScreen(kind: Screen, { stats = false, verbose: verbosity = 0, customStats = false }: Omit<OutputOptions, 'output'>): Promise<Report> {
  const { stdout, stderr } = process
  const style = createStyle(wantsColours(stdout))
  const options = { style, verbosity, stats, write: (text: string) => void stdout.write(text) }
  switch (kind) {
    case 'tty':
      return (await import('../report/tty.ts')).tty({ ...options, stdout, stderr })
    case 'lines':
      return (await import('../report/lines.ts')).lines(options)
    case 'ansible':
      return (await import('../report/ansible.ts')).ansible({ ...options, customStats, warn: (text) => void stderr.write(text) })
    case 'json':
      return (await import('../report/json.ts')).json(options)
  }
}

async function openFile(output: string): Promise<Report> {
  const [kind = '', ...rest] = output.split('=')
  const file = rest.join('=')
  if (kind !== 'junit' && kind !== 'page') throw new PlonerunError(`--output: there is no '${kind}='`, { hint: 'junit=FILE and page=FILE write files' })
  if (file === '') throw new PlonerunError(`--output: ${kind} wants a file, as in ${kind === 'junit' ? 'junit=report.xml' : 'page=cycle.html'}`)
  if (kind === 'junit') return (await import('../report/junit.ts')).junit({ file })
  // Standard output is the report's that has the screen.
  return (await import('../report/cycle-file.ts')).cycleFile({ file, written: () => void process.stderr.write(`what happened is drawn in ${file}\n`) })
}

function isScreen(kind: string): kind is Screen {
  return (SCREENS as readonly string[]).includes(kind)
}

/** A terminal that can be drawn on. */
function isLively(stream: NodeJS.WriteStream): boolean {
  return stream.isTTY && process.env['TERM'] !== 'dumb' && process.env['CI'] === undefined
}
