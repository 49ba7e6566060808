/** What failed in a run, kept for its end and told in full. */
import type { ErrorInfo, RunEvent, TaskInfo } from '../engine/events.ts'
import { formatPosition, type Position } from '../errors/position.ts'
import { excerpt } from '../errors/excerpt.ts'
import { linesOf } from './format.ts'
import { paint, type Style } from './style.ts'

export interface Failure {
  readonly host: string
  readonly status: 'failed' | 'unreachable'
  readonly task?: TaskInfo
  readonly item?: string
  readonly error?: ErrorInfo
  readonly result: Readonly<Record<string, unknown>>
}

/** The failure that an event tells of, if it does. */
export function failureOf(event: RunEvent): Failure | undefined {
  if (event.type === 'host-unreachable' && !event.ignored) {
    const { host, error, task } = event
    return { host, status: 'unreachable', error, result: {}, ...(task && { task }) }
  }
  if (event.type !== 'task-ended' || event.status !== 'failed') return undefined
  const { host, task, item, error, result } = event
  return { host, status: 'failed', task, result, ...(item !== undefined && { item }), ...(error && { error }) }
}

/** Adds a failure; that of a whole loop is left out when those of its items are there. */
export function addFailure(failures: Failure[], failure: Failure): void {
  const ofItems = failure.item === undefined && failures.some(({ host, task, item }) => item !== undefined && host === failure.host && task?.id === failure.task?.id)
  if (!ofItems) failures.push(failure)
}

/** What is wrong, in one or more lines: the error's message, or the result's. */
export function failureMessage({ error, result }: Pick<Failure, 'error' | 'result'>): string {
  if (error) return error.message
  if (typeof result['msg'] === 'string' && result['msg'] !== '') return result['msg']
  return 'failed without a message'
}

/** Where in the person's files, for the end of a line; nothing for what stands in no file. */
export function placeText(where: Position | undefined, style: Style): string {
  return where === undefined || where.file === '' ? '' : `  ${style.dim(formatPosition(where))}`
}

/** A failure in full: message, cause, the place in the person's file, what the command printed, and what to do. */
export function failureLines(failure: Failure, style: Style): string[] {
  const { host, status, task, item, error, result } = failure
  const where = error?.where ?? task?.position
  const message = failureMessage(failure)
  const what = [host, task?.name, item === undefined ? undefined : `(item=${item})`].filter((part) => part !== undefined).join('  ')
  return [
    `${paint(style, status, status)}  ${what}${placeText(where, style)}`,
    ...indent([
      ...linesOf(message),
      ...(error?.why === undefined ? [] : linesOf(error.why)),
      ...(where ? excerpt(where, { dim: style.dim, bad: style.red }) : []),
      ...printed('stderr', result['stderr'], message),
      ...printed('stdout', result['stdout'], message),
      ...(error?.hint === undefined ? [] : linesOf(error.hint).map((line) => style.cyan(line))),
    ]),
  ]
}

/** Output that the message does not hold already, under its name. */
function printed(name: string, text: unknown, message: string): string[] {
  if (typeof text !== 'string' || text.trim() === '' || message.includes(text.trim())) return []
  return [`${name}:`, ...indent(linesOf(text))]
}

function indent(lines: readonly string[]): string[] {
  return lines.map((line) => (line === '' ? '' : `  ${line}`))
}
