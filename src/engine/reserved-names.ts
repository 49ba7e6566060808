/** Variables with the name of a keyword or of a function of templates: they work, and mislead whoever reads them. */
import { keywordsAt } from '../load/keywords.ts'
import type { Play } from '../load/tree/play.ts'
import type { Statement, Task } from '../load/tree/task.ts'
import { constants, functions } from '../template/globals.ts'
import { positionOf, valuePositionOf } from '../values/positions.ts'
import type { Position } from '../errors/position.ts'
import type { Value } from '../values/value.ts'

type Warn = (message: string, where: Position) => void

/** Keywords that are variables as well, or that nobody takes for one. */
const FREE = new Set(['vars', 'gather_subset', 'user'])

const RESERVED: ReadonlySet<Value> = new Set([...(['play', 'block', 'task'] as const).flatMap(keywordsAt), ...Object.keys(functions), ...constants.keys(), 'lipsum'].filter((name) => !FREE.has(name)))

/** Warns of variables among these with such a name. */
export function warnOfReserved(names: Iterable<Value>, warn: Warn, where: (name: Value) => Position): void {
  for (const name of names) if (RESERVED.has(name)) warn(`Found variable using reserved name '${name as string}'.`, where(name))
}

/** Warns of what a play sets outright: its own variables, those of its roles, blocks and tasks, and what takes results. */
export function warnOfReservedInPlay(play: Play, statements: readonly Statement[], warn: Warn): void {
  const written = (vars: Value | undefined, position: Position): void => {
    if (vars instanceof Map) warnOfReserved(vars.keys(), warn, (name) => positionOf(vars, name) ?? position)
  }
  const visit = (statement: Statement): void => {
    written(statement.source.get('vars'), statement.position)
    if (statement.kind === 'block') [...statement.block, ...statement.rescue, ...statement.always].forEach(visit)
    else warnOfRegister(statement, warn)
  }
  written(play.source.get('vars'), play.position)
  for (const { defaults, vars, entryVars, position } of play.roles) for (const each of [defaults, vars, entryVars]) written(each, position)
  statements.forEach(visit)
}

function warnOfRegister({ register, source, position }: Task, warn: Warn): void {
  if (register !== undefined) warnOfReserved([register], warn, () => valuePositionOf(source, 'register') ?? position)
}
