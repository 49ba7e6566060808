/** ansible.posix.firewalld: what firewalld lets through, now and after a restart. */
import { PlonerunError } from '../../errors/plonerun-error.ts'
import type { Read } from '../../probe/read.ts'
import { answered, shellRead, type ShellResult } from '../../probe/shell.ts'
import { quote } from '../../shell/quote.ts'
import type { Change, Plan } from '../contract/change.ts'
import { state } from '../contract/module.ts'
import { defaulting, flag, integer, list, oneOf, record, required, text, type Input } from '../contract/option.ts'

const options = {
  service: text('A service that firewalld knows.'),
  protocol: text('A protocol.'),
  port: text('PORT/PROTOCOL or PORT-PORT/PROTOCOL.'),
  port_forward: list(
    record({
      port: required(text('The port.')),
      proto: required(oneOf(['tcp', 'udp'], 'Its protocol.')),
      toport: required(text('The port that it leads to.')),
      toaddr: text('The address that it leads to.'),
    }, 'A port.'),
    'A port that is forwarded; one only.',
  ),
  rich_rule: text('A rule in the rich language.'),
  source: text('A network whose packets the zone gets.'),
  interface: text('An interface whose packets the zone gets.'),
  icmp_block: text('A type of ICMP that is blocked.'),
  icmp_block_inversion: flag('Types of ICMP that are not blocked are.'),
  masquerade: flag('Packets that leave get the address of the host.'),
  forward: flag('Packets go from one interface of the zone to another.'),
  target: oneOf(['default', 'ACCEPT', 'DROP', '%%REJECT%%'], 'What happens to packets that no rule is about; default with state absent.'),
  zone: text('The zone; the default one unless given.'),
  state: required(oneOf(['absent', 'disabled', 'enabled', 'present'], 'enabled and disabled are for what a zone has; present and absent for zones and their target.')),
  permanent: defaulting(flag('From the next start of firewalld on.'), false),
  immediate: defaulting(flag('Now; what is not permanent is.'), false),
  timeout: defaulting(integer('Seconds after which it is undone, when it is not permanent.'), 0),
  offline: defaulting(flag('Leaves out what is to be immediate where firewalld does not run.'), false),
} as const

type FirewallInput = Input<typeof options>

/** The options of firewall-cmd that ask for it, make it so and undo that. */
interface Subject {
  /** `service http`, for the person. */
  readonly what: string
  readonly query: readonly string[]
  readonly add: readonly string[]
  readonly remove: readonly string[]
  readonly wanted: boolean
  /** It can be made so for some time. */
  readonly timed: boolean
  /** The answer that means yes, where it is not told by the exit code. */
  readonly yes?: (answer: string) => boolean
  /** check mode: what the answer is once it is made so. */
  readonly after?: (answer: string) => string
}

const EXCLUSIVE = ['icmp_block', 'icmp_block_inversion', 'service', 'protocol', 'port', 'port_forward', 'rich_rule', 'interface', 'forward', 'masquerade', 'source', 'target'] as const

export const firewalld = state({
  name: 'ansible.posix.firewalld',
  summary: 'Opens and closes ports, services, sources and more in the zones of firewalld.',
  untried: 'firewalld',
  options,
  rules: { mutuallyExclusive: [EXCLUSIVE] },
  prepare: subjectOf,
  reads(input, { query }): Record<string, Read<ShellResult>> {
    return { running: ask('firewall-cmd --state 2>&1'), permanent: permanentRead(query), ...(isImmediate(input) && { immediate: immediateRead(query) }) }
  },
  plan: (input, known: Readonly<Record<string, ShellResult>>, subject) => plan(input, known, subject),
  result(input, _known, { changed }, { what }) {
    const when = input.permanent ? (isImmediate(input) ? 'Permanent and Non-Permanent(immediate) operation' : 'Permanent operation') : 'Non-permanent operation'
    return { msg: [when, ...(changed ? [`Changed ${what} to ${input.state}`] : [])].join(', ') }
  },
})

function ask(script: string): Read<ShellResult> {
  return shellRead(script, ['path:/etc/firewalld', 'package:*', 'unit:*', 'anything'])
}

function permanentRead(query: readonly string[]): Read<ShellResult> {
  const words = query.map(quote).join(' ')
  return ask(`if firewall-cmd --state >/dev/null 2>&1; then firewall-cmd --permanent ${words} 2>&1; else firewall-offline-cmd ${words} 2>&1; fi`)
}

function immediateRead(query: readonly string[]): Read<ShellResult> {
  return ask(`firewall-cmd ${query.map(quote).join(' ')} 2>&1`)
}

