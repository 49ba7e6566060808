/** Variables that nobody sets: inventory_hostname, groups, hostvars and the like. */
import { basename, dirname } from 'node:path'
import { quietly } from '../errors/quietly.ts'
import type { Role } from '../load/tree/role.ts'
import type { Task } from '../load/tree/task.ts'
import { dictOf } from '../values/convert.ts'
import { isDict } from '../values/dict.ts'
import { omit } from '../values/omit.ts'
import { str } from '../values/print.ts'
import { Pending, type Dict, type Scope, type Value } from '../values/value.ts'
import { lazyDict } from '../vars/lazy-dict.ts'
import type { Layer } from '../vars/scope.ts'
import { isFailing } from './cursor.ts'
import { ansibleFacts } from './fact-variables.ts'
import { failedTask } from './failed-task.ts'
import type { HostState } from './host.ts'
import type { Place } from './place.ts'
import type { PlayState } from './play-state.ts'
import { searchPath } from './search-path.ts'

/** There is none here, but playbooks hand it on to hosts that are this machine. */
export const PYTHON = '/usr/bin/python3'

/** Where magic variables look others up. */
export interface Scopes {
  /** The variables that a task sees at a place; those of the play when there is no task. */
  readonly ofTask: (place: Place, task: Task | undefined) => Scope
  /** Those of the host alone. */
  readonly ofHost: (place: Place) => Scope
}

/** @param scopes give the variables of other hosts, and all of this one */
export function magicLayer(place: Place, task: Task | undefined, scopes: Scopes): Layer {
  return {
    get: (name) => MAGIC.get(name)?.(place, task, scopes),
    keys: () => [...MAGIC.keys()].filter((name) => MAGIC.get(name)!(place, task, scopes) !== undefined),
  }
}

/** What hostvars hold of them: nothing that is about the play. */
export function magicOfHost(place: Place, scopes: Scopes): Layer {
  return {
    get: (name) => (OF_PLAY.has(name) ? undefined : MAGIC.get(name)?.(place, undefined, scopes)),
    keys: () => [...MAGIC.keys()].filter((name) => !OF_PLAY.has(name) && MAGIC.get(name)!(place, undefined, scopes) !== undefined),
  }
}

const OF_PLAY: ReadonlySet<string> = new Set([
  'hostvars', 'vars', 'play_hosts', 'ansible_play_hosts', 'ansible_play_hosts_all', 'ansible_play_batch', 'ansible_play_name', 'ansible_search_path',
  'role_names', 'ansible_role_names', 'ansible_play_role_names', 'ansible_dependent_role_names',
])

type Magic = (place: Place, task: Task | undefined, scopes: Scopes) => Value | undefined

const MAGIC: ReadonlyMap<string, Magic> = new Map<string, Magic>([
  ['omit', () => omit],
  ['inventory_hostname', ({ host }) => host.name],
  ['inventory_hostname_short', ({ host }) => host.name.split('.')[0]!],
  ['group_names', ({ run, host }) => run.inventory.groupsOf(host.name).map(({ name }) => name).filter((name) => name !== 'all').sort()],
  ['groups', ({ run }) => lazyDict(() => run.inventory.groups.keys(), (name) => run.inventory.groups.has(name) ? [...run.inventory.hostsOf(name)] : undefined)],
  ['hostvars', (place, _, { ofHost }) => variablesOfHosts(place, ofHost)],
  ['ansible_delegated_vars', (place, task, { ofTask }) => (task?.delegateTo === undefined ? undefined : delegatedVars(place, task, ofTask))],
  ['vars', allVariables],
  ['ansible_facts', ansibleFacts],
  ['play_hosts', ({ play }) => running(play)],
  // Of all batches, those that have not failed.
  ['ansible_play_hosts', ({ play }) => play.allHosts.filter((name) => isGoingOn(play.hostState(name)))],
  ['ansible_play_batch', ({ play }) => running(play)],
  ['ansible_play_hosts_all', ({ play }) => [...play.allHosts]],
  ['ansible_play_name', ({ play }) => play.name],
  ['playbook_dir', ({ play }) => dirname(play.play.file)],
  ['inventory_dir', ({ run }) => run.inventory.folders[0]],
  ['inventory_file', ({ run, host }) => run.inventory.hosts.get(host.name)?.vars[0]?.source],
  ['role_name', (_, task) => task?.role && basename(task.role.path)],
  ['ansible_role_name', (_, task) => task?.role?.name],
  ['role_path', (_, task) => task?.role?.path],
  ['ansible_collection_name', (_, task) => task?.role?.collection],
  ['ansible_parent_role_names', (_, task) => parentsOf(task)?.map(({ name }) => name)],
  ['ansible_parent_role_paths', (_, task) => parentsOf(task)?.map(({ path }) => path)],
  ['role_names', ({ play }) => rolesWritten(play)],
  ['ansible_role_names', ({ play }) => roleNames(play)],
  ['ansible_play_role_names', ({ play }) => rolesWritten(play)],
  ['ansible_dependent_role_names', ({ play }) => [...new Set(play.roles.flatMap(({ dependencies }) => dependencies.map(({ name }) => name)))]],
  ['ansible_check_mode', ({ run }) => run.check],
  ['ansible_diff_mode', ({ run }) => run.diff],
  ['ansible_forks', ({ run }) => run.forks],
  ['ansible_verbosity', ({ run }) => run.verbosity],
  ['ansible_limit', ({ run }) => run.limit],
  ['ansible_run_tags', ({ run }) => (run.tags.length === 0 ? ['all'] : [...run.tags])],
  ['ansible_skip_tags', ({ run }) => [...run.skipTags]],
  ['ansible_config_file', ({ run }) => run.defaults?.configFile],
  ['ansible_inventory_sources', ({ run }) => [...run.inventory.sources]],
  // The language level that playbooks may ask about.
  ['ansible_version', () => dictOf({ full: '2.19.14', major: 2, minor: 19, revision: 14, string: '2.19.14' })],
  ['ansible_playbook_python', () => PYTHON],
  ['ansible_search_path', (place, task) => [...searchPath(place.play.play, task)]],
  ['ansible_failed_result', ({ host }) => host.failure?.result],
  ['ansible_failed_task', (place, _, { ofTask }) => place.host.failure && failedTask(place, place.host.failure.task, ofTask(place, place.host.failure.task))],
])

