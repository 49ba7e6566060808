/** Name servers and options, from resolv.conf. */
import { expect, test } from 'vitest'
import { dns } from '../../../src/facts/dns.ts'

test('what resolv.conf says', () => {
  const text = '# nameserver 192.0.2.9\nnameserver 192.0.2.1\nnameserver 192.0.2.2\nsearch example.com\nsearch example.org lan\ndomain example.org\noptions ndots:2 rotate\n'
  expect(dns.parse(new Map([['/etc/resolv.conf', text]]), '')).toEqual({
    dns: { nameservers: ['192.0.2.1', '192.0.2.2'], search: ['example.org', 'lan'], domain: 'example.org', options: { ndots: '2', rotate: true } },
  })
  expect(dns.parse(new Map(), '')).toEqual({ dns: {} })
})
