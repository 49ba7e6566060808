/** Opens the `sh` of a session: the login user's, or another's through sudo, su or doas. */
import { randomBytes } from 'node:crypto'
import { PlonerunError } from '../errors/plonerun-error.ts'
import { MARK, prelude } from '../shell/prelude.ts'
import { becomeArgv, becomeError } from './become.ts'
import type { Backend, Channel, ChannelEnd } from './channel.ts'
import type { Become } from './contract.ts'
import { openWithPassword } from './password.ts'

export interface Shell {
  write(text: string): void
  /** Tells who gets what it prints and hears of its end, instead of who did before. */
  listen(listener: ShellListener): void
  /** Its process id and private folder, once it has told them. Never settles when it ended before. */
  readonly ready: Promise<Ready>
  /** Name of its private folder, for its successor to remove when it was killed. */
  readonly folder: string
  /** Never rejects. */
  readonly ended: Promise<ShellEnd>
  readonly isEnded: boolean
  /** Lets it clean up and waits for its end. */
  close(): Promise<void>
  /** Lets go of it at once. */
  destroy(): void
}

export interface ShellListener {
  output(chunk: Buffer): void
  end(end: ShellEnd): void
}

export interface Ready {
  readonly pid: number
  readonly folder: string
}

export interface ShellEnd {
  /** For the person: why it is gone. */
  readonly why: string
  /** The connection itself broke. */
  readonly broken: boolean
  /** It ended before it was ready: what to tell the person. */
  readonly error?: PlonerunError
}

export interface ShellOptions {
  /** The inventory's name, for messages. */
  readonly host: string
  readonly become?: Become | undefined
  /** Private folders of killed shells to remove. */
  readonly stale: readonly string[]
  /** Seconds it may take until it is ready. */
  readonly timeout: number
}

/** More than any greeting that a shell's start files print. */
const GREETING_LIMIT = 1024 * 1024
/** Seconds a shell gets to clean up. */
const CLOSING = 3

/**
 * Starts a shell and tells it the prelude. The first frame may follow at once: its answer is not waited for.
 * @throws PlonerunError when no channel can be opened, or the password to become the user is wrong
 */
export async function openShell(backend: Backend, options: ShellOptions): Promise<Shell> {
  const { become } = options
  if (!become) return startShell(await backend.open(['/bin/sh']), options)
  if (!become.password) return startShell(await backend.open(becomeArgv(become, ['/bin/sh'], '')), options)
  return startShell(await openWithPassword(backend, { ...options, become }), options)
}

function startShell(channel: Channel, options: ShellOptions): Shell {
  const token = randomBytes(16).toString('hex')
  const folder = `plonerun-${randomBytes(16).toString('hex')}`
  let listener: ShellListener | undefined
  let isReady = false
  let isEnded = false
  let greeting: Buffer = Buffer.alloc(0)
  let stderr = ''

  const ready = new Promise<Ready>((resolve) => {
    channel.stdout.on('data', (chunk: Buffer) => {
      if (isReady) return listener?.output(chunk)
      greeting = Buffer.concat([greeting, chunk])
      const answer = parseReady(greeting, token)
      if (answer) {
        isReady = true
        resolve(answer.ready)
        greeting = Buffer.alloc(0)
        if (answer.rest.length > 0) listener?.output(answer.rest)
      } else if (greeting.length > GREETING_LIMIT) channel.destroy()
    })
  })
  channel.stderr.on('data', (chunk: Buffer) => {
    stderr = (stderr + chunk.toString('utf8')).slice(-4000)
  })
  channel.stdin.on('error', () => undefined)
  const timer = setTimeout(() => channel.destroy(), options.timeout * 1000)
  void ready.then(() => clearTimeout(timer))
  const ended = channel.closed.then((end): ShellEnd => {
    isEnded = true
    clearTimeout(timer)
    const why = end.broken ?? (stderr.trim() === '' ? 'its shell ended' : `its shell ended: ${stderr.trim()}`)
    return { why, broken: end.broken !== undefined, ...(!isReady && { error: startError(options, end, stderr + greeting.toString('utf8')) }) }
  })
  void ended.then((end) => listener?.end(end))
  channel.stdin.write(prelude({ token, folder, stale: options.stale }))

  return {
    write: (text) => void channel.stdin.write(text),
    listen(to) {
      listener = to
      if (isEnded) void ended.then((end) => to.end(end))
    },
    ready,
    folder,
    ended,
    get isEnded() {
      return isEnded
    },
    async close() {
      // A terminal does not pass on the end of its input, so it is told.
      channel.stdin.end('exit\n')
      const late = setTimeout(() => channel.destroy(), CLOSING * 1000)
      await ended
      clearTimeout(late)
    },
    destroy: () => channel.destroy(),
  }
}

/** What the prelude answered, and what came after that. */
function parseReady(printed: Buffer, token: string): { readonly ready: Ready; readonly rest: Buffer } | undefined {
  const mark = `${MARK}${token}r`
  const at = printed.indexOf(mark)
  const end = at < 0 ? -1 : printed.indexOf(10, at)
  if (end < 0) return undefined
  const [pid, folder = ''] = printed.toString('latin1', at + mark.length, end).split(' ')
  return { ready: { pid: Number(pid), folder }, rest: printed.subarray(end + 1) }
}

function startError({ host, become, timeout }: ShellOptions, { broken, code }: ChannelEnd, printed: string): PlonerunError {
  if (broken !== undefined) return new PlonerunError(`${host}: the connection broke`, { kind: 'unreachable', why: broken })
  if (become && code !== null) return becomeError(become, host, { said: printed, code, asked: become.password !== undefined })
  const said = printed.trim()
  return new PlonerunError(code === null ? `${host}: no shell was ready within ${timeout} s` : `${host}: the login user gets no /bin/sh`, {
    kind: 'unreachable',
    ...(said !== '' && { why: said }),
    hint: "check the user's login shell, and what its start files do when nobody is at a terminal",
  })
}
