/** `plonerun bootstrap`: makes bare machines ready to be deployed to. */
import { existsSync } from 'node:fs'
import { isIPv6 } from 'node:net'
import { join } from 'node:path'
import { PlonerunError } from '../../errors/plonerun-error.ts'
import type { Inventory } from '../../load/inventory/types.ts'
import type { Value } from '../../values/value.ts'
import type { RunCommand } from '../command-info.ts'
import { packageRoot } from '../package-root.ts'
import { runSession } from '../session.ts'
import type { SessionOptions } from '../session-options.ts'

export const run: RunCommand = ([hosts], given) => {
  const machines = (hosts as readonly string[]).map(parseMachine)
  // Nobody can have the key of a machine that is new; it is remembered from here on.
  const options: SessionOptions = { hostKeyChecking: 'accept-new', ...given }
  return runSession(options, ({ loader, inventory }) => {
    for (const machine of machines) addMachine(inventory, { ...(options.user !== undefined && { user: options.user }), ...machine })
    return [loader.loadPlaybook(bootstrapPlaybook())]
  })
}

interface Machine {
  readonly host: string
  readonly user?: string
  readonly port?: number
}

/** The parts of `user@host:port`. An IPv6 address stands in brackets when a port follows. */
export function parseMachine(text: string): Machine {
  const at = text.lastIndexOf('@')
  const place = text.slice(at + 1)
  const [, bracketed, plain, port] = /^(?:\[([^\]]+)\]|([^:[\]]+))(?::(\d+))?$/.exec(place) ?? []
  const host = bracketed ?? plain ?? (isIPv6(place) ? place : undefined)
  if (host === undefined) throw new PlonerunError(`'${text}' is no host`, { hint: 'as in web1, root@192.0.2.7 or admin@web1:2222' })
  return { host, ...(at > 0 && { user: text.slice(0, at) }), ...(port !== undefined && { port: Number(port) }) }
}

function addMachine(inventory: Inventory, { host, user, port }: Machine): void {
  const vars = new Map<Value, Value>([
    ...(user === undefined ? [] : [['ansible_user', user] as const]),
    ...(port === undefined ? [] : [['ansible_port', port] as const]),
    // A bare machine may have no sudo yet.
    ...(user === 'root' ? [['ansible_become', false] as const] : []),
  ])
  inventory.addHost(host, { groups: ['bootstrap'], vars: { source: 'the command line', vars } })
}

function bootstrapPlaybook(): string {
  const own = join('playbooks', 'bootstrap.yml')
  return existsSync(own) ? own : join(packageRoot(), own)
}
