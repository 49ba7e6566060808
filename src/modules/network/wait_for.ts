/** ansible.builtin.wait_for: waits for a port or a file, as the host sees them. */
import { contentRead } from '../../probe/content.ts'
import { pathRead } from '../../probe/path.ts'
import { pathResource, type Resource } from '../../probe/resource.ts'
import { tcpRead } from '../../probe/tcp.ts'
import { compileRegex } from '../../template/regex/translate.ts'
import { bytesToText } from '../../values/bytes.ts'
import type { Plain } from '../../values/value.ts'
import { PlonerunError } from '../../errors/plonerun-error.ts'
import { action, type ActionContext } from '../contract/module.ts'
import { defaulting, integer, list, oneOf, path, text, type Input } from '../contract/option.ts'
import { pathResult } from '../files/path-result.ts'
import { reach, receive } from './reach.ts'

const ACTIVE = ['CLOSE_WAIT', 'CLOSING', 'ESTABLISHED', 'FIN_WAIT1', 'FIN_WAIT2', 'LAST_ACK', 'SYN_RECV', 'SYN_SENT', 'TIME_WAIT'] as const

const options = {
  host: defaulting(text('Whose port; names are resolved by the host.'), '127.0.0.1'),
  port: integer('The port.'),
  path: path('A file on the host.'),
  search_regex: text('What the file, or what the port sends, must hold.'),
  state: defaulting(oneOf(['absent', 'drained', 'present', 'started', 'stopped'], 'What to wait for: the port open, closed or without connections; the file there or not.'), 'started'),
  timeout: defaulting(integer('Seconds until it is given up.'), 300),
  connect_timeout: defaulting(integer('Seconds for one connection.'), 5),
  delay: defaulting(integer('Seconds before the first look.'), 0),
  sleep: defaulting(integer('Seconds between looks.'), 1),
  msg: text('What is said when it is given up.'),
  exclude_hosts: list(text('An address.'), 'Connections of these do not count for drained.'),
  active_connection_states: defaulting(list(oneOf(ACTIVE, 'A state.'), 'Connections in these states count for drained.'), ACTIVE),
} as const

type WaitInput = Input<typeof options>

export const waitFor = action({
  name: 'ansible.builtin.wait_for',
  summary: 'Waits for a port or a file.',
  options,
  rules: { mutuallyExclusive: [['port', 'path']] },
  async run(input, context) {
    checkInput(input)
    const started = Date.now()
    const elapsed = (): number => Math.floor((Date.now() - started) / 1000)
    if (!context.check) await context.sleep(input.delay)
    for (;;) {
      const match = await look(input, context)
      if (match !== undefined) return { changed: false, result: { ...resultOf(input, elapsed(), match), ...(await resultOfFile(input, context)) } }
      if (context.check) return { result: {}, unknown: describe(input) }
      if (elapsed() >= input.timeout) return { changed: false, failed: true, msg: input.msg ?? `Timeout when waiting for ${describe(input)}`, result: { elapsed: elapsed() } }
      await context.sleep(input.sleep)
    }
  },
})

function checkInput({ port, path, state, search_regex: regex }: WaitInput): void {
  const fail = (message: string): never => {
    throw new PlonerunError(`wait_for: ${message}`, { kind: 'task' })
  }
  if (state === 'drained' && port === undefined) fail('drained needs a port')
  if (state === 'drained' && path !== undefined) fail('a path cannot be drained')
  if (regex !== undefined && state !== 'started' && state !== 'present') fail(`search_regex makes no sense with state=${state}`)
}

interface Match {
  readonly groups: readonly (string | undefined)[]
  readonly named: Readonly<Record<string, string | undefined>>
}

const PLAIN: Match = { groups: [], named: {} }

/** One look: what was found, or undefined when it is not so yet. */
function look(input: WaitInput, context: ActionContext): Promise<Match | undefined> {
  if (input.path !== undefined) return lookAtFile(input, input.path, context)
  if (input.port === undefined) return lookAtClock(input, context)
  return input.state === 'drained' ? lookAtConnections(input, input.port, context) : lookAtPort(input, input.port, context)
}

/** Without a port and a path only the time is waited for, after the delay. */
async function lookAtClock({ timeout }: WaitInput, context: ActionContext): Promise<Match> {
  if (!context.check) await context.sleep(timeout)
  return PLAIN
}

async function lookAtFile({ state, search_regex: regex }: WaitInput, path: string, context: ActionContext): Promise<Match | undefined> {
  const resource: Resource = path.startsWith('/') ? pathResource(path) : 'anything'
  context.forget([resource])
  if (regex === undefined) {
    const { entry } = await context.read({ entry: pathRead(path, { follow: true }) })
    return entry.exists === (state === 'started' || state === 'present') ? PLAIN : undefined
  }
  const { content } = await context.read({ content: contentRead(path) })
  if (content.why === 'too large') throw new PlonerunError(`${path} is too large to be searched`, { kind: 'task' })
  return content.bytes === null ? undefined : matchOf(regex, bytesToText(content.bytes))
}

async function lookAtPort({ host, state, search_regex: regex, connect_timeout: limit }: WaitInput, port: number, context: ActionContext): Promise<Match | undefined> {
  const stream = await reach(context, host, port, limit)
  const open = !(stream instanceof Error)
  if (state === 'absent' || state === 'stopped') {
    if (open) stream.destroy()
    return open ? undefined : PLAIN
  }
  if (!open) return undefined
  try {
    if (regex === undefined) return PLAIN
    return matchOf(regex, await receive(stream, (text) => matchOf(regex, text) !== undefined, limit))
  } finally {
    stream.destroy()
  }
}

async function lookAtConnections({ host, exclude_hosts: excluded = [], active_connection_states: states }: WaitInput, port: number, context: ActionContext): Promise<Match | undefined> {
  context.forget(['beyond:'])
  const { rows } = await context.read({ rows: tcpRead(port) })
  const anywhere = host === '0.0.0.0' || host === '::' || !/^[\d.]+$/.test(host)
  const busy = rows.filter(({ local, remote, state }) => (anywhere || local.address === host) && !excluded.includes(remote.address) && states.some((each) => each === state))
  return busy.length === 0 ? PLAIN : undefined
}

function matchOf(regex: string, text: string): Match | undefined {
  const found = compileRegex(regex, { multiline: true }).exec(text)
  return found === null ? undefined : { groups: found.slice(1), named: found.groups ?? {} }
}

function describe({ host, port, path, state, search_regex: regex }: WaitInput): string {
  const search = regex === undefined ? '' : `search string ${regex} in `
  if (path !== undefined) return `${search}${state === 'absent' || state === 'stopped' ? `${path} to be absent.` : regex === undefined ? `file ${path}` : path}`
  const place = `${host}:${port}`
  return state === 'absent' || state === 'stopped' ? `${place} to stop.` : state === 'drained' ? `${place} to drain` : `${search}${place}`
}

/** What Ansible tells of a file that is there, in place of the state that was waited for. */
async function resultOfFile({ path }: WaitInput, context: ActionContext): Promise<Record<string, Plain>> {
  if (path === undefined) return {}
  const { entry } = await context.read({ entry: pathRead(path) })
  return entry.exists ? pathResult(entry) : {}
}

function resultOf({ port, path, state, search_regex }: WaitInput, elapsed: number, { groups, named }: Match): Record<string, Plain> {
  return { elapsed, state, port: port ?? null, path: path ?? null, search_regex: search_regex ?? null, match_groups: groups.map((group) => group ?? null), match_groupdict: named }
}
