/** What a cycle needs of the machine that the backends run on. */
import type { Duplex } from 'node:stream'
import { PlonerunError } from '../errors/plonerun-error.ts'

export interface Box {
  /** Runs a command that changes something, and gives what it prints. Throws a PlonerunError of kind `task` when it does not exit 0. */
  run(summary: string, argv: readonly string[]): Promise<string>
  /** Gives what a shell text prints, whatever its exit code. It only reads. */
  look(script: string): Promise<string>
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
