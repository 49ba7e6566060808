/** The questions of a piece of work: which are answered, which have to be asked. */
import type { Reads, State, StateModule } from '../modules/contract/module.ts'
import type { Read } from '../probe/read.ts'
import type { Resource } from '../probe/resource.ts'
import type { Work } from './prepare.ts'

export interface StateWork extends Work {
  readonly module: StateModule
}

export function isStateWork(work: Work): work is StateWork {
  return work.module.shape === 'state'
}

export type Answers =
  | { readonly complete: true; readonly state: State<Reads>; readonly reads: Reads }
  | { readonly complete: false; readonly missing: readonly Read<unknown>[] }

/**
 * What is known of what the work asks for. A module that wants more once it knows some is asked again.
 * @param writes taken as having happened: answers that they make stale count as missing
 */
export function answersOf({ module, input, prepared, machine, become }: StateWork, writes: readonly Resource[] = []): Answers {
  let state: Record<string, unknown> = {}
  let asked = -1
  for (;;) {
    const reads = module.reads(input, prepared, state)
    const keys = Object.keys(reads)
    const missing = Object.values(reads).filter((read) => !machine.holds(become, read, writes))
    if (missing.length > 0) return { complete: false, missing }
    if (keys.length === asked) return { complete: true, state, reads }
    asked = keys.length
    state = Object.fromEntries(keys.map((key) => [key, machine.known(become, reads[key]!)?.value]))
  }
}

/** The reads that are known so far, for asking them again after a change. */
export function readsOf({ module, input, prepared }: StateWork, state: State<Reads>): readonly Read<unknown>[] {
  return Object.values(module.reads(input as never, prepared, state))
}
