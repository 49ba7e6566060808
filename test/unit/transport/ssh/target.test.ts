import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { HostAddress } from '../../../../src/transport/address.ts'
import { resolveTarget, type SshTarget } from '../../../../src/transport/ssh/target.ts'

let home: string
let warnings: string[]

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'plonerun-home-'))
  mkdirSync(join(home, '.ssh'))
  vi.stubEnv('HOME', home)
  vi.stubEnv('SSH_AUTH_SOCK', '/run/agent')
  warnings = []
})

afterEach(() => {
  vi.unstubAllEnvs()
  rmSync(home, { recursive: true })
})

function config(text: string, file = 'config'): void {
  writeFileSync(join(home, '.ssh', file), text)
}

function target(host: string, more: Partial<HostAddress> = {}): SshTarget {
  return resolveTarget({ name: host, connection: 'ssh', host, timeout: 10, ...more }, (message) => warnings.push(message))
}

test('without any configuration', () => {
  expect(target('web1')).toMatchObject({
    host: 'web1',
    port: 22,
    user: userInfo().username,
    agent: '/run/agent',
    hostKeyChecking: 'strict',
    identityFiles: [`${home}/.ssh/id_rsa`, `${home}/.ssh/id_ecdsa`, `${home}/.ssh/id_ed25519`],
    identitiesNamed: false,
    knownHostsFiles: [`${home}/.ssh/known_hosts`, `${home}/.ssh/known_hosts2`, '/etc/ssh/ssh_known_hosts', '/etc/ssh/ssh_known_hosts2'],
    jumps: [],
  })
})

describe('~/.ssh/config', () => {
  test('aliases, patterns, and of each option the first', () => {
    config(`Host web
  HostName %h1.example.com
  Port 2222
  User deploy
  IdentityFile ~/.ssh/%r_%n
  IdentitiesOnly yes
  ProxyJump bastion,inner:2200
Host web* !web9
  User other
  IdentityFile ~/.ssh/second
  StrictHostKeyChecking accept-new
  UserKnownHostsFile ~/.ssh/a ~/.ssh/b
Host *
  ServerAliveInterval 5
  HostKeyAlias cluster
  ForwardAgent yes
`)
    expect(target('web')).toMatchObject({
      host: 'web1.example.com',
      port: 2222,
      user: 'deploy',
      identityFiles: [`${home}/.ssh/deploy_web`, `${home}/.ssh/second`],
      identitiesOnly: true,
      jumps: ['bastion', 'inner:2200'],
      hostKeyChecking: 'accept-new',
      knownHostsFiles: [`${home}/.ssh/a`, `${home}/.ssh/b`, '/etc/ssh/ssh_known_hosts', '/etc/ssh/ssh_known_hosts2'],
      aliveInterval: 5,
      hostKeyAlias: 'cluster',
      forwardAgent: true,
    })
    expect(target('web9')).toMatchObject({ user: userInfo().username, hostKeyChecking: 'strict', aliveInterval: 5 })
  })

  test('Match, and keywords in any case', () => {
    config(`host web\n  hostname real\nMATCH originalhost web user zope\n  port 2\nMatch host other\n  Port 3\n`)
    expect((target('web', { user: 'zope' })).port).toBe(2)
    expect((target('web', { user: 'root' })).port).toBe(22)
    expect(target('other').port).toBe(3)
  })

  test('included files end with their own sections', () => {
    mkdirSync(join(home, '.ssh/conf.d'))
    config('Host a\n  Port 1\n', 'conf.d/1.conf')
    config('Host b\n  Port 2\n', 'conf.d/2.conf')
    config('Host a\n  Port 9\n', 'conf.d/ignored')
    config('  User inner\n', 'for-c')
    config('Include conf.d/*.conf missing\nUser everybody\nHost c\n  Include "for-c"\n  Port 3\n')
    const found = ['a', 'b', 'c', 'd'].map((host) => target(host))
    expect(found.map(({ port, user }) => [port, user])).toEqual([
      [1, 'everybody'],
      [2, 'everybody'],
      [3, 'everybody'],
      [22, 'everybody'],
    ])
  })

  test('a section of an included file applies where it is included', () => {
    config('  User inner\n', 'for-c')
    config('Host c\n  Include for-c\n  Port 3\nHost *\n  User other\n')
    expect(target('c')).toMatchObject({ user: 'inner', port: 3 })
    expect(target('d')).toMatchObject({ user: 'other', port: 22 })
  })

  test('a ProxyCommand keeps its quotes and gets its tokens; a ProxyJump goes before it', () => {
    config('Host web\n  ProxyCommand nc -X 5 "a b" %h %p\nHost both\n  ProxyJump j\n  ProxyCommand nc\nHost none\n ProxyJump none\n')
    expect((target('web')).proxyCommand).toBe('nc -X 5 "a b" web 22')
    expect(target('both')).toMatchObject({ jumps: ['j'] })
    expect((target('both')).proxyCommand).toBeUndefined()
    expect((target('none')).jumps).toEqual([])
  })
})

describe('the inventory comes first', () => {
  beforeEach(() => config('Host *\n  Port 1\n  User config\n  IdentityFile ~/config\n  StrictHostKeyChecking no\n  UserKnownHostsFile /config\n  ProxyJump config\n'))

  test('its own values', () => {
    const more = { port: 2, user: 'own', privateKeyFile: '~/own key', hostKeyChecking: 'strict', knownHostsFile: '/own' } as const
    expect(target('web', more)).toMatchObject({
      port: 2,
      user: 'own',
      identityFiles: [`${home}/own key`, `${home}/config`],
      hostKeyChecking: 'strict',
      knownHostsFiles: ['/own', '/etc/ssh/ssh_known_hosts', '/etc/ssh/ssh_known_hosts2'],
    })
  })

  test('then its ssh arguments', () => {
    const sshArgs = ['-o', 'Port=3', '-oStrictHostKeyChecking=accept-new', '-J', 'args', '-o', 'User args', '-o', 'UserKnownHostsFile=/dev/null', '-C', '-o', 'ControlMaster=auto', '-A']
    expect(target('web', { sshArgs })).toMatchObject({ port: 3, user: 'args', hostKeyChecking: 'accept-new', jumps: ['args'], forwardAgent: true })
    expect((target('web', { sshArgs, port: 2 })).port).toBe(2)
    expect(warnings).toEqual([])
  })

  test('-F is read instead of the usual files', () => {
    config('Port 7\n', 'other')
    expect(target('web', { sshArgs: ['-F', join(home, '.ssh/other')] })).toMatchObject({ port: 7, user: userInfo().username })
  })
})

test('options without a meaning are said, options that nobody knows are refused', () => {
  target('web', { sshArgs: ['-o', 'Ciphers=aes128-ctr'] })
  expect(warnings).toEqual(['the ssh option Ciphers has no effect'])
  expect(() => target('web', { sshArgs: ['-w', '0'] })).toThrow('the ssh option -w is not supported')
  expect(() => target('web', { sshArgs: ['-o'] })).toThrow('the ssh option -o needs a value')
  expect(() => target('web', { sshArgs: ['-p', 'x'] })).toThrow("the ssh option port needs a number, not 'x'")
})
