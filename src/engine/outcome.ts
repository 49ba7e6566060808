/** How a task went on a host: the outcome of each item, and of the whole. */
import { PlonerunError } from '../errors/plonerun-error.ts'
import type { Change, Diff } from '../modules/contract/change.ts'
import type { ActionResult } from '../modules/contract/module.ts'
import { dictOf } from '../values/convert.ts'
import { truth } from '../values/python.ts'
import { str } from '../values/print.ts'
import { Secret } from '../values/secret.ts'
import { Unknown } from '../values/unknown.ts'
import type { Dict, Plain, Value } from '../values/value.ts'
import type { TaskStatus } from './events.ts'
import { newJob } from './jobs.ts'
import type { Item } from './loop.ts'
import type { Work } from './prepare.ts'
import { evaluateConditions, isChecked, isDiffed, viewWith, type TaskView } from './task-view.ts'

export interface ItemOutcome {
  readonly item: Item
  readonly status: Extract<TaskStatus, 'ok' | 'changed' | 'skipped' | 'unknown' | 'failed'>
  readonly result: Dict | Unknown
  readonly changes: readonly string[]
  readonly diffs: readonly Diff[]
  readonly error?: Error
  /** What an action wants done to the run. */
  readonly action?: ActionResult
  readonly noLog: boolean
  readonly delegatedTo?: string
}

export interface TaskOutcome {
  readonly status: ItemOutcome['status']
  readonly items: readonly ItemOutcome[]
  /** What `register` keeps. */
  readonly result: Dict | Unknown
  readonly error?: Error
  readonly noLog: boolean
}

/** The outcome of work from its raw result: failed_when and changed_when have the last word. */
export function finish(work: Work, result: Readonly<Record<string, Plain>>, changes: readonly Change[], error?: Error, action?: ActionResult): ItemOutcome {
  const dict = dictOf(result)
  if (error !== undefined) markFailed(dict, error)
  const diffs = work.diff ? changes.flatMap(({ diff }) => (diff ? [diff] : [])) : []
  if (diffs.length > 0 && !dict.has('diff')) dict.set('diff', diffs.map(diffResult))
  if (work.item.view.place.run.verbosity > 2) dict.set('invocation', new Map([['module_args', moduleArguments(work)]]))
  if (work.polled && !work.check) dict.set('ansible_job_id', newJob()).set('started', true).set('finished', true)
  if (work.item.attempt !== undefined) dict.set('attempts', work.item.attempt)
  const { view } = work.item
  const { task } = view
  const overruled = overrule(task.register === undefined ? viewWith(view, new Map<Value, Value>()) : viewWith(view, new Map<Value, Value>([[task.register, dict]])), dict)
  const failed = isSet(dict, 'failed')
  const base = {
    item: work.item,
    changes: changes.map(({ summary }) => summary),
    diffs,
    noLog: work.noLog,
    ...(action && { action }),
    ...(work.delegatedTo !== undefined && { delegatedTo: work.delegatedTo }),
  }
  if (overruled instanceof Unknown) return { ...base, status: 'unknown', result: overruled }
  if (failed && !dict.has('exception')) dict.set('exception', exceptionOf(dict))
  if (failed) return { ...base, status: 'failed', result: dict, error: overruled ?? error ?? failureError(work, dict) }
  const status = isSet(dict, 'skipped') ? 'skipped' : isSet(dict, 'changed') ? 'changed' : 'ok'
  return { ...base, status, result: dict }
}

/** What the module was called with, for -vvv; secrets stay secret. */
function moduleArguments({ module, input }: Work): Dict {
  const shown = Object.entries(input).filter(([name]) => module.options[name]?.hidden !== true)
  return dictOf(Object.fromEntries(shown.map(([name, value]) => [name, module.options[name]?.secret === true ? new Secret(str(value as Value)) : (value as Plain)])))
}

/** As Ansible returns it. */
function diffResult({ before, after, beforeHeader, afterHeader }: Diff): Dict {
  return dictOf({ before, after, before_header: beforeHeader, after_header: afterHeader })
}

/** failed_when and changed_when; gives an error of theirs, or Unknown when they cannot be known. */
function overrule(view: TaskView, dict: Dict): Error | Unknown | undefined {
  const { changedWhen, failedWhen } = view.task
  let unknown: Unknown | undefined
  for (const [key, conditions] of [['changed', changedWhen], ['failed', failedWhen]] as const) {
    if (conditions === undefined) continue
    try {
      const { holds } = evaluateConditions(view, conditions)
      if (holds instanceof Unknown) {
        unknown = holds
        continue
      }
      if (key === 'failed') {
        if (!holds && isSet(dict, 'failed')) dict.set('failed_when_suppressed_exception', exceptionOf(dict))
        dict.set('failed_when_result', holds)
      }
      dict.set(key, holds)
    } catch (error) {
      if (!(error instanceof Error)) throw error
      markFailed(dict, error)
      dict.set(`${key}_when_result`, error.message)
      return error
    }
  }
  return unknown
}

