/** What the keywords of a play itself can see (hosts, serial, order): no host is chosen yet, but what is known of all of them is there. */
import { quietly } from '../errors/quietly.ts'
import type { Scope } from '../values/value.ts'
import { scopeOf, type Layer } from '../vars/scope.ts'
import { createHost } from './host.ts'
import { magicLayer } from './magic.ts'
import type { Place } from './place.ts'
import { SCOPES, varsFilesLayer } from './variables.ts'

/** Magic variables that are about no host. */
const WITHOUT_HOST = new Set([
  'omit', 'groups', 'hostvars', 'playbook_dir', 'inventory_dir', 'ansible_inventory_sources', 'ansible_version', 'ansible_playbook_python',
  'ansible_check_mode', 'ansible_diff_mode', 'ansible_forks', 'ansible_verbosity', 'ansible_limit', 'ansible_run_tags', 'ansible_skip_tags',
])

/** A place in a play at which no host stands. */
export function hostlessPlace({ run, play }: Pick<Place, 'run' | 'play'>): Place {
  return { run, play, host: createHost('', []) }
}

/** The variables of a play, its files and roles; the facts of a host may have to be asked for (`withFacts`). */
export function playScope(place: Place): Scope {
  const { run, play } = place
  const magic = magicLayer(place, undefined, SCOPES)
  return scopeOf([
    run.extraVars,
    { get: (name) => (WITHOUT_HOST.has(name) ? magic.get(name) : undefined), keys: () => WITHOUT_HOST },
    ...play.roleLayers.vars,
    whereKnown(varsFilesLayer(place)),
    play.play.vars,
    ...play.roleLayers.defaults,
  ])
}

/** Files that are named by a host's variables tell nothing here. */
function whereKnown(layer: Layer | undefined): Layer | undefined {
  return layer && { get: (name) => quietly(() => layer.get(name)), keys: () => quietly(() => [...layer.keys()]) ?? [] }
}
