/** Runs state modules end to end on this machine's own sh: read, plan, apply, and read again. */
import { execFileSync, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { isAbsolute, join } from 'node:path'
import { PlonerunError } from '../../src/errors/plonerun-error.ts'
import type { Change, Plan, Step } from '../../src/modules/contract/change.ts'
import { decodeArguments } from '../../src/modules/contract/decode.ts'
import type { Controller, Module, Outcome, Reads, State, StateModule } from '../../src/modules/contract/module.ts'
import type { Imagined, Read } from '../../src/probe/read.ts'
import type { Reply } from '../../src/shell/fragment.ts'
import { bytesToText, textToBytes } from '../../src/values/bytes.ts'
import { dictOf } from '../../src/values/convert.ts'
import type { Plain, Value } from '../../src/values/value.ts'

const POSITION = { file: 'play.yml', line: 1, column: 1 }

export interface LocalOptions {
  readonly check?: boolean
  readonly diff?: boolean
  /** Folder of the files and templates that the module names. */
  readonly files?: string
  readonly variables?: Readonly<Record<string, Value>>
  /** check mode: what earlier tasks would have left behind. */
  readonly imagined?: readonly Imagined[]
  /** Check mode cannot tell that the same task behind it has nothing to do. */
  readonly unforeseen?: boolean
  /** How a template file is rendered: its text, unless given. */
  readonly render?: Controller['render']
}

export interface LocalRun {
  /** What the person would read. */
  readonly summaries: readonly string[]
  readonly changes: readonly Change[]
  readonly plan: Plan
  readonly result: Readonly<Record<string, Plain>>
  readonly replies: readonly Reply[]
  /** How many times the host was asked before the plan. */
  readonly stages: number
  readonly leaves: readonly Imagined[]
}

/** Runs one task. Throws a PlonerunError when it fails, with what the failed step printed. */
export function runLocally(module: Module, args: Readonly<Record<string, Plain>>, options: LocalOptions = {}): LocalRun {
  if (module.shape !== 'state') throw new Error(`${module.name} is no state module`)
  const { check = false, imagined = [] } = options
  const input = decodeArguments(module, dictOf(args), () => POSITION).input as never
  const prepared = module.prepare?.(input, controllerOf(options))
  const { reads, state, stages } = askAll(module, input, prepared, imagined)
  const planned = module.plan(input, state, prepared)
  const plan: Plan = Array.isArray(planned) ? { changes: planned as readonly Change[] } : (planned as Plan)
  if (plan.fail !== undefined) throw new PlonerunError(plan.fail, { kind: 'task' })
  const changes = plan.changes ?? []
  const replies = check ? [] : changes.flatMap(({ steps }) => steps).map(runStep)
  const leaves = changes.flatMap((change) => change.leaves ?? [])
  const after = module.readsAgain === true && changes.length > 0 ? askAgain(reads, check ? [...imagined, ...leaves] : []) : undefined
  const outcome: Outcome<Reads> = { changed: changes.length > 0, foreseen: check, replies, ...(after && { after }) }
  const result = module.result?.(input, state, outcome, prepared) ?? {}
  return { summaries: changes.map(({ summary }) => summary), changes, plan, result, replies, stages, leaves }
}

/**
 * Proves a task: check mode says what a real run then does and leaves behind, and that doing it again does nothing; nor does it.
 * @returns the real run
 */
export function prove(module: Module, args: Readonly<Record<string, Plain>>, options: LocalOptions = {}): LocalRun {
  const foreseen = runLocally(module, args, { ...options, check: true })
  const twice = runLocally(module, args, { ...options, check: true, imagined: [...(options.imagined ?? []), ...foreseen.leaves] })
  if (twice.changes.length > 0 && options.unforeseen !== true) throw new Error(`check mode said of the same task behind it:\n${twice.summaries.join('\n')}`)
  const real = runLocally(module, args, options)
  const again = runLocally(module, args, options)
  if (foreseen.summaries.join('\n') !== real.summaries.join('\n'))
    throw new Error(`check mode said:\n${foreseen.summaries.join('\n')}\nand the run did:\n${real.summaries.join('\n')}`)
  if (again.changes.length > 0) throw new Error(`the second run changed something again:\n${again.summaries.join('\n')}`)
  const laid = real.changes.length > 0 ? runLocally(module, args, { ...options, check: true, imagined: foreseen.leaves }) : again
  if (laid.changes.length > 0) throw new Error(`check mode would change something again:\n${laid.summaries.join('\n')}`)
  return real
}

/** Answers reads as a frame would: one script for all of a kind. */
export function ask<R extends Reads>(reads: R): State<R> {
  return askAgain(reads, []) as State<R>
}

function askAgain(reads: Reads, imagined: readonly Imagined[]): State<Reads> {
  const entries = Object.entries(reads)
  const answers: [string, unknown][] = []
  for (const kind of new Set(entries.map(([, read]) => read.kind))) {
    const asked = entries.filter(([, read]) => read.kind === kind)
    const requests = asked.map(([, read]) => read.request)
    const stdout = execFileSync('sh', [], { input: textToBytes(kind.script(requests)), env: { ...process.env, LC_ALL: 'C' }, maxBuffer: 1e9 })
    kind.parse(requests, stdout).forEach((answer, index) => {
      const real = kind.imagine && imagined.length > 0 ? kind.imagine(requests[index], answer, imagined) : answer
      answers.push([asked[index]![0], real])
    })
  }
  return Object.fromEntries(answers)
}

function askAll(module: StateModule, input: never, prepared: unknown, imagined: readonly Imagined[]): { reads: Reads; state: State<Reads>; stages: number } {
  let known: State<Reads> = {}
  for (let stages = 0; ; stages++) {
    const reads = module.reads(input, prepared, known)
    const fresh = Object.fromEntries(Object.entries<Read<unknown>>(reads).filter(([key]) => !(key in known)))
    if (Object.keys(fresh).length === 0) return { reads, state: known, stages }
    known = { ...known, ...askAgain(fresh, imagined) }
  }
}

function runStep({ argv, stdin, cwd, environment, umask }: Step): Reply {
  const words = umask === undefined ? argv : ['/bin/sh', '-c', `umask ${umask}; exec "$@"`, 'sh', ...argv]
  const { stdout, stderr, status } = spawnSync(words[0]!, words.slice(1), {
    input: stdin === undefined ? Buffer.alloc(0) : typeof stdin === 'string' ? textToBytes(stdin) : Buffer.from(stdin),
    cwd: cwd ?? '/',
    env: { ...process.env, LC_ALL: 'C', ...environment },
    maxBuffer: 1e9,
  })
  if (status !== 0) throw new PlonerunError(`${argv.slice(0, 3).join(' ')} failed`, { kind: 'task', why: `${bytesToText(stdout)}${bytesToText(stderr)}`.trim() })
  return { stdout, stderr, code: status }
}

function controllerOf({ files = '/', diff = false, variables = {}, render }: LocalOptions): Controller {
  const find = (name: string): string => (isAbsolute(name) ? name : join(files, name))
  return {
    findFile: (_kind, name) => find(name),
    readFile: (file) => readFileSync(file),
    readVars: () => new Map(),
    render: render ?? ((file) => ({ text: readFileSync(find(file), 'utf8'), secret: false })),
    python: () => undefined,
    variable: (name) => variables[name],
    diff,
    position: POSITION,
  }
}

