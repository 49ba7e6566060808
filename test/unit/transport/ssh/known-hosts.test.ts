import { createHmac } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { judge, knownName, parseKnownHosts } from '../../../../src/transport/ssh/known-hosts.ts'

/** A public key of this type, as known_hosts has it. */
function key(type: string, body: string): string {
  const size = Buffer.alloc(4)
  size.writeUInt32BE(type.length)
  return Buffer.concat([size, Buffer.from(type), Buffer.from(body)]).toString('base64')
}

const ED = key('ssh-ed25519', 'one')
const ED2 = key('ssh-ed25519', 'two')
const RSA = key('ssh-rsa', 'three')

function hashed(name: string): string {
  const salt = Buffer.from('some salt of 20 byte')
  return `|1|${salt.toString('base64')}|${createHmac('sha1', salt).update(name).digest('base64')}`
}

describe('which lines are about the host', () => {
  test.each([
    ['web1', 22, 'web1', true],
    ['WEB1', 22, 'web1', true],
    ['web1', 22, 'Web1', true],
    ['web1', 22, 'web2,web1', true],
    ['web1', 22, 'web', false],
    ['web1', 22, 'web?', true],
    ['web12', 22, 'web?', false],
    ['web1.example.com', 22, '*.example.com', true],
    ['web1.example.com', 22, '*.example.com,!web1.example.com', false],
    ['web1.example.com', 22, '!web2.*,*.example.com', true],
    ['web1', 2222, 'web1', false],
    ['web1', 2222, '[web1]:2222', true],
    ['web1', 2223, '[web1]:2222', false],
    ['10.0.0.1', 22, '10.0.0.*', true],
    ['web1xexample', 22, 'web1.example', false],
    ['web1', 22, hashed('web1'), true],
    ['web2', 22, hashed('web1'), false],
    ['web1', 2222, hashed('[web1]:2222'), true],
    ['fe80::1', 22, 'fe80::1', true],
  ])('%s %i: %s is %s', (host, port, hosts, expected) => {
    expect(parseKnownHosts(`${hosts} ssh-ed25519 ${ED} comment`, 'f', knownName(host, port)).length > 0).toBe(expected)
  })

  test('comments, empty lines and broken ones are passed over; places count from 1', () => {
    const text = `# web1 ssh-ed25519 ${ED}\n\nweb1\nweb1 ssh-ed25519\n  web1 ssh-ed25519 ${ED}\n`
    expect(parseKnownHosts(text, '/k', 'web1')).toEqual([{ file: '/k', line: 5, type: 'ssh-ed25519', key: Buffer.from(ED, 'base64') }])
  })
})

describe('what a key is', () => {
  test.each([
    ['known', `web1 ssh-ed25519 ${ED}`],
    ['known', `web1 ssh-ed25519 ${ED2}\nweb1 ssh-ed25519 ${ED}`],
    ['changed', `web1 ssh-rsa ${RSA}\nweb1 ssh-ed25519 ${ED2}`],
    ['unknown', `web1 ssh-rsa ${RSA}`],
    ['unknown', `web2 ssh-ed25519 ${ED}`],
    ['unknown', `@cert-authority web1 ssh-ed25519 ${ED}`],
    ['revoked', `web1 ssh-ed25519 ${ED}\n@revoked * ssh-ed25519 ${ED}`],
    ['unknown', `@revoked * ssh-ed25519 ${ED2}`],
  ])('%s', (expected, text) => {
    expect(judge(parseKnownHosts(text, 'f', 'web1'), Buffer.from(ED, 'base64')).is).toBe(expected)
  })
})
