/** Drives a module by hand, without the engine: reads, plan, apply. */
import { execFileSync, spawnSync } from 'node:child_process'
import { decodeArguments } from '../../src/modules/contract/decode.ts'
import type { Change, Plan, Step } from '../../src/modules/contract/change.ts'
import type { Controller, Module, Outcome, Reads, State, StateModule } from '../../src/modules/contract/module.ts'
import type { Imagined, ProbeKind, Read } from '../../src/probe/read.ts'
import type { Reply } from '../../src/shell/fragment.ts'
import { quote } from '../../src/shell/quote.ts'
import { dictOf } from '../../src/values/convert.ts'
import type { Plain } from '../../src/values/value.ts'

/** Runs a shell text somewhere, given its stdin. */
export type Remote = (script: string, stdin?: string | Uint8Array) => Reply

/** This machine. */
export const localRemote: Remote = (script, stdin = '') => {
  const { stdout, stderr, status } = spawnSync('sh', ['-c', script], { input: stdin, maxBuffer: 1e9 })
  return { stdout, stderr, code: status }
}

const where = { file: 'site.yml', line: 1, column: 1 }

/** A controller that has no files and no variables but those given. */
export function controllerWith(overrides: Partial<Controller> = {}): Controller {
  return {
    findFile: (_kind, name) => name,
    readFile: (file) => execFileSync('cat', [file]),
    readVars: () => new Map(),
    render: () => ({ text: '', secret: false }),
    variable: () => undefined,
    python: () => undefined,
    diff: true,
    position: where,
    ...overrides,
  }
}

/** The typed input that arguments give. */
export function inputOf(module: Module, args: Readonly<Record<string, Plain>>): Record<string, unknown> {
  return decodeArguments(module, dictOf(args), () => where).input
}

/** A plan in one shape. */
export function fullPlan(plan: readonly Change[] | Plan): Plan & { readonly changes: readonly Change[] } {
  return Array.isArray(plan) ? { changes: plan as readonly Change[] } : { ...(plan as Plan), changes: (plan as Plan).changes ?? [] }
}

/** What a module would do to a host in a state that is given by its reads' keys. */
export function planWith(module: Module, args: Readonly<Record<string, Plain>>, state: Readonly<Record<string, unknown>>, controller: Partial<Controller> = {}): ReturnType<typeof fullPlan> {
  const { input, prepared, of } = prepare(module, args, controller)
  return fullPlan(of.plan(input, state, prepared))
}

/** check mode: what a module would do in a task behind one that is only planned. */
export function planBehind(module: Module, args: Readonly<Record<string, Plain>>, state: Readonly<Record<string, unknown>>, then = args): ReturnType<typeof fullPlan> {
  const { input, prepared, of } = prepare(module, then, {})
  const left = planWith(module, args, state).changes.flatMap(({ leaves = [] }) => leaves)
  const reads: Reads = of.reads(input, prepared, state)
  const after = Object.fromEntries(Object.entries(state).map(([key, answer]) => [key, reads[key]?.kind.imagine?.(reads[key].request, answer, left) ?? answer]))
  return planWith(module, then, after)
}

/** What a module returns for a host in a state that is given by its reads' keys. */
export function resultWith(module: Module, args: Readonly<Record<string, Plain>>, state: Readonly<Record<string, unknown>>, outcome: Partial<Outcome<Reads>> = {}): Readonly<Record<string, Plain>> {
  const { input, prepared, of } = prepare(module, args, {})
  return of.result?.(input, state, { changed: false, foreseen: false, replies: [], ...outcome }, prepared) ?? {}
}

function prepare(module: Module, args: Readonly<Record<string, Plain>>, controller: Partial<Controller>): { input: Record<string, unknown>; prepared: unknown; of: StateModule } {
  const of = module as StateModule
  const input = inputOf(module, args)
  return { input, prepared: of.prepare?.(input, controllerWith(controller)), of }
}

export interface Driven {
  readonly plan: ReturnType<typeof fullPlan>
  readonly replies: readonly Reply[]
  readonly result: Readonly<Record<string, Plain>>
}

/** Reads, plans and (unless in check mode) applies on a real host. */
export function drive(remote: Remote, module: Module, args: Readonly<Record<string, Plain>>, { check = false, imagined = [] as readonly Imagined[] } = {}): Driven {
  const { input, prepared, of } = prepare(module, args, {})
  const answer = (): State<Reads> => {
    let state: Record<string, unknown> = {}
    for (let asked = -1; ; ) {
      const reads = of.reads(input, prepared, state)
      if (Object.keys(reads).length === asked) return state
      asked = Object.keys(reads).length
      state = Object.fromEntries(Object.entries(reads).map(([key, read]) => [key, askOne(remote, read, imagined)]))
    }
  }
  const state = answer()
  const plan = fullPlan(of.plan(input, state, prepared))
  const steps = check || plan.fail !== undefined ? [] : plan.changes.flatMap(({ steps }) => steps)
  const replies: Reply[] = []
  const started = Date.now()
  for (const step of steps) {
    replies.push(runStep(remote, step))
    if (replies.at(-1)!.code !== 0) break
  }
  const after = of.readsAgain && replies.length > 0 ? { after: answer() } : {}
  const changed = plan.changes.length > 0
  const result = of.result?.(input, state, { changed, foreseen: check && changed, replies, time: { started, ended: Date.now() }, ...after }, prepared) ?? {}
  return { plan, replies, result }
}

function askOne(remote: Remote, read: Read<unknown>, imagined: readonly Imagined[]): unknown {
  const kind: ProbeKind<unknown, unknown> = read.kind
  const { stdout, stderr, code } = remote(`LC_ALL=C PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin; export LC_ALL PATH\n${kind.script([read.request])}`)
  if (code !== 0) throw new Error(`the probe ${kind.name} ended with ${code}: ${stderr.toString()}`)
  const real = kind.parse([read.request], stdout)[0]
  return kind.imagine ? kind.imagine(read.request, real, imagined) : real
}

function runStep(remote: Remote, { argv, stdin, cwd, environment = {}, umask, user }: Step): Reply {
  const setting = [
    user ? '' : 'LC_ALL=C PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin; export LC_ALL PATH\n',
    cwd === undefined ? '' : `cd -- ${quote(cwd)} || exit 126\n`,
    umask === undefined ? '' : `umask ${quote(umask)}\n`,
    ...Object.entries(environment).map(([name, value]) => `export ${name}=${quote(value)}\n`),
  ]
  return remote(`${setting.join('')}exec ${argv.map(quote).join(' ')}`, stdin)
}
