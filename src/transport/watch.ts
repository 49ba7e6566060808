/** Looks after a command that takes longer than a second: shows what it prints, ends it when its time is over. */
import { setTimeout as sleep } from 'node:timers/promises'
import { StringDecoder } from 'node:string_decoder'
import { endCommand } from '../shell/end-command.ts'
import { NOTHING, type CommandFragment, type Reply } from '../shell/fragment.ts'
import { outputFiles } from '../shell/frame.ts'
import { quote } from '../shell/quote.ts'
import type { Session } from './contract.ts'
import type { Shell } from './shell.ts'

/** Bytes that one fragment may print; more fails it. */
export const OUTPUT_LIMIT = 64 * 1024 * 1024
/** Why there is no answer then. */
export const TOO_MUCH = 'it printed more than 64 MiB'
/** Seconds between two looks at a command, and before the first. */
const INTERVAL = 1
/** Seconds between asking a command to end and making it. */
const GRACE = 2
/** Bytes fetched at a look. */
const PIECE = 256 * 1024

export interface Watched {
  readonly command: CommandFragment
  /** The command's number within its session. */
  readonly number: number
  readonly shell: Shell
  /** A second session of the same user, since the first is busy with the command. */
  readonly helper: () => Session
}

export interface Watch {
  /** The command has ended: shows the rest of its output, and completes its reply. */
  finish(reply: Reply): Reply
  /** Nobody knows what becomes of it. */
  abandon(): void
}

/** Costs the host nothing while the command is quick. */
export function watchCommand(watched: Watched): Watch {
  const { command } = watched
  const over = new AbortController()
  const live = { stdout: new StringDecoder('utf8'), stderr: new StringDecoder('utf8') }
  const shown = { stdout: 0, stderr: 0 }
  let started = false
  let timedOut = false
  let tooMuch = false

  function show(stream: 'stdout' | 'stderr', bytes: Buffer): void {
    shown[stream] += bytes.length
    const text = live[stream].write(bytes)
    if (text !== '') command.onOutput?.(stream, text)
  }

  async function look(folder: string): Promise<void> {
    const files = outputFiles(watched.number)
    const from = (file: string, position: number): string => `tail -c +${position + 1} ${quote(`${folder}/${file}`)} | head -c ${PIECE}`
    const [stdout, stderr, size] = await watched.helper().exchange([
      { kind: 'probe', script: from(files.stdout, shown.stdout) },
      { kind: 'probe', script: from(files.stderr, shown.stderr) },
      { kind: 'probe', script: `cd ${quote(folder)} && wc -c ${files.stdout} ${files.stderr}` },
    ])
    if (over.signal.aborted || !stdout || !stderr || !size) return
    show('stdout', stdout.stdout)
    show('stderr', stderr.stdout)
    tooMuch ||= Number(/(\d+) total/.exec(size.stdout.toString('latin1'))?.[1]) > OUTPUT_LIMIT
  }

  async function watch(): Promise<void> {
    const begun = performance.now()
    const left = (): number => (command.timeout ?? Infinity) - (performance.now() - begun) / 1000
    await sleep(Math.min(INTERVAL, left()) * 1000, undefined, { signal: over.signal })
    const { pid, folder } = await watched.shell.ready
    started = true
    for (;;) {
      if (command.onOutput && !timedOut) await look(folder)
      over.signal.throwIfAborted()
      timedOut = left() <= 0
      if (tooMuch || timedOut) await watched.helper().exchange([{ kind: 'probe', script: endCommand(pid, left() < -GRACE ? 'KILL' : 'TERM') }])
      await sleep(Math.max(0.1, Math.min(INTERVAL, left() > 0 ? left() : INTERVAL)) * 1000, undefined, { signal: over.signal })
    }
  }

  /** Without a second session the time limit cannot be kept any other way. */
  async function letGo(): Promise<void> {
    if (command.timeout === undefined) return
    await sleep(command.timeout * 1000, undefined, { signal: over.signal })
    watched.shell.destroy()
  }

  watch()
    .catch(letGo)
    .catch(() => undefined)

  return {
    finish(reply) {
      over.abort()
      if (started) {
        for (const stream of ['stdout', 'stderr'] as const) {
          show(stream, reply[stream].subarray(shown[stream]))
          const rest = live[stream].end()
          if (rest !== '') command.onOutput?.(stream, rest)
        }
      }
      if (tooMuch) return { ...reply, ...NOTHING, lost: TOO_MUCH }
      return timedOut ? { ...reply, timedOut } : reply
    },
    abandon: () => over.abort(),
  }
}
