/** One machine that is reached: its sessions, what was read of it and still holds, and the frames that go there. */
import { PlonerunError } from '../errors/plonerun-error.ts'
import type { Step } from '../modules/contract/change.ts'
import type { Imagined, ProbeKind, Read } from '../probe/read.ts'
import { entryResource, makesStale, type Resource } from '../probe/resource.ts'
import { NOTHING, type CommandFragment, type Fragment, type Reply } from '../shell/fragment.ts'
import type { Become, Connection } from '../transport/contract.ts'
import { NotKnown, Unknown } from '../values/unknown.ts'
import { createImagination, type Imagination } from './imagination.ts'

/** Where waits for a host are counted. */
export interface Account {
  roundTrips: number
}

/** Steps that depend on each other: one runs only when the one before succeeded. */
export interface Chain {
  readonly steps: readonly Step[]
  readonly writes: readonly Resource[]
  /** Runs only when the chain before it succeeded. */
  readonly afterPrevious?: boolean
  readonly environment?: Readonly<Record<string, string>>
  readonly onOutput?: (stream: 'stdout' | 'stderr', text: string) => void
}

/** What goes to one user of the machine: chains of steps, and behind them reads. */
export interface Part {
  readonly become: Become | undefined
  /** A session of that name instead of the user's usual one. */
  readonly lane?: string
  readonly chains: readonly Chain[]
  readonly reads: readonly Read<unknown>[]
}

interface Known {
  readonly value?: unknown
  readonly error?: Error
  readonly touches: readonly Resource[]
  /** check mode: the answer with so many imagined changes laid over it. */
  foreseen?: { readonly after: number; readonly value: unknown }
}

export interface Machine {
  /** The same for two inventory names that reach one machine. */
  readonly identity: string
  /** Inventory names that have led here. */
  readonly hosts: Set<string>
  /** What is known and not stale, as check mode sees it; undefined when it has to be asked. Throws when the probe failed. */
  known<Result>(become: Become | undefined, read: Read<Result>): { readonly value: Result } | undefined
  /** Whether a read is known and stays true after these writes. */
  holds(become: Become | undefined, read: Read<unknown>, writes: readonly Resource[]): boolean
  /**
   * What a read will give after folders that are about to be made, when that is certain: it is known now,
   * and of what these writes touch it depends on nothing but such folders.
   */
  expected<Result>(become: Become | undefined, read: Read<Result>, writes: readonly Resource[], leaves: readonly Imagined[]): { readonly value: Result } | undefined
  /** Sends all parts at once and waits for them: one round trip. Gives the replies of each part's chains, step by step. */
  exchange(parts: readonly Part[], account: Account): Promise<readonly (readonly (readonly Reply[])[])[]>
  /** check mode: what planned changes would leave behind. */
  readonly imagination: Imagination
  /** Something was written outside an exchange. */
  wrote(resources: readonly Resource[]): void
  connection(): Promise<Connection>
  /** Closes the connection, also one that is broken; the next exchange opens a new one. */
  disconnect(): Promise<void>
  /** Opens a new connection, and gives up after some seconds. */
  reconnect(seconds?: number): Promise<void>
  /** The connection, if one was opened. */
  readonly opened: Promise<Connection> | undefined
}

/**
 * A machine that is connected when it is first needed.
 * @param open its seconds are the limit, instead of those of the address
 */
