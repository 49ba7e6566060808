/** What it takes to reach a host: the inventory's word first, then ssh options, then the ssh configuration files. */
import { homedir, hostname, userInfo } from 'node:os'
import { join } from 'node:path'
import SSHConfig from 'ssh-config'
import { PlonerunError } from '../../errors/plonerun-error.ts'
import type { Secret } from '../../values/secret.ts'
import type { HostAddress, HostKeyChecking } from '../address.ts'
import { readConfig } from './config-file.ts'
import { parseSshArguments } from './words.ts'

export interface SshTarget {
  /** The name used in messages. */
  readonly name: string
  readonly host: string
  readonly port: number
  readonly user: string
  readonly password?: Secret
  readonly passphrase?: Secret
  /** Private keys in the order in which they are tried. */
  readonly identityFiles: readonly string[]
  /** The files were named, and are not just the usual ones. */
  readonly identitiesNamed: boolean
  /** Keys of the agent that are none of these files are not tried. */
  readonly identitiesOnly: boolean
  /** Socket of the ssh agent. */
  readonly agent?: string
  readonly forwardAgent: boolean
  readonly hostKeyChecking: HostKeyChecking
  /** New keys are added to the first. */
  readonly knownHostsFiles: readonly string[]
  readonly hashKnownHosts: boolean
  /** The name that known_hosts has it under, instead of its own. */
  readonly hostKeyAlias?: string
  /** Hosts to go through, first hop first: `user@host:port`. */
  readonly jumps: readonly string[]
  /** A command whose stdin and stdout lead to the host. */
  readonly proxyCommand?: string
  /** Seconds. */
  readonly timeout: number
  /** Seconds between signs of life, and how many may stay unanswered. */
  readonly aliveInterval: number
  readonly aliveCount: number
}

/** Options that have a meaning here; the others in ssh's own files are ssh's business. */
const KNOWN = new Set(
  `hostname port user identityfile identitiesonly identityagent proxyjump proxycommand userknownhostsfile globalknownhostsfile
  stricthostkeychecking connecttimeout serveraliveinterval serveralivecountmax hostkeyalias forwardagent hashknownhosts`.split(/\s+/),
)
/** Options that people set and that change nothing here: plonerun keeps its one connection, and asks nothing. */
const HARMLESS = new Set(
  `controlmaster controlpersist controlpath compression loglevel batchmode preferredauthentications passwordauthentication pubkeyauthentication
  kbdinteractiveauthentication gssapiauthentication tcpkeepalive addkeystoagent checkhostip visualhostkey requesttty escapechar
  connectionattempts numberofpasswordprompts updatehostkeys ipqos sendenv`.split(/\s+/),
)

/** The keys that ssh tries when none are named. */
const USUAL_KEYS = ['id_rsa', 'id_ecdsa', 'id_ed25519']

/**
 * @param warn is told of options that have no effect
 * @throws PlonerunError for ssh arguments that cannot be understood
 */
export function resolveTarget(address: HostAddress, warn: (message: string) => void): SshTarget {
  const given = parseSshArguments(address.sshArgs ?? [])
  for (const line of given.lines) {
    const keyword = line.split(/\s/, 1)[0]!
    if (!KNOWN.has(keyword.toLowerCase()) && !HARMLESS.has(keyword.toLowerCase())) warn(`the ssh option ${keyword} has no effect`)
  }
  const own = [
    ...(address.port === undefined ? [] : [`Port ${address.port}`]),
    ...(address.privateKeyFile === undefined ? [] : [`IdentityFile "${address.privateKeyFile}"`]),
    ...(address.hostKeyChecking === undefined ? [] : [`StrictHostKeyChecking ${address.hostKeyChecking}`]),
    ...(address.knownHostsFile === undefined ? [] : [`UserKnownHostsFile ${address.knownHostsFile}`]),
  ]
  const files = given.configFile === undefined ? [join(homedir(), '.ssh/config'), '/etc/ssh/ssh_config'] : [given.configFile]
  const texts = files.map((file) => readConfig(file))
  const text = [...own, ...given.lines, ...texts.flatMap((content) => ['Match all', content])].join('\n')
  const options = SSHConfig.parse(text).compute({ Host: address.host, ...(address.user !== undefined && { User: address.user }) }, { ignoreCase: true })
  return interpret(address, options)
}

