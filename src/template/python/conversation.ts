/** A program that is asked and answers, a line each, while everything else waits: templates are synchronous. */
import { execFileSync, spawn } from 'node:child_process'
import { closeSync, constants, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface Conversation {
  /** Writes a line. That the program has ended is heard. */
  say(line: string): void
  /** Waits for a line; undefined when the program has ended. */
  hear(): string | undefined
}

const PIECE = 64 * 1024

/** Starts the program. It ends when this process does. */
export function converse(command: string, args: readonly string[], environment: Readonly<Record<string, string>>): Conversation {
  const folder = mkdtempSync(join(tmpdir(), 'plonerun-python-'))
  try {
    const [there, back] = [pipe(join(folder, 'there')), pipe(join(folder, 'back'))]
    const child = spawn(command, args, { stdio: [there.read, back.write, 'ignore'], env: { ...process.env, ...environment } })
    // That it is not there is heard as its end.
    child.on('error', () => undefined).unref()
    // With its own ends kept open here its end would never be heard.
    closeSync(there.read)
    closeSync(back.write)
    return between(there.write, back.read)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** Both ends of a named pipe: unlike what spawn makes, they can be read and written without giving way to anything else. */
function pipe(path: string): { readonly read: number; readonly write: number } {
  execFileSync('mkfifo', ['-m', '600', path])
  // Opening one end waits for the other, unless told not to.
  const first = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
  const write = openSync(path, constants.O_WRONLY)
  const read = openSync(path, constants.O_RDONLY)
  closeSync(first)
  return { read, write }
}

function between(write: number, read: number): Conversation {
  const piece = Buffer.alloc(PIECE)
  let heard = Buffer.alloc(0)
  return {
    say(line) {
      const bytes = Buffer.from(`${line}\n`)
      try {
        for (let done = 0; done < bytes.length; ) done += writeSync(write, bytes, done)
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EPIPE') throw error
      }
    },
    hear() {
      for (;;) {
        const end = heard.indexOf('\n')
        if (end >= 0) {
          const line = heard.toString('utf8', 0, end)
          heard = heard.subarray(end + 1)
          return line
        }
        const count = readSync(read, piece)
        if (count === 0) return undefined
        heard = Buffer.concat([heard, piece.subarray(0, count)])
      }
    },
  }
}