export function createMachine(identity: string, open: (seconds?: number) => Promise<Connection>): Machine {
  let opened: Promise<Connection> | undefined
  let answers = new Map<string, Known>()
  const imagination = createImagination()
  /** Everything written so far; an answer that was asked for before a write it depends on is not kept. */
  const log: Resource[] = []

  function wrote(resources: readonly Resource[]): void {
    log.push(...resources)
    if (resources.includes('anything')) answers = new Map()
    else for (const [key, { touches }] of answers) if (makesStale(resources, touches)) answers.delete(key)
  }

  async function send(part: Part): Promise<readonly (readonly Reply[])[]> {
    const reached = await connection()
    if (part.chains.some(({ writes }) => writes.some((written) => written.startsWith('account:')))) await reached.leave(part.become)
    const kinds = byKind(part.reads)
    const probes: Fragment[] = [...kinds].map(([kind, reads]) => ({ kind: 'probe', script: kind.script(reads.map(({ request }) => request)) }))
    const commands = part.chains.flatMap(toFragments)
    const asked = log.length
    const session = reached.session(part.become, part.lane)
    const replies = await session.then((open) => open.exchange([...commands, ...probes])).catch((error: unknown) => {
      const { become } = part
      throw become !== undefined && imagination.mayMake(become.user) && error instanceof PlonerunError && error.kind === 'task' ? new NotKnown(new Unknown(`what ${become.user} finds, who is not there yet`)) : error
    })
    const meanwhile = log.slice(asked)
    for (const chain of part.chains) wrote(chain.writes)
    let next = 0
    const chains = part.chains.map(({ steps }) => steps.map(() => replies[next++] ?? LOST))
    for (const [kind, reads] of kinds) remember(part.become, kind.name, reads, replies[next++] ?? LOST, meanwhile)
    return chains
  }

  function remember(become: Become | undefined, name: string, reads: readonly Read<unknown>[], reply: Reply, meanwhile: readonly Resource[]): void {
    const results = parseReply(name, reads, reply)
    reads.forEach((read, index) => {
      const known: Known =
        results instanceof Error
          ? { error: results, touches: read.kind.touches(read.request) }
          : { value: results[index], touches: read.kind.touches(read.request, results[index]) }
      if (!makesStale(meanwhile, known.touches)) answers.set(answerKey(become, read), known)
    })
  }

  function connection(): Promise<Connection> {
    opened ??= open()
    return opened
  }

  async function disconnect(): Promise<void> {
    const closing = opened
    opened = undefined
    answers = new Map()
    const connection = await closing?.catch(() => undefined)
    await connection?.close().catch(() => undefined)
  }

  return {
    identity,
    hosts: new Set(),
    known<Result>(become: Become | undefined, read: Read<Result>) {
      const answer = answers.get(answerKey(become, read))
      if (answer === undefined) return undefined
      if (answer.error !== undefined) throw answer.error
      const real = answer.value as Result
      // Looking ahead asks again and again.
      if (answer.foreseen?.after !== imagination.size) answer.foreseen = { after: imagination.size, value: imagination.lay(become, read, real) }
      return { value: answer.foreseen.value as Result }
    },
    holds(become, read, writes) {
      const answer = answers.get(answerKey(become, read))
      return answer !== undefined && !makesStale(writes, answer.touches)
    },
    expected<Result>(become: Become | undefined, read: Read<Result>, writes: readonly Resource[], leaves: readonly Imagined[]) {
      const answer = answers.get(answerKey(become, read))
      if (answer?.error !== undefined || answer === undefined || !read.kind.imagine) return undefined
      const touching = writes.filter((write) => makesStale([write], answer.touches))
      if (touching.length > 0 && read.kind.opaque === true) return undefined
      if (!touching.every((write) => leaves.some((left) => isNewFolder(left, write)))) return undefined
      return { value: read.kind.imagine(read.request, answer.value as Result, leaves) }
    },
    async exchange(parts, account) {
      await connection()
      account.roundTrips++
      const [own, ...ahead] = parts
      // What is only asked ahead, in sessions of other users, may fail: its task will ask again and say why.
      const asked = Promise.allSettled(ahead.map(send))
      const replies = own === undefined ? [] : [await send(own)]
      await asked
      return replies
    },
    imagination,
    wrote,
    connection,
    disconnect,
    async reconnect(seconds) {
      await disconnect()
      opened = open(seconds)
      await opened
    },
    get opened() {
      return opened
    },
  }
}

const LOST: Reply = { ...NOTHING, lost: 'no answer came' }

function byKind(reads: readonly Read<unknown>[]): Map<ProbeKind<unknown, unknown>, Read<unknown>[]> {
  const kinds = new Map<ProbeKind<unknown, unknown>, Read<unknown>[]>()
  for (const read of reads) {
    const reads = kinds.get(read.kind)
    if (reads) reads.push(read)
    else kinds.set(read.kind, [read])
  }
  return kinds
}

/** The commands of a chain, each skipped when the one before failed. */
export function toFragments({ steps, environment, afterPrevious, onOutput }: Omit<Chain, 'writes'>): CommandFragment[] {
  return steps.map((step, index) => ({
    kind: 'command',
    argv: step.argv,
    ...(step.stdin !== undefined && { stdin: step.stdin }),
    ...(step.cwd !== undefined && { cwd: step.cwd }),
    ...(step.umask !== undefined && { umask: step.umask }),
    ...(step.timeout !== undefined && { timeout: step.timeout }),
    environment: { ...environment, ...step.environment },
    clean: step.user !== true,
    ...((index > 0 || afterPrevious === true) && { onlyIf: 'previous-succeeded' as const }),
    ...(step.user === true && onOutput !== undefined && { onOutput }),
  }))
}

function parseReply(name: string, reads: readonly Read<unknown>[], reply: Reply): readonly unknown[] | Error {
  if (reply.lost !== undefined) return new PlonerunError(`the host did not answer a question about its ${name}`, { kind: 'task', why: reply.lost })
  try {
    return reads[0]!.kind.parse(reads.map(({ request }) => request), reply.stdout)
  } catch (cause) {
    return new PlonerunError(`the host's answer about its ${name} was not understood`, {
      kind: 'task',
      why: [String(cause), reply.stderr.toString('utf8').trim()].filter(Boolean).join('\n'),
      cause,
    })
  }
}

function isNewFolder(left: Imagined, write: Resource): boolean {
  return left.kind === 'path' && left.state?.type === 'directory' && write === entryResource(left.path)
}

function answerKey(become: Become | undefined, read: Read<unknown>): string {
  return `${become ? `${become.method} ${become.user}` : ''} ${read.key}`
}
