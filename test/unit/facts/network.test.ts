/** Interfaces, addresses and routes, from what iproute2 prints. */
import { expect, test } from 'vitest'
import { network } from '../../../src/facts/network.ts'
import { reachable } from '../../../src/facts/reachable.ts'

const PRINTED = `1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN group default qlen 1000
    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00
    inet 127.0.0.1/8 scope host lo
       valid_lft forever preferred_lft forever
    inet6 ::1/128 scope host noprefixroute
       valid_lft forever preferred_lft forever
2: eth0@if7: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue state UP group default qlen 1000
    link/ether 02:00:0a:62:00:14 brd ff:ff:ff:ff:ff:ff link-netnsid 0
    inet 10.98.0.20/24 brd 10.98.0.255 scope global eth0
       valid_lft forever preferred_lft forever
    inet 10.98.0.21/24 scope global secondary eth0:1
       valid_lft forever preferred_lft forever
    inet6 fe80::a:62ff:fe00:14/64 scope link
       valid_lft forever preferred_lft forever
3: down0: <BROADCAST,MULTICAST> mtu 1500 qdisc noop state DOWN group default qlen 1000
    link/ether 02:00:00:00:00:01 brd ff:ff:ff:ff:ff:ff
default via 10.98.0.1 dev eth0 proto static
`

test('links with their addresses, and the way out', () => {
  expect(network.parse(new Map([['/etc/resolv.conf', 'nameserver 10.98.0.1\nsearch example.org\n']]), PRINTED)).toMatchObject({
    interfaces: ['lo', 'eth0', 'down0'],
    lo: { active: true, type: 'loopback', mtu: 65536, ipv4: { address: '127.0.0.1', netmask: '255.0.0.0' } },
    eth0: {
      active: true, macaddress: '02:00:0a:62:00:14',
      ipv4: { address: '10.98.0.20', prefix: '24', network: '10.98.0.0', broadcast: '10.98.0.255' },
      ipv4_secondaries: [{ address: '10.98.0.21', broadcast: '' }],
      ipv6: [{ address: 'fe80::a:62ff:fe00:14', prefix: '64', scope: 'link' }],
    },
    down0: { active: false, ipv6: [] },
    default_ipv4: { gateway: '10.98.0.1', interface: 'eth0', address: '10.98.0.20', mtu: 1500, macaddress: '02:00:0a:62:00:14' },
    default_ipv6: {},
    all_ipv4_addresses: ['10.98.0.20', '10.98.0.21'],
    all_ipv6_addresses: ['fe80::a:62ff:fe00:14'],
    dns: { nameservers: ['10.98.0.1'], search: ['example.org'] },
  })
})

test('what the host answers for itself', () => {
  const output = 'local 10.0.0.5 dev eth0 proto kernel scope host src 10.0.0.5 \nbroadcast 10.0.0.255 dev eth0\nlocal 127.0.0.0/8 dev lo \nlocal ::1 dev lo metric 0 pref medium\nmulticast ff00::/8 dev eth0\n'
  expect(reachable.parse(new Map(), output)).toEqual({ locally_reachable_ips: { ipv4: ['10.0.0.5', '127.0.0.0/8'], ipv6: ['::1'] } })
})