/** From the options, whose names are in lower case; of each, ssh takes the first. */
function interpret(address: HostAddress, options: Readonly<Record<string, string | string[]>>): SshTarget {
  const list = (name: string): readonly string[] => [options[name] ?? []].flat()
  const one = (name: string): string | undefined => list(name)[0]
  const isOn = (name: string): boolean => /^(yes|true)$/i.test(one(name) ?? '')
  const host = (one('hostname') ?? address.host).replaceAll('%h', address.host)
  const port = toNumber('port', one('port')) ?? 22
  const user = one('user') ?? userInfo().username
  const expand = (path: string): string =>
    path.replace(/^~(?=\/|$)/, homedir()).replace(/%([%dhilLnpru])/g, (_, letter: string) => {
      const values: Record<string, string> = { '%': '%', d: homedir(), h: host, i: String(userInfo().uid), l: hostname(), L: hostname().split('.')[0]!, n: address.host, p: String(port), r: user, u: userInfo().username }
      return values[letter]!
    })
  const named = list('identityfile').filter((file) => file !== 'none')
  const agent = one('identityagent') ?? 'SSH_AUTH_SOCK'
  const agentSocket = agent === 'none' ? undefined : agent === 'SSH_AUTH_SOCK' ? process.env['SSH_AUTH_SOCK'] : expand(agent.replace(/^\$(\w+)$/, (_, name: string) => process.env[name] ?? ''))
  const jump = one('proxyjump')
  const command = list('proxycommand').join(' ')
  const alias = one('hostkeyalias')
  const userFiles = list('userknownhostsfile')
  const globalFiles = list('globalknownhostsfile')
  return {
    name: address.name,
    host,
    port,
    user,
    ...(address.password && { password: address.password }),
    ...(address.passphrase && { passphrase: address.passphrase }),
    identityFiles: named.length > 0 ? named.map(expand) : USUAL_KEYS.map((name) => join(homedir(), '.ssh', name)),
    identitiesNamed: named.length > 0,
    identitiesOnly: isOn('identitiesonly'),
    ...(agentSocket && { agent: agentSocket }),
    forwardAgent: isOn('forwardagent'),
    hostKeyChecking: toChecking(one('stricthostkeychecking')),
    knownHostsFiles: [
      ...(userFiles.length > 0 ? userFiles : ['~/.ssh/known_hosts', '~/.ssh/known_hosts2']),
      ...(globalFiles.length > 0 ? globalFiles : ['/etc/ssh/ssh_known_hosts', '/etc/ssh/ssh_known_hosts2']),
    ]
      .filter((file) => file !== 'none')
      .map(expand),
    hashKnownHosts: isOn('hashknownhosts'),
    ...(alias !== undefined && { hostKeyAlias: alias }),
    jumps: jump === undefined || jump === 'none' ? [] : jump.split(',').map((hop) => hop.trim()),
    ...(command !== '' && command !== 'none' && jump === undefined && { proxyCommand: expand(command) }),
    timeout: address.timeout,
    aliveInterval: toNumber('ServerAliveInterval', one('serveraliveinterval')) ?? 15,
    aliveCount: toNumber('ServerAliveCountMax', one('serveralivecountmax')) ?? 3,
  }
}

/** Nobody is there to be asked, so `ask` is strict. */
function toChecking(value = 'ask'): HostKeyChecking {
  if (/^(no|off|false)$/i.test(value)) return 'no'
  return value.toLowerCase() === 'accept-new' ? 'accept-new' : 'strict'
}

function toNumber(name: string, value: string | undefined): number | undefined {
  if (value === undefined) return undefined
  if (!/^\d+$/.test(value)) throw new PlonerunError(`the ssh option ${name} needs a number, not '${value}'`)
  return Number(value)
}
