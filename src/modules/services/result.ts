/** What service and systemd return. */
import type { UnitState } from '../../probe/unit-state.ts'
import type { Plain } from '../../values/value.ts'
import type { Plan } from '../contract/change.ts'

interface Wanted {
  readonly name?: string | undefined
  readonly state?: string | undefined
  readonly enabled?: boolean | undefined
}

/** Ansible's return values; `status` is what systemd told before. Reading units again counts as no change. */
export function serviceResult({ name, state, enabled }: Wanted, { changes = [] }: Plan, unit: UnitState | undefined): Record<string, Plain> {
  return {
    name: name ?? null,
    ...(state !== undefined && { state: state === 'stopped' ? 'stopped' : 'started' }),
    ...(enabled !== undefined && { enabled }),
    ...(unit === undefined ? { status: {} } : unit.manager === 'systemd' && { status: unit.properties }),
    changed: changes.some(({ summary }) => !summary.startsWith('systemd ')),
  }
}

/** What is returned when systemctl would not: in front of its words, what it was to do. */
export function serviceFailure({ name = '', state, enabled }: Wanted, stderr: string): Record<string, Plain> {
  const said = /Failed to (mask|unmask|enable|disable) unit/.exec(stderr)?.[1]
  if (said === 'mask' || said === 'unmask') return { msg: `Failed to ${said} the service (${name}): ${stderr.trimEnd()}` }
  if (said !== undefined && enabled !== undefined) return { msg: `Unable to ${said} service ${name}: ${stderr}` }
  const verb = { started: 'start', stopped: 'stop', restarted: 'restart', reloaded: 'reload' }[state ?? '']
  return { msg: verb === undefined ? stderr.trimEnd() : `Unable to ${verb} service ${name}: ${stderr}` }
}
