import { execFileSync, spawn } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer, type ListenOptions, type Server, type Socket } from 'node:net'
import { join } from 'node:path'
import ssh2 from 'ssh2'
import { afterEach, describe, expect, onTestFinished, test } from 'vitest'
import type { PlonerunError } from '../../../../src/errors/plonerun-error.ts'
import type { HostAddress } from '../../../../src/transport/address.ts'
import type { Connection } from '../../../../src/transport/contract.ts'
import { connect } from '../../../../src/transport/connection.ts'
import { createPool } from '../../../../src/transport/pool.ts'
import { Secret } from '../../../../src/values/secret.ts'
import { type SshServer, type SshServerOptions, startSshServer } from '../../../support/ssh-server.ts'

const closing: (() => Promise<void>)[] = []

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

async function start(options: SshServerOptions = {}): Promise<SshServer> {
  const server = await startSshServer(options)
  closing.push(() => server.close())
  return server
}

async function open(address: HostAddress, pool = createPool()): Promise<Connection> {
  const connection = await connect(address, pool)
  closing.push(() => connection.close())
  return connection
}

async function listen(serve: (socket: Socket) => void): Promise<number> {
  return ((await listenAt({ port: 0, host: '127.0.0.1' }, serve)).address() as AddressInfo).port
}

async function listenAt(where: ListenOptions, serve: (socket: Socket) => void): Promise<Server> {
  const listener = createServer(serve)
  await new Promise<void>((resolve) => listener.listen(where, resolve))
  closing.push(async () => void listener.close())
  return listener
}

/** The whole error, with what changes from run to run replaced. */
async function failure(server: SshServer, more: Partial<HostAddress>): Promise<unknown> {
  const error = await connect(server.address(more), createPool()).then(
    () => undefined,
    (thrown: unknown) => thrown as PlonerunError,
  )
  const text = [error?.kind, error?.message, error?.why, error?.hint].join('\n')
  return text.replaceAll(server.folder, '/folder').replaceAll(String(server.port), 'PORT').replace(/SHA256:[\w+/]+/g, 'SHA256:...')
}

/** Leaves no way in but the one under test. */
function only(login: Partial<HostAddress>): Partial<HostAddress> {
  return { sshArgs: ['-F', '/dev/null', '-o', 'IdentityAgent=none', '-o', 'IdentityFile=none'], ...login }
}

