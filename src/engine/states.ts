/** State modules: plans items from what is known of the host, and applies what has to change, many items in a frame. */
import type { FullPlan } from '../modules/contract/change.ts'
import type { Reads, State } from '../modules/contract/module.ts'
import type { Read } from '../probe/read.ts'
import { makesStale, type Resource } from '../probe/resource.ts'
import { NotKnown, Unknown } from '../values/unknown.ts'
import { appliedOutcome, type Planned } from './applied.ts'
import { foreseeApplies, keepEarly, takeEarly } from './early.ts'
import { sendFrame, type Errand } from './frame.ts'
import type { Chain } from './machine.ts'
import { failedOutcome, finish, notRunOutcome, skippedOutcome, unknownOutcome, type ItemOutcome } from './outcome.ts'
import { jobStep, newJob, settledJob } from './jobs.ts'
import { failedResult, foreseenResult, planOf, unchangedResult } from './plan.ts'
import type { Prepared } from './prepare.ts'
import { answersOf, isStateWork, lookedAtAgain, readsOf, type StateWork } from './reads.ts'

type Settled = Planned | ItemOutcome

/**
 * Settles as many items from the first on as one round of planning and applying can: at least one.
 * Items whose questions the changes before them make stale are left for the next call.
 * @param last whether the task is done with these items, if they go well: changes of those behind it may travel along
 */
export async function settleStates(errand: Errand, prepared: readonly Prepared[], output: Chain['onOutput'], last: boolean): Promise<readonly ItemOutcome[]> {
  const settled: Settled[] = []
  const writes: Resource[] = []
  const lookedAt: Resource[] = []
  const first = prepared.find(isState)
  for (const [index, item] of prepared.entries()) {
    if (!isState(item)) {
      settled.push(outcomeOf(item))
      continue
    }
    const early = takeEarly(errand, item)
    if (early !== undefined) {
      await lookAgain(errand, [early.planned])
      settled.push(appliedOutcome(early.planned, early.replies))
      continue
    }
    if (first !== undefined && !sameFrame(first, item)) break
    const answers = await askFor(errand, item, prepared.slice(index), writes)
    if (answers === undefined) break
    const planned = plan(item, answers)
    if (isPlanned(planned) && !item.check) {
      const its = planned.plan.changes.flatMap((change) => change.writes)
      if (makesStale(its, lookedAt)) break
      writes.push(...its)
      lookedAt.push(...lookedAtAgain(planned.work, planned.state))
    }
    settled.push(planned)
    // Whoever reads while an effect runs reads the past.
    if (writes.includes('anything') && prepared.length > index + 1 && !isIndependentEffect(prepared[index + 1]!)) break
  }
  return apply(errand, settled, last && prepared.length === settled.length && settled.every((each) => isPlanned(each) || each.status !== 'failed'), output)
}

function isState(prepared: Prepared): prepared is StateWork {
  return prepared.kind === 'work' && isStateWork(prepared)
}

function isPlanned(settled: Settled): settled is Planned {
  return 'plan' in settled
}

function sameFrame(a: StateWork, b: StateWork): boolean {
  return a.machine === b.machine && a.become?.user === b.become?.user && a.become?.method === b.become?.method && a.check === b.check
}

/** An effect that asks nothing (a command without a guard): the loop's next one may travel in the same frame. */
function isIndependentEffect(prepared: Prepared): boolean {
  return isState(prepared) && prepared.module.effect === true && Object.keys(prepared.module.reads(prepared.input, prepared.prepared, {})).length === 0
}

function outcomeOf(prepared: Prepared): ItemOutcome {
  switch (prepared.kind) {
    case 'skipped':
      return skippedOutcome(prepared.item, prepared.condition)
    case 'unknown':
      return unknownOutcome(prepared.item, prepared.of)
    case 'failed':
      return failedOutcome(prepared.item, prepared.error, prepared.noLog, prepared)
    case 'work':
      return failedOutcome(prepared.item, new Error(`${prepared.module.name} is no state module`), prepared.noLog)
  }
}

/** The answers to all that the work asks; undefined when changes that are still to be applied could make them stale. */
async function askFor(errand: Errand, work: StateWork, rest: readonly Prepared[], writes: readonly Resource[]): Promise<State<Reads> | undefined> {
  for (;;) {
    const answers = answersOf(work, writes)
    if (answers.complete) return answers.state
    if (writes.length > 0) return undefined
    const others = rest.filter(isState).filter((other) => sameFrame(work, other)).flatMap(missingReads)
    await sendFrame(errand, work.machine, work.become, [], [...answers.missing, ...others])
  }
}

