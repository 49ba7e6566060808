/** ansible.builtin.service: services, with whatever runs them on the host. */
import { shellRead, type ShellResult } from '../../probe/shell.ts'
import { unitRead } from '../../probe/unit.ts'
import type { UnitState } from '../../probe/unit-state.ts'
import { quote } from '../../shell/quote.ts'
import type { Plan } from '../contract/change.ts'
import { state } from '../contract/module.ts'
import { defaulting, flag, integer, oneOf, required, text, type Input } from '../contract/option.ts'
import { serviceFailure, serviceResult } from './result.ts'
import { planSystemd, reloadRead } from './systemctl.ts'
import { planSysv } from './sysv.ts'

const options = {
  name: required(text('The service.')),
  state: oneOf(['started', 'stopped', 'restarted', 'reloaded'], 'started and stopped do nothing when it is so; reloaded starts what does not run.'),
  enabled: flag('Whether it starts with the machine.'),
  arguments: text('More arguments for the init script; systemd has no use for them.', { aliases: ['args'] }),
  pattern: text('What its process is recognised by, where the init script has no status; systemd has no use for it.'),
  sleep: integer('Seconds between stop and start of a restart; systemd has no use for it.'),
  runlevel: defaulting(text('Runlevels for chkconfig.'), '2345'),
  use: defaulting(oneOf(['auto', 'systemd', 'sysvinit', 'service'], 'What manages it.'), 'auto'),
  masked: flag('systemd only: whether it is kept from being started at all.'),
  daemon_reload: defaulting(flag('systemd only: has it read its units again, when files have changed.', { aliases: ['daemon-reload'] }), false),
  daemon_reexec: defaulting(flag('systemd only: has it execute itself again.', { aliases: ['daemon-reexec'] }), false),
  scope: defaulting(oneOf(['system', 'user', 'global'], "systemd only: whose units."), 'system'),
  no_block: flag('systemd only: does not wait until it is done.'),
  force: flag('systemd only: replaces links that stand in the way.'),
} as const

export const service = state({
  name: 'ansible.builtin.service',
  summary: 'Starts, stops and enables services.',
  options,
  actsAs: { option: 'use', modules: ['systemd', 'sysvinit'], variables: ['ansible_service_mgr'] },
  reads: ({ name, scope, daemon_reload, pattern }) => ({
    unit: unitRead(name, scope),
    ...(daemon_reload && { stale: reloadRead(scope) }),
    ...(pattern !== undefined && { process: shellRead(`ps ax -o args= | grep -F -e ${quote(pattern)} | grep -v -e grep -e plonerun_t=`, ['anything']) }),
  }),
  plan: (input, known) => planOf(input, known),
  failure: (input, _known, { stderr }) => serviceFailure(input, stderr.toString()),
  result: (input, known) => serviceResult(input, planOf(input, known), known.unit),
})

function planOf(input: Input<typeof options>, { unit, stale, process }: { unit: UnitState; stale?: ShellResult; process?: ShellResult }): Plan {
  const { name, use, pattern, sleep } = input
  const bySystemd = use === 'systemd' || (use === 'auto' && unit.manager === 'systemd')
  if (!bySystemd) return planSysv(input, process === undefined ? unit : { ...unit, active: process.code === 0 })
  if (unit.manager !== 'systemd') return { fail: `Could not find the requested service ${name}: this host was not booted with systemd` }
  const plan = planSystemd(input, unit, stale)
  const unused = Object.entries({ pattern, sleep, arguments: input.arguments }).flatMap(([option, value]) => (value === undefined ? [] : [option]))
  return { ...plan, warnings: [...(plan.warnings ?? []), ...unused.map((option) => `'${option}' is not used, because systemd runs the services of this host`)] }
}
