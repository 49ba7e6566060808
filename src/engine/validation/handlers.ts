/** Handlers that tasks notify by names that are written out, and that no file has: otherwise only noticed when a task changes something. */
import type { Position } from '../../errors/position.ts'
import type { Text } from '../../load/tree/keywords.ts'
import type { Play } from '../../load/tree/play.ts'
import type { Handler } from '../../load/tree/task.ts'
import { withRole } from '../handlers.ts'
import { keywordPosition } from '../task-view.ts'
import type { Reach } from './reached.ts'

export interface MissingHandler {
  readonly name: string
  readonly where: Position
}

/** Of plays whose handlers, and their names, are all known. */
export function missingHandlers({ tasks, handlers }: Pick<Reach, 'tasks' | 'handlers'>): readonly MissingHandler[] {
  const names = new Map([...handlers].map(([play, known]) => [play, namesOf(known)]))
  const missing = (play: Play, name: Text): name is string => typeof name === 'string' && names.get(play)?.has(name) === false
  return tasks.flatMap(({ play, task }) => (task.notify ?? []).filter((name) => missing(play, name)).map((name) => ({ name, where: keywordPosition(task, 'notify') ?? task.position })))
}

/** Names and topics that handlers answer to; undefined where a template gives one. */
function namesOf(handlers: readonly Handler[]): ReadonlySet<string> | undefined {
  const answering = handlers.map((handler) => [handler, [...(handler.name === undefined ? [] : [handler.name]), ...handler.listen]] as const)
  if (answering.some(([, names]) => names.some((name) => typeof name !== 'string'))) return undefined
  return new Set(answering.flatMap(([handler, names]) => names.flatMap((name) => withRole(handler, name as string))))
}
