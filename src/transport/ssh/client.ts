/** An ssh connection, possibly through others: connected, checked, logged in. */
import type { Duplex } from 'node:stream'
import { NodeSSH } from 'node-ssh'
import type { Client } from 'ssh2'
import { PlonerunError } from '../../errors/plonerun-error.ts'
import { type HostKeyCheck, prepareHostKeyCheck } from './host-key.ts'
import { type Login, prepareLogin } from './login.ts'
import type { SshTarget } from './target.ts'

export interface SshClient {
  readonly ssh: NodeSSH
  readonly client: Client
  /** Settles when the connection is gone, with the reason. */
  readonly gone: Promise<string>
  close(): void
}

/**
 * @param way a stream that leads to the host; ended when the connection is not made
 * @throws PlonerunError of kind `unreachable`
 */
export async function connectClient(target: SshTarget, way: Duplex): Promise<SshClient> {
  try {
    const hostKey = prepareHostKeyCheck(target)
    const login = await prepareLogin(target)
    if (way.errored) throw connectError(target, way.errored, login)
    return await logIn(target, way, hostKey, login)
  } catch (error) {
    way.destroy()
    throw error
  }
}

async function logIn(target: SshTarget, way: Duplex, hostKey: HostKeyCheck, login: Login): Promise<SshClient> {
  const ssh = new NodeSSH()
  let refused: Error | undefined
  const connecting = ssh.connect({
    host: target.host,
    port: target.port,
    username: target.user,
    sock: way,
    readyTimeout: target.timeout * 1000,
    keepaliveInterval: target.aliveInterval * 1000,
    keepaliveCountMax: target.aliveCount,
    // Other servers than OpenSSH may reach sockets, too.
    strictVendor: false,
    algorithms: { serverHostKey: hostKey.algorithms },
    authHandler: login.next,
    ...(target.forwardAgent && target.agent !== undefined && { agent: target.agent, agentForward: true }),
    hostVerifier: (key: Buffer, verify: (valid: boolean) => void) => {
      hostKey.check(key).then(
        () => verify(true),
        (error: unknown) => {
          refused = toError(error)
          verify(false)
        },
      )
    },
  })
  // node-ssh stops listening once connected, and an error that nobody listens to would end the process.
  const client = ssh.connection!
  let why = 'the host closed the connection'
  client.on('error', (error) => (why = error.message))
  const gone = new Promise<string>((resolve) => client.on('close', () => resolve(why)))
  try {
    await connecting
  } catch (error) {
    client.end()
    throw refused ?? connectError(target, error, login)
  }
  return { ssh, client, gone, close: () => client.end() }
}

/** A way to a host behind others. */
export async function forward({ ssh }: SshClient, { name, host, port }: SshTarget): Promise<Duplex> {
  try {
    return await ssh.forwardOut('127.0.0.1', 0, host, port)
  } catch (cause) {
    throw new PlonerunError(`${name} cannot be reached through its jump host`, {
      kind: 'unreachable',
      why: `the jump host gets no connection to ${host}:${port}: ${(cause as Error).message}`,
      hint: 'check that the host is up, and that the jump host allows TCP forwarding',
      cause,
    })
  }
}

/** What went wrong while connecting, and what to do about it. */
function connectError({ name, host, port, user, timeout, password }: SshTarget, cause: unknown, login: Login): PlonerunError {
  const { message, code, level } = cause as Error & { code?: string; level?: string }
  const place = `${host}:${port}`
  const failed = (why: string, hint: string): PlonerunError => new PlonerunError(`${name} cannot be reached`, { kind: 'unreachable', why, hint, cause })
  if (level === 'client-authentication') {
    const why = [login.tried.length > 0 ? `tried: ${login.tried.join(', ')}` : 'there was no key and no password to try', ...login.passedOver].join('; ')
    const hint = login.passedOver.some((reason) => reason.endsWith('passphrase'))
      ? 'load the key into the ssh agent (ssh-add), or give ansible_ssh_private_key_passphrase'
      : `check the user (ansible_user, -u)${password ? ' and the password' : ', the key (ansible_ssh_private_key_file, ssh-add), or give the password (-k)'}`
    return new PlonerunError(`${name} refuses the login as ${user}`, { kind: 'unreachable', why, hint, cause })
  }
  if (code === 'ECONNREFUSED') return failed(`nothing listens on ${place}`, 'check the address and the port, and that sshd runs')
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return failed(`the name ${host} is not known`, 'check the spelling, or set ansible_host to an address')
  if (level === 'client-timeout' || code === 'ETIMEDOUT') return failed(`${place} did not answer within ${timeout} s`, 'check that the host is up and no firewall is in between, or give it more time (--timeout)')
  if (code === 'EHOSTUNREACH' || code === 'ENETUNREACH') return failed(`there is no way to ${place}`, 'check the network, and that the host is up')
  return failed(`${place}: ${message}`, 'try ssh by hand: it may say more')
}

function toError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown))
}