/** Every failed result has one: the trace of a fault in plonerun, or else what went wrong in words. */
function exceptionOf(dict: Dict): Value {
  return dict.get('exception') ?? dict.get('msg') ?? 'failed'
}

/**
 * Work that threw: the error is its result.
 * @param msg in the result, if not the error's message
 */
export function failedOutcome(item: Item, error: Error, noLog: boolean, { delegatedTo, msg }: { readonly delegatedTo?: string | undefined; readonly msg?: string | undefined } = {}): ItemOutcome {
  const result: Dict = dictOf({ changed: false })
  markFailed(result, error)
  if (msg !== undefined) result.set('msg', msg)
  return { item, status: 'failed', result, changes: [], diffs: [], error, noLog, ...(delegatedTo !== undefined && { delegatedTo }) }
}

export function skippedOutcome(item: Item, condition: string | boolean, reason = 'Conditional result was False'): ItemOutcome {
  return { item, status: 'skipped', result: dictOf({ changed: false, skipped: true, skip_reason: reason, false_condition: condition }), changes: [], diffs: [], noLog: false }
}

export function unknownOutcome(item: Item, unknown: Unknown, changes: readonly Change[] = [], noLog = false): ItemOutcome {
  // In a run in check mode nothing has been done that a task with check_mode: false could go by.
  if (!item.view.place.run.check && !isChecked(item.view)) return failedOutcome(item, new PlonerunError(`it depends on ${unknown.of}, which was not run`, { kind: 'task', hint: 'a task with check_mode only tells what it would do' }), noLog)
  return { item, status: 'unknown', result: unknown, changes: changes.map(({ summary }) => summary), diffs: isDiffed(item.view) ? changes.flatMap(({ diff }) => (diff ? [diff] : [])) : [], noLog }
}

/** A command that has check_mode, in a run that has not: tasks behind it do their work, so they see what Ansible gives them. */
export function notRunOutcome(item: Item, changes: readonly Change[], noLog: boolean): ItemOutcome {
  const result = dictOf({ changed: false, skipped: true, rc: 0, stdout: '', stdout_lines: [], stderr: '', stderr_lines: [], msg: 'Command would have run if not in check mode' })
  return { item, status: 'skipped', result, changes: changes.map(({ summary }) => summary), diffs: [], noLog }
}

function markFailed(dict: Dict, error: Error): void {
  dict.set('failed', true).set('msg', error.message)
  const isFault = !(error instanceof PlonerunError)
  dict.set('exception', isFault ? (error.stack ?? error.message) : error.message)
  if (!isFault && error.why !== undefined) dict.set('reason', error.why)
}

function failureError(work: Work, dict: Dict): PlonerunError {
  const msg = dict.get('msg')
  const { task } = work.item.view
  const failedWhen = dict.get('failed_when_result') === true
  return new PlonerunError(failedWhen && (msg === undefined || msg === '') ? "'failed_when' holds" : msg === undefined ? `${work.module.name} failed` : str(msg), { kind: 'task', where: task.modulePosition })
}

function isSet(dict: Dict, key: string): boolean {
  const value = dict.get(key)
  return value !== undefined && truth(value)
}

/** The whole of a task: its only item, or the summary of its loop. */
export function summarise(items: readonly ItemOutcome[], looped: boolean): TaskOutcome {
  const first = items[0]
  if (!looped && first !== undefined) return { status: first.status, items, result: withItem(first), noLog: first.noLog, ...(first.error && { error: first.error }) }
  const noLog = items.some((each) => each.noLog)
  if (items.length === 0)
    return { status: 'skipped', items, noLog, result: dictOf({ changed: false, skipped: true, skipped_reason: 'No items in the list', skip_reason: 'No items in the list', results: [] }) }
  const has = (status: TaskStatus): boolean => items.some((each) => each.status === status)
  const failed = items.find(({ status }) => status === 'failed')
  const skipped = items.every(({ status }) => status === 'skipped')
  const result = dictOf({
    results: items.map(withItem),
    changed: has('unknown') && !has('changed') ? new Unknown('the loop') : items.some((each) => each.result instanceof Map && isSet(each.result, 'changed')),
    ...(!skipped && { failed: failed !== undefined }),
    skipped,
    msg: failed ? 'One or more items failed' : skipped ? 'All items skipped' : 'All items completed',
  })
  const status = failed ? 'failed' : has('changed') ? 'changed' : has('unknown') ? 'unknown' : skipped ? 'skipped' : 'ok'
  return { status, items, result, noLog, ...(failed?.error && { error: failed.error }) }
}

/** An item's result with the loop's names in it. */
function withItem({ item, result }: ItemOutcome): Dict | Unknown {
  if (result instanceof Unknown || item.names.size === 0) return result
  return new Map<Value, Value>([...result, ...item.names])
}

