/** A session: frames to one user's shell and their replies, also when the shell dies in between. */
import { setTimeout as sleep } from 'node:timers/promises'
import { PlonerunError } from '../errors/plonerun-error.ts'
import { NOTHING, type Fragment, type Reply } from '../shell/fragment.ts'
import type { Backend } from './channel.ts'
import type { ChannelHolder, ChannelLimit } from './channel-limit.ts'
import type { Become, Session } from './contract.ts'
import { endShell } from './end-shell.ts'
import { createMeter, type Meter } from './meter.ts'
import { runFrame, type FrameOutcome } from './run-frame.ts'
import { openShell, type Shell } from './shell.ts'

export interface SessionOptions {
  readonly backend: Backend
  /** The inventory's name, for messages. */
  readonly host: string
  readonly become?: Become | undefined
  /** Seconds that opening a shell may take. */
  readonly timeout: number
  readonly limit: ChannelLimit
  readonly meter: Meter
}

/** A session as its connection sees it. */
export interface ManagedSession extends Session {
  /** Closes the shell when it is idle again; the next exchange opens another. */
  reset(): Promise<void>
  /** The same, but what it is busy with is not waited for. */
  leave(): Promise<void>
  /** Ends the command that runs; neither it nor what was to follow it in its frame is answered. */
  interrupt(): Promise<void>
}

/** Seconds for cleaning up after a killed shell. */
const CLEANING = 3

export function createSession(options: SessionOptions): ManagedSession {
  const { backend, host, become, limit, meter } = options
  let queue: Promise<unknown> = Promise.resolve()
  let waiting = 0
  let shell: Shell | undefined
  let helper: ManagedSession | undefined
  let stale: string[] = []
  /** Number of the next fragment. */
  let next = 0
  /** Why the frame that runs was stopped. */
  let stopped: string | undefined
  /** The stop that is under way. It ends the shell even when the frame has come to its end meanwhile, so the next one waits for it. */
  let stopping = Promise.resolve()

  const holder: ChannelHolder = {
    get idle() {
      return waiting === 0
    },
    retire: closeShell,
  }

  /** One after the other. */
  function enqueue<T>(work: () => Promise<T>): Promise<T> {
    waiting++
    const done = queue.then(work).finally(() => {
      waiting--
      limit.touch(holder)
    })
    queue = done.catch(() => undefined)
    return done
  }

  async function closeShell(): Promise<void> {
    const closing = shell
    shell = undefined
    if (closing?.isEnded) stale.push(closing.folder)
    await closing?.close()
    await helper?.close()
    helper = undefined
  }

  async function release(closing: () => Promise<void>): Promise<void> {
    await enqueue(closing)
    limit.release(holder)
  }

  /** A killed shell's folder is removed by a last one, if the host still answers. */
  async function closeForGood(): Promise<void> {
    if (shell?.isEnded || stale.length > 0) await Promise.race([currentShell().catch(() => undefined), sleep(CLEANING * 1000, undefined, { ref: false })])
    await closeShell()
  }

  async function currentShell(): Promise<Shell> {
    if (shell && !shell.isEnded) return shell
    if (shell) stale.push(shell.folder)
    else await limit.acquire(holder)
    try {
      shell = await openShell(backend, { host, become, stale, timeout: options.timeout })
    } catch (error) {
      shell = undefined
      limit.release(holder)
      throw error
    }
    meter.opened++
    stale = []
    return shell
  }

  function helperSession(): Session {
    helper ??= createSession({ ...options, meter: createMeter() })
    return helper
  }

  /** Sends what has no reply yet to a new shell whenever one dies, except what may have run. */
  async function runAll(fragments: readonly Fragment[]): Promise<Reply[]> {
    const replies: Reply[] = []
    const lose = (why: string, unreachable = false): Reply[] => {
      while (replies.length < fragments.length) replies.push({ ...NOTHING, lost: why, ...(unreachable && { unreachable }) })
      return replies
    }
    let unbegun = 0
    while (replies.length < fragments.length) {
      const isFirst = replies.length === 0
      let outcome: FrameOutcome
      try {
        const on = await currentShell()
        if (stopped !== undefined) return lose(stopped)
        const rest = fragments.slice(replies.length)
        const first = next
        next += rest.length
        outcome = await runFrame({ shell: on, fragments: rest, first, meter, helper: helperSession })
        if (outcome.end?.error) throw outcome.end.error
      } catch (error) {
        if (isFirst || !(error instanceof PlonerunError)) throw error
        return lose([error.message, error.why].filter(Boolean).join(': '), error.kind === 'unreachable')
      }
      replies.push(...outcome.replies)
      const { begun, end } = outcome
      if (!end) continue
      if (stopped !== undefined) return lose(stopped)
      if (end.broken || (!begun && ++unbegun > 1)) return lose(end.why, end.broken)
      if (!begun) continue
      if (replies.length < fragments.length) replies.push({ ...NOTHING, lost: end.why })
      while (isSkipped(fragments[replies.length])) replies.push({ ...NOTHING, skipped: true })
    }
    return replies
  }

  /** Ends what runs, and the shell with it, so that nothing else of the frame runs. */
  function stop(why: string): Promise<void> {
    stopped = why
    if (shell?.isEnded === false) stopping = endShell(shell, helperSession)
    return stopping
  }

  return {
    exchange(fragments, { deadline } = {}) {
      if (fragments.length === 0) return Promise.resolve([])
      return enqueue(async () => {
        await stopping
        stopped = undefined
        const timer = deadline === undefined ? undefined : setTimeout(() => void stop(`no answer within ${deadline} s`), deadline * 1000)
        try {
          return await runAll(fragments)
        } finally {
          clearTimeout(timer)
        }
      })
    },
    reset: () => release(closeShell),
    leave() {
      const busy = waiting > 0
      const left = release(closeShell)
      return busy ? Promise.resolve(void left.catch(() => undefined)) : left
    },
    async interrupt() {
      if (waiting > 0) await stop('interrupted')
    },
    close: () => release(closeForGood),
  }
}

function isSkipped(fragment: Fragment | undefined): boolean {
  return fragment?.kind === 'command' && fragment.onlyIf !== undefined
}