function missingReads(work: StateWork): readonly Read<unknown>[] {
  const answers = answersOf(work)
  return answers.complete ? [] : answers.missing
}

function plan(work: StateWork, state: State<Reads>): Settled {
  try {
    const planned = planOf(work, state)
    for (const warning of planned.warnings ?? []) work.item.view.place.run.note('warning', warning, work.item.view.task.position)
    if (planned.fail !== undefined) {
      // A role or database that is only planned cannot be asked for.
      if (work.check && (work.machine.imagination.unforeseeable || (work.module.beyond === true && work.machine.imagination.answersOtherwise))) return unknownOutcome(work.item, new Unknown(`${work.module.name} (${planned.fail})`), [], work.noLog)
      return finish(work, failedResult(planned), [])
    }
    if (planned.changes.length === 0) return finish(work, settledJob(work, unchangedResult(work, state, planned)), [])
    if (!work.check) return { work, state, plan: planned, ...(work.background !== undefined && { job: newJob() }) }
    return foresee(work, state, planned)
  } catch (error) {
    if (error instanceof NotKnown) return unknownOutcome(work.item, error.unknown, [], work.noLog)
    if (!(error instanceof Error)) throw error
    return failedOutcome(work.item, error, work.noLog, work)
  }
}

/**
 * check mode: what the changes would leave behind is laid over what later tasks read. A single task in check mode leaves
 * nothing behind, because those after it are about the host as it is.
 */
function foresee(work: StateWork, state: State<Reads>, plan: FullPlan): ItemOutcome {
  const { changes } = plan
  const { check: whole } = work.item.view.place.run
  if (whole) work.machine.imagination.imagine(work.become, changes.flatMap(({ leaves, writes }) => leaves ?? (writes.includes('anything') ? [{ kind: 'anything' as const }] : [])))
  if (work.module.effect === true) {
    if (whole) work.machine.imagination.imagine(work.become, [{ kind: 'anything' }])
    if (!whole && plan.needed !== true) return notRunOutcome(work.item, changes, work.noLog)
    if (plan.needed !== true) return unknownOutcome(work.item, new Unknown(changes.map(({ summary }) => summary).join('; ')), changes, work.noLog)
  }
  const answers = work.module.readsAgain === true ? answersOf(work) : undefined
  return finish(work, settledJob(work, foreseenResult(work, state, plan, answers?.complete === true ? answers.state : undefined)), changes)
}

/** Sends the changes of all planned items in one frame, and of following tasks what can travel with them. */
async function apply(errand: Errand, settled: readonly Settled[], wholeTask: boolean, output: Chain['onOutput']): Promise<readonly ItemOutcome[]> {
  const planned = settled.filter(isPlanned)
  const first = planned[0]
  if (first === undefined) return settled as readonly ItemOutcome[]
  // With several items in the frame, the last one's success does not speak for the task.
  const early = wholeTask && planned.length === 1 ? foreseeApplies(errand, first) : []
  const chains = [...planned.map((each) => chainOf(each, output)), ...early.map((each) => ({ ...chainOf(each, undefined), afterPrevious: true }))]
  const again = [...planned, ...early].filter(({ work, job }) => job === undefined && work.module.readsAgain === true).flatMap(({ work, state }) => readsOf(work, state))
  const replies = await sendFrame(errand, first.work.machine, first.work.become, chains, again)
  keepEarly(errand, early, replies.slice(planned.length))
  await lookAgain(errand, planned)
  let next = 0
  return settled.map((each) => (isPlanned(each) ? appliedOutcome(each, replies[next++] ?? []) : each))
}

/** After a change a module may want to know more than it has asked: of a user that is new, its home. */
async function lookAgain(errand: Errand, planned: readonly Planned[]): Promise<void> {
  const works = planned.filter(({ work, job }) => job === undefined && work.module.readsAgain === true).map(({ work }) => work)
  for (;;) {
    const missing = works.flatMap(missingReads)
    if (missing.length === 0) return
    await sendFrame(errand, works[0]!.machine, works[0]!.become, [], missing)
  }
}

function chainOf({ work, plan: { changes }, job }: Planned, output: Chain['onOutput']): Chain {
  const steps = changes.flatMap((change) => change.steps)
  const writes = changes.flatMap((change) => change.writes)
  if (job !== undefined) return { steps: [jobStep(work, job, steps)], writes, environment: work.environment }
  const limited = work.timeout === undefined ? steps : steps.map((step) => ({ ...step, timeout: Math.min(step.timeout ?? Number.POSITIVE_INFINITY, work.timeout!) }))
  return {
    steps: limited,
    writes,
    environment: work.environment,
    ...(output && { onOutput: output }),
  }
}
