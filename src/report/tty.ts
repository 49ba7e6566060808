/** The live view of a terminal: what settled scrolls up as plain lines, below it stands where the hosts are. */
import { DefaultRenderer, Listr, ListrLogger, ProcessOutput } from 'listr2'
import { grouped } from './grouped.ts'
import { createLiveState, follow } from './live-state.ts'
import { liveRows, type Row } from './live-rows.ts'
import { lines } from './lines.ts'
import type { Report, ReportOptions } from './report.ts'
import { createScreen, type Screen } from './screen.ts'

/** Milliseconds between two drawings. */
const INTERVAL = 100

/** More hosts than this are summed up, however tall the terminal is. */
const MOST_ROWS = 40

const NO_TITLE = ' '
const SHOW_CURSOR = '\u001b[?25h'

type Terminal = Pick<ReportOptions, 'style' | 'verbosity' | 'stats'> & {
  readonly stdout: NodeJS.WriteStream
  readonly stderr: NodeJS.WriteStream
}

/** Draws from the first play until `end`; failures and the recap stay on the terminal below what changed. */
export function tty({ stdout, stderr, ...options }: Terminal): Report {
  const terminal = new ProcessOutput(stdout, stderr, { leaveEmptyLine: false })
  const height = () => stdout.rows || 24
  const screen = createScreen((text) => void terminal.toStdout(text, false), height)
  const log = lines({ ...options, write: (text) => screen.print(text) }, { terse: true })
  const state = createLiveState(seconds())
  const tell = grouped(log.emit, () => options.verbosity === 0 && state.hosts.size > MOST_ROWS)
  let view: View | undefined

  const rows = () => liveRows(state, { height: Math.min(height() - 1, MOST_ROWS), now: seconds(), style: options.style })
  const show = () => void (view ??= openView(terminal, screen, rows))
  const hide = async () => {
    await view?.close()
    view = undefined
  }

  return {
    emit(event) {
      follow(state, event, seconds())
      if (event.type === 'play-started') show()
      tell(event)
    },
    async suspend() {
      const shown = view !== undefined
      await hide()
      return () => {
        if (shown) show()
      }
    },
    async end() {
      await hide()
      await log.end?.()
    },
  }
}

interface View {
  close(): Promise<void>
}

/** Starts a list with a task for every row there can be. They all end together; one without a title is not drawn. */
function openView(terminal: ProcessOutput, screen: Screen, rows: () => readonly Row[]): View {
  let finish = () => {}
  const finished = new Promise<void>((resolve) => (finish = resolve))
  const list = new Listr(
    Array.from({ length: MOST_ROWS }, () => ({ title: NO_TITLE, task: () => finished })),
    {
      concurrent: true,
      registerSignalListeners: false,
      renderer: rendererOn(screen),
      rendererOptions: { clearOutput: true, formatOutput: 'truncate', logger: new ListrLogger({ useIcons: true, toStderr: [], processOutput: terminal }) },
    },
  )
  const refresh = () => {
    const current = rows()
    for (const [index, task] of list.tasks.entries()) {
      const { title, output } = current[index] ?? { title: NO_TITLE, output: [] }
      task.title$ = title
      task.output$ = output.join('\n')
    }
  }
  // An exit in the middle of it (a second interrupt) must not leave the terminal without its cursor.
  const showCursor = () => void terminal.toStdout(SHOW_CURSOR, false)
  process.once('exit', showCursor)
  refresh()
  const timer = setInterval(refresh, INTERVAL)
  const running = list.run()
  return {
    async close() {
      clearInterval(timer)
      finish()
      await running
      process.removeListener('exit', showCursor)
    },
  }
}

/** listr2's own renderer, drawing on the screen, and no more often than the interval however often a row changes. */
function rendererOn(screen: Screen): typeof DefaultRenderer {
  let drawn = 0
  return class extends DefaultRenderer {
    // Whoever chose this report has made sure that there is a terminal; listr2 would look at the process's own.
    static override nonTTY = true

    override update(): void {
      // A little less than the interval, so that a timer that comes early is not passed over.
      if (performance.now() - drawn < INTERVAL * 0.9) return
      drawn = performance.now()
      screen.draw(this.create())
    }

    override end(): void {
      screen.clear()
      super.end()
    }
  }
}

function seconds(): number {
  return performance.now() / 1000
}
