/** Questions to the person on the terminal. */
import { openSync } from 'node:fs'
import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'
import { ReadStream, WriteStream } from 'node:tty'

export interface AskOptions {
  /** What is typed is not shown. */
  readonly secret?: boolean
  /** Seconds to wait. */
  readonly timeout?: number
  readonly signal?: AbortSignal
}

/** The line that the person types; null when there is no terminal, when time is up, or at the end of input. */
export async function ask(prompt: string, { secret = false, timeout, signal }: AskOptions = {}): Promise<string | null> {
  const terminal = openTerminal()
  if (!terminal) return null
  const { input, output, close } = terminal
  // readline writes the prompt and what is typed to its output; for a secret that goes nowhere.
  if (secret) output.write(prompt)
  const echo = secret ? new Writable({ write: (_chunk, _encoding, done) => done() }) : output
  const reader = createInterface({ input, output: echo, terminal: true })
  const signals = [...(signal ? [signal] : []), ...(timeout === undefined ? [] : [AbortSignal.timeout(timeout * 1000)])]
  const ended = new Promise<null>((resolve) => reader.once('close', () => resolve(null)))
  reader.once('SIGINT', () => {
    reader.close()
    process.kill(process.pid, 'SIGINT')
  })
  try {
    return await Promise.race([ended, reader.question(prompt, { signal: AbortSignal.any(signals) })])
  } catch (error) {
    if (signals.some((each) => each.aborted)) return null
    throw error
  } finally {
    reader.close()
    if (secret) output.write('\n')
    close()
  }
}

/** Standard input when it is a terminal, else the one that the process belongs to. */
function openTerminal(): { readonly input: ReadStream; readonly output: WriteStream; readonly close: () => void } | undefined {
  if (process.stdin.isTTY && process.stderr.isTTY) {
    return { input: process.stdin, output: process.stderr, close: () => process.stdin.pause() }
  }
  try {
    const input = new ReadStream(openSync('/dev/tty', 'r'))
    const output = new WriteStream(openSync('/dev/tty', 'w'))
    const close = (): void => {
      input.destroy()
      output.destroy()
    }
    return { input, output, close }
  } catch {
    return undefined
  }
}
