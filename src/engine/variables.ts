/** The variables that a task sees on a host, by Ansible's precedence, magic variables included. */
import { basename, dirname } from 'node:path'
import type { Play, Role, Task } from '../load/types.ts'
import { familyOf, factNames } from '../facts/families.ts'
import { dictOf } from '../values/convert.ts'
import { omit } from '../values/omit.ts'
import { Pending, type Dict, type Scope, type Value } from '../values/value.ts'
import { lazyDict } from '../vars/lazy-dict.ts'
import { scopeOf, type Layer } from '../vars/scope.ts'
import { createVarsFilesLayer } from './vars-files.ts'
import type { RunContext } from './context.ts'
import type { HostState } from './host.ts'

import type { PlayState } from './play-state.ts'

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

/** What look-ahead knows of tasks that have not settled: values it could work out, and names that it could not. */
export interface Foreseen {
  readonly values: Dict
  readonly pending: Set<string>
  /** Facts that modules give; undefined: not known yet. */
  readonly facts: Map<string, Value | undefined>
}

export interface Place {
  readonly run: RunContext
  readonly play: PlayState
  readonly host: HostState
  readonly foreseen?: Foreseen
}

/**
 * The scope of a task on a host.
 * @param withVarsFiles false while the names of the vars_files themselves are worked out
 */
export function taskScope(place: Place, task: Task | undefined, withVarsFiles = true): Scope {
  const { run, play, host, foreseen } = place
  const role = task?.role
  return scopeOf([
    run.extraVars,
    magic(place, task),
    task?.includeVars,
    ...roleLine(role).map(({ params }) => params),
    foreseen && foreseenLayer(foreseen),
    host.setFacts,
    host.includedVars,
    task?.vars,
    ...roleLine(role).flatMap(varsOf),
    ...play.roles.map((each) => each.vars).reverse(),
    withVarsFiles ? varsFilesLayer(place) : undefined,
    play.prompted,
    play.play.vars,
    host.cachedFacts,
    factLayer(place),
    ...host.inventoryLayers,
    ...roleLine(role).map(({ defaults }) => defaults),
    ...play.roles.map((each) => each.defaults).reverse(),
    weakest(host),
  ])
}

/** What holds where nobody says anything else. */
function weakest({ name }: HostState): Dict {
  return new Map([['ansible_managed', 'Ansible managed'], ['ansible_host', name]])
}

/** The role and those it was brought by, the innermost first. */
function roleLine(role: Role | undefined): readonly Role[] {
  return role ? [role, ...[...role.parents].reverse()] : []
}

/** vars_files may be named by the host's own variables, so each host has its own. */
export function varsFilesLayer(place: Place): Layer | undefined {
  return place.play.play.varsFiles.length === 0 ? undefined : createVarsFilesLayer(place, () => taskScope(place, undefined, false))
}

/** What a role has under `vars`, the strongest first: those beside its name, its own, and those of the roles it depends on. */
function varsOf({ vars, entryVars, dependencies }: Role): readonly Dict[] {
  return [entryVars, vars, ...[...dependencies].reverse().flatMap((dependency) => [dependency.vars, dependency.entryVars])]
}

function foreseenLayer({ values, pending }: Foreseen): Layer {
  return {
    get(name) {
      if (pending.has(name)) throw new Pending(name)
      return values.get(name)
    },
    keys: () => values.keys(),
  }
}