describe('host keys', () => {
  test('a known key is fine, of whatever type known_hosts has', async () => {
    for (const hostKey of ['ed25519', 'ecdsa', 'rsa'] as const) await open((await start({ hostKey })).address())
  })

  test('one that changed', async () => {
    const server = await start()
    const other = ssh2.utils.generateKeyPairSync('ed25519').public
    writeFileSync(server.knownHosts, `# old\n[127.0.0.1]:${server.port} ${other}\n`)
    expect(await failure(server, {})).toMatchInlineSnapshot(`
      "unreachable
      THE HOST KEY OF web1 HAS CHANGED
      it shows ssh-ed25519 SHA256:..., and /folder/known_hosts:2 has SHA256:...: the host was installed anew, or somebody is listening in
      when you are sure that it is the host, remove the old key: ssh-keygen -f /folder/known_hosts -R '[127.0.0.1]:PORT'"
    `)
    expect(await failure(server, { hostKeyChecking: 'accept-new' })).toContain('HAS CHANGED')
    await open(server.address({ hostKeyChecking: 'no' }))
  })

  test('one that is not known', async () => {
    const server = await start()
    writeFileSync(server.knownHosts, `@cert-authority [127.0.0.1]:${server.port} ${server.hostKey}\n`)
    expect(await failure(server, {})).toMatchInlineSnapshot(`
      "unreachable
      the host key of web1 is not known
      it shows ssh-ed25519 SHA256:...; /folder/known_hosts:1 names a certificate authority, and plonerun does not check certificates
      compare it with the host's own and add it (ssh-keyscan -p PORT 127.0.0.1 >> /folder/known_hosts), or trust what is new: ansible_ssh_common_args='-o StrictHostKeyChecking=accept-new'"
    `)
    expect(server.counts.channels).toBe(0)
  })

  test('one that is revoked', async () => {
    const server = await start()
    writeFileSync(server.knownHosts, `@revoked * ${server.hostKey}\n[127.0.0.1]:${server.port} ${server.hostKey}\n`)
    expect(await failure(server, { hostKeyChecking: 'accept-new' })).toMatchInlineSnapshot(`
      "unreachable
      web1 shows a host key that is revoked
      /folder/known_hosts:1 revokes ssh-ed25519 SHA256:...
      do not connect before you know why the host still uses it"
    `)
  })

  test('accept-new adds what is not known, once', async () => {
    const server = await start()
    const knownHostsFile = join(server.folder, 'new/known_hosts')
    await open(server.address({ knownHostsFile, hostKeyChecking: 'accept-new' }))
    await open(server.address({ knownHostsFile }))
    expect(readFileSync(knownHostsFile, 'utf8')).toBe(`[127.0.0.1]:${server.port} ${server.hostKey.split(' ').slice(0, 2).join(' ')}\n`)
  })

  test('accept-new hides the name where ssh is told to', async () => {
    const server = await start()
    const knownHostsFile = join(server.folder, 'hashed')
    const address = server.address({ knownHostsFile, hostKeyChecking: 'accept-new' })
    await open({ ...address, sshArgs: [...address.sshArgs!, '-o', 'HashKnownHosts=yes'] })
    expect(readFileSync(knownHostsFile, 'utf8')).toMatch(/^\|1\|/)
    await open(server.address({ knownHostsFile }))
  })

  test('a line without the port counts for another port, as long as it agrees', async () => {
    const server = await start()
    writeFileSync(server.knownHosts, `127.0.0.1 ${server.hostKey}\n`)
    await open(server.address())
  })
})

describe('logins', () => {
  test('a password, where only a dialogue is offered too', async () => {
    await open((await start({ logins: ['password'] })).address())
    await open((await start({ logins: ['keyboard-interactive'] })).address())
  })

  test('a wrong password', async () => {
    expect(await failure(await start(), only({ password: new Secret('wrong') }))).toMatchInlineSnapshot(`
      "unreachable
      web1 refuses the login as tester
      tried: the password, the password as an answer
      check the user (ansible_user, -u) and the password"
    `)
  })

  test('a key file', async () => {
    const server = await start({ logins: ['publickey'] })
    await open(server.address({ privateKeyFile: server.keyFile }))
  })

  test('a key file with a passphrase', async () => {
    const server = await start({ logins: ['publickey'] })
    const locked = join(server.folder, 'locked')
    writeFileSync(locked, readFileSync(server.keyFile), { mode: 0o600 })
    execFileSync('ssh-keygen', ['-q', '-p', '-N', 'open sesame', '-f', locked], { stdio: 'ignore' })
    await open(server.address({ privateKeyFile: locked, passphrase: new Secret('open sesame') }))
    const { password: _, ...address } = server.address(only({ privateKeyFile: locked }))
    await expect(connect(address, createPool())).rejects.toMatchObject({
      message: 'web1 refuses the login as tester',
      why: `there was no key and no password to try; ${locked} has a passphrase`,
      hint: 'load the key into the ssh agent (ssh-add), or give ansible_ssh_private_key_passphrase',
    })
    await expect(connect({ ...address, passphrase: new Secret('wrong') }, createPool())).rejects.toMatchObject({
      why: `there was no key and no password to try; ${locked} does not open with the passphrase`,
    })
  })

  test('a key of the agent', async () => {
    const server = await start({ logins: ['publickey'] })
    const socket = join(server.folder, 'agent')
    const agent = spawn('ssh-agent', ['-D', '-a', socket], { stdio: 'ignore' })
    onTestFinished(() => void agent.kill())
    const add = (file: string): unknown => execFileSync('ssh-add', [file], { stdio: 'ignore', env: { ...process.env, SSH_AUTH_SOCK: socket } })
    await expect.poll(() => execFileSync('ls', [server.folder], { encoding: 'utf8' })).toContain('agent')
    const others = join(server.folder, 'others')
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', others])
    add(others)
    add(server.keyFile)
    const sshArgs = ['-F', '/dev/null', '-o', `IdentityAgent=${socket}`]
    await open(server.address({ sshArgs }))
    const { password: _, ...address } = server.address({ sshArgs: [...sshArgs, '-o', 'IdentitiesOnly=yes'], privateKeyFile: others })
    await expect(connect(address, createPool())).rejects.toMatchObject({ why: 'tried: 1 key of the ssh agent' })
  })
})

