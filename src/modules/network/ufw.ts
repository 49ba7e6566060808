/** community.general.ufw: Ubuntu's uncomplicated firewall. */
import type { Imagined, Read } from '../../probe/read.ts'
import { answered, shellRead, type ShellResult } from '../../probe/shell.ts'
import { quote } from '../../shell/quote.ts'
import type { Change, Plan } from '../contract/change.ts'
import { state } from '../contract/module.ts'
import { defaulting, flag, integer, oneOf, text, type Input } from '../contract/option.ts'

const options = {
  state: oneOf(['enabled', 'disabled', 'reloaded', 'reset'], 'Whether the firewall is at work.'),
  default: oneOf(['allow', 'deny', 'reject'], 'What happens to what no rule is about, in the direction.', { aliases: ['policy'] }),
  logging: oneOf(['full', 'high', 'low', 'medium', 'off', 'on'], 'How much it logs.'),
  direction: oneOf(['in', 'incoming', 'out', 'outgoing', 'routed'], 'in and out for a rule, incoming, outgoing and routed for default.'),
  rule: oneOf(['allow', 'deny', 'limit', 'reject'], 'What the rule does.'),
  delete: defaulting(flag('The rule is taken away.'), false),
  route: defaulting(flag('The rule is about what passes through.'), false),
  insert: integer('Where the rule goes; at the end unless given.'),
  insert_relative_to: defaulting(oneOf(['zero', 'first-ipv4', 'last-ipv4', 'first-ipv6', 'last-ipv6'], 'What insert counts from.'), 'zero'),
  interface: text('The interface, with direction.', { aliases: ['if'] }),
  interface_in: text('Comes in there.', { aliases: ['if_in'] }),
  interface_out: text('Goes out there.', { aliases: ['if_out'] }),
  log: defaulting(flag('Logs new connections that match.'), false),
  from_ip: defaulting(text('Comes from this address.', { aliases: ['from', 'src'] }), 'any'),
  from_port: text('Comes from this port.'),
  to_ip: defaulting(text('Goes to this address.', { aliases: ['dest', 'to'] }), 'any'),
  to_port: text('Goes to this port.', { aliases: ['port'] }),
  proto: oneOf(['ah', 'any', 'esp', 'ipv6', 'tcp', 'udp', 'gre', 'igmp', 'vrrp'], 'The protocol.', { aliases: ['protocol'] }),
  name: text('A profile in /etc/ufw/applications.d.', { aliases: ['app'] }),
  comment: text('Stands beside the rule.'),
} as const

type UfwInput = Input<typeof options>

const FILES: Change['writes'] = ['path:/etc/ufw', 'path:/etc/default/ufw', 'path:/lib/ufw', 'path:/var/lib/ufw']

type Answers = { readonly status: ShellResult; readonly rules: ShellResult; readonly numbered?: ShellResult; readonly dry?: ShellResult }

const STATUS = shellRead('ufw status verbose; echo "code=$?"; cat /etc/ufw/ufw.conf /etc/default/ufw', FILES)

function dryRead(input: UfwInput, numbered: ShellResult | undefined): Read<ShellResult> {
  return shellRead(ruleWords(input, numbered, true).map(quote).join(' '), FILES)
}

export const ufw = state({
  name: 'community.general.ufw',
  summary: 'Sets up the firewall ufw.',
  options,
  rules: {
    requiredOneOf: [['state', 'default', 'rule', 'logging']],
    mutuallyExclusive: [['name', 'proto', 'logging'], ['direction', 'interface_in'], ['direction', 'interface_out']],
  },
  readsAgain: true,
  reads(input, _prepared, known) {
    const numbered = known.numbered as ShellResult | undefined
    const dry = input.rule !== undefined && mistakeIn(input) === undefined && (!isRelative(input) || numbered !== undefined) ? dryRead(input, numbered) : undefined
    return {
      status: STATUS,
      rules: shellRead("grep -h '^### tuple' /lib/ufw/user.rules /lib/ufw/user6.rules /etc/ufw/user.rules /etc/ufw/user6.rules /var/lib/ufw/user.rules /var/lib/ufw/user6.rules; :", FILES),
      ...(isRelative(input) && { numbered: shellRead('ufw status numbered', FILES) }),
      ...(dry && { dry }),
    }
  },
  plan: (input, answers) => plan(input, answers as Answers),
  result(input, answers, { after }) {
    const { changes = [] } = plan(input, answers as Answers)
    const { status } = (after ?? answers) as Answers
    return { commands: changes.flatMap(({ steps }) => steps.map(({ argv }) => argv.join(' '))), msg: status.stdout.split(/^code=/m)[0]!.trimEnd() }
  },
})

