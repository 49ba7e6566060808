/**
 * Loads the program from its bundle, which lies beside. What V8 has compiled of it is kept there too and taken from there
 * the next time, because to compile it anew takes longer than most of what a run that changes nothing does.
 */
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { Script } from 'node:vm'
import type * as Program from './program.ts'

/** Told by the build: of the bundle's content, of which V8 itself compares the length only. */
declare const BUNDLE_HASH: string

export interface LoadedProgram extends Pick<typeof Program, 'runProgram'> {
  /** Keeps what has been compiled by now for the next run of the same command: by the first run, and by those that take long. */
  readonly keepCode: () => void
}

/** Milliseconds of the process after which a run has seen more of the program than another, and can spare the time to keep it. */
const LONG = 3000

/** @param command each has a file of its own, since each uses other parts of the program */
export function loadProgram(command: string): LoadedProgram {
  const file = join(import.meta.dirname, 'program.cjs')
  const cache = join(import.meta.dirname, `program-${BUNDLE_HASH}-${command.replace(/[^a-z-]/g, '')}.cache`)
  const cachedData = readIfThere(cache)
  const script = new Script(`(function (exports, require, module, __filename, __dirname) {${readFileSync(file, 'latin1')}\n})`, { filename: file, ...(cachedData && { cachedData }) })
  const isKept = cachedData !== undefined && script.cachedDataRejected !== true
  // Otherwise V8 lets go of compiled code that has not been used for a while, before it can be kept.
  const holdOn = (): void => setFlagsFromString('--no-flush-bytecode')
  if (isKept) setTimeout(holdOn, LONG).unref()
  else holdOn()
  const module = { exports: {} as typeof Program }
  ;(script.runInThisContext() as Wrapped)(module.exports, createRequire(file), module, file, dirname(file))
  return {
    runProgram: module.exports.runProgram,
    keepCode() {
      if (isKept && performance.now() < LONG) return
      // V8 takes what is kept only under the same flags.
      setFlagsFromString('--flush-bytecode')
      writeIfAllowed(cache, script.createCachedData())
    },
  }
}

/** As Node wraps a CommonJS module. */
type Wrapped = (exports: unknown, require: NodeJS.Require, module: { exports: unknown }, file: string, folder: string) => void

function readIfThere(file: string): Buffer | undefined {
  try {
    return readFileSync(file)
  } catch {
    return undefined
  }
}

/** An installation that belongs to somebody else stays as it is. */
function writeIfAllowed(file: string, content: Uint8Array): void {
  const beside = `${file}.${process.pid}`
  try {
    writeFileSync(beside, content)
    renameSync(beside, file)
  } catch {
    rmSync(beside, { force: true })
  }
}
