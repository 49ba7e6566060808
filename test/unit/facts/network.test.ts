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
3: br-lan.5: <BROADCAST,MULTICAST,UP> mtu 1500 qdisc noop state DOWN group default qlen 1000
    link/ether 02:00:00:00:00:01 brd ff:ff:ff:ff:ff:ff
4: tun0: <POINTOPOINT,MULTICAST,NOARP,UP,LOWER_UP> mtu 1400 qdisc noqueue state UNKNOWN group default qlen 500
    link/none
    inet 10.8.0.2 peer 10.8.0.1/32 scope global tun0
       valid_lft forever preferred_lft forever
5: bond0: <BROADCAST,MULTICAST,MASTER,UP,LOWER_UP> mtu 1500 qdisc noqueue state UP group default qlen 1000
    link/ether 02:00:00:00:00:05 brd ff:ff:ff:ff:ff:ff
8.8.8.8 via 10.98.0.1 dev eth0 src 10.98.0.20 uid 0
    cache
=tun0
state unknown
type 65534
flags 0x10d1
=lo
state unknown
type 772
flags 0x9
=eth0
state up
type 1
flags 0x1103
speed 10000
pciid virtio2
module virtio_net
=br-lan.5
state down
type 1
flags 0x1003
bridge_id 8000.020000000001
stp_state 0
interfaces veth1 veth0
=bond0
state up
type 1
flags 0x1443
slaves ens1 ens2
mode 802.3ad 4
miimon 100
lacp_rate slow 0
`

test('links with their addresses, in the order of the kernel, and the way out', () => {
  expect(network.parse(new Map(), PRINTED)).toEqual({
    interfaces: ['tun0', 'lo', 'eth0', 'eth0_1', 'br-lan.5', 'bond0'],
    tun0: { device: 'tun0', active: true, mtu: 1400, type: 'tunnel', promisc: false, ipv4: { address: '10.8.0.2', broadcast: '', netmask: '255.255.255.255', network: '10.8.0.2', prefix: '32' } },
    lo: {
      device: 'lo', active: true, mtu: 65536, type: 'loopback', promisc: false, ipv4: { address: '127.0.0.1', broadcast: '', netmask: '255.0.0.0', network: '127.0.0.0', prefix: '8' },
      ipv6: [{ address: '::1', prefix: '128', scope: 'host' }],
    },
    eth0: {
      device: 'eth0', active: true, mtu: 1500, type: 'ether', promisc: true, macaddress: '02:00:0a:62:00:14', speed: 10000, pciid: 'virtio2', module: 'virtio_net',
      ipv4: { address: '10.98.0.20', broadcast: '10.98.0.255', netmask: '255.255.255.0', network: '10.98.0.0', prefix: '24' },
      ipv4_secondaries: [{ address: '10.98.0.21', broadcast: '', netmask: '255.255.255.0', network: '10.98.0.0', prefix: '24' }],
      ipv6: [{ address: 'fe80::a:62ff:fe00:14', prefix: '64', scope: 'link' }],
    },
    eth0_1: { ipv4_secondaries: [{ address: '10.98.0.21', broadcast: '', netmask: '255.255.255.0', network: '10.98.0.0', prefix: '24' }] },
    'br_lan.5': { device: 'br-lan.5', active: false, mtu: 1500, type: 'bridge', promisc: false, macaddress: '02:00:00:00:00:01', id: '8000.020000000001', stp: false, interfaces: ['veth1', 'veth0'] },
    bond0: { device: 'bond0', active: true, mtu: 1500, type: 'bonding', promisc: false, macaddress: '02:00:00:00:00:05', slaves: ['ens1', 'ens2'], mode: '802.3ad', miimon: '100', lacp_rate: 'slow' },
    default_ipv4: {
      gateway: '10.98.0.1', interface: 'eth0', address: '10.98.0.20', alias: 'eth0', broadcast: '10.98.0.255', netmask: '255.255.255.0', network: '10.98.0.0', prefix: '24',
      type: 'ether', mtu: 1500, macaddress: '02:00:0a:62:00:14',
    },
    default_ipv6: {},
    all_ipv4_addresses: ['10.8.0.2', '10.98.0.20', '10.98.0.21'],
    all_ipv6_addresses: ['fe80::a:62ff:fe00:14'],
  })
})

test('a host without /sys has what iproute2 prints', () => {
  expect(network.parse(new Map(), PRINTED.slice(0, PRINTED.indexOf('=tun0')))).toMatchObject({
    interfaces: ['lo', 'eth0', 'eth0_1', 'br-lan.5', 'tun0', 'bond0'],
    eth0: { active: true, type: 'ether' }, 'br_lan.5': { active: false, type: 'ether' },
  })
})

test('what the host answers for itself', () => {
  const output = 'local 10.0.0.5 dev eth0 proto kernel scope host src 10.0.0.5 \nbroadcast 10.0.0.255 dev eth0\nlocal 127.0.0.0/8 dev lo \nlocal ::1 dev lo metric 0 pref medium\nmulticast ff00::/8 dev eth0\n'
  expect(reachable.parse(new Map(), output)).toEqual({ locally_reachable_ips: { ipv4: ['10.0.0.5', '127.0.0.0/8'], ipv6: ['::1'] } })
})