/** Facts as `ansible_NAME`, gathered when they are first used. */
function factLayer(place: Place): Layer {
  const { host } = place
  return {
    get(name) {
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

function ansibleFacts(place: Place): Dict {
  const { host } = place
  return lazyDict(
    () => {
      if (host.gathers) for (const name of factNames()) fact(place, name)
      return [...host.facts.keys()] as string[]
    },
    (name) => fact(place, name),
  )
}

/** Variables that nobody sets. */
function magic(place: Place, task: Task | undefined): Layer {
  return {
    get: (name) => MAGIC.get(name)?.(place, task),
    keys: () => MAGIC.keys(),
  }
}

type Magic = (place: Place, task: Task | undefined) => Value | undefined

const MAGIC: ReadonlyMap<string, Magic> = new Map<string, Magic>([
  ['omit', () => omit],
  ['inventory_hostname', ({ host }) => host.name],
  ['inventory_hostname_short', ({ host }) => host.name.split('.')[0]!],
  ['group_names', ({ run, host }) => run.inventory.groupsOf(host.name).map(({ name }) => name).filter((name) => name !== 'all').sort()],
  ['groups', ({ run }) => lazyDict(() => run.inventory.groups.keys(), (name) => run.inventory.groups.has(name) ? [...run.inventory.hostsOf(name)] : undefined)],
  ['hostvars', hostvars],
  ['vars', (place, task) => allVariables(place, task)],
  ['ansible_facts', ansibleFacts],
  ['play_hosts', ({ play }) => running(play)],
  ['ansible_play_hosts', ({ play }) => running(play)],
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
  ['ansible_parent_role_names', (_, task) => task?.role?.parents.map(({ name }) => name).reverse()],
  ['ansible_parent_role_paths', (_, task) => task?.role?.parents.map(({ path }) => path).reverse()],
  ['role_names', ({ play }) => rolesWritten(play)],
  ['ansible_role_names', ({ play }) => roleNames(play)],
  ['ansible_play_role_names', ({ play }) => rolesWritten(play)],
  ['ansible_dependent_role_names', ({ play }) => [...new Set(play.roles.flatMap(({ dependencies }) => dependencies.map(({ name }) => name)))]],
  ['ansible_check_mode', ({ run }) => run.check],
  ['ansible_diff_mode', ({ run }) => run.diff],
  ['ansible_forks', ({ run }) => run.forks],
  ['ansible_verbosity', ({ run }) => run.verbosity],
  ['ansible_limit', ({ run }) => run.limit],
  ['ansible_run_tags', ({ run }) => [...run.tags]],
  ['ansible_skip_tags', ({ run }) => [...run.skipTags]],
  ['ansible_inventory_sources', ({ run }) => [...run.inventory.folders]],
  // The language level that playbooks may ask about.
  ['ansible_version', () => dictOf({ full: '2.19.14', major: 2, minor: 19, revision: 14, string: '2.19.14' })],
  // There is none here, but playbooks hand it on to hosts that are this machine.
  ['ansible_playbook_python', () => '/usr/bin/python3'],
  ['ansible_search_path', (place, task) => [...searchPath(place.play.play, task)]],
  ['ansible_failed_result', ({ host }) => host.failure?.result],
  ['ansible_failed_task', ({ host }) => host.failure && dictOf({ name: taskLabel(host.failure.task), action: host.failure.task.module })],
])

/** The task's name as written. */
function taskLabel({ name, module }: Task): string {
  return typeof name === 'string' ? name : (name?.source ?? module)
}

function running(play: PlayState): Value[] {
  return play.batch.filter(({ status }) => status === 'running' || status === 'ended').map(({ name }) => name)
}

/** Those that the play itself names. */
function rolesWritten(play: PlayState): Value[] {
  return [...new Set(play.roles.filter(({ parents }) => parents.length === 0).map(({ name }) => name))]
}

function roleNames(play: PlayState): Value[] {
  return [...new Set(play.roles.map(({ name }) => name))]
}

function hostvars(place: Place): Dict {
  const { run, play, host, foreseen } = place
  return lazyDict(
    () => run.inventory.hosts.keys(),
    (name) => {
      const other = play.hostState(name)
      if (other === undefined) return undefined
      const guarded = foreseen !== undefined && other !== host
      const there = { run, play, host: other, ...(foreseen && !guarded && { foreseen }) }
      const scope = taskScope(there, undefined)
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

function allVariables(place: Place, task: Task | undefined): Dict {
  const scope = taskScope(place, task)
  return lazyDict(
    () => [...scope.names()].filter((name) => name !== 'vars' && name !== 'hostvars'),
    (name) => (name === 'vars' ? undefined : scope.lookup(name)),
  )
}

/** Folders that files and templates named relatively are looked for in, the most specific first. */
export function searchPath({ file }: Pick<Play, 'file'>, task: Task | undefined): readonly string[] {
  const files = task?.enclosure.files.map((path) => dirname(path)) ?? []
  return [...new Set([...roleLine(task?.role).map(({ path }) => path), ...files, dirname(file)])]
}
