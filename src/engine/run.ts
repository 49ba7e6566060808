/** A run: playbooks over an inventory, from the first play to the recap. */
import { dirname, resolve } from 'node:path'
import { PlonerunError } from '../errors/plonerun-error.ts'
import type { Playbook } from '../load/tree/play.ts'
import { connect } from '../transport/connection.ts'
import { createPool } from '../transport/pool.ts'
import type { RunContext } from './context.ts'
import type { Emit, HostRecap, RunEnded, RunEvent, TaskInfo } from './events.ts'
import { createMachinePool, type MachinePool } from './machine-pool.ts'
import { noteOnce } from './note-once.ts'
import { createStats } from './stats.ts'
import { validate } from './validation/validate.ts'
import { runPlay, type Hosts, type PlayRunner } from './play.ts'

export interface RunOptions extends Omit<RunContext, 'machines' | 'note' | 'secrets' | 'stats' | 'jobs' | 'inventoryChanges'> {
  readonly playbooks: readonly Playbook[]
  /** Names of the inventory's sources, for the person. */
  readonly inventorySources: readonly string[]
  readonly secrets?: Iterable<string>
}

/** Tasks in the list of slowest. */
const SLOWEST = 5

/**
 * Runs playbooks. Failures of hosts are in the result; the caller makes the exit code of it.
 * @throws PlonerunError of kind `input` for what is wrong before any host is touched
 */
export async function run(options: RunOptions): Promise<RunEnded> {
  const began = performance.now()
  const note = noteOnce(options.emit)
  const pool = createPool({ warn: (message) => note('warning', message) })
  // As Ansible has it: what a local task names relatively starts beside the playbook.
  const folder = dirname(resolve(options.playbooks[0]?.file ?? '.'))
  const machines = createMachinePool((address) => connect(address, pool, folder))
  const timer = timeTasks(options.emit)
  const context: RunContext = { ...options, machines, note, stats: createStats(), jobs: new Map(), inventoryChanges: [], secrets: new Set(options.secrets), emit: timer.emit }
  const hosts: Hosts = new Map()
  let id = 0
  const runner: PlayRunner = { run: context, hosts, nextId: () => ++id, startAt: { reached: false }, step: { asks: options.step === true } }
  const stop = (): void => void machines.interrupt()
  options.signal.addEventListener('abort', stop)
  validate(options.playbooks, { ...context, warn: (message, where) => note('warning', message, where) })
  options.emit({ type: 'run-started', playbooks: options.playbooks.map(({ file }) => file), plays: options.playbooks.map(({ plays }) => plays.length), inventory: options.inventorySources, check: options.check, diff: options.diff })
  try {
    const interrupted = await isInterrupted(() => runAll(runner, options.playbooks))
    const ended: RunEnded = {
      type: 'run-ended',
      hosts: await recap(hosts, machines),
      seconds: (performance.now() - began) / 1000,
      slowest: timer.slowest(),
      interrupted,
      stats: context.stats.all(),
    }
    options.emit(ended)
    return ended
  } finally {
    if (!options.check) for (const host of hosts.values()) options.factCache?.keep(host)
    options.signal.removeEventListener('abort', stop)
    await machines.close()
    await pool.close()
  }
}

async function runAll(runner: PlayRunner, playbooks: readonly Playbook[]): Promise<void> {
  const { startAtTask } = runner.run
  for (const playbook of playbooks) for (const play of playbook.plays) if (!(await runPlay(runner, play))) return
  if (startAtTask !== undefined && !runner.startAt.reached) throw new PlonerunError(`there is no task '${startAtTask}' to start at`)
}

async function isInterrupted(walk: () => Promise<void>): Promise<boolean> {
  try {
    await walk()
    return false
  } catch (error) {
    if (error instanceof PlonerunError && error.kind === 'interrupted') return true
    throw error
  }
}

async function recap(hosts: Hosts, machines: MachinePool): Promise<readonly HostRecap[]> {
  const recaps = [...hosts.values()].map(async ({ name, counts, account, status }): Promise<HostRecap> => {
    const reached = machines.all().filter((machine) => machine.hosts.has(name))
    const opened = (await Promise.allSettled(reached.flatMap(({ opened }) => opened ?? []))).flatMap((each) => (each.status === 'fulfilled' ? [each.value.stats] : []))
    const sum = (key: 'opened' | 'bytesSent' | 'bytesReceived'): number => opened.reduce((total, stats) => total + stats[key], 0)
    return { host: name, ...counts, ...((status === 'failed' || status === 'unreachable') && { lost: status }), roundTrips: account.roundTrips, sessions: sum('opened'), bytesSent: sum('bytesSent'), bytesReceived: sum('bytesReceived') }
  })
  return (await Promise.all(recaps)).filter(({ ok, skipped, failed, unreachable, unknown, ignored, rescued }) => ok + skipped + failed + unreachable + unknown + ignored + rescued > 0)
}

/** Measures tasks from the events that pass by: the time of the slowest host counts. */
function timeTasks(emit: Emit): { readonly emit: Emit; readonly slowest: () => readonly { task: TaskInfo; seconds: number }[] } {
  const times = new Map<number, { task: TaskInfo; seconds: number }>()
  return {
    emit(event: RunEvent) {
      if (event.type === 'task-ended' && event.item === undefined) {
        const known = times.get(event.task.id)
        if (known === undefined || known.seconds < event.seconds) times.set(event.task.id, { task: event.task, seconds: event.seconds })
      }
      emit(event)
    },
    slowest: () => [...times.values()].sort((a, b) => b.seconds - a.seconds).slice(0, SLOWEST),
  }
}
