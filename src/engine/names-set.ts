/** The names that tasks set, and what looking ahead makes of them. */
import type { Task } from '../load/tree/task.ts'
import { isDict } from '../values/dict.ts'
import type { Value } from '../values/value.ts'
import type { Modules } from './context.ts'
import type { Foreseen } from './place.ts'

/** Facts in the result of a task that changes nothing. */
export function rememberFacts(foreseen: Foreseen, result: Value | undefined): void {
  const facts = isDict(result) ? result.get('ansible_facts') : undefined
  if (isDict(facts)) for (const [name, value] of facts) foreseen.facts.set(factName(name as string), value)
}

/** As ansible_facts has it. */
function factName(fact: string): string {
  return fact.replace(/^ansible_/, '')
}

/** Names that the task may set become unknown to what stands behind it. */
export function markPending(foreseen: Foreseen, task: Task, modules: Modules): void {
  for (const name of namesKeptBy(task)) {
    foreseen.pending.add(name)
    foreseen.values.delete(name)
  }
  for (const name of factsOf(task, modules)) foreseen.facts.set(factName(name), undefined)
}

/** The names that a task may set: its register, what set_fact and its like say, and the facts that its module gives. */
export function namesSetBy(task: Task, modules: Modules): readonly string[] {
  return [...namesKeptBy(task), ...factsOf(task, modules)]
}

function namesKeptBy(task: Task): readonly string[] {
  return [...(task.register === undefined ? [] : [task.register]), ...factsWrittenIn(task)]
}

/** The names that a set_fact says. */
export function factsWrittenIn({ module, args }: Task): readonly string[] {
  return /(^|\.)set_fact$/.test(module) ? [...args.keys()].filter((key) => typeof key === 'string') : []
}

function factsOf({ module }: Task, modules: Modules): readonly string[] {
  return modules.get(module)?.facts ?? []
}
