/** One frame in one shell: its replies as they come, with the time each took, and what was told when the shell ended before the last. */
import { randomBytes } from 'node:crypto'
import { NOTHING, type Fragment, type Reply } from '../shell/fragment.ts'
import { frameText } from '../shell/frame.ts'
import { type Answer, parseFrame } from '../shell/parse-frame.ts'
import type { Session } from './contract.ts'
import type { Meter } from './meter.ts'
import type { Shell, ShellEnd } from './shell.ts'
import { OUTPUT_LIMIT, TOO_MUCH, type Watch, watchCommand } from './watch.ts'

export interface FrameRun {
  readonly shell: Shell
  readonly fragments: readonly Fragment[]
  /** Number of the first fragment within its session. */
  readonly first: number
  readonly meter: Meter
  /** A second session of the same user, to look after a command that takes long. */
  readonly helper: () => Session
}

export interface FrameOutcome {
  readonly replies: readonly Reply[]
  /** The shell has begun the frame. */
  readonly begun: boolean
  /** The shell ended before all were answered. */
  readonly end?: ShellEnd
}

/** Sends a frame to a shell and reads its answer until all fragments have a reply, or the shell ends. Never rejects. */
export function runFrame({ shell, fragments, first, meter, helper }: FrameRun): Promise<FrameOutcome> {
  const token = randomBytes(16).toString('hex')
  const text = frameText(fragments, { token, first })
  const parser = parseFrame(token)
  const replies: Reply[] = []
  let watch: Watch | undefined
  let tooMuch = false
  let started = Date.now()
  const timed = (reply: Reply): Reply => {
    const time = { started, ended: Date.now() }
    started = time.ended
    return { ...reply, time }
  }

  function watchNext(): void {
    const command = fragments[replies.length]
    const worthIt = command?.kind === 'command' && (command.timeout !== undefined || command.onOutput !== undefined)
    watch = worthIt ? watchCommand({ command, number: first + replies.length, shell, helper }) : undefined
  }

  return new Promise((resolve) => {
    shell.listen({
      output(chunk) {
        meter.bytesReceived += chunk.length
        const wasBegun = parser.begun
        const answers = parser.push(chunk)
        if (parser.begun && !wasBegun) watchNext()
        for (const answer of answers) {
          const reply = toReply(answer)
          replies.push(timed(watch?.finish(reply) ?? reply))
          watchNext()
        }
        if (replies.length === fragments.length) resolve({ replies, begun: true })
        else if (parser.pending > OUTPUT_LIMIT) {
          tooMuch = true
          shell.destroy()
        }
      },
      end(end) {
        watch?.abandon()
        resolve({ replies, begun: parser.begun, end: tooMuch ? { ...end, why: TOO_MUCH } : end })
      },
    })
    meter.roundTrips++
    meter.bytesSent += Buffer.byteLength(text)
    shell.write(text)
  })
}

function toReply(answer: Answer): Reply {
  return answer === 'skipped' ? { ...NOTHING, skipped: true } : answer
}
