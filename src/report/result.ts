/** A task's result as people read it: YAML, texts of several lines as blocks with real newlines. */
import { stringify } from 'yaml'
import type { TaskEnded } from '../engine/events.ts'
import { linesOf } from './format.ts'

type Result = TaskEnded['result']

/** Said by the status line already, or a repetition of another key. */
const SHOWN_ELSEWHERE = new Set(['cmd', 'changed', 'failed', 'skipped', 'diff', 'invocation', 'stdout_lines', 'stderr_lines', 'exception'])

/** The return values that say something, one or more lines each. */
export function resultLines(result: Result): string[] {
  const shown = Object.fromEntries(Object.entries(result).filter(([key, value]) => !SHOWN_ELSEWHERE.has(key) && !key.startsWith('_') && value !== '' && value !== null))
  return Object.keys(shown).length === 0 ? [] : dataLines(shown)
}

/** What a debug task says: its message as it is, or the variable with its value. */
export function debugLines(result: Result): string[] {
  if (typeof result['msg'] === 'string') return linesOf(result['msg'])
  return 'msg' in result ? dataLines(result['msg']) : resultLines(result)
}

/** Whether this task's result is what the person asked to see. */
export function isDebug(module: string): boolean {
  return module === 'debug' || module.endsWith('.debug')
}

/** Whether the task tells that what it asserts holds. */
export function isAssert(module: string): boolean {
  return module === 'assert' || module.endsWith('.assert')
}

/** Whether the task only brings others, and says nothing itself. */
export function isInclude(module: string): boolean {
  return /^(?:ansible\.(?:builtin|legacy)\.)?include(?:_tasks|_role)?$/.test(module)
}

/** Any plain data as lines of YAML. */
export function dataLines(data: unknown): string[] {
  return linesOf(stringify(data, { lineWidth: 0, aliasDuplicateObjects: false }))
}
