/** What a cycle needs of a machine: the balancer's, or one that backends run on. */
import type { Duplex } from 'node:stream'
import { PlonerunError } from '../errors/plonerun-error.ts'

export interface Command {
  /** What it does, for an error. */
  readonly summary: string
  readonly argv: readonly string[]
  readonly stdin?: string
  /** Seconds it may take, if not LONGEST. */
  readonly seconds?: number
}

/** Seconds that a command or a look may take: a balancer that hangs answers nobody. */
export const LONGEST = 20

export interface Exchanged {
  /** What each command printed. */
  readonly printed: readonly string[]
  /** What each look printed. */
  readonly seen: readonly string[]
}

export interface Box {
  /**
   * One round trip: runs commands in order, and then looks with shell texts, which only read.
   * @throws PlonerunError of kind `task` for the first command that does not exit 0, or whatever takes too long; what is after it does not run
   */
  exchange(commands: readonly Command[], looks: readonly string[]): Promise<Exchanged>
  /** A TCP stream that starts at the machine. */
  connect(address: string, port: number): Promise<Duplex>
  /** Seconds. */
  sleep(seconds: number): Promise<void>
}

/** Seconds between two looks at a condition. */
const INTERVAL = 0.15

/**
 * Looks again and again until a condition holds; the last look is made after the deadline.
 * @param seconds the deadline
 * @param missing says what the condition lacks, or undefined when it holds
 * @throws PlonerunError of kind `task` with what is still missing then
 */
export async function until(box: Pick<Box, 'sleep'>, seconds: number, missing: () => Promise<string | undefined>): Promise<void> {
  const deadline = performance.now() + seconds * 1000
  for (;;) {
    const late = performance.now() > deadline
    const why = await missing()
    if (why === undefined) return
    if (late) throw new PlonerunError(`${why} after ${seconds} seconds`, { kind: 'task' })
    await box.sleep(INTERVAL)
  }
}
