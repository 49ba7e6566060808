/** Where a task acts: the machine and the user there, of its own host or of the one it is delegated to. */
import type { Become } from '../transport/contract.ts'
import { Omit } from '../values/omit.ts'
import { Undefined } from '../values/undefined.ts'
import type { Value } from '../values/value.ts'
import { addressOf, becomeOf, loginUser, taskKeywords } from './connect.ts'
import type { Machine } from './machine.ts'
import { evaluateKeyword, evaluateText, type TaskView } from './task-view.ts'
import { orElse } from '../vars/scope.ts'
import { taskScope } from './variables.ts'

/** A user on a machine. */
export interface Reached {
  readonly machine: Machine
  /** Undefined: the user that it logs in as. */
  readonly become: Become | undefined
  readonly delegatedTo?: string
}

/**
 * The machine and user that the item acts on.
 * @param delegatedTo the host, when it is not the one whose turn it is
 */
export function reach(view: TaskView, delegatedTo = evaluateText(view, view.task.delegateTo) || undefined): Reached {
  const { place, task } = view
  const { run, play, host } = place
  const written = taskKeywords(task)
  const keywords = Object.fromEntries(Object.entries(written).flatMap(([key, value]) => { const given = evaluateKeyword(view, value); return given === undefined ? [] : [[key, given]] })) as typeof written
  const name = delegatedTo ?? host.name
  // The task's own variables count for the host that it is delegated to as well.
  const there = name === host.name ? view.scope : taskScope({ run, play, host: play.hostState(name) ?? host }, task)
  const within = orElse(there, view.scope)
  const variable = (variableName: string): Value | undefined => {
    // A host that is not in the inventory has no variables of its own.
    if (delegatedTo !== undefined && run.inventory.host(delegatedTo) === undefined) return undefined
    const value = there.lookup(variableName)
    const given = value === undefined ? undefined : run.templating.resolve(value, within, view.context)
    return given instanceof Undefined || given instanceof Omit ? undefined : given
  }
  const known = run.inventory.host(name)
  const address = addressOf(run, name, known?.implicit ?? true, variable, keywords)
  const machine = run.machines.machine(address)
  machine.hosts.add(name)
  const become = becomeOf(run, variable, keywords)
  return {
    machine,
    // Nobody becomes who they are: sudo need not be there for that.
    become: become?.user === loginUser(address) ? undefined : become,
    ...(delegatedTo !== undefined && { delegatedTo }),
  }
}
