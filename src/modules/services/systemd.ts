/** ansible.builtin.systemd_service: systemd's units. */
import { PlonerunError } from '../../errors/plonerun-error.ts'
import type { ShellResult } from '../../probe/shell.ts'
import { unitRead } from '../../probe/unit.ts'
import type { UnitState } from '../../probe/unit-state.ts'
import type { Plan } from '../contract/change.ts'
import { state } from '../contract/module.ts'
import { defaulting, flag, oneOf, text } from '../contract/option.ts'
import { serviceFailure, serviceResult } from './result.ts'
import { planSystemd, reloadRead, type SystemdInput } from './systemctl.ts'

export const systemd = state({
  name: 'ansible.builtin.systemd_service',
  aliases: ['ansible.builtin.systemd'],
  summary: "Starts, stops, enables and masks systemd's units.",
  options: {
    name: text('The unit; `.service` is meant when it has no suffix.', { aliases: ['service', 'unit'] }),
    state: oneOf(['started', 'stopped', 'restarted', 'reloaded'], 'started and stopped do nothing when it is so; reloaded starts what does not run.'),
    enabled: flag('Whether it starts with the machine.'),
    masked: flag('Whether it is kept from being started at all.'),
    daemon_reload: defaulting(flag('Has systemd read its units again, when files have changed.', { aliases: ['daemon-reload'] }), false),
    daemon_reexec: defaulting(flag('Has systemd execute itself again.', { aliases: ['daemon-reexec'] }), false),
    scope: defaulting(oneOf(['system', 'user', 'global'], 'Units of the system, of the user who logs in, or of all users.'), 'system'),
    no_block: defaulting(flag('Does not wait until it is done.'), false),
    force: flag('Replaces links that stand in the way.'),
  },
  prepare({ name, state, enabled, masked }) {
    const nameless = name === undefined ? Object.entries({ state, enabled, masked }).find(([, value]) => value !== undefined) : undefined
    if (nameless !== undefined) throw new PlonerunError(`missing parameter(s) required by '${nameless[0]}': name`, { kind: 'task' })
  },
  reads: ({ name, scope, daemon_reload }) => ({
    ...(name !== undefined && { unit: unitRead(name, scope) }),
    ...(daemon_reload && { stale: reloadRead(scope) }),
  }),
  plan: (input, known) => planOf(input, known),
  failure: (input, _known, { stderr }) => serviceFailure(input, stderr.toString()),
  result: (input, known) => serviceResult(input, planOf(input, known), known.unit),
})

function planOf(input: SystemdInput, { unit, stale }: { unit?: UnitState; stale?: ShellResult }): Plan {
  if (unit !== undefined && unit.manager !== 'systemd') return { fail: 'This host was not booted with systemd, so it has no units to manage' }
  return planSystemd(input, unit, stale)
}
