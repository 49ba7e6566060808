/** ansible.builtin.iptables: rules, policies and chains of the kernel's packet filter, as long as the machine runs. */
import type { Imagined, Read } from '../../probe/read.ts'
import { answered, shellRead, type ShellResult } from '../../probe/shell.ts'
import { quote } from '../../shell/quote.ts'
import type { Change, Plan } from '../contract/change.ts'
import { state } from '../contract/module.ts'
import { defaulting, flag, list, oneOf, presence, record, text, type Input } from '../contract/option.ts'

const options = {
  table: defaulting(oneOf(['filter', 'nat', 'mangle', 'raw', 'security'], 'The table.'), 'filter'),
  chain: text('The chain.'),
  chain_management: defaulting(flag('Makes the chain, or takes it away with state=absent.'), false),
  state: presence('Whether the rule is there.'),
  action: defaulting(oneOf(['append', 'insert'], 'Where a new rule goes.'), 'append'),
  rule_num: text('The place of a rule that is inserted.'),
  ip_version: defaulting(oneOf(['ipv4', 'ipv6', 'both'], 'The family.'), 'ipv4'),
  flush: defaulting(flag('Takes all rules of the chain, or of the table, away.'), false),
  policy: oneOf(['ACCEPT', 'DROP', 'QUEUE', 'RETURN'], 'What happens to what no rule of the chain is about.'),
  wait: text('Seconds to wait for the lock.'),
  protocol: text('The protocol; ! in front of a value turns its meaning round, here and below.'),
  source: text('Comes from this address.'),
  destination: text('Goes to this address.'),
  match: defaulting(list(text('Extension.'), 'Extensions that are loaded.'), []),
  tcp_flags: record({ flags: list(text('Flag.'), 'Flags that are looked at.'), flags_set: list(text('Flag.'), 'Flags of these that are set.') }, 'TCP flags.'),
  jump: text('What happens to what matches.'),
  gateway: text('Where jump TEE sends copies.'),
  log_prefix: text('For jump LOG.'),
  log_level: text('For jump LOG.'),
  to_destination: text('For jump DNAT.'),
  to_source: text('For jump SNAT.'),
  goto: text('The chain that goes on.'),
  in_interface: text('Comes in there.'),
  out_interface: text('Goes out there.'),
  fragment: text('Second and further fragments.'),
  set_counters: text('Packets and bytes.'),
  source_port: text('Comes from this port.'),
  destination_port: text('Goes to this port.'),
  destination_ports: defaulting(list(text('Port.'), 'Goes to one of these ports.'), []),
  to_ports: text('For jump REDIRECT and MASQUERADE.'),
  set_dscp_mark: text('For jump DSCP.'),
  set_dscp_mark_class: text('For jump DSCP.'),
  syn: defaulting(oneOf(['ignore', 'match', 'negate'], 'Whether it opens a connection.'), 'ignore'),
  ctstate: defaulting(list(text('State.'), 'States of the connection.'), []),
  src_range: text('Comes from one of these addresses.'),
  dst_range: text('Goes to one of these addresses.'),
  match_set: text('A set of ipset.'),
  match_set_flags: oneOf(['src', 'dst', 'src,dst', 'dst,src', 'dst,dst', 'src,src'], 'What of it is in the set.'),
  limit: text('So many of these in a time.'),
  limit_burst: text('Before limit counts.'),
  uid_owner: text("Whose it is; for OUTPUT."),
  gid_owner: text("Whose group's it is."),
  reject_with: text('The answer; jump is REJECT then.'),
  icmp_type: text('The type of ICMP.'),
  comment: text('Stands beside the rule.'),
  numeric: defaulting(flag('Addresses are told as numbers.'), false),
} as const

type RuleInput = Input<typeof options>

export const iptables = state({
  name: 'ansible.builtin.iptables',
  summary: "Sets rules, policies and chains of the kernel's packet filter.",
  options,
  rules: {
    mutuallyExclusive: [['set_dscp_mark', 'set_dscp_mark_class'], ['flush', 'policy']],
    requiredTogether: [['match_set', 'match_set_flags']],
    requiredIf: [['jump', 'TEE', ['gateway']], ['jump', 'tee', ['gateway']]],
  },
  reads: (input) => Object.fromEntries(programs(input).flatMap((program) => questions(program, input))) as Readonly<Record<string, Read<ShellResult>>>,
  plan: (input, known) => plan(input, known),
  result: (input) => ({
    ip_version: input.ip_version, table: input.table, chain: input.chain ?? null, flush: input.flush, rule: ruleWords(input, input.ip_version === 'ipv6').join(' '), state: input.state, chain_management: input.chain_management, wait: input.wait ?? null,
  }),
})

function programs({ ip_version: version }: RuleInput): readonly string[] {
  return version === 'both' ? ['iptables', 'ip6tables'] : [version === 'ipv6' ? 'ip6tables' : 'iptables']
}

function questions(program: string, input: RuleInput): readonly (readonly [string, Read<ShellResult>])[] {
  const ask = (...words: readonly string[]): Read<ShellResult> => shellRead([program, '-t', input.table, ...words].map(quote).join(' '), ['path:/proc/net'])
  const { chain = '', flush } = input
  if (flush) return []
  if (input.policy !== undefined) return [[`${program} policy`, ask('-S', chain)]]
  return [[`${program} rule`, ask('-C', chain, ...ruleWords(input, program === 'ip6tables'))], ...(input.chain_management ? [[`${program} chain`, ask('-S', chain)] as const] : [])]
}

