/** Modules whose results are facts: what they read of a host's answers, and how later tasks see it. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { getent } from '../../../src/modules/accounts/getent.ts'
import { packageFacts } from '../../../src/modules/packages/package_facts.ts'
import { serviceFacts } from '../../../src/modules/services/service_facts.ts'
import type { Plain } from '../../../src/values/value.ts'
import { planWith, resultWith } from '../../support/drive.ts'
import { setStage, type Stage } from '../../support/play.ts'

const said = (stdout: string, code = 0): { stdout: string; code: number } => ({ stdout, code })

describe('getent', () => {
  it.each<[string, Record<string, Plain>, string, Plain]>([
    ['fields between colons', { database: 'passwd', key: 'root' }, 'root:x:0:0:root:/root:/bin/bash\n', { getent_passwd: { root: ['x', '0', '0', 'root', '/root', '/bin/bash'] } }],
    ['fields between blanks', { database: 'hosts' }, '127.0.0.1       localhost loop\n', { getent_hosts: { '127.0.0.1': ['localhost', 'loop'] } }],
    ['a separator of its own', { database: 'services', split: '/' }, 'ssh 22/tcp\n', { getent_services: { 'ssh 22': ['tcp'] } }],
    ['several entries of a key', { database: 'ahosts' }, '::1 STREAM\n::1 DGRAM\n::2 RAW\n', { getent_ahosts: { '::1': [['STREAM'], ['DGRAM']], '::2': ['RAW'] } }],
  ])('%s', (_, args, stdout, facts) => expect(resultWith(getent, args, { entries: said(stdout) })).toEqual({ ansible_facts: facts }))

  it('a key that is not there is a failure, or null', () => {
    const missing = { entries: said('', 2) }
    expect(planWith(getent, { database: 'passwd', key: 'x' }, missing).fail).toBe('One or more supplied key could not be found in the database.')
    expect(planWith(getent, { database: 'passwd', key: 'x', fail_key: false }, missing).fail).toBeUndefined()
    expect(resultWith(getent, { database: 'passwd', key: 'x', fail_key: false }, missing)).toMatchObject({ ansible_facts: { getent_passwd: { x: null } } })
    expect(planWith(getent, { database: 'nosuch' }, { entries: said('', 1) }).fail).toBe('Missing arguments, or database unknown.')
  })
})

describe('package_facts', () => {
  const deb = 'amd64\tbash\t5.2-1\tamd64\tshells\namd64\tlibc6\t2.41\ti386\tlibs\namd64\ttzdata\t2025b\tall\tlocalization\n'
  const rpm = 'kernel\t5.14.0\t1.el9\t(none)\tx86_64\nkernel\t5.14.0\t2.el9\t1\tx86_64\n'
  const nothing = { apk: said('', 127), apt: said('', 1), pacman: said('', 127), rpm: said('', 127) }
  const names = (result: Readonly<Record<string, Plain>>): Plain => (result['ansible_facts'] as Record<string, Record<string, Plain>>)['packages']!

  it('of dpkg', () =>
    expect(names(resultWith(packageFacts, {}, { ...nothing, apt: said(deb) }))).toEqual({
      bash: [{ name: 'bash', version: '5.2-1', arch: 'amd64', category: 'shells', source: 'apt' }],
      'libc6:i386': [{ name: 'libc6:i386', version: '2.41', arch: 'i386', category: 'libs', source: 'apt' }],
      tzdata: [{ name: 'tzdata', version: '2025b', arch: 'all', category: 'localization', source: 'apt' }],
    }))
  it('of rpm, several versions of a name', () =>
    expect(names(resultWith(packageFacts, { manager: ['yum'] }, { rpm: said(rpm) }))).toEqual({
      kernel: [
        { name: 'kernel', version: '5.14.0', release: '1.el9', epoch: null, arch: 'x86_64', source: 'rpm' },
        { name: 'kernel', version: '5.14.0', release: '2.el9', epoch: '1', arch: 'x86_64', source: 'rpm' },
      ],
    }))
  it('of the first database, or all', () => {
    const both = { ...nothing, apt: said(deb), rpm: said(rpm) }
    expect(Object.keys(names(resultWith(packageFacts, {}, both)) as object)).not.toContain('kernel')
    expect(Object.keys(names(resultWith(packageFacts, { strategy: 'all' }, both)) as object)).toContain('kernel')
  })
  it('says what it lacks', () => {
    expect(planWith(packageFacts, { manager: ['rpm'] }, nothing).fail).toBe('Could not detect a supported package manager from the following list: rpm')
    expect(() => planWith(packageFacts, { manager: ['pip'] }, nothing)).toThrow('Unsupported package managers requested: pip')
  })
})

it('service_facts joins units, unit files and init scripts', () => {
  const listing = ` [ + ]  cron\n [ - ]  old\n---\n  ssh.service loaded active running OpenBSD Secure Shell\n  gone.service not-found inactive dead gone.service\n  one.service loaded active exited One\n---\nssh.service enabled enabled\none.service static -\nidle.service disabled enabled\nnap@.service static -\nsshd.service alias -\n---\nNames=ssh.service sshd.service\nActiveState=active\n\nNames=one.service\nActiveState=active\n`
  expect(resultWith(serviceFacts, {}, { listing: said(listing) })).toEqual({
    ansible_facts: {
      services: {
        cron: { name: 'cron', state: 'running', source: 'sysv' },
        old: { name: 'old', state: 'stopped', source: 'sysv' },
        'ssh.service': { name: 'ssh.service', state: 'running', status: 'enabled', source: 'systemd' },
        'gone.service': { name: 'gone.service', state: 'stopped', status: 'not-found', source: 'systemd' },
        'one.service': { name: 'one.service', state: 'stopped', status: 'static', source: 'systemd' },
        'idle.service': { name: 'idle.service', state: 'inactive', status: 'disabled', source: 'systemd' },
        'sshd.service': { name: 'sshd.service', state: 'active', status: 'alias', source: 'systemd' },
        'nap@.service': { name: 'nap@.service', state: 'unknown', status: 'static', source: 'systemd' },
      },
    },
  })
  expect(resultWith(serviceFacts, {}, { listing: said('---\n---\n') })).toMatchObject({ skipped: true })
})

describe('in a play', () => {
  let stage: Stage
  beforeAll(async () => {
    stage = await setStage()
  })
  afterAll(() => stage.end())

  it('such a fact is a variable and one of ansible_facts, and tasks behind it are planned with it', async () => {
    const played = await stage.play(`
- hosts: h1
  gather_facts: false
  tasks:
    - getent: {database: passwd, key: root}
    - {name: seen, debug: {msg: "{{ getent_passwd.root[4] }} {{ ansible_facts.getent_passwd['root'][1] }}"}}
    - {name: home, stat: {path: "{{ getent_passwd.root[4] }}"}}
    - {name: other, debug: {msg: "{{ hostvars.h1.getent_passwd.root[1] }}"}}
`)
    expect(played.result('seen')).toMatchObject({ msg: '/root 0' })
    expect(played.result('home')).toMatchObject({ stat: { path: '/root' } })
    expect(played.result('other')).toMatchObject({ msg: '0' })
    expect(played.roundTrips()).toBe(2)
  })

  it('what it said before is not taken for what it will say', async () => {
    const played = await stage.play(`
- hosts: h1
  gather_facts: false
  vars: {getent_group: {zope: a default}}
  tasks:
    - getent: {database: hosts, key: 127.0.0.1}
    - copy: {content: changed, dest: "{{ out }}/one"}
    - getent: {database: passwd, key: nosuch, fail_key: false}
    - {name: early, copy: {content: x, dest: "{{ out }}/two"}, when: getent_passwd.root is defined}
    - getent: {database: passwd, key: root}
    - {name: late, copy: {content: x, dest: "{{ out }}/three"}, when: getent_passwd.root is defined}
`)
    expect(played.result('early')).toMatchObject({ skipped: true })
    expect(played.result('late')).toMatchObject({ changed: true })
  })
})
