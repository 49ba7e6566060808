/** Sessions on a real host: sshd, sudo, su and doas as they come, jump hosts, a connection that is cut. */
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Fragment, Reply } from '../../src/shell/fragment.ts'
import type { HostAddress } from '../../src/transport/address.ts'
import type { Become, Connection } from '../../src/transport/contract.ts'
import { connect } from '../../src/transport/connection.ts'
import { createPool } from '../../src/transport/pool.ts'
import { Secret } from '../../src/values/secret.ts'
import { labHosts } from '../support/lab.ts'

const [web, behind] = labHosts(['transport', 'behind'])

const SETUP = `set -e
apt-get update -qq; DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends opendoas >/dev/null 2>&1
for user in alice bob zope; do
  useradd -m -s /bin/bash $user; echo $user:$user-pw | chpasswd
  cp -r /root/.ssh /home/$user/; chown -R $user: /home/$user/.ssh
done
useradd -r -s /usr/sbin/nologin svc
echo root:root-pw | chpasswd
echo 'alice ALL=(ALL) ALL' >/etc/sudoers.d/alice
printf 'permit alice as root\\npermit nopass alice as zope\\n' >/etc/doas.conf`

let connections: Connection[] = []

beforeAll(async () => {
  if (web.address !== '') await web.ssh(SETUP)
})

afterEach(async () => {
  await Promise.all(connections.map((connection) => connection.close()))
  connections = []
})

async function open(user: string, host = web, more: Partial<HostAddress> = {}): Promise<Connection> {
  const { address, keyFile, knownHosts } = host
  const connection = await connect({ name: 'web', connection: 'ssh', host: address, user, privateKeyFile: keyFile, knownHostsFile: knownHosts, timeout: 20, ...more }, createPool())
  connections.push(connection)
  return connection
}

async function run(connection: Connection, fragments: readonly Fragment[], become?: Become): Promise<Reply[]> {
  return await (await connection.session(become)).exchange(fragments)
}

const probe = (script: string): Fragment => ({ kind: 'probe', script })
const secret = (text: string): { readonly password: Secret } => ({ password: new Secret(text) })

const WAYS: readonly (readonly [what: string, become: Become])[] = [
  ['sudo with a password', { method: 'sudo', user: 'root', ...secret('alice-pw') }],
  ['sudo to another user', { method: 'sudo', user: 'zope', ...secret('alice-pw') }],
  ['sudo to one without a login shell', { method: 'sudo', user: 'svc', ...secret('alice-pw') }],
  ['sudo -i', { method: 'sudo', user: 'zope', flags: '-i', ...secret('alice-pw') }],
  ['su', { method: 'su', user: 'zope', ...secret('zope-pw') }],
  ['su -', { method: 'su', user: 'root', flags: '-', ...secret('root-pw') }],
  ['doas without a password', { method: 'doas', user: 'zope' }],
  ['doas with a password, over a terminal', { method: 'doas', user: 'root', ...secret('alice-pw') }],
]