function plan(input: RuleInput, known: Readonly<Record<string, ShellResult>>): Plan {
  const { chain, flush, policy } = input
  if (chain === undefined && !flush) return { fail: 'flush is False but all of the following are missing: chain' }
  if (input.rule_num !== undefined && input.action !== 'insert') return { fail: 'rule_num needs action=insert' }
  if (policy !== undefined && chain === undefined) return { fail: 'policy needs a chain' }
  const missing = Object.values(known).some(({ code }) => code === 127)
  return missing ? { fail: 'iptables was not found on the host: install it first' } : { changes: programs(input).flatMap((program) => changesOf(program, input, known)) }
}

function changesOf(program: string, input: RuleInput, known: Readonly<Record<string, ShellResult>>): readonly Change[] {
  const { table, chain = '', flush, policy, state, action, chain_management: manages } = input
  const asked = new Map(questions(program, input))
  const will = (question: 'policy' | 'rule' | 'chain', stdout: string, code = 0): readonly Imagined[] => {
    const read = asked.get(`${program} ${question}`)
    return read === undefined ? [] : [answered(read, stdout, code)]
  }
  const call = (leaves: readonly Imagined[], ...words: readonly string[]): Change => {
    const argv = [program, '-t', table, ...words]
    return { summary: argv.join(' '), writes: ['path:/proc/net'], steps: [{ argv }], leaves }
  }
  if (flush) return [call([], '-F', ...(chain === '' ? [] : [chain]))]
  if (policy !== undefined) return known[`${program} policy`]!.stdout.split('\n').includes(`-P ${chain} ${policy}`) ? [] : [call(will('policy', `-P ${chain} ${policy}`), '-P', chain, policy)]
  const rule = ruleWords(input, program === 'ip6tables')
  const there = known[`${program} rule`]!.code === 0
  const chainThere = known[`${program} chain`]?.code === 0
  // Without anything that matches, it is about the chain itself.
  const whole = manages && rule.length === 0
  if (state === 'absent') {
    if (whole) return chainThere ? [call(will('chain', '', 1), '-X', chain)] : []
    return there ? [call(will('rule', '', 1), '-D', chain, ...rule)] : []
  }
  const making = manages && !chainThere ? [call(will('chain', ''), '-N', chain)] : []
  if (whole || there) return making
  return [...making, action === 'insert' ? call(will('rule', ''), '-I', chain, ...(input.rule_num === undefined ? [] : [input.rule_num]), ...rule) : call(will('rule', ''), '-A', chain, ...rule)]
}

/** The rule as iptables takes it, in the order that Ansible has. */
function ruleWords(input: RuleInput, v6: boolean): readonly string[] {
  const { match, tcp_flags: flags, ctstate, syn, limit, limit_burst: burst, src_range: from, dst_range: to, match_set: set, match_set_flags: setFlags } = input
  const jump = input.jump ?? (input.reject_with === undefined ? undefined : 'REJECT')
  const has = (name: string): boolean => match.includes(name)
  const loaded = (name: string, ...wanted: readonly unknown[]): readonly string[] => (has(name) || wanted.every((each) => each === undefined) ? [] : ['-m', name])
  return [
    ...given('-w', input.wait),
    ...given('-p', input.protocol),
    ...given('-s', input.source),
    ...given('-d', input.destination),
    ...match.flatMap((name) => ['-m', name]),
    ...(flags?.flags === undefined || flags.flags_set === undefined ? [] : ['--tcp-flags', flags.flags.join(','), flags.flags_set.join(',')]),
    ...given('-j', jump),
    ...(jump?.toLowerCase() === 'tee' ? given('--gateway', input.gateway) : []),
    ...given('--log-prefix', input.log_prefix),
    ...given('--log-level', input.log_level),
    ...given('--to-destination', input.to_destination),
    ...given('--to-source', input.to_source),
    ...given('-g', input.goto),
    ...given('-i', input.in_interface),
    ...given('-o', input.out_interface),
    ...given('-f', input.fragment),
    ...given('-c', input.set_counters),
    ...given('--source-port', input.source_port),
    ...given('--destination-port', input.destination_port),
    ...(input.destination_ports.length === 0 ? [] : [...(has('multiport') ? [] : ['-m', 'multiport']), '--dports', input.destination_ports.join(',')]),
    ...given('--to-ports', input.to_ports),
    ...given('--set-dscp', input.set_dscp_mark),
    ...given('--set-dscp-class', input.set_dscp_mark_class),
    ...(syn === 'ignore' ? [] : syn === 'match' ? ['--syn'] : ['!', '--syn']),
    ...(ctstate.length === 0 ? [] : [...(has('conntrack') || has('state') ? [] : ['-m', 'conntrack']), has('state') && !has('conntrack') ? '--state' : '--ctstate', ctstate.join(',')]),
    ...loaded('iprange', from, to),
    ...given('--src-range', from),
    ...given('--dst-range', to),
    ...loaded('set', set),
    ...(set === undefined ? [] : [...given('--match-set', set), setFlags!]),
    ...loaded('limit', limit, burst),
    ...given('--limit', limit),
    ...given('--limit-burst', burst),
    ...loaded('owner', input.uid_owner, input.gid_owner),
    ...given('--uid-owner', input.uid_owner),
    ...given('--gid-owner', input.gid_owner),
    ...given('--reject-with', input.reject_with),
    ...given(v6 ? '--icmpv6-type' : '--icmp-type', input.icmp_type),
    ...loaded('comment', input.comment),
    ...given('--comment', input.comment),
  ]
}

function given(option: string, value: string | undefined): readonly string[] {
  if (value === undefined) return []
  return value.startsWith('!') ? ['!', option, value.slice(1).trim()] : [option, value]
}