/** The roles whose include_role or import_role brought a task's role, the nearest first; undefined when none did. */
function parentsOf(task: Task | undefined): readonly Role[] | undefined {
  const parents = task?.role === undefined ? [] : includersOf(task.role)
  return parents.length === 0 ? undefined : parents
}

/** A role that depends on another has not included it, though what has included the one has the other, too. */
function includersOf({ parents, fromInclude }: Role): readonly Role[] {
  const asking = parents.at(-1)
  return asking === undefined ? [] : [...(fromInclude ? [asking] : []), ...includersOf(asking)]
}

function running(play: PlayState): Value[] {
  return play.batch.filter(isGoingOn).map(({ name }) => name)
}

/** Not one that has failed, though an `always` still runs for it. */
function isGoingOn(host: HostState | undefined): boolean {
  return (host?.status === 'running' || host?.status === 'ended') && !host.left && !isFailing(host.cursor)
}

/** Those that the play names, as often as it does, and those that imports and public includes bring; not those that roles depend on. */
function rolesWritten(play: PlayState): Value[] {
  return play.roles.filter(({ parents, fromInclude }) => fromInclude || parents.length === 0).map(({ name }) => name)
}

function roleNames(play: PlayState): Value[] {
  return [...new Set(play.roles.map(({ name }) => name))]
}

function variablesOfHosts(place: Place, scopeAt: Scopes['ofHost']): Dict {
  const { run, play, host, foreseen } = place
  return lazyDict(
    () => run.inventory.hosts.keys(),
    (name) => {
      const other = play.hostState(name)
      if (other === undefined) return undefined
      const guarded = foreseen !== undefined && other !== host
      const there = { run, play, host: other, ...(foreseen && !guarded && { foreseen }) }
      const scope = scopeAt(there)
      return lazyDict(
        // Neither a host's variables in themselves, nor those of all hosts in each one's: printing them would never end.
        () => [...scope.names()].filter((variable) => variable !== 'vars' && variable !== 'hostvars'),
        (variable) => {
          // Tasks that have not settled may still set it there.
          if (guarded && play.settable.has(variable)) throw new Pending(variable)
          const value = scope.lookup(variable)
          return value === undefined ? undefined : run.templating.resolve(value, scope, { basedir: dirname(play.play.file), searchPath: [] })
        },
      )
    },
  )
}

/** The variables of the host that a task is delegated to, as hostvars have them; for whom it is done is still the host whose turn it is. */
function delegatedVars(place: Place, task: Task, scopeAt: Scopes['ofTask']): Dict {
  const all = variablesOfHosts(place, (there) => scopeAt(there, undefined))
  const names = (): Iterable<string> => {
    const { run, play } = place
    const name = quietly(() => run.templating.resolve(task.delegateTo ?? null, scopeAt(place, task), { basedir: dirname(play.play.file), searchPath: [] }))
    // Each item of a loop may have its own.
    return name === undefined ? (all.keys() as Iterable<string>) : [str(name)]
  }
  return lazyDict(names, (name) => {
    const there = all.get(name)
    return isDict(there) ? lazyDict(() => there.keys() as Iterable<string>, (variable) => (variable === 'inventory_hostname' ? place.host.name : there.get(variable))) : there
  })
}

function allVariables(place: Place, task: Task | undefined, { ofTask }: Scopes): Dict {
  const scope = ofTask(place, task)
  return lazyDict(
    () => [...scope.names()].filter((name) => name !== 'vars' && name !== 'hostvars'),
    (name) => (name === 'vars' ? undefined : scope.lookup(name)),
  )
}