function mistakeIn({ rule, default: policy, direction, route, interface: name, interface_in: from, interface_out: to }: UfwInput): string | undefined {
  if (name !== undefined && direction === undefined) return 'interface needs direction'
  if (policy !== undefined && (direction === 'in' || direction === 'out')) return 'For default, direction must be one of "outgoing", "incoming" and "routed", or direction must not be specified.'
  if (rule !== undefined && direction !== undefined && direction !== 'in' && direction !== 'out') return 'For rules, direction must be one of "in" and "out", or direction must not be specified.'
  if (rule !== undefined && !route && from !== undefined && to !== undefined) return 'Only route rules can combine interface_in and interface_out'
  return undefined
}

function plan(input: UfwInput, answers: Answers): Plan {
  const wrong = mistakeIn(input)
  if (wrong !== undefined) return { fail: wrong }
  const { stdout } = answers.status
  if (/^code=127$/m.test(stdout)) return { fail: 'ufw was not found on the host: install it first' }
  if (!/^code=0$/m.test(stdout)) return { fail: `ufw status failed on the host: ${stdout.split(/^code=/m)[0]!.trim() || 'it needs root'}` }
  if (answers.dry !== undefined && answers.dry.code !== 0) return { fail: `ufw does not take the rule: ${ruleWords(input, answers.numbered, false).join(' ')} ${answers.dry.stdout}`.trim() }
  const calls = [...planState(input, stdout), ...planDefault(input, stdout), ...planRule(input, answers), ...planLogging(input, stdout)]
  return { changes: calls.map((call, index) => change(call, calls.slice(0, index + 1).reduce((status, { then }) => then?.(status) ?? status, stdout))) }
}

interface Call {
  readonly argv: readonly string[]
  /** What `ufw status` and the files say afterwards. */
  readonly then?: (status: string) => string
  readonly leaves?: readonly Imagined[]
}

function change({ argv, then, leaves }: Call, status: string): Change {
  return { summary: argv.join(' '), writes: FILES, steps: [{ argv }], leaves: leaves ?? (then === undefined ? [] : [answered(STATUS, status)]) }
}

function planState({ state }: UfwInput, status: string): readonly Call[] {
  const active = /^Status: active/m.test(status)
  if (state === undefined || (state === 'enabled' && active) || (state === 'disabled' && !active)) return []
  return [{ argv: ['ufw', '-f', { enabled: 'enable', disabled: 'disable', reloaded: 'reload', reset: 'reset' }[state]], ...(state !== 'reset' && { then: (text: string) => text.replace(/^Status: \w+/m, `Status: ${state === 'disabled' ? 'inactive' : 'active'}`) }) }]
}

const POLICIES = { incoming: 'DEFAULT_INPUT_POLICY', outgoing: 'DEFAULT_OUTPUT_POLICY', routed: 'DEFAULT_FORWARD_POLICY' } as const

/** `status` tells policies of a firewall at work only, /etc/default/ufw always. */
function planDefault({ default: policy, direction }: UfwInput, status: string): readonly Call[] {
  if (policy === undefined) return []
  const key = POLICIES[(direction ?? 'incoming') as keyof typeof POLICIES]
  const wanted = { allow: 'ACCEPT', deny: 'DROP', reject: 'REJECT' }[policy]
  return setting(status, key) === wanted ? [] : [{ argv: ['ufw', 'default', policy, ...(direction === undefined ? [] : [direction])], then: (text) => withSetting(text, key, wanted) }]
}

function planLogging({ logging }: UfwInput, status: string): readonly Call[] {
  const current = setting(status, 'LOGLEVEL')
  const same = logging === undefined || logging === current || (logging === 'on' && current !== undefined && current !== 'off')
  return same ? [] : [{ argv: ['ufw', 'logging', logging], then: (text) => withSetting(text, 'LOGLEVEL', logging === 'on' ? 'low' : logging) }]
}

