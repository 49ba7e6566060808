/**
 * Where a host stands in a play's task stream: an immutable stack of places in lists, through blocks and includes.
 * Moving gives a new cursor, so looking ahead is moving a copy.
 */
import type { Block, Statement, Task } from '../load/tree/task.ts'

type Section = 'list' | 'block' | 'rescue' | 'always'

/** One list of nodes being walked. */
interface Level {
  readonly nodes: readonly Statement[]
  readonly index: number
  readonly section: Section
  /** The block whose section this is. */
  readonly block: Block | undefined
  /** In `always`: the block failed, and fails on when it is through. */
  readonly failing: boolean
  readonly parent: Cursor
}

/** null: the stream is at its end. */
export type Cursor = Level | null

/** Stands before the first task of a list. */
export function startOf(nodes: readonly Statement[]): Cursor {
  return enter(nodes, 'list', undefined, false, null)
}

/** The task the cursor stands before; undefined at the end. */
export function currentTask(cursor: Cursor): Task | undefined {
  return cursor?.nodes[cursor.index] as Task | undefined
}

/** After the current task went well. */
export function afterSuccess(cursor: Cursor): Cursor {
  return cursor === null ? null : settle({ ...cursor, index: cursor.index + 1 })
}

/** After the current task went well and brought more nodes to walk first (an include). */
export function afterInclude(cursor: Cursor, nodes: readonly Statement[]): Cursor {
  if (cursor === null) return null
  return enter(nodes, 'list', undefined, false, { ...cursor, index: cursor.index + 1 })
}

/**
 * After the current task failed: at the nearest rescue, or at the nearest always (and failing on behind it).
 * `rescued` tells whether a rescue is to come, here or further out; `failed` is true when nothing caught it and nothing is left to run.
 */
export function afterFailure(cursor: Cursor): { readonly cursor: Cursor; readonly rescued: boolean; readonly failed: boolean } {
  for (let level = cursor; level !== null; level = level.parent) {
    const { block, section, parent } = level
    if (block === undefined) continue
    if (section === 'block' && block.rescue.length > 0) return { cursor: enter(block.rescue, 'rescue', block, false, parent), rescued: true, failed: false }
    if (section !== 'always' && block.always.length > 0) return { cursor: enter(block.always, 'always', block, true, parent), rescued: isCaught(parent), failed: false }
  }
  return { cursor: null, rescued: false, failed: true }
}

/** Whether a failure at that point comes to a rescue. */
function isCaught(cursor: Cursor): boolean {
  for (let level = cursor; level !== null; level = level.parent) if (level.section === 'block' && level.block!.rescue.length > 0) return true
  return false
}

/** Whether an `always` runs whose block has failed without rescue: the host is lost when it is through. */
export function isFailing(cursor: Cursor): boolean {
  for (let level = cursor; level !== null; level = level.parent) if (level.failing) return true
  return false
}

/** The same place, with what failed on the way to it forgotten. */
export function withoutFailures(cursor: Cursor): Cursor {
  return cursor === null ? null : { ...cursor, failing: false, parent: withoutFailures(cursor.parent) }
}

/** The place as numbers, outermost first. */
export function placeOf(cursor: Cursor): readonly number[] {
  return levelsOf(cursor).flatMap(({ section, index }) => [SECTIONS.indexOf(section), index])
}

const SECTIONS: readonly Section[] = ['list', 'block', 'rescue', 'always']

/**
 * Order of the places of two hosts; negative when the first is further behind, 0 when they are the same.
 * Where an include brought them different files, the second goes through its own before the first begins.
 */
export function comparePlaces(a: Cursor, b: Cursor): number {
  const [ofA, ofB] = [levelsOf(a), levelsOf(b)]
  for (let i = 0; i < Math.min(ofA.length, ofB.length); i++) {
    const [x, y] = [ofA[i]!, ofB[i]!]
    const difference = SECTIONS.indexOf(x.section) - SECTIONS.indexOf(y.section)
    if (difference !== 0) return difference
    if (x.nodes[0] !== y.nodes[0]) return 1
    if (x.index !== y.index) return x.index - y.index
  }
  // An include's content stands behind the include itself but before the task after it.
  return ofB.length - ofA.length
}

function levelsOf(cursor: Cursor): readonly Level[] {
  const levels: Level[] = []
  for (let level = cursor; level !== null; level = level.parent) levels.unshift(level)
  return levels
}

function enter(nodes: readonly Statement[], section: Section, block: Block | undefined, failing: boolean, parent: Cursor): Cursor {
  return settle({ nodes, index: 0, section, block, failing, parent })
}

/** Goes down into blocks and up out of finished lists until the cursor stands before a task. */
function settle(from: Level): Cursor {
  let level: Level = from
  for (;;) {
    const node = level.nodes[level.index]
    if (node !== undefined && node.kind !== 'block') return level
    if (node !== undefined) {
      level = { nodes: node.block, index: 0, section: 'block', block: node, failing: false, parent: { ...level, index: level.index + 1 } }
      continue
    }
    const { section, block, parent, failing } = level
    if (section !== 'always' && block !== undefined && block.always.length > 0) {
      level = { nodes: block.always, index: 0, section: 'always', block, failing: false, parent }
    } else if (failing) {
      // The block's failure goes on outwards: nothing behind it in the outer lists runs.
      return afterFailure(parent).cursor
    } else if (parent === null) return null
    else level = parent
  }
}
