/** One look at a backend: what the balancer says of it, and what the kernel of its machine does. */
import type { BackendState, Reading } from './balancer.ts'
import type { Command } from './box.ts'
import type { Cycle, Reach } from './course.ts'
import type { Backend } from './order.ts'
import { connectionsOf, tcpScript, type Connections } from './proc-net-tcp.ts'

export interface Seen extends Connections {
  readonly reading: Reading
  readonly state: BackendState
}

/**
 * Runs commands on the balancer's machine, then looks: one round trip when the backend is there too.
 * The other backends of the same machine come with the look, and are told too.
 */
export async function look({ order, balancer, tell }: Cycle, reach: Reach, backend: Backend, commands: readonly Command[] = []): Promise<Seen> {
  const box = reach.of(backend)
  const there = order.backends.filter((each) => reach.of(each) === box)
  const tcp = tcpScript(there.map(({ port }) => port))
  const { seen } = await reach.balancer.exchange(commands, box === reach.balancer ? [balancer.look, tcp] : [balancer.look])
  const printed = seen[1] ?? (await box.exchange([], [tcp])).seen[0] ?? ''
  const reading = balancer.read(seen[0] ?? '')
  const views = there.map((each) => ({ name: each.name, state: reading.state(each), ...connectionsOf(printed, each.address, each.port) }))
  tell({ kind: 'backends-seen', site: order.site, backends: views })
  const own = views.find(({ name }) => name === backend.name)!
  return { reading, state: own.state, open: own.open, listening: own.listening }
}

/** Whether it listens, as the kernel says; waits for that on the machine itself, for a second at most. */
export async function listens({ order: { site }, tell }: Cycle, reach: Reach, backend: Backend): Promise<{ readonly listening: boolean; readonly failed: boolean }> {
  const { name, address, port, unit } = backend
  const tcp = tcpScript([port])
  const wait = `n=0; until ${tcp} | grep -q ' 0A ' || [ "$n" -ge 20 ]; do n=$((n + 1)); sleep 0.05; done; ${tcp}`
  const { seen } = await reach.of(backend).exchange([], [wait, `systemctl is-failed ${unit}`])
  const connections = connectionsOf(seen[0] ?? '', address, port)
  tell({ kind: 'backends-seen', site, backends: [{ name, ...connections }] })
  return { listening: connections.listening, failed: seen[1]?.trim() === 'failed' }
}
