/** Gets past the password prompt of sudo, su or doas, until what is behind it speaks. */
import { randomBytes } from 'node:crypto'
import { PlonerunError } from '../errors/plonerun-error.ts'
import { MARK } from '../shell/prelude.ts'
import { quote } from '../shell/quote.ts'
import { becomeArgv, becomeError, needsTerminal } from './become.ts'
import type { Backend, Channel } from './channel.ts'
import type { Become } from './contract.ts'

export interface PasswordOptions {
  /** The inventory's name, for messages. */
  readonly host: string
  readonly become: Become
  /** Seconds. */
  readonly timeout: number
}

/**
 * Starts a program, a shell unless given, as another user whose becoming needs a password; it is ready for input.
 * Any other program than a shell prints nothing before it has got a line.
 * @throws PlonerunError when the password is wrong or the user may not be become
 */
export async function openWithPassword(backend: Backend, options: PasswordOptions, program: readonly string[] = ['/bin/sh']): Promise<Channel> {
  const token = randomBytes(16).toString('hex')
  const pty = needsTerminal(options.become)
  const announce = `printf '\\036%sa\\n' ${token}; `
  // A shell whose stdin is a terminal would be an interactive one, so there it gets a pipe, and takes cat with it when it ends.
  const shell = ['/bin/sh', '-c', pty ? `stty raw -echo; ${announce}cat | { "$@" 2>/dev/null; kill 0; }` : `${announce}exec "$@"`, 'sh', ...program]
  const channel = await backend.open(becomeArgv(options.become, shell, `[plonerun ${token}] password:`), { pty })
  try {
    await answerPrompt(channel, options, `${MARK}${token}a\n`, pty)
    if (pty) await proveExact(channel, options)
    return channel
  } catch (error) {
    channel.destroy()
    throw error
  }
}

/** Gives the password when it is asked for, once, and waits for the shell's first word. */
async function answerPrompt(channel: Channel, options: PasswordOptions, announcement: string, pty: boolean): Promise<void> {
  const { become, host } = options
  let asked = false
  let line = ''
  let said = ''
  /** Whether this text asks for the password again. The prompts themselves are left out of what is shown to the person. */
  const onPrompt = (text: string): boolean => {
    const lines = (line + text).split('\n')
    line = lines.pop() ?? ''
    said += lines.map((complete) => `${complete}\n`).join('')
    if (!/:\s*$/.test(line)) return false
    line = ''
    if (asked) return true
    asked = true
    channel.stdin.write(`${become.password?.reveal() ?? ''}\n`)
    return false
  }
  const ended = channel.closed.then(({ code }) => ({ code }))
  const stdout = until(channel.stdout, (all, chunk) => all.includes(announcement) || (pty && onPrompt(chunk)))
  const stderr = until(channel.stderr, (_, chunk) => !pty && onPrompt(chunk))
  try {
    const first = await within(options, Promise.race([stdout.found, stderr.found, ended]))
    if (typeof first === 'string' && first.includes(announcement)) return
    const code = typeof first === 'string' ? null : first.code
    throw becomeError(become, host, { said: said + line, code, asked })
  } finally {
    stdout.stop()
    stderr.stop()
  }
}

/** A terminal may translate, echo or swallow bytes: everything that can go through a frame is sent and compared. */
async function proveExact(channel: Channel, options: PasswordOptions): Promise<void> {
  const all = Array.from({ length: 127 }, (_, index) => String.fromCharCode(index + 1)).join('') + 'äé€'
  const reply = until(channel.stdout, (text) => text.endsWith('.'))
  channel.stdin.write(`printf %s. ${quote(all)}\n`)
  const got = await within(options, Promise.race([reply.found, channel.closed]))
  reply.stop()
  if (got !== `${all}.`) throw new PlonerunError(`${options.host}: the terminal that ${options.become.method} needs changes what goes through it`, { kind: 'task', hint: 'use become_method sudo' })
}

/** Collects what a stream brings until the condition holds. */
function until(stream: Channel['stdout'], holds: (all: string, chunk: string) => boolean): { readonly found: Promise<string>; readonly stop: () => void } {
  let all: Buffer = Buffer.alloc(0)
  let onData: (chunk: Buffer) => void = () => undefined
  const found = new Promise<string>((resolve) => {
    onData = (chunk) => {
      all = Buffer.concat([all, chunk])
      if (holds(all.toString('utf8'), chunk.toString('utf8'))) resolve(all.toString('utf8'))
    }
  })
  stream.on('data', onData)
  return { found, stop: () => void stream.removeListener('data', onData) }
}

async function within<T>({ host, become, timeout }: PasswordOptions, promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new PlonerunError(`${host}: ${become.method} gave no shell as ${become.user} within ${timeout} s`, { kind: 'task' })),
      timeout * 1000,
    )
  })
  try {
    return await Promise.race([promise, late])
  } finally {
    clearTimeout(timer)
  }
}
