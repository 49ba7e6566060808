/** The questions of a piece of work: which are answered, which have to be asked. */
import type { Reads, State, StateModule } from '../modules/contract/module.ts'
import type { Imagined, Read } from '../probe/read.ts'
import type { Resource } from '../probe/resource.ts'
import { withEnvironment } from '../probe/shell.ts'
import type { Work } from './prepare.ts'

export interface StateWork extends Work {
  readonly module: StateModule
}

export function isStateWork(work: Work): work is StateWork {
  return work.module.shape === 'state'
}

export type Answers =
  | { readonly complete: true; readonly state: State<Reads>; /** Some of it is not read but expected. */ readonly expected: boolean }
  | { readonly complete: false; readonly missing: readonly Read<unknown>[] }

/**
 * What is known of what the work asks for. A module that wants more once it knows some is asked again.
 * @param writes taken as having happened: answers that they make stale count as missing
 * @param leaves what those writes leave behind, where that lets an answer be expected without asking
 */
export function answersOf(work: StateWork, writes: readonly Resource[] = [], leaves: readonly Imagined[] = []): Answers {
  const { machine, become } = work
  let state: Record<string, unknown> = {}
  let asked = -1
  let expected = false
  const answerTo = (read: Read<unknown>): { readonly value: unknown } | undefined => {
    if (machine.holds(become, read, writes)) return machine.known(become, read)
    const value = leaves.length > 0 ? machine.expected(become, read, writes, leaves) : undefined
    if (value !== undefined) expected = true
    return value
  }
  for (;;) {
    const answers = Object.entries(questions(work, state)).map(([key, read]) => ({ key, read, answer: answerTo(read) }))
    const missing = answers.filter(({ answer }) => answer === undefined).map(({ read }) => read)
    if (missing.length > 0) return { complete: false, missing }
    if (answers.length === asked) return { complete: true, state, expected }
    asked = answers.length
    state = Object.fromEntries(answers.map(({ key, answer }) => [key, answer?.value]))
  }
}

/** The reads that are known so far, for asking them again after a change. */
export function readsOf(work: StateWork, state: State<Reads>): readonly Read<unknown>[] {
  return Object.values(questions(work, state))
}

/** What the work is going to look at again after its own change, but for what comes below a folder that it makes. */
export function lookedAtAgain(work: StateWork, state: State<Reads>): readonly Resource[] {
  if (work.module.readsAgain !== true) return []
  const itself = (asked: Resource): Resource => (asked.startsWith('path:') ? `entry:${asked.slice('path:'.length)}` : asked)
  return Object.entries(questions(work, state)).flatMap(([key, { kind, request }]) => kind.touches(request, state[key]).map(itself))
}

/** What the module asks; a command that it asks with sees the task's environment, as the commands that change something do. */
function questions({ module, input, prepared, environment }: StateWork, state: Partial<State<Reads>>): Reads {
  const asked = module.reads(input, prepared, state)
  if (Object.keys(environment).length === 0) return asked
  return Object.fromEntries(Object.entries(asked).map(([key, read]) => [key, withEnvironment(read, environment)]))
}