/** A line of ufw.conf or /etc/default/ufw. */
function setting(text: string, key: string): string | undefined {
  return new RegExp(`^${key}="?(\\w+)`, 'm').exec(text)?.[1]
}

function withSetting(text: string, key: string, value: string): string {
  return text.replace(new RegExp(`^${key}=.*`, 'm'), `${key}=${value}`)
}

/** What a dry run prints is the rules as they would be; nothing but remarks when they are so already. */
function planRule(input: UfwInput, { rules, numbered, dry }: Answers): readonly Call[] {
  if (dry === undefined) return []
  const lines = dry.stdout.split('\n').filter((line) => line.trim() !== '')
  if (lines.every((line) => /Skipping|Could not delete non-existent/.test(line))) return []
  const version = [input.from_ip, input.to_ip].map(familyOf).find((family) => family !== undefined)
  const tuples = (text: string): string => text.split('\n').filter((line) => line.startsWith('### tuple') && (version === undefined || familyIn(line) === version)).join('\n')
  return tuples(rules.stdout) === tuples(dry.stdout) ? [] : [{ argv: ruleWords(input, numbered, false), leaves: [answered(dryRead(input, numbered), 'Skipping, as it is so by then'), answered(dryRead({ ...input, delete: !input.delete }, numbered), `### tuple ### ${input.from_ip} ${input.to_ip}, which is not so by then`)] }]
}

const IPV4 = /\d{1,3}(\.\d{1,3}){3}/
const IPV6 = /[\da-fA-F]*:[\da-fA-F:]*:[\da-fA-F.:]*/

function familyOf(address: string): 4 | 6 | undefined {
  return IPV4.test(address) ? 4 : IPV6.test(address) ? 6 : undefined
}

function familyIn(line: string): 4 | 6 | undefined {
  return familyOf(line.replace('### tuple ###', ''))
}

function isRelative({ rule, insert, insert_relative_to: to, delete: removes }: UfwInput): boolean {
  return rule !== undefined && insert !== undefined && !removes && to !== 'zero'
}

/** ufw's long form of a rule. */
function ruleWords(input: UfwInput, numbered: ShellResult | undefined, dry: boolean): readonly string[] {
  const { rule = '', direction, interface: on, interface_in: into, interface_out: out, from_ip, from_port, to_ip, to_port, proto, name, comment } = input
  const place = insertPlace(input, numbered)
  const given = (value: string | undefined, ...words: readonly string[]): readonly string[] => (value === undefined ? [] : [...words, value])
  return [
    'ufw',
    ...(dry ? ['--dry-run'] : []),
    ...(input.route ? ['route'] : []),
    ...(input.delete ? ['delete'] : []),
    ...(place === undefined ? [] : ['insert', String(place)]),
    rule,
    ...given(direction),
    ...given(on, 'on'),
    ...given(into, 'in', 'on'),
    ...given(out, 'out', 'on'),
    ...(input.log ? ['log'] : []),
    'from', from_ip,
    ...given(from_port, 'port'),
    'to', to_ip,
    ...given(to_port, 'port'),
    ...given(proto, 'proto'),
    ...given(name, 'app'),
    ...given(comment, 'comment'),
  ]
}

/** ufw wants a number that a rule of the same family has; behind the last the rule is simply added. */
function insertPlace(input: UfwInput, numbered: ShellResult | undefined): number | undefined {
  const { insert, insert_relative_to: to, delete: removes } = input
  if (insert === undefined || removes) return undefined
  if (to === 'zero') return insert
  const rows = [...(numbered?.stdout ?? '').matchAll(/^\[ *(\d+)\] (.*)$/gm)].map(([, number, line]) => ({ number: Number(number), v6: line!.includes('(v6)') }))
  const last = rows.at(-1)?.number ?? 0
  const last4 = rows.findLast(({ v6 }) => !v6)?.number
  const from = {
    'first-ipv4': 1,
    'last-ipv4': last4 ?? 1,
    'first-ipv6': (last4 ?? 0) + 1,
    'last-ipv6': rows.some(({ v6 }) => v6) ? last : last + 1,
  }[to]
  return insert + from > last ? undefined : insert + from
}