describe('becoming another user', () => {
  test.each(WAYS)('%s: every byte survives', async (_, become) => {
    const all = Buffer.from(Array.from({ length: 256 }, (_unused, index) => index))
    const [who, bytes, fed, large] = await run(
      await open('alice'),
      [
        probe('id -un; echo problem >&2; exit 3'),
        probe(`printf '${Array.from(all, (byte) => `\\\\${byte.toString(8).padStart(3, '0')}`).join('')}'`.replaceAll('\\\\', '\\')),
        { kind: 'command', argv: ['cat'], stdin: all },
        probe('head -c 3000000 /dev/zero'),
      ],
      become,
    )
    expect([who!.stdout.toString(), who!.stderr.toString(), who!.code]).toEqual([`${become.user}\n`, 'problem\n', 3])
    expect(bytes!.stdout.equals(all)).toBe(true)
    expect(fed!.stdout.equals(all)).toBe(true)
    expect(large!.stdout.length).toBe(3_000_000)
  })

  test.each<[string, string, Become, string]>([
    ['no password', 'alice', { method: 'sudo', user: 'root' }, 'web: sudo gives the login user no shell as root without a password'],
    ['a wrong one', 'alice', { method: 'sudo', user: 'root', ...secret('no') }, 'web: Incorrect sudo password to become root'],
    ['not a sudoer', 'bob', { method: 'sudo', user: 'root', ...secret('bob-pw') }, 'web: sudo does not let the login user become root'],
    ['no such user', 'alice', { method: 'sudo', user: 'nobody-here', ...secret('alice-pw') }, 'web: there is no user nobody-here to become'],
    ['a wrong one for su', 'alice', { method: 'su', user: 'root', ...secret('no') }, 'web: Incorrect su password to become root'],
    ['no login shell for su', 'root', { method: 'su', user: 'svc' }, 'web: svc has no login shell, and su uses it'],
    ['a wrong one for doas', 'alice', { method: 'doas', user: 'root', ...secret('no') }, 'web: Incorrect doas password to become root'],
    ['denied by doas', 'bob', { method: 'doas', user: 'zope' }, 'web: doas does not let the login user become zope'],
  ])('%s', async (_, login, become, message) => {
    await expect(run(await open(login), [probe('true')], become)).rejects.toMatchObject({ message, kind: 'task' })
  })

  test('requiretty', async () => {
    await web.ssh("echo 'Defaults:alice requiretty' >/etc/sudoers.d/tty")
    const become: Become = { method: 'sudo', user: 'root', ...secret('alice-pw') }
    await expect(run(await open('alice'), [probe('true')], become)).rejects.toMatchObject({ message: 'web: sudo is set up to work on a terminal only' })
    await web.ssh('rm /etc/sudoers.d/tty')
  })

  test('a reset shows the session groups that were added', async () => {
    const connection = await open('alice')
    const become: Become = { method: 'sudo', user: 'zope', ...secret('alice-pw') }
    const groups = async (): Promise<string> => (await run(connection, [probe('id -Gn')], become))[0]!.stdout.toString()
    expect(await groups()).toBe('zope\n')
    await web.ssh('groupadd late; usermod -aG late zope')
    expect(await groups()).toBe('zope\n')
    await connection.reset()
    expect(await groups()).toBe('zope late\n')
  })
})

describe('a real sshd', () => {
  test('takes as many users as there are, within its limit of sessions', async () => {
    await web.ssh('for n in $(seq 12); do useradd -M many$n; done')
    const connection = await open('root')
    for (let user = 1; user <= 12; user++) {
      const [reply] = await run(connection, [probe('id -un')], { method: 'sudo', user: `many${user}` })
      expect(reply!.stdout.toString()).toBe(`many${user}\n`)
    }
  })

  test('leaves nothing behind, whichever way a session ends', async () => {
    const connection = await open('root')
    const running = run(connection, [probe('echo x >&2'), { kind: 'command', argv: ['sleep', '1.5'] }, { kind: 'command', argv: ['touch', '/root/never'] }])
    await sleep(500)
    await web.ssh("pkill -f 'sshd-session: root@notty'").catch(() => undefined)
    expect((await running).map(({ lost, unreachable, code }) => [code, lost !== undefined && unreachable])).toEqual([
      [0, false],
      [null, true],
      [null, true],
    ])
    await sleep(2000)
    expect(await web.ssh('ls -d /dev/shm/plonerun* /tmp/plonerun* /root/never 2>/dev/null; true')).toBe('')
  })

  test('files travel by SFTP', async () => {
    const connection = await open('alice')
    await connection.upload(Buffer.from('content'), '/tmp/sent', 0o640)
    expect(await web.ssh("stat -c '%a %U' /tmp/sent; cat /tmp/sent")).toBe('640 alice\ncontent')
  })

  test('a host behind another is reached through it', async () => {
    const sshArgs = ['-J', `alice@${web.address}`]
    const connection = await open('root', behind, { sshArgs, hostKeyChecking: 'accept-new' })
    const [reply] = await run(connection, [probe('hostname; echo "$SSH_CONNECTION"')])
    const [name, connectedFrom] = reply!.stdout.toString().split(/\s/)
    expect([name, connectedFrom]).toEqual([behind.name, web.address])
  })
})
