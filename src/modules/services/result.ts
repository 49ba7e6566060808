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
