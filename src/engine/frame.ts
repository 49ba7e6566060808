/** Sending a frame for a host: what has to go, and with it what upcoming tasks will ask. */
import { setImmediate as afterwards } from 'node:timers/promises'
import { PlonerunError } from '../errors/plonerun-error.ts'
import type { Task } from '../load/tree/task.ts'
import type { Read } from '../probe/read.ts'
import type { Reply } from '../shell/fragment.ts'
import type { Become } from '../transport/contract.ts'
import { afterSuccess, type Cursor } from './cursor.ts'
import { lookAhead } from './lookahead.ts'
import type { Chain, Machine, Part } from './machine.ts'
import type { Place } from './place.ts'

/** Where a task that sends frames stands. */
export interface Errand {
  readonly place: Place
  readonly task: Task
  /** Before the task. */
  readonly cursor: Cursor
  /** Behind the task, on the path without failures. */
  readonly next: Cursor
  /** Is done although the run was stopped: what must not be left as it is. */
  readonly regardless?: true
  /** Goes over a session of this name, and takes nothing of upcoming tasks along. */
  readonly lane?: string
}

/** The errand of a task that its host stands before. */
export function errandOf(place: Place, task: Task): Errand {
  const { cursor } = place.host
  return { place, task, cursor, next: afterSuccess(cursor) }
}

/** Tasks that are looked at ahead after something was changed; doubles with every frame that changes nothing. */
const WINDOW_AFTER_CHANGE = 32

/** Milliseconds that looking ahead may take before a login gets its turn. */
const SLICE = 2

/**
 * One round trip to a machine.
 * @returns the replies of each chain, step by step
 * @throws PlonerunError of kind `unreachable` or `interrupted`
 */
export async function sendFrame(errand: Errand, machine: Machine, become: Become | undefined, chains: readonly Chain[], reads: readonly Read<unknown>[]): Promise<readonly (readonly Reply[])[]> {
  const { place, task, next } = errand
  const { host, run } = place
  unlessStopped(errand)
  const pause = besides(machine.connection())
  const ahead = errand.lane !== undefined ? [] : await lookAhead(place, next, task, machine, chains.flatMap(({ writes }) => writes), pause)
  unlessStopped(errand)
  const parts = new Map<string, { become: Become | undefined; chains: readonly Chain[]; reads: Map<string, Read<unknown>> }>()
  parts.set(userKey(become), { become, chains, reads: new Map(reads.map((read) => [read.key, read])) })
  for (const { become: other, read } of ahead) {
    const key = userKey(other)
    // Another user's session does not wait for these chains, so its reads would be too early.
    if (key !== userKey(become) && chains.length > 0) continue
    const part = parts.get(key) ?? { become: other, chains: [], reads: new Map<string, Read<unknown>>() }
    part.reads.set(read.key, read)
    parts.set(key, part)
  }
  host.window = chains.length > 0 ? WINDOW_AFTER_CHANGE : host.window * 2
  // Hosts that share a machine do not wait for each other.
  const lane = errand.lane ?? (machine.hosts.size > 1 ? host.name : undefined)
  const list: Part[] = [...parts.values()].map((part) => ({ ...part, ...(lane !== undefined && { lane }), reads: [...part.reads.values()] }))
  const replies = await machine.exchange(list, host.account)
  const own = replies[0] ?? []
  if (run.signal.aborted && own.flat().some(({ code }) => code !== 0)) throw new PlonerunError(`stopped while ${host.name} was at work`, { kind: 'interrupted' })
  const cut = own.flat().find(({ unreachable }) => unreachable === true)
  if (cut !== undefined) throw new PlonerunError(`the connection to ${host.name} broke`, { kind: 'unreachable', ...(cut.lost !== undefined && { why: cut.lost }), hint: 'What the task had begun may be half done; the next run looks and finishes it.' })
  return own
}

/** Throws when the run was stopped. */
function unlessStopped({ place: { run }, regardless }: Errand): void {
  if (run.signal.aborted && regardless !== true) throw new PlonerunError('stopped before it was sent', { kind: 'interrupted' })
}

/** Lets a login go on: it waits for the host more than it computes, and would wait for whatever else is computed meanwhile. */
function besides(login: Promise<unknown>): () => Promise<void> {
  let pending = true
  const settled = (): void => void (pending = false)
  login.then(settled, settled)
  let since = performance.now()
  return async () => {
    if (!pending || performance.now() - since < SLICE) return
    await afterwards()
    since = performance.now()
  }
}

function userKey(become: Become | undefined): string {
  return become === undefined ? '' : `${become.method} ${become.user}`
}
