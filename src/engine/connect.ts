/** From the variables of a task to the machine it acts on and the user it becomes there. */
import { userInfo } from 'node:os'
import { PlonerunError } from '../errors/plonerun-error.ts'
import type { Task } from '../load/tree/task.ts'
import type { HostAddress } from '../transport/address.ts'
import type { Become } from '../transport/contract.ts'
import { Float } from '../values/float.ts'
import { str } from '../values/print.ts'
import { asBool } from '../values/python.ts'
import { Secret } from '../values/secret.ts'
import type { Value } from '../values/value.ts'
import type { RunContext } from './context.ts'

/** Gives the evaluated value of a variable, or undefined. */
export type Variable = (name: string) => Value | undefined

const LOCAL_NAMES = new Set(['localhost', '127.0.0.1', '::1'])

const first = (...values: (Value | undefined)[]): Value | undefined => values.find((value) => value !== undefined && value !== null)

/** The address that a host's variables and the options of the run give. As Ansible has it, what is said for ssh alone wins. */
export function addressOf(run: RunContext, name: string, implicit: boolean, variable: Variable, keywords: { connection?: Value; remoteUser?: Value; port?: Value }): HostAddress {
  const host = text(first(variable('ansible_ssh_host'), variable('ansible_host'))) ?? name
  const connection = text(first(variable('ansible_connection'), keywords.connection)) ?? run.connection.connection ?? (implicit && LOCAL_NAMES.has(name) ? 'local' : 'ssh')
  const port = count(first(variable('ansible_ssh_port'), variable('ansible_port'), keywords.port)) ?? run.connection.port
  const user = text(first(variable('ansible_ssh_user'), variable('ansible_user'), keywords.remoteUser)) ?? run.connection.user
  const password = secret(first(variable('ansible_ssh_password'), variable('ansible_ssh_pass'), variable('ansible_password'))) ?? run.connection.password
  const privateKeyFile = text(first(variable('ansible_ssh_private_key_file'), variable('ansible_private_key_file'))) ?? run.connection.privateKeyFile
  const checking = first(variable('ansible_ssh_host_key_checking'), variable('ansible_host_key_checking'))
  const hostKeyChecking = checking !== undefined && asBool(checking) === false ? 'no' : run.connection.hostKeyChecking
  const knownHostsFile = text(variable('plonerun_known_hosts'))
  // Of an option that is given twice ssh takes the first.
  const sshArgs = [...['ansible_ssh_args', 'ansible_ssh_common_args', 'ansible_ssh_extra_args'].map((key) => text(variable(key))), run.connection.sshArgs].flatMap((each) => words(each))
  const kind = connectionKind(connection)
  return {
    name,
    host,
    connection: kind,
    ...(kind === 'unsupported' && { kind: connection }),
    ...(port !== undefined && { port }),
    ...(user !== undefined && { user }),
    ...(password !== undefined && { password }),
    ...(privateKeyFile !== undefined && { privateKeyFile }),
    ...(sshArgs.length > 0 && { sshArgs }),
    ...(hostKeyChecking !== undefined && { hostKeyChecking }),
    ...(knownHostsFile !== undefined && { knownHostsFile }),
    timeout: run.connection.timeout ?? 10,
  }
}

/** Who logs in there, where that is known before. */
export function loginUser({ connection, user }: HostAddress): string | undefined {
  return connection === 'local' ? userInfo().username : user
}

/** The user to become, or undefined to stay the login user. */
export function becomeOf(run: RunContext, variable: Variable, keywords: { become?: Value; user?: Value; method?: Value; flags?: Value; exe?: Value }): Become | undefined {
  const wanted = variable('ansible_become') ?? keywords.become ?? run.become.become ?? false
  if (asBool(wanted) !== true) return undefined
  const method = text(variable('ansible_become_method') ?? keywords.method) ?? run.become.method ?? 'sudo'
  const kind = becomeMethod(method)
  const of = (key: string): Value | undefined => first(variable(`ansible_${kind}_${key}`), variable(`ansible_become_${key}`))
  const password = secret(first(variable(`ansible_${kind}_pass`), variable('ansible_become_pass'), variable('ansible_become_password'))) ?? run.become.password
  const flags = text(of('flags') ?? keywords.flags) ?? run.become.flags
  const exe = text(of('exe') ?? keywords.exe) ?? run.become.exe
  return {
    method: kind,
    user: text(of('user') ?? keywords.user) ?? run.become.user ?? 'root',
    ...(password !== undefined && { password }),
    ...(flags !== undefined && { flags }),
    ...(exe !== undefined && { exe }),
  }
}

export function taskKeywords(task: Task): { become?: Value; user?: Value; method?: Value; flags?: Value; exe?: Value; connection?: Value; remoteUser?: Value; port?: Value } {
  return {
    ...(task.become !== undefined && { become: task.become }),
    ...(task.becomeUser !== undefined && { user: task.becomeUser }),
    ...(task.becomeMethod !== undefined && { method: task.becomeMethod }),
    ...(task.becomeFlags !== undefined && { flags: task.becomeFlags }),
    ...(task.becomeExe !== undefined && { exe: task.becomeExe }),
    ...(task.connection !== undefined && { connection: task.connection }),
    ...(task.remoteUser !== undefined && { remoteUser: task.remoteUser }),
    ...(task.port !== undefined && { port: task.port }),
  }
}

/** What only works on the controller wants no connection, so one that is not supported is told when it is opened. */
function connectionKind(written: string): HostAddress['connection'] {
  const kind = written.replace(/^(ansible\.(builtin|legacy)|community\.docker|containers\.podman)\./, '')
  switch (kind) {
    case 'ssh':
    case 'smart':
    case 'paramiko':
    case 'paramiko_ssh':
      return 'ssh'
    case 'local':
    case 'docker':
    case 'podman':
      return kind
    default:
      return 'unsupported'
  }
}

function becomeMethod(written: string): Become['method'] {
  const method = written.replace(/^(ansible\.builtin|community\.general)\./, '')
  if (method === 'sudo' || method === 'su' || method === 'doas') return method
  throw new PlonerunError(`the become method '${written}' is not supported`, { hint: 'Supported are sudo, su and doas.' })
}

/** Words of an option string, quotes honoured as a shell would. */
function words(line: string | undefined): string[] {
  return [...(line ?? '').matchAll(/(?:[^\s"']+|"[^"]*"|'[^']*')+/g)].map(([word]) => word.replace(/"([^"]*)"|'([^']*)'/g, (_, double: string | undefined, single: string | undefined) => double ?? single ?? ''))
}

function text(value: Value | undefined): string | undefined {
  if (value === undefined || value === null) return undefined
  if (value instanceof Secret) return value.reveal()
  return str(value)
}

function count(value: Value | undefined): number | undefined {
  if (value instanceof Float) return value.value
  const given = text(value)
  return given === undefined ? undefined : Number(given)
}

function secret(value: Value | undefined): Secret | undefined {
  if (value === undefined || value === null) return undefined
  return value instanceof Secret ? value : new Secret(str(value))
}
