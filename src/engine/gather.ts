/** Where a host's facts come from, and how they become its variables. */
import { tentatively } from '../errors/quietly.ts'
import { factRead } from '../facts/families.ts'
import type { Read } from '../probe/read.ts'
import type { Task } from '../load/tree/task.ts'
import type { Become } from '../transport/contract.ts'
import { isDict } from '../values/dict.ts'
import { str } from '../values/print.ts'
import type { Dict } from '../values/value.ts'
import { defaultsFor } from './arguments.ts'
import type { Machine } from './machine.ts'
import { namedPython } from './named-python.ts'
import { reach } from './reach.ts'
import { evaluate, evaluateText, viewTask } from './task-view.ts'
import type { Place } from './place.ts'

/** The machine and user that the facts of a place's host come from. */
export function factsPlace(place: Place): { readonly machine: Machine; readonly become: Become | undefined } {
  return reach(viewTask(place, factsTask(place), new Map()))
}

/** A task that nobody wrote, with the play's keywords. */
export function factsTask({ play: { play } }: Place): Task {
  return {
    ...play.keywords,
    kind: 'task',
    module: 'ansible.builtin.setup',
    modulePosition: play.position,
    args: new Map(),
    loopControl: { loopVar: 'item' },
    listen: [],
    includeVars: new Map(),
    implicit: true,
    position: play.position,
    source: play.source,
    enclosure: { keywords: play.keywords, includeVars: new Map(), files: [play.file] },
  }
}

/** The question after a family of facts: those that the host has of its own are where the play or module_defaults of setup say, and its Python is the one that the inventory names. */
export function factsRead(place: Place, family: string): Read<Dict> {
  if (family !== 'local' && family !== 'python') return factRead(family)
  const view = viewTask(place, factsTask(place), new Map())
  if (family === 'python') {
    return factRead(family, { python: namedPython(view) })
  }
  const given = defaultsFor(view, ['setup', 'ansible.builtin.setup', 'ansible.legacy.setup']).get('fact_path')
  return factRead(family, { factPath: evaluateText(view, place.play.play.factPath ?? given) || undefined })
}

/** Takes a family of facts that has been read into the host's variables; false when it has to be asked first. */
export function takeFacts(place: Place, family: string): boolean {
  const { machine, become } = factsPlace(place)
  const known = machine.known(become, factsRead(place, family))
  if (known === undefined) return false
  const environment = playEnvironment(place)
  const { facts, told } = place.host
  addFacts(facts, told.size === 0 ? known.value : new Map([...known.value].filter(([name]) => !told.has(name))))
  const env = place.host.facts.get('env')
  if (isDict(env)) addFacts(env, environment)
  place.host.gathered.add(family)
  return true
}

/** Facts are gathered with the play's environment; what of it needs facts itself is left out. */
function playEnvironment(place: Place): Dict {
  const view = viewTask(place, factsTask(place), new Map())
  const environment: Dict = new Map()
  for (const layer of view.task.environment) {
    if (!(layer instanceof Map)) continue
    for (const [name, value] of layer) {
      const given = tentatively(() => evaluate(view, value))
      if (given !== undefined) environment.set(name, str(given))
    }
  }
  return environment
}

export function addFacts(facts: Dict, more: Dict): void {
  for (const [name, value] of more) facts.set(name, value)
}
