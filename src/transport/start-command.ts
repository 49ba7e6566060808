/** Starts a command for a caller that talks with it, as the login user or another. */
import { PlonerunError } from '../errors/plonerun-error.ts'
import { becomeArgv, needsTerminal } from './become.ts'
import type { Backend, Channel } from './channel.ts'
import type { Become } from './connection.ts'
import { openWithPassword } from './password.ts'

export interface StartOptions {
  /** The inventory's name, for messages. */
  readonly host: string
  readonly become?: Become | undefined
  /** Seconds that becoming the user may take. */
  readonly timeout: number
}

/**
 * Starts a command line, which /bin/sh parses. Its channels are its own: nothing else is on them.
 * @throws PlonerunError when there is no way to become the user
 */
export async function startCommand(backend: Backend, command: string, { host, become, timeout }: StartOptions): Promise<Channel> {
  if (become === undefined) return backend.open(['/bin/sh', '-c', command])
  if (become.password === undefined) return backend.open(becomeArgv(become, ['/bin/sh', '-c', command], ''))
  if (needsTerminal(become)) throw new PlonerunError(`${host}: ${become.method} reads its password from a terminal, which changes what goes through it`, { kind: 'task', hint: `allow ${become.user} to be become without a password, or use become_method sudo` })
  // It waits until whoever listens for the password prompt has let go of its output.
  const channel = await openWithPassword(backend, { host, become, timeout }, ['/bin/sh', '-c', `read -r go; ${command}`])
  channel.stdout.pause()
  channel.stdin.write('\n')
  return channel
}
