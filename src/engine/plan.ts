/** The plan of a state module's work, in one shape, and the results that follow from it. */
import { splitLines } from '../template/methods/string.ts'
import type { Change, FullPlan, Plan } from '../modules/contract/change.ts'
import type { Reads, State } from '../modules/contract/module.ts'
import type { Reply } from '../shell/fragment.ts'
import type { Plain } from '../values/value.ts'
import type { StateWork } from './reads.ts'

/** What the module would do, from what is known of the host. Pure. */
export function planOf({ module, input, prepared, check }: StateWork, state: State<Reads>): FullPlan {
  const plan = module.plan(input, state, prepared)
  if (isChanges(plan)) return { changes: plan }
  return { ...plan, changes: plan.changes ?? [], warnings: [...(plan.warnings ?? []), ...(check ? (plan.doubts ?? []) : [])] }
}

function isChanges(plan: readonly Change[] | Plan): plan is readonly Change[] {
  return Array.isArray(plan)
}

/** The result of work that cannot succeed. */
export function failedResult(plan: FullPlan): Record<string, Plain> {
  return { changed: false, failed: true, msg: plan.fail ?? null, ...warningsOf(plan), ...withLines(plan.result ?? {}) }
}

/** The result of work that has nothing to do. */
export function unchangedResult(work: StateWork, state: State<Reads>, plan: FullPlan): Record<string, Plain> {
  const result = work.module.result?.(work.input, state, { changed: false, foreseen: false, replies: [] }, work.prepared) ?? {}
  return { changed: false, failed: false, ...(plan.note !== undefined && { msg: plan.note }), ...warningsOf(plan), ...withLines(result) }
}

function warningsOf({ warnings = [] }: FullPlan): { readonly warnings?: readonly Plain[] } {
  return warnings.length === 0 ? {} : { warnings }
}

/** The result of changes that only were planned. */
export function foreseenResult(work: StateWork, state: State<Reads>, plan: FullPlan, after: State<Reads> | undefined): Record<string, Plain> {
  const result = work.module.result?.(work.input, state, { changed: true, foreseen: true, replies: [], ...(after && { after }) }, work.prepared) ?? {}
  return { changed: true, failed: false, ...warningsOf(plan), ...withLines(result) }
}

/** The result of changes that were made; replies stand in the order of the steps. */
export function appliedResult(work: StateWork, state: State<Reads>, plan: FullPlan, replies: readonly Reply[], after: State<Reads> | undefined): Record<string, Plain> {
  const failure = failureOf(replies, work.timeout)
  if (failure !== undefined && failure.reply.code !== null && !failure.timedOut && work.module.failure !== undefined)
    return { failed: true, changed: failure.done > 0, ...warningsOf(plan), ...withLines(work.module.failure(work.input, state, failure.reply, work.prepared)) }
  const result = work.module.result?.(work.input, state, { changed: true, foreseen: false, replies, ...timeOf(replies), ...(after && { after }) }, work.prepared) ?? {}
  if (failure === undefined) return { changed: true, failed: false, ...warningsOf(plan), ...withLines(result) }
  // A command has run, however it ended; of what else fails at once nothing is there.
  const changed = (work.module.effect === true || failure.done > 0) && result['changed'] !== false
  // What a module says of changes holds for those that were made; commands, and what says itself that it failed, know why.
  const { msg, ...others } = result
  const told = msg !== undefined && (work.module.effect === true || result['failed'] === true) ? result : others
  return { failed: true, msg: failure.msg, rc: failure.rc, ...(failure.timedOut && { timedout: { period: work.timeout ?? null } }), ...warningsOf(plan), ...withLines({ stdout: failure.stdout, stderr: failure.stderr, ...told }), changed }
}

/** From the beginning of the first step to the end of the last one that ran. */
function timeOf(replies: readonly Reply[]): { readonly time?: { readonly started: number; readonly ended: number } } {
  const times = replies.flatMap(({ time }) => time ?? [])
  const [first, last] = [times[0], times.at(-1)]
  return first === undefined || last === undefined ? {} : { time: { started: first.started, ended: last.ended } }
}

/** The first step that did not go well, and how many have been done before it. */
function failureOf(replies: readonly Reply[], limit: number | undefined): { msg: string; rc: number | null; stdout: string; stderr: string; timedOut: boolean; done: number; reply: Reply } | undefined {
  const done = replies.findIndex(({ code, skipped }) => code !== 0 && skipped !== true)
  const reply = replies[done]
  if (reply === undefined) return undefined
  const [stdout, stderr] = [reply.stdout.toString('utf8').trimEnd(), reply.stderr.toString('utf8').trimEnd()]
  const why = reply.timedOut === true ? `Timed out after ${limit === undefined ? 'its time limit' : `${limit} ${limit === 1 ? 'second' : 'seconds'}`}` : (reply.lost ?? (stderr || stdout || `exit code ${reply.code ?? 'unknown'}`))
  return { msg: why, rc: reply.code, stdout, stderr, timedOut: reply.timedOut === true, done, reply }
}

/** Adds stdout_lines and stderr_lines where a result has the texts, in lines as Python's splitlines has them. */
export function withLines(result: Readonly<Record<string, Plain>>): Record<string, Plain> {
  const lines: Record<string, Plain> = {}
  for (const name of ['stdout', 'stderr']) {
    const text = result[name]
    if (typeof text === 'string' && result[`${name}_lines`] === undefined) lines[`${name}_lines`] = splitLines(text)
  }
  return { ...result, ...lines }
}
