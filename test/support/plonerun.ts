/** Runs plonerun as a person does: the launcher of this clone, in a process of its own. */
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'

export interface Finished {
  readonly code: number
  /** Standard output and standard error together. */
  readonly output: string
}

/** The launcher of this clone. */
export const launcher = join(import.meta.dirname, '../../plonerun')

/** Runs it to its end, whatever its exit code. Rejects when it was ended by a signal or could not start. */
export function plonerun(...args: readonly string[]): Promise<Finished> {
  return runToEnd(launcher, args)
}

/** The same for any program, in a folder. */
export async function runToEnd(program: string, args: readonly string[], cwd?: string): Promise<Finished> {
  try {
    const { stdout, stderr } = await promisify(execFile)(program, args, { maxBuffer: 64 * 1024 * 1024, cwd })
    return { code: 0, output: stdout + stderr }
  } catch (error) {
    const { code, stdout, stderr } = error as { readonly code?: unknown; readonly stdout?: string; readonly stderr?: string }
    if (typeof code !== 'number') throw error
    return { code, output: `${stdout ?? ''}${stderr ?? ''}` }
  }
}