describe('hosts that are not there', () => {
  test('nothing listens', async () => {
    const server = await start()
    await server.close()
    expect(await failure(server, {})).toMatchInlineSnapshot(`
      "unreachable
      web1 cannot be reached
      nothing listens on 127.0.0.1:PORT
      check the address and the port, and that sshd runs"
    `)
  })

  test('a name that nobody knows', async () => {
    expect(await failure(await start(), { host: 'no-such-host.invalid' })).toMatchInlineSnapshot(`
      "unreachable
      web1 cannot be reached
      the name no-such-host.invalid is not known
      check the spelling, or set ansible_host to an address"
    `)
  })

  test('one that says nothing', async () => {
    const port = await listen(() => undefined)
    const server = await start()
    await expect(connect(server.address({ port, timeout: 0.3 }), createPool())).rejects.toMatchObject({
      message: 'web1 cannot be reached',
      why: `127.0.0.1:${port} did not answer within 0.3 s`,
      kind: 'unreachable',
    })
  })
})

describe('jump hosts', () => {
  /** Both hosts' keys in the known_hosts of the last. */
  async function behind(jumpOptions: SshServerOptions = {}): Promise<{ jump: SshServer; host: SshServer; address: HostAddress; configFile: string }> {
    const [jump, host] = [await start({ logins: ['publickey'], ...jumpOptions }), await start()]
    writeFileSync(host.knownHosts, readFileSync(jump.knownHosts, 'utf8'), { flag: 'a' })
    const configFile = join(host.folder, 'config')
    writeFileSync(configFile, `Host bastion\n  HostName 127.0.0.1\n  Port ${jump.port}\n  User hopper\n  IdentityFile ${jump.keyFile}\n`)
    return { jump, host, configFile, address: host.address({ sshArgs: ['-F', configFile, '-J', 'bastion', '-o', 'IdentityAgent=none'] }) }
  }

  test('one connection to the jump host serves all hosts behind it', async () => {
    const { jump, address } = await behind()
    const pool = createPool()
    closing.push(() => pool.close())
    const connections = await Promise.all([open(address, pool), open(address, pool), open(address, pool)])
    const replies = await Promise.all(connections.map(async (connection) => (await connection.session()).exchange([{ kind: 'probe', script: 'echo through' }])))
    expect(replies.map(([reply]) => reply!.stdout.toString())).toEqual(['through\n', 'through\n', 'through\n'])
    expect(jump.counts).toMatchObject({ connections: 1, tunnels: 3 })
  })

  test('a jump host that leads through itself is reached directly', async () => {
    const { address, configFile, jump } = await behind()
    writeFileSync(configFile, `Host *\n  ProxyJump bastion\n`, { flag: 'a' })
    const pool = createPool()
    closing.push(() => pool.close())
    await open({ ...address, sshArgs: ['-F', configFile, '-o', 'IdentityAgent=none'] }, pool)
    expect(jump.counts.connections).toBe(1)
  })

  test('a host that the jump host does not reach', async () => {
    const { address } = await behind()
    const pool = createPool()
    closing.push(() => pool.close())
    await expect(connect({ ...address, port: 1 }, pool)).rejects.toMatchObject({ message: 'web1 cannot be reached through its jump host', kind: 'unreachable' })
  })

  test('a proxy command', async () => {
    const server = await start()
    const address = server.address()
    const relay = join(server.folder, 'relay.cjs')
    writeFileSync(relay, `const s = require('net').connect(+process.argv[3], process.argv[2]); process.stdin.pipe(s).pipe(process.stdout)`)
    const connection = await open({ ...address, sshArgs: [...address.sshArgs!, '-o', `ProxyCommand=node ${relay} %h %p`] })
    const [reply] = await (await connection.session()).exchange([{ kind: 'probe', script: 'echo through' }])
    expect(reply!.stdout.toString()).toBe('through\n')
  })
})

