/** Starts a command for a caller that talks with it, as the login user or another. */
import { PlonerunError } from '../errors/plonerun-error.ts'
import { quote } from '../shell/quote.ts'
import { becomeArgv, needsTerminal } from './become.ts'
import type { Backend, Channel } from './channel.ts'
import type { Become } from './contract.ts'
import { openWithPassword } from './password.ts'

export interface StartOptions {
  /** The inventory's name, for messages. */
  readonly host: string
  readonly become?: Become | undefined
  readonly environment?: Readonly<Record<string, string>> | undefined
  /** Seconds that becoming the user may take. */
  readonly timeout: number
}

/**
 * Starts a command line, which /bin/sh parses. Nothing but what it prints is on its channel.
 * @throws PlonerunError when there is no way to become the user
 */
export async function startCommand(backend: Backend, command: string, { host, become, environment = {}, timeout }: StartOptions): Promise<Channel> {
  // The environment comes as a line, since anybody may read a command line; until it is there, whoever listens for a password prompt can let go.
  const argv = ['/bin/sh', '-c', `IFS= read -r line; eval "$(printf %b "$line")"; ${command}`]
  const channel = await open(backend, argv, { host, become, timeout })
  channel.stdout.pause()
  channel.stdin.on('error', () => undefined)
  channel.stdin.write(`${exportLine(environment)}\n`)
  return channel
}

async function open(backend: Backend, argv: readonly string[], { host, become, timeout }: StartOptions): Promise<Channel> {
  if (become === undefined) return backend.open(argv)
  if (become.password === undefined) return backend.open(becomeArgv(become, argv, ''))
  if (needsTerminal(become)) throw new PlonerunError(`${host}: ${become.method} reads its password from a terminal, which changes what goes through it`, { kind: 'task', hint: `allow ${become.user} to be become without a password, or use become_method sudo` })
  return openWithPassword(backend, { host, become, timeout }, argv)
}

/** For `printf %b`: no line break, no backslash of its own. */
function exportLine(environment: Readonly<Record<string, string>>): string {
  const text = Object.entries(environment).map(([name, value]) => `export ${name}=${quote(value)};`).join('')
  return text.replace(/[\\\n]/g, (each) => (each === '\n' ? '\\0012' : '\\0134'))
}