/** @throws PlonerunError for what firewalld could not be told */
function subjectOf(input: FirewallInput): Subject {
  const fail = (message: string): never => {
    throw new PlonerunError(message, { kind: 'task' })
  }
  if (input.offline && !input.permanent) fail('offline cannot be enabled unless permanent changes are allowed')
  const zoneLevel = input.state === 'present' || input.state === 'absent'
  const named = EXCLUSIVE.find((name) => input[name] !== undefined)
  if (zoneLevel && named !== undefined && named !== 'target') fail('absent and present state can only be used in zone level operations')
  if (named === undefined || named === 'target') {
    if (input.zone === undefined) fail(named === undefined ? 'nothing is said about what to change: no service, port or other, and no zone' : 'target needs the parameter zone')
    if (named === undefined && !zoneLevel) fail('for a zone itself the state is present or absent')
    if (!input.permanent || input.immediate) fail("Zone operations must be permanent. Make sure you didn't set the 'permanent' flag to 'false' or the 'immediate' flag to 'true'.")
  }
  const enabled = input.state === 'enabled'
  const zone = input.zone === undefined ? [] : [`--zone=${input.zone}`]
  const valued = (what: string, option: string, value: string, timed: boolean): Subject => ({ what: `${what} ${value}`, query: [...zone, `--query-${option}=${value}`], add: [...zone, `--add-${option}=${value}`], remove: [...zone, `--remove-${option}=${value}`], wanted: enabled, timed })
  const switched = (option: string, on: boolean, timed: boolean): Subject => ({ what: option, query: [...zone, `--query-${option}`], add: [...zone, `--add-${option}`], remove: [...zone, `--remove-${option}`], wanted: enabled === on, timed })
  switch (named) {
    case undefined:
      return { what: `zone ${input.zone!}`, query: ['--get-zones'], add: [`--new-zone=${input.zone!}`], remove: [`--delete-zone=${input.zone!}`], wanted: input.state === 'present', timed: false, yes: (answer) => answer.split(/\s+/).includes(input.zone!), after: (answer) => (input.state === 'present' ? `${answer.trim()} ${input.zone!}` : answer.split(/\s+/).filter((zone) => zone !== input.zone).join(' ')) }
    case 'target': {
      const target = zoneLevel || enabled ? (input.state === 'absent' ? 'default' : input.target!) : 'default'
      return { what: `target ${target}`, query: [...zone, '--get-target'], add: [...zone, `--set-target=${target}`], remove: [], wanted: true, timed: false, yes: (answer) => answer.trim() === target, after: () => target }
    }
    case 'port':
      if (!/^[^/]+\/[^/]+$/.test(input.port!.trim())) fail('improper port format (missing protocol?)')
      return valued('port', 'port', input.port!.trim(), true)
    case 'port_forward': {
      const [forward, ...others] = input.port_forward!
      if (forward === undefined || others.length > 0) return fail('Only one port forward supported at a time')
      return valued('port_forward', 'forward-port', `port=${forward.port}:proto=${forward.proto}:toport=${forward.toport}:toaddr=${forward.toaddr ?? ''}`, true)
    }
    case 'interface':
      if (input.zone === undefined) fail('interface needs the parameter zone')
      // It may belong to another zone, which then loses it.
      return { ...valued('interface', 'interface', input.interface!, false), add: [...zone, `--change-interface=${input.interface!}`] }
    case 'service':
    case 'protocol':
    case 'source':
      return valued(named, named, input[named]!, named !== 'source')
    case 'rich_rule':
    case 'icmp_block':
      return valued(named, named.replace('_', '-'), input[named]!, true)
    case 'icmp_block_inversion':
    case 'masquerade':
    case 'forward':
      return switched(named.replaceAll('_', '-'), input[named]!, named === 'masquerade')
  }
}

function isImmediate({ immediate, permanent }: FirewallInput): boolean {
  return immediate || !permanent
}

function plan(input: FirewallInput, known: Readonly<Record<string, ShellResult>>, { what, query, add, remove, wanted, timed, yes, after }: Subject): Plan {
  const isRunning = known.running!.code === 0
  if (!isRunning && known.permanent!.code === 127) return { fail: 'firewall-cmd was not found on the host: install firewalld' }
  const now = isImmediate(input) && (isRunning || !input.offline)
  if (now && !isRunning) return { fail: 'firewall is not currently running, unable to perform immediate actions without a running firewall daemon' }
  const questions = [...(input.permanent ? [known.permanent!] : []), ...(now ? [known.immediate!] : [])]
  const failed = questions.find(({ code }) => code > 1)
  if (failed !== undefined) return { fail: `firewalld: ${failed.stdout.trim()}` }
  const holds = ({ code, stdout }: ShellResult): boolean => (yes === undefined ? code === 0 : yes(stdout)) === wanted
  const words = wanted ? add : remove
  const change = (when: string, asked: Read<ShellResult>, current: ShellResult, program: readonly string[], more: readonly string[] = []): Change => ({
    summary: `${wanted ? 'enable' : 'disable'} ${what}${input.zone === undefined ? '' : ` in zone ${input.zone}`}, ${when}`,
    writes: ['path:/etc/firewalld', 'unit:firewalld.service'],
    steps: [{ argv: [...program, ...words, ...more] }],
    leaves: [after === undefined ? answered(asked, wanted ? 'yes' : 'no', wanted ? 0 : 1) : answered(asked, after(current.stdout))],
  })
  return {
    changes: [
      ...(now && !holds(known.immediate!) ? [change('now', immediateRead(query), known.immediate!, ['firewall-cmd'], wanted && timed && input.timeout > 0 ? [`--timeout=${input.timeout}`] : [])] : []),
      ...(input.permanent && !holds(known.permanent!) ? [change('permanently', permanentRead(query), known.permanent!, isRunning ? ['firewall-cmd', '--permanent'] : ['firewall-offline-cmd'])] : []),
    ],
  }
}
