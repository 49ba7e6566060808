/** Init scripts, where there is no systemd. */
import type { UnitState } from '../../probe/unit-state.ts'
import { sh, type Change, type Plan } from '../contract/change.ts'

export interface SysvInput {
  readonly name: string
  readonly state?: 'started' | 'stopped' | 'restarted' | 'reloaded' | undefined
  readonly enabled?: boolean | undefined
  readonly arguments?: string | undefined
  /** Seconds between stop and start. */
  readonly sleep?: number | undefined
  readonly runlevel: string
}

/** What the init script and update-rc.d (or chkconfig) have to do. */
export function planSysv(input: SysvInput, unit: UnitState): Plan {
  const { name, state, enabled } = input
  if (!unit.exists) return { fail: `Could not find the requested service ${name}: host` }
  const changes: Change[] = []
  if (enabled !== undefined && enabled !== unit.enabled)
    changes.push({
      summary: `${enabled ? 'enable' : 'disable'} ${name}`,
      writes: [`unit:${name}.service`],
      steps: [sh(ENABLE, name, enabled ? 'enable' : 'disable', enabled ? 'on' : 'off', input.runlevel)],
      leaves: [{ kind: 'unit', name, state: { enabled } }],
    })
  const verb = state === undefined ? undefined : verbFor(state, unit.active)
  if (verb !== undefined)
    changes.push({
      summary: `${verb} ${name}`,
      writes: [`unit:${name}.service`, 'anything'],
      steps: [
        verb === 'restart' && input.sleep !== undefined
          ? sh('/etc/init.d/"$1" stop $3; sleep "$2"; /etc/init.d/"$1" start $3', name, String(input.sleep), input.arguments ?? '')
          : sh('/etc/init.d/"$1" "$2" $3', name, verb, input.arguments ?? ''),
      ],
      leaves: [{ kind: 'unit', name, state: { active: verb !== 'stop' } }],
    })
  return { changes }
}

const ENABLE = `if command -v update-rc.d >/dev/null; then update-rc.d "$1" defaults && update-rc.d "$1" "$2"
elif command -v chkconfig >/dev/null; then chkconfig --add "$1" && chkconfig --level "$4" "$1" "$3"
else echo 'neither update-rc.d nor chkconfig is there' >&2; exit 1; fi`

function verbFor(state: NonNullable<SysvInput['state']>, active: boolean): string | undefined {
  if (state === 'started') return active ? undefined : 'start'
  if (state === 'stopped') return active ? 'stop' : undefined
  if (state === 'restarted') return 'restart'
  return active ? 'reload' : 'start'
}
