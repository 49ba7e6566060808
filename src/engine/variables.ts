/** The variables that a task sees on a host, by Ansible's precedence, magic variables included. */
import type { Role } from '../load/tree/role.ts'
import type { Task } from '../load/tree/task.ts'
import { Pending, type Dict, type Scope, type Value } from '../values/value.ts'
import { scopeOf, type Layer } from '../vars/scope.ts'
import { factLayer } from './fact-variables.ts'
import { magicLayer, magicOfHost, PYTHON, type Scopes } from './magic.ts'
import type { Foreseen, Place } from './place.ts'
import { roleLine } from './search-path.ts'
import { createVarsFilesLayer } from './vars-files.ts'

/**
 * The scope of a task on a host.
 * @param withVarsFiles false while the names of the vars_files themselves are worked out
 */
export function taskScope(place: Place, task: Task | undefined, withVarsFiles = true): Scope {
  const { run, play, host, foreseen } = place
  const role = task?.role
  return scopeOf([
    run.extraVars,
    magicLayer(place, task, SCOPES),
    task?.includeVars,
    ...roleLine(role).map(({ params }) => params),
    foreseen && foreseenLayer(foreseen),
    host.setFacts,
    host.includedVars,
    task?.vars,
    ...roleLine(role).flatMap(varsOf),
    ...play.roleLayers.vars,
    withVarsFiles ? varsFilesLayer(place, task?.implicit) : undefined,
    play.prompted,
    play.play.vars,
    host.cachedFacts,
    factLayer(place),
    ...host.inventoryLayers,
    ...roleLine(role).map(({ defaults }) => defaults),
    ...play.roleLayers.defaults,
    weakest(place, task),
  ], run.defaults?.mergeHashes)
}

/** What others see of a host in hostvars: its own variables, and nothing of what the play, its roles or a task say. */
export function hostScope(place: Place): Scope {
  const { run, host, foreseen } = place
  return scopeOf([
    run.extraVars,
    magicOfHost(place, SCOPES),
    foreseen && foreseenLayer(foreseen),
    host.setFacts,
    host.includedVars,
    host.cachedFacts,
    factLayer(place),
    ...host.inventoryLayers,
    weakest(place, undefined),
  ], run.defaults?.mergeHashes)
}

/** The scopes that magic variables look into. */
export const SCOPES: Scopes = { ofTask: taskScope, ofHost: hostScope }

/** vars_files may be named by the host's own variables, so each host has its own. */
export function varsFilesLayer(place: Place, gathering = false): Layer | undefined {
  return place.play.play.varsFiles.length === 0 ? undefined : createVarsFilesLayer(place, () => taskScope(place, undefined, false), gathering)
}

/** What a role has under `vars`, the strongest first: those beside its name, its own, and those of the roles it depends on, which keep to themselves what stands beside their names. */
function varsOf({ vars, entryVars, dependencies }: Role): readonly Dict[] {
  return [entryVars, vars, ...[...dependencies].reverse().map((dependency) => dependency.vars)]
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

/** What holds where nobody says anything else. */
function weakest({ run, host }: Place, task: Task | undefined): Dict {
  const written = (name: string): Value | undefined => host.inventoryLayers.map((layer) => layer.get(name)).find((value) => value !== undefined)
  // Inventories of old say ansible_ssh_host.
  const weak = new Map<Value, Value>([['ansible_managed', 'Ansible managed'], ['ansible_host', written('ansible_ssh_host') ?? host.name]])
  if (run.inventory.host(host.name)?.implicit === true) weak.set('ansible_python_interpreter', PYTHON)
  // How a task reaches its host is known to the task only: from outside, hostvars do not tell.
  if (task === undefined) return weak
  const [user, port] = [written('ansible_ssh_user') ?? task.remoteUser ?? run.connection.user, written('ansible_ssh_port') ?? task.port ?? run.connection.port]
  weak.set('ansible_connection', task.connection ?? run.connection.connection ?? 'ssh')
  if (user !== undefined) weak.set('ansible_user', user)
  if (port !== undefined) weak.set('ansible_port', port)
  return weak
}
