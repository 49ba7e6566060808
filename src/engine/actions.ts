/** Action modules: they work on the controller, or drive a host step by step, through the engine. */
import { isFatal } from '../errors/plonerun-error.ts'
import { readFile, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { CycleEvent } from '../cycle/events.ts'
import type { Change } from '../modules/contract/change.ts'
import type { ActionContext, ActionModule, ActionResult, Reads, State } from '../modules/contract/module.ts'
import { withEnvironment } from '../probe/shell.ts'
import type { Reply } from '../shell/fragment.ts'
import { fromPlain } from '../values/convert.ts'
import { str } from '../values/print.ts'
import type { Plain, Value } from '../values/value.ts'
import { Template } from '../values/template.ts'
import { NotKnown, Unknown } from '../values/unknown.ts'
import { withFacts } from './facts.ts'
import { sendFrame, type Errand } from './frame.ts'
import { changeInventory } from './inventory-change.ts'
import { failedOutcome, finish, unknownOutcome, type ItemOutcome } from './outcome.ts'
import { reach } from './reach.ts'
import type { Work } from './prepare.ts'
import { sleep } from './sleep.ts'
import { evaluate, evaluateCondition } from './task-view.ts'
import { withLines } from './plan.ts'

/** Who hears of what an action does meanwhile. */
type Audience = { readonly cycle: (event: CycleEvent) => void }

/** Runs an action to its outcome. */
export async function runAction(errand: Errand, work: Work, audience: Audience): Promise<ItemOutcome> {
  const changes: Change[] = []
  const module = work.module as ActionModule
  try {
    // Conditions and expressions of an action are evaluated by itself: facts that they miss are asked for, and it begins again.
    const action = await withFacts(errand, () => module.run(work.input, actionContext(errand, work, changes, audience), work.rest))
    if (action.unknown !== undefined) return unknownOutcome(work.item, new Unknown(action.unknown), changes, work.noLog)
    const { changed = changesInventory(errand, action) ?? changes.length > 0, failed = false, skipped = false, msg, result } = action
    const { run } = errand.place
    for (const warning of warningsIn(result)) run.note('warning', warning, work.item.view.task.position)
    const raw: Record<string, Plain> = { changed, failed, ...(skipped && { skipped }), ...(msg !== undefined && { msg }), ...withLines(result) }
    return finish(work, raw, changes, undefined, action)
  } catch (error) {
    if (!(error instanceof Error) || isFatal(error)) throw error
    if (error instanceof NotKnown) return unknownOutcome(work.item, error.unknown, changes, work.noLog)
    return failedOutcome(work.item, error, work.noLog, work)
  }
}

/** What a module of the person's own warns of. */
function warningsIn({ warnings }: ActionResult['result']): readonly string[] {
  return Array.isArray(warnings) ? (warnings as readonly Plain[]).map((warning) => str(fromPlain(warning))) : []
}

/** add_host and group_by count as a change when they tell the inventory something new. */
function changesInventory({ place: { run, host } }: Errand, { addHost, addToGroups }: ActionResult): boolean | undefined {
  if (addHost === undefined && addToGroups === undefined) return undefined
  return changeInventory(run, { addHost, addToGroups, host: host.name })
}

/** @param changes collects what the action applied, or in check mode would have */
function actionContext(errand: Errand, work: Work, changes: Change[], audience: Audience): ActionContext {
  const { machine, become, item, controller } = work
  const { view } = item
  const { run, host } = errand.place
  const expressionOf = (text: string): Template => new Template(`{{ ${text} }}`, view.task.modulePosition)
  return {
    ...controller,
    host: host.name,
    ...(work.delegatedTo !== undefined && { delegatedTo: work.delegatedTo }),
    check: work.check,
    unforeseeable: work.check && machine.imagination.unforeseeable,
    jobs: run.jobs,
    verbosity: run.verbosity,
    noLog: work.noLog,
    signal: run.signal,
    condition(expression) {
      const holds = evaluateCondition(view, expression, view.task.modulePosition)
      return holds instanceof Unknown ? 'unknown' : holds
    },
    expression: (text) => run.templating.evaluate(expressionOf(text), view.scope, view.context),
    show: (text) => run.templating.show(expressionOf(text), view.scope, view.context),
    evaluate: (value: Value) => evaluate(view, value),
    async read<R extends Reads>(asked: R): Promise<State<R>> {
      const reads = Object.fromEntries(Object.entries(asked).map(([key, read]) => [key, withEnvironment(read, work.environment)]))
      const missing = Object.values(reads).filter((read) => machine.known(become, read) === undefined)
      if (missing.length > 0) await sendFrame(errand, machine, become, [], missing)
      return Object.fromEntries(Object.entries(reads).map(([key, read]) => [key, machine.known(become, read)?.value])) as State<R>
    },
    forget: (resources) => machine.wrote(resources),
    async apply(planned): Promise<readonly Reply[]> {
      changes.push(...planned)
      if (work.check) {
        if (run.check) machine.imagination.imagine(work.become, planned.flatMap(({ leaves }) => leaves ?? [{ kind: 'anything' as const }]))
        return []
      }
      const chain = { steps: planned.flatMap(({ steps }) => steps), writes: planned.flatMap(({ writes }) => writes), environment: work.environment }
      if (chain.steps.length === 0) {
        machine.wrote(chain.writes)
        return []
      }
      return (await sendFrame(errand, machine, become, [chain], []))[0] ?? []
    },
    async proceed(steps) {
      if (work.check) throw new TypeError('an action goes on with a change in check mode')
      return (await sendFrame(errand, machine, become, [{ steps, writes: [], environment: work.environment }], []))[0] ?? []
    },
    tunnel: async (end) => (await machine.connection()).tunnel(end),
    start: async (command) => (await machine.connection()).start(command, { become, environment: work.environment }),
    async upload(localFile, remotePath) {
      await (await machine.connection()).upload({ file: localFile }, remotePath, 0o600)
    },
    async download(remotePath) {
      const folder = await mkdtemp(join(tmpdir(), 'plonerun-'))
      try {
        await (await machine.connection()).download(remotePath, join(folder, 'file'))
        return await readFile(join(folder, 'file'))
      } finally {
        await rm(folder, { recursive: true, force: true })
      }
    },
    local: machine.identity === 'local',
    reconnect: (seconds) => machine.reconnect(seconds),
    sleep: (seconds) => sleep(seconds, errand.regardless === true ? new AbortController().signal : run.signal),
    lane: (name) => actionContext({ ...errand, lane: name }, work, changes, audience),
    on: (name) => actionContext(errand, { ...work, ...reach(view, name) }, changes, audience),
    asLogin: () => actionContext(errand, { ...work, become: undefined }, changes, audience),
    regardless: () => actionContext({ ...errand, regardless: true }, work, changes, audience),
    tell: audience.cycle,
    say: (line) => run.note('info', line),
    ask: run.ask,
  }
}
