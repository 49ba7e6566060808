/** Facts as variables: gathered when they are first used. */
import { factNames, familyOf } from '../facts/families.ts'
import { Pending, type Dict, type Value } from '../values/value.ts'
import { lazyDict } from '../vars/lazy-dict.ts'
import type { Layer } from '../vars/scope.ts'
import type { HostState } from './host.ts'
import type { Place } from './place.ts'

/** Thrown when a fact is looked up that has not been gathered yet; the engine gathers it and tries again. */
export class NeedsFacts extends Pending {
  readonly family: string
  /** Whose facts they are: not always the host whose turn it is. */
  readonly host: HostState
  constructor(variable: string, family: string, host: HostState) {
    super(variable)
    this.family = family
    this.host = host
  }
}

/** Facts that are variables by their own name. */
const UNPREFIXED: ReadonlySet<string> = new Set(['discovered_interpreter_python'])

/** Facts as `ansible_NAME`, and those of modules that are named otherwise. */
export function factLayer(place: Place): Layer {
  const { host } = place
  return {
    get(name) {
      if (UNPREFIXED.has(name)) return host.moduleFacts.get(name) ?? fact(place, name)
      if (!name.startsWith('ansible_')) return foreseenFact(place, name) ?? host.moduleFacts.get(name)
      return fact(place, name.slice('ansible_'.length))
    },
    *keys() {
      for (const name of host.facts.keys()) if (typeof name === 'string') yield `ansible_${name}`
      yield* host.moduleFacts.keys() as Iterable<string>
    },
  }
}

/** What look-ahead knows of a fact that a module gives. */
function foreseenFact({ foreseen }: Place, name: string): Value | undefined {
  if (foreseen?.facts.has(name) !== true) return undefined
  const value = foreseen.facts.get(name)
  if (value === undefined) throw new Pending(name)
  return value
}

function fact(place: Place, name: string): Value | undefined {
  const { host } = place
  const foreseen = foreseenFact(place, name)
  if (foreseen !== undefined) return foreseen
  const family = host.gathers ? familyOf(name) : undefined
  if (family !== undefined && !host.gathered.has(family)) throw new NeedsFacts(`ansible_${name}`, family, host)
  return host.facts.get(name)
}

/** `ansible_facts`. */
export function ansibleFacts(place: Place): Dict {
  const { host } = place
  return lazyDict(
    () => {
      if (host.gathers) for (const name of factNames()) fact(place, name)
      return [...host.facts.keys()] as string[]
    },
    (name) => fact(place, name),
  )
}