describe('files and tunnels', () => {
  test.each([true, false])('files travel, with SFTP: %s', async (sftp) => {
    const server = await start({ sftp })
    const connection = await open(server.address())
    const bytes = Buffer.from(Array.from({ length: 200_000 }, (_, index) => (index * 7) % 256))
    const [source, target, back] = ['source', 'target', 'back'].map((name) => join(server.folder, name)) as [string, string, string]
    writeFileSync(source, bytes)
    await connection.upload({ file: source }, target, 0o640)
    await connection.download(target, back)
    expect(readFileSync(back).equals(bytes)).toBe(true)
    await connection.upload(Buffer.from('small'), `${target}2`, 0o600)
    expect(readFileSync(`${target}2`, 'utf8')).toBe('small')
    await expect(connection.upload(Buffer.from('x'), '/nowhere/x', 0o600)).rejects.toMatchObject({ message: '/nowhere/x cannot be written', kind: 'task' })
    await expect(connection.download('/nowhere/x', back)).rejects.toMatchObject({ message: '/nowhere/x cannot be read', kind: 'task' })
  })

  test('a tunnel starts at the host', async () => {
    const server = await start()
    const connection = await open(server.address())
    const port = await listen((socket) => socket.end('hello'))
    const chunks: Buffer[] = []
    for await (const chunk of await connection.tunnel({ host: '127.0.0.1', port })) chunks.push(chunk as Buffer)
    expect(Buffer.concat(chunks).toString()).toBe('hello')
    expect(server.counts.tunnels).toBe(1)
    await expect(connection.tunnel({ host: '127.0.0.1', port: 1 })).rejects.toMatchObject({ message: 'web1: no connection to 127.0.0.1:1', kind: 'task' })
  })
  test('a tunnel leads to a socket of the host', async () => {
    const server = await start()
    const connection = await open(server.address())
    const socket = join(server.folder, 'some.sock')
    await listenAt({ path: socket }, (client) => client.end('hello'))
    const chunks: Buffer[] = []
    for await (const chunk of await connection.tunnel({ socket })) chunks.push(chunk as Buffer)
    expect(Buffer.concat(chunks).toString()).toBe('hello')
    await expect(connection.tunnel({ socket: `${socket}.not` })).rejects.toMatchObject({ message: `web1: no connection to ${socket}.not`, kind: 'task' })
  })
  test('a tunnel over a connection that is gone, and over one that breaks meanwhile', async () => {
    const server = await start({ answersTunnels: false })
    const connection = await open(server.address())
    const failing = expect(connection.tunnel({ host: '127.0.0.1', port: 1 })).rejects.toMatchObject({ message: 'web1: no connection to 127.0.0.1:1', kind: 'unreachable' })
    server.drop()
    await failing
    await expect(connection.tunnel({ host: '127.0.0.1', port: 1 })).rejects.toMatchObject({ kind: 'unreachable', why: expect.stringMatching(/\S/) as string })
  })
})
