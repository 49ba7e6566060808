import { expect, it } from 'vitest'
import { iptables } from '../../../../src/modules/network/iptables.ts'
import type { Plain } from '../../../../src/values/value.ts'
import { planWith } from '../../../support/drive.ts'

const [there, missing] = [{ stdout: '', code: 0 }, { stdout: '', code: 1 }]
const no = { 'iptables rule': missing, 'ip6tables rule': missing, 'iptables chain': missing }

it.each<[string, Record<string, Plain>, Record<string, unknown>, readonly string[]]>([
  ['a rule', { chain: 'INPUT', protocol: 'tcp', destination_port: 22, ctstate: ['NEW', 'ESTABLISHED'], jump: 'ACCEPT', comment: 'let ssh in' }, no, ['iptables -t filter -A INPUT -p tcp -j ACCEPT --destination-port 22 -m conntrack --ctstate NEW,ESTABLISHED -m comment --comment let ssh in']],
  ['a rule that is there', { chain: 'INPUT', jump: 'ACCEPT' }, { 'iptables rule': there }, []],
  ['inserted', { chain: 'INPUT', action: 'insert', rule_num: 5, source: '!10.0.0.0/8', reject_with: 'tcp-reset', protocol: 'tcp' }, no, ['iptables -t filter -I INPUT 5 -p tcp ! -s 10.0.0.0/8 -j REJECT --reject-with tcp-reset']],
  ['taken away', { chain: 'INPUT', jump: 'DROP', state: 'absent' }, { 'iptables rule': there }, ['iptables -t filter -D INPUT -j DROP']],
  ['not there to be taken away', { chain: 'INPUT', jump: 'DROP', state: 'absent' }, no, []],
  ['both families', { chain: 'INPUT', protocol: 'icmp', icmp_type: '8', ip_version: 'both', jump: 'ACCEPT' }, no, ['iptables -t filter -A INPUT -p icmp -j ACCEPT --icmp-type 8', 'ip6tables -t filter -A INPUT -p icmp -j ACCEPT --icmpv6-type 8']],
  ['redirected', { table: 'nat', chain: 'PREROUTING', in_interface: 'eth0', protocol: 'tcp', match: 'tcp', destination_port: 80, jump: 'REDIRECT', to_ports: 8600 }, no, ['iptables -t nat -A PREROUTING -p tcp -m tcp -j REDIRECT -i eth0 --destination-port 80 --to-ports 8600']],
  ['flags, limits and several ports', { chain: 'INPUT', protocol: 'tcp', tcp_flags: { flags: 'ALL', flags_set: ['ACK', 'RST'] }, limit: '2/second', limit_burst: 20, destination_ports: ['80', '8081:8083'], syn: 'negate' }, no, ['iptables -t filter -A INPUT -p tcp --tcp-flags ALL ACK,RST -m multiport --dports 80,8081:8083 ! --syn -m limit --limit 2/second --limit-burst 20']],
  ['a policy', { chain: 'INPUT', policy: 'DROP' }, { 'iptables policy': { stdout: '-P INPUT ACCEPT\n', code: 0 } }, ['iptables -t filter -P INPUT DROP']],
  ['a policy that is so', { chain: 'INPUT', policy: 'DROP' }, { 'iptables policy': { stdout: '-P INPUT DROP\n', code: 0 } }, []],
  ['everything', { flush: true, table: 'nat' }, {}, ['iptables -t nat -F']],
  ['a chain', { chain: 'MINE', chain_management: true }, no, ['iptables -t filter -N MINE']],
  ['a chain that goes', { chain: 'MINE', chain_management: true, state: 'absent' }, { ...no, 'iptables chain': there }, ['iptables -t filter -X MINE']],
  ['no chain', { jump: 'ACCEPT' }, no, ['fail: flush is False but all of the following are missing: chain']],
  ['no iptables', { chain: 'INPUT', jump: 'ACCEPT' }, { 'iptables rule': { stdout: '', code: 127 } }, ['fail: iptables was not found on the host: install it first']],
])('%s', (_, args, state, wanted) => {
  const { changes, fail } = planWith(iptables, args, state)
  expect(fail === undefined ? changes.flatMap(({ steps }) => steps.map(({ argv }) => argv.join(' '))) : [`fail: ${fail}`]).toEqual(wanted)
})
