import { expect, it } from 'vitest'
import { service } from '../../../../src/modules/services/service.ts'
import { systemd } from '../../../../src/modules/services/systemd.ts'
import type { Module } from '../../../../src/modules/contract/module.ts'
import type { UnitState } from '../../../../src/probe/unit-state.ts'
import type { Plain } from '../../../../src/values/value.ts'
import { inputOf, planWith } from '../../../support/drive.ts'

const DEAD: UnitState = { manager: 'systemd', exists: true, active: false, enabled: false, fixed: false, masked: false, needsReload: false, properties: { Id: 'x.service', LoadState: 'loaded', ActiveState: 'inactive' } }
const RUNS: UnitState = { ...DEAD, active: true, enabled: true, properties: { ...DEAD.properties, ActiveState: 'active' } }
const MISSING: UnitState = { ...DEAD, exists: false, properties: { Id: 'x.service', LoadState: 'not-found', ActiveState: 'inactive' } }
const STALE = { stdout: 'NeedDaemonReload=no\nNeedDaemonReload=yes\n', code: 0 }
const FRESH = { stdout: 'NeedDaemonReload=no\n', code: 0 }

it.each<[string, Module, Record<string, Plain>, Record<string, unknown>, readonly string[]]>([
  ['runs already', systemd, { name: 'x', state: 'started', enabled: true }, { unit: RUNS }, []],
  ['enabled, then started', systemd, { name: 'x', state: 'started', enabled: true }, { unit: DEAD }, ['enable x.service', 'start x.service']],
  ['stopped', systemd, { name: 'x', state: 'stopped', enabled: false }, { unit: RUNS }, ['disable x.service', 'stop x.service']],
  ['stopping already, but not yet', systemd, { name: 'x', state: 'stopped' }, { unit: { ...DEAD, properties: { ActiveState: 'deactivating' } } }, ['stop x.service']],
  ['stopped already', systemd, { name: 'x', state: 'stopped' }, { unit: DEAD }, []],
  ['restarted, always', systemd, { name: 'x', state: 'restarted' }, { unit: RUNS }, ['restart x.service']],
  ['reloaded', systemd, { name: 'x', state: 'reloaded' }, { unit: RUNS }, ['reload x.service']],
  ['reloaded while it does not run', systemd, { name: 'x', state: 'reloaded' }, { unit: DEAD }, ['start x.service']],
  ['masked', systemd, { name: 'x', masked: true }, { unit: DEAD }, ['mask x.service']],
  ['unmasked, then started', systemd, { name: 'x', masked: false, state: 'started' }, { unit: { ...DEAD, masked: true } }, ['unmask x.service', 'start x.service']],
  ['unmasked, and disabled whatever it was', systemd, { name: 'x', masked: false, enabled: false }, { unit: { ...DEAD, masked: true } }, ['unmask x.service', 'disable x.service']],
  ['masking what is not there', systemd, { name: 'x', masked: true }, { unit: MISSING }, ['mask x.service']],
  ['enabling what has no [Install]', systemd, { name: 'x', enabled: true }, { unit: { ...DEAD, fixed: true } }, []],
  ['an alias is enabled by its unit', systemd, { name: 'alias', enabled: true }, { unit: DEAD }, ['enable x.service']],
  ['units are read again when a file changed', systemd, { name: 'x', daemon_reload: true, state: 'started' }, { unit: DEAD, stale: STALE }, ['systemd reads its units again', 'start x.service']],
  ['and not when none did', systemd, { daemon_reload: true }, { stale: FRESH }, []],
  ['a new init script needs it', systemd, { name: 'x', daemon_reload: true }, { unit: { ...MISSING, exists: true }, stale: FRESH }, ['systemd reads its units again']],
  ['executes itself again', systemd, { daemon_reexec: true }, {}, ['systemd executes itself again']],
  ['service does the same', service, { name: 'x', state: 'started', enabled: true }, { unit: DEAD }, ['enable x.service', 'start x.service']],
  ['an init script', service, { name: 'x', state: 'started', enabled: true }, { unit: { ...DEAD, manager: 'sysv' } }, ['enable x', 'start x']],
  ['an init script that runs', service, { name: 'x', state: 'reloaded' }, { unit: { ...RUNS, manager: 'sysv' } }, ['reload x']],
  ['a process that a pattern finds', service, { name: 'x', state: 'started', pattern: 'xd' }, { unit: { ...DEAD, manager: 'sysv' }, process: { stdout: 'xd', code: 0 } }, []],
])('%s', (_, module, args, state, summaries) => {
  const plan = planWith(module, args, state)
  expect(plan.fail).toBeUndefined()
  expect(plan.changes.map(({ summary }) => summary)).toEqual(summaries)
})

it.each<[Module, Record<string, Plain>, UnitState, string]>([
  [systemd, { name: 'x', state: 'stopped' }, MISSING, 'Could not find the requested service x: host'],
  [service, { name: 'x', enabled: true }, { ...MISSING, manager: 'none' }, 'Could not find the requested service x: host'],
  [systemd, { name: 'x', state: 'started' }, { ...DEAD, manager: 'sysv' }, 'This host was not booted with systemd, so it has no units to manage'],
])('%# fails with its reason', (module, args, unit, fail) => expect(planWith(module, args, { unit }).fail).toBe(fail))

it('shows the log of a unit that does not start, and passes flags on', () => {
  const [change] = planWith(systemd, { name: 'x', state: 'started', no_block: true, force: true }, { unit: DEAD }).changes
  expect(change!.steps[0]!.argv.slice(-6)).toEqual(['sh', 'x.service', '--no-block', '--force', 'start', 'x.service'])
  expect(change!.steps[0]!.argv[2]).toContain('journalctl')
  expect(change!.leaves).toEqual([{ kind: 'unit', name: 'x.service', state: { active: true } }])
})

it('works on units of the user', () => {
  const [change] = planWith(systemd, { name: 'x', enabled: true, scope: 'user' }, { unit: DEAD }).changes
  expect(change!.steps[0]!.argv.slice(-4)).toEqual(['sh', '--user', 'enable', 'x.service'])
})

it('warns about what systemd has no use for, and about what cannot be disabled', () => {
  expect(planWith(service, { name: 'x', state: 'started', sleep: 3 }, { unit: RUNS }).warnings).toEqual(["'sleep' is not used, because systemd runs the services of this host"])
  expect(planWith(systemd, { name: 'x', enabled: false }, { unit: { ...DEAD, enabled: true, fixed: true } }).warnings).toEqual(['x.service cannot be disabled: it has no [Install] section'])
})

it('returns what Ansible does', () => {
  const of = systemd
  const result = (args: Record<string, Plain>, state: Record<string, unknown>): unknown => of.result!(inputOf(systemd, args), state, { changed: true, foreseen: false, replies: [] }, undefined)
  expect(result({ name: 'x', state: 'restarted', enabled: true }, { unit: RUNS })).toMatchObject({ name: 'x', state: 'started', enabled: true, changed: true, status: { ActiveState: 'active' } })
  expect(result({ daemon_reload: true }, { stale: STALE })).toEqual({ name: null, status: {}, changed: false })
})

it('without anything to do it tells the status; anything to do needs a name', () => {
  expect(planWith(systemd, { name: 'x' }, { unit: MISSING })).toMatchObject({ changes: [] })
  expect(() => planWith(systemd, { state: 'started' }, {})).toThrow("missing parameter(s) required by 'state': name")
})
