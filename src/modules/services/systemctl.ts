/** systemctl's part of service and systemd: pure plans and their steps. */
import { shellRead, type ShellResult } from '../../probe/shell.ts'
import { unitName } from '../../probe/unit-name.ts'
import type { UnitScope, UnitState } from '../../probe/unit-state.ts'
import type { Read } from '../../probe/read.ts'
import { sh, type Change, type Plan, type Step } from '../contract/change.ts'

export interface SystemdInput {
  readonly name?: string | undefined
  readonly state?: 'started' | 'stopped' | 'restarted' | 'reloaded' | undefined
  readonly enabled?: boolean | undefined
  readonly masked?: boolean | undefined
  readonly daemon_reload?: boolean | undefined
  readonly daemon_reexec?: boolean | undefined
  readonly scope: UnitScope
  readonly no_block?: boolean | undefined
  readonly force?: boolean | undefined
}

/** Asks whether files of any unit have changed since systemd read them. */
export function reloadRead(scope: UnitScope): Read<ShellResult> {
  const call = scope === 'user' ? 'XDG_RUNTIME_DIR=${XDG_RUNTIME_DIR:-/run/user/$(id -u)} systemctl --user' : 'systemctl'
  return shellRead(`${call} show -p NeedDaemonReload '*' | sort -u`, ['unit:*'])
}

/**
 * What systemd has to do, in Ansible's order: read its files again (only when some have changed), mask, enable, start.
 * @param stale what `reloadRead` gave
 */
export function planSystemd(input: SystemdInput, unit: UnitState | undefined, stale: ShellResult | undefined): Plan {
  const changes = [...planManager(input, unit, stale)]
  if (input.name === undefined || unit === undefined) return { changes }
  // An alias can be started, but only the unit itself can be enabled.
  const name = unit.properties.LoadState === 'loaded' ? (unit.properties.Id ?? unitName(input.name)) : unitName(input.name)
  const context: Context = { name, scope: input.scope, flags: [...(input.no_block ? ['--no-block'] : []), ...(input.force ? ['--force'] : [])] }
  const needed = input.enabled !== undefined || input.state !== undefined
  if (!unit.exists && needed) return { fail: `Could not find the requested service ${input.name}: host`, changes }
  if (!unit.exists && input.masked === false) return { changes }
  if (input.masked !== undefined && input.masked !== unit.masked) changes.push(planMask(context, input.masked))
  const { enabled } = input
  const warnings: string[] = []
  // What is masked does not tell whether it is enabled behind that.
  const uncovered = unit.masked && input.masked === false
  if (enabled !== undefined && (uncovered || enabled !== unit.enabled)) {
    if (!unit.fixed) changes.push(planEnable(context, enabled))
    else if (!enabled) warnings.push(`${context.name} cannot be disabled: it has no [Install] section`)
  }
  if (input.state !== undefined) changes.push(...planActivity(context, input.state, unit))
  return { changes, warnings }
}

interface Context {
  readonly name: string
  readonly scope: UnitScope
  readonly flags: readonly string[]
}

function planManager({ daemon_reload, daemon_reexec, scope }: SystemdInput, unit: UnitState | undefined, stale: ShellResult | undefined): readonly Change[] {
  const changes: Change[] = []
  // An init script that is new gets its unit when systemd reads everything again.
  const unknownScript = unit?.exists === true && unit.properties.LoadState === 'not-found'
  if (daemon_reload === true && (unknownScript || stale?.stdout.includes('=yes') === true))
    changes.push({ summary: 'systemd reads its units again', writes: ['unit:*'], steps: [systemctl(scope, ['daemon-reload'])] })
  if (daemon_reexec === true) changes.push({ summary: 'systemd executes itself again', writes: ['unit:*'], steps: [systemctl(scope, ['daemon-reexec'])] })
  return changes
}

function planMask({ name, scope, flags }: Context, masked: boolean): Change {
  return {
    summary: `${masked ? 'mask' : 'unmask'} ${name}`,
    writes: [`unit:${name}`, 'path:/etc/systemd'],
    steps: [systemctl(scope, [...flags, masked ? 'mask' : 'unmask', name])],
    leaves: [{ kind: 'unit', name, state: { masked } }],
  }
}

function planEnable({ name, scope, flags }: Context, enabled: boolean): Change {
  return {
    summary: `${enabled ? 'enable' : 'disable'} ${name}`,
    writes: [`unit:${name}`, 'path:/etc/systemd'],
    steps: [systemctl(scope, [...flags, enabled ? 'enable' : 'disable', name])],
    leaves: [{ kind: 'unit', name, state: { enabled } }],
  }
}

function planActivity(context: Context, wanted: NonNullable<SystemdInput['state']>, unit: UnitState): readonly Change[] {
  switch (wanted) {
    case 'started':
      return unit.active ? [] : [activity(context, 'start', true)]
    case 'stopped':
      return unit.active || unit.properties.ActiveState === 'deactivating' ? [activity(context, 'stop', false)] : []
    case 'restarted':
      return [activity(context, 'restart', true)]
    case 'reloaded':
      return [activity(context, unit.active ? 'reload' : 'start', true)]
  }
}

function activity({ name, scope, flags }: Context, verb: string, active: boolean): Change {
  return {
    summary: `${verb} ${name}`,
    writes: [`unit:${name}`, 'anything'],
    steps: [systemctl(scope, [...flags, verb, name], name)],
    leaves: [{ kind: 'unit', name, state: { active } }],
  }
}

/** @param unit shows the end of this unit's log when the call fails */
function systemctl(scope: UnitScope, words: readonly string[], unit?: string): Step {
  const flags = scope === 'system' ? [] : [`--${scope}`]
  if (scope === 'user') return sh('export XDG_RUNTIME_DIR="${XDG_RUNTIME_DIR:-/run/user/$(id -u)}"\nexec systemctl "$@"', ...flags, ...words)
  if (unit === undefined) return { argv: ['systemctl', ...flags, ...words] }
  return sh('unit=$1; shift\nsystemctl "$@" && exit\ncode=$?\njournalctl --no-pager -q -n 20 -o cat -u "$unit" >&2\nexit "$code"', unit, ...flags, ...words)
}
