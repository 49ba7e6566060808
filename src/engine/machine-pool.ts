/** The machines of a run: one for each address, whatever names lead to it. */
import type { HostAddress } from '../transport/address.ts'
import type { Connection } from '../transport/contract.ts'
import { createMachine, type Machine } from './machine.ts'

const LOCAL = 'local'

export interface MachinePool {
  /** The machine at an address; not connected yet. */
  machine(address: HostAddress): Machine
  /** Ends what runs on all machines. */
  interrupt(): Promise<void>
  close(): Promise<void>
  /** What the connections to a host's machine cost. */
  all(): readonly Machine[]
  /** The machine that plonerun runs on, where a task has acted on it. */
  local(): Machine | undefined
}

export function createMachinePool(connect: (address: HostAddress) => Promise<Connection>): MachinePool {
  const machines = new Map<string, Machine>()
  const connections = async (): Promise<Connection[]> => {
    const settled = await Promise.allSettled([...machines.values()].flatMap(({ opened }) => opened ?? []))
    return settled.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []))
  }
  return {
    machine(address) {
      const identity = identityOf(address)
      let machine = machines.get(identity)
      if (machine === undefined) {
        machine = createMachine(identity, (seconds) => connect(seconds === undefined ? address : { ...address, timeout: seconds }))
        machines.set(identity, machine)
      }
      return machine
    },
    async interrupt() {
      await Promise.allSettled((await connections()).map((connection) => connection.interrupt()))
    },
    async close() {
      await Promise.allSettled((await connections()).map((connection) => connection.close()))
    },
    all: () => [...machines.values()],
    local: () => machines.get(LOCAL),
  }
}

function identityOf({ connection, kind, host, port, user }: HostAddress): string {
  return connection === 'local' ? LOCAL : `${kind ?? connection} ${user ?? ''}@${host}:${port ?? ''}`
}
